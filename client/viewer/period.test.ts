import { expect, test } from "vitest";
import { alikeAt, peaksOf, rowWidthsOf } from "./period.ts";

/** A picture of 256 columns, as the sample's planted bitmap has. */
function bitmap(): Int16Array {
  return Int16Array.from({ length: 16_384 }, (_, at) => {
    const x = at & 255;
    const y = at >> 8;
    return Math.hypot(x - 90, y - 30) < 20 ? 255 : (Math.imul(x + 1, 0x9e3779b1) >>> 24) + (y >> 3);
  });
}

test("rows of 256 bytes are found, and come before their multiples", async () => {
  const widths = (await rowWidthsOf(bitmap(), new AbortController().signal))!;
  expect(widths.peaks[0].width).toBe(256);
  expect(widths.peaks.slice(0, 4).map(({ width }) => width)).toContain(512);
  expect(widths.alike[256]).toBeGreaterThan(0.9);
  expect(widths.bytes).toBe(16_384);
});

test("memory that is alike everywhere has no width of its own", async () => {
  const widths = (await rowWidthsOf(new Int16Array(8192), new AbortController().signal))!;
  expect(widths.alike[77]).toBe(1);
  expect(widths.peaks).toEqual([]);
});

test("bytes that are not known are not compared", () => {
  const values = Int16Array.from([1, 9, -1, 9, 1, 9]);
  expect(alikeAt(values, 2)).toBe(1);
  expect(alikeAt(values, 1)).toBe(0);
});

test("nothing at all gives nothing", async () => {
  expect((await rowWidthsOf(new Int16Array(0), new AbortController().signal))!.peaks).toEqual([]);
  expect(peaksOf(new Float32Array(1))).toEqual([]);
});
