import { EventEmitter } from "node:events";
import type { Request, Response } from "express";
import { beforeEach, expect, test, vi } from "vitest";
import { createTraffic, type Traffic } from "./traffic.ts";

let now = 0;
/** Milliseconds that each wait asked for; time passes by as much. */
let waits: number[] = [];
let onWait: (ms: number) => void = () => undefined;

vi.mock("node:timers/promises", () => ({
  setTimeout: async (ms: number, _: undefined, { signal }: { signal: AbortSignal }) => {
    signal.throwIfAborted();
    waits.push(ms);
    now += ms;
    onWait(ms);
  },
}));

const { signal } = new AbortController();

beforeEach(() => {
  now = 0;
  waits = [];
  onWait = () => undefined;
});

/** @returns ends the request */
function request(traffic: Traffic, path: string): () => void {
  const response = new EventEmitter();
  const next = vi.fn();
  traffic.watch({ path } as Request, response as unknown as Response, next);
  expect(next).toHaveBeenCalledOnce();
  return () => void response.emit("close");
}

test("it is quiet at once when nobody has asked, and while only streams of events are open", async () => {
  const traffic = createTraffic(() => now);
  request(traffic, "/api/events");
  request(traffic, "/api/arriving/a/events");
  await traffic.whenQuiet(signal);
  expect(waits).toEqual([]);
});

test("it is quiet some time after the last answer, from that answer on", async () => {
  const traffic = createTraffic(() => now);
  const end = request(traffic, "/api/library");
  onWait = () => {
    if (waits.length === 1) end();
  };
  await traffic.whenQuiet(signal);
  expect(waits).toEqual([300, 300]);
  now += 100;
  request(traffic, "/api/library")();
  now += 200;
  await traffic.whenQuiet(signal);
  expect(waits.slice(2)).toEqual([100]);
});

test("somebody who asks without a pause does not keep work away for longer than a second", async () => {
  const traffic = createTraffic(() => now);
  request(traffic, "/api/snapshots/a/export");
  await traffic.whenQuiet(signal);
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(1000);
});

test("whoever waits for quiet is told when it shall stop", async () => {
  const traffic = createTraffic(() => now);
  request(traffic, "/api/library");
  await expect(traffic.whenQuiet(AbortSignal.abort())).rejects.toThrow(/abort/);
});
