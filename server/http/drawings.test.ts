import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createDrawings } from "./drawings.ts";

function setUp() {
  const drawings = createDrawings();
  const begun: string[] = [];
  const request = (name: string) => {
    const response = new EventEmitter();
    const work = Promise.withResolvers<string>();
    let signal: AbortSignal | undefined;
    const answer = drawings.draw(response as never, (given) => {
      begun.push(name);
      signal = given;
      given.addEventListener("abort", () => work.reject(given.reason), { once: true });
      return work.promise;
    });
    return {
      answer,
      finish: () => work.resolve(name),
      leave: () => response.emit("close"),
      isStopped: () => signal?.aborted,
      listeners: () => response.listenerCount("close"),
    };
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { begun, request, settle };
}

test("two are drawn at a time, the others in the order they came", async () => {
  const { begun, request, settle } = setUp();
  const [a, b, c, d] = ["a", "b", "c", "d"].map(request);
  await settle();
  expect(begun).toEqual(["a", "b"]);
  b.finish();
  expect(await b.answer).toBe("b");
  await settle();
  expect(begun).toEqual(["a", "b", "c"]);
  a.finish();
  c.finish();
  d.finish();
  expect(await Promise.all([a.answer, c.answer, d.answer])).toEqual(["a", "c", "d"]);
  expect([a, b, c, d].map((one) => one.listeners())).toEqual([0, 0, 0, 0]);
});

test("who leaves while waiting is never begun, and who leaves while drawn makes room", async () => {
  const { begun, request, settle } = setUp();
  const [a, b, c, d] = ["a", "b", "c", "d"].map(request);
  await settle();
  c.leave();
  await expect(c.answer).rejects.toMatchObject({ name: "AbortError" });
  a.leave();
  await expect(a.answer).rejects.toMatchObject({ name: "AbortError" });
  expect(a.isStopped()).toBe(true);
  await settle();
  expect(begun).toEqual(["a", "b", "d"]);
  b.finish();
  d.finish();
  expect(await Promise.all([b.answer, d.answer])).toEqual(["b", "d"]);
});

test("a drawing that fails makes room too", async () => {
  const drawings = createDrawings();
  const response = new EventEmitter() as never;
  for (let n = 0; n < 3; n++)
    await expect(drawings.draw(response, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await drawings.draw(response, () => Promise.resolve("drawn"))).toBe("drawn");
});
