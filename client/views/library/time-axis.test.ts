import { expect, test } from "vitest";
import { fitTimes, panTimes, spread, timeAxis, zoomTimes } from "./time-axis.ts";

test("bars that do not overlap stay where they are", () => {
  expect(spread([10, 110, 300], 88)).toEqual([10, 110, 300]);
});

test("bars of one time are spread evenly around it", () => {
  expect(spread([100, 100, 100], 80)).toEqual([20, 100, 180]);
});

test("a spread group takes in a neighbour that it would reach", () => {
  const drawn = spread([100, 100, 150], 80);
  expect(drawn[1] - drawn[0]).toBeCloseTo(80);
  expect(drawn[2] - drawn[1]).toBeCloseTo(80);
  expect((drawn[0] + drawn[1] + drawn[2]) / 3).toBeCloseTo(350 / 3);
});

const first = Date.parse("2026-11-23T04:06:47Z");

test("fit shows all times with room for bars", () => {
  const window = fitTimes([first, first + 14_000], 760);
  const axis = timeAxis(window, 760);
  expect(axis.x(first)).toBeCloseTo(60, 1);
  expect(axis.x(first + 14_000)).toBeCloseTo(760 - 180, 1);
  expect(axis.head).toBe("2026-11-23 UTC");
  expect(axis.ticks[0].text).toMatch(/^04:06:\d\d$/);
});

test("one time alone is shown in its ten seconds", () => {
  const window = fitTimes([first], 760);
  expect(window.to - window.from).toBeGreaterThan(10_000);
});

test("zooming keeps the time under the pointer", () => {
  const window = { from: 0, to: 100_000 };
  const next = zoomTimes(window, 0.5, 25_000);
  expect(next).toEqual({ from: 12_500, to: 62_500 });
  expect(panTimes(next, 10)).toEqual({ from: 12_510, to: 62_510 });
});

test("midnight carries the date when a window crosses it", () => {
  const axis = timeAxis({ from: Date.parse("2026-11-23T20:00:00Z"), to: Date.parse("2026-11-24T04:00:00Z") }, 800);
  expect(axis.head).toBe("UTC");
  expect(axis.ticks.map((tick) => tick.text)).toContain("2026-11-24");
});
