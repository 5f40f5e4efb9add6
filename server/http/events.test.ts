import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createEventSource } from "./events.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what another process has written is told within two seconds, and once", () => {
  let revision = "1.0";
  const events = createEventSource(
    () => revision,
    () => () => undefined,
  );
  const told = vi.fn();
  events.subscribe(told);
  vi.advanceTimersByTime(60_000);
  expect(told).not.toHaveBeenCalled();
  revision = "2.0";
  vi.advanceTimersByTime(2000);
  expect(told).toHaveBeenCalledOnce();
  events.close();
});

test("however fast a job goes on, it is told ten times a second at most, and its end is told", () => {
  let changed: () => void = () => undefined;
  const events = createEventSource(
    () => "1.0",
    (listener) => {
      changed = listener;
      return () => undefined;
    },
  );
  const told = vi.fn();
  events.subscribe(told);
  for (let n = 0; n < 1000; n++) {
    changed();
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(100);
  expect(told.mock.calls.length).toBeLessThanOrEqual(11);
  changed();
  vi.advanceTimersByTime(100);
  const before = told.mock.calls.length;
  vi.advanceTimersByTime(60_000);
  expect(told.mock.calls.length).toBe(before);
  events.close();
});
