import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noteAnswer, noteSilence, whenAnsweredAgain } from "./answering.ts";
import { ApiError, requestBytes } from "./request.ts";

let isServing = true;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async () => {
    if (!isServing) throw new TypeError("Failed to fetch");
    return new Response(new Uint8Array(1));
  });
});
afterEach(() => {
  noteAnswer();
  isServing = true;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("who waits is told once when the server answers again, without a request of theirs", async () => {
  const told = vi.fn();
  const stop = whenAnsweredAgain(told);
  isServing = false;
  await expect(requestBytes("tiles", { parameters: { snapshot: "s", channel: "class" } })).rejects.toThrow(ApiError);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).not.toHaveBeenCalled();
  isServing = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toHaveBeenCalledTimes(1);
  stop();
});

test("an answer to anything tells too, and only after a silence", async () => {
  const told = vi.fn();
  const stop = whenAnsweredAgain(told);
  await requestBytes("tiles", { parameters: { snapshot: "s", channel: "class" } });
  expect(told).not.toHaveBeenCalled();
  noteSilence();
  await requestBytes("tiles", { parameters: { snapshot: "s", channel: "class" } });
  expect(told).toHaveBeenCalledTimes(1);
  stop();
  noteSilence();
  noteAnswer();
  expect(told).toHaveBeenCalledTimes(1);
});

test("an answer that breaks off in the middle is no mistake of Dumpscope", async () => {
  const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError("network error")) });
  vi.stubGlobal("fetch", async () => new Response(broken));
  const failure = requestBytes("tiles", { parameters: { snapshot: "s", channel: "class" } });
  await expect(failure).rejects.toMatchObject({ problem: { code: "unreachable" } });
});
