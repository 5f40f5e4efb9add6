import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { Aborted } from "./aborted.ts";

test("what is waited for may fail after the signal: nobody hears of it, and the process goes on", async () => {
  const unheard = vi.fn();
  process.on("unhandledRejection", unheard);
  onTestFinished(() => void process.off("unhandledRejection", unheard));
  const gone = new AbortController();
  const onEnd = vi.fn();
  const stop = new Aborted(gone.signal, onEnd);
  let fail: (reason: Error) => void = () => undefined;
  const waiting = stop.or(
    new Promise<never>((_, reject) => {
      fail = reject;
    }),
  );
  gone.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  expect(onEnd).toHaveBeenCalledOnce();
  fail(new Error("The search was cancelled"));
  await nextTurn();
  await nextTurn();
  expect(unheard).not.toHaveBeenCalled();
});
