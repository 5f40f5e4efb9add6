import { expect, test } from "vitest";
import type { PageAddress } from "../../shared/memory/index.ts";
import { layStrip } from "../../shared/strip/index.ts";
import { barHeights } from "./histogram.tsx";
import { mergedRuns, namedRuns, rulerScale, stillMarks } from "./ruler-marks.ts";

test("counts of 0, 1 and 10^9 are three different bars", () => {
  const counts = new Array(256).fill(0);
  counts[0] = 1e12;
  counts[5] = 1;
  counts[9] = 1e9;
  const heights = barHeights(counts, 44);
  expect([heights[0], heights[4], heights[9]]).toEqual([0, 0, 44]);
  expect(heights[5]).toBeGreaterThanOrEqual(1);
  expect(heights[5]).toBeLessThan(5);
});

test("a histogram of nothing draws nothing, of one byte one full bar", () => {
  expect(Math.max(...barHeights(new Array(256).fill(0), 44))).toBe(0);
  const one = new Array(256).fill(0);
  one[255] = 1;
  expect(barHeights(one, 44)[255]).toBe(44);
});

test("neighbouring mappings of one name are one run on the ruler", () => {
  const source = (start: number, pages: number) => ({
    space: "p1" as const,
    start: start as PageAddress,
    pages,
    shown: [{ start: 0, end: Math.ceil(pages / 16) }],
  });
  const sources = [source(16, 16), source(32, 16), source(64, 32)];
  const strip = layStrip(sources);
  const mappings = sources.map((laid, n) => ({
    ...laid,
    name: ["libc.so.6", "libc.so.6", "[heap]"][n],
    permissions: "r--",
    imagePages: 0,
    isOfDeletedFile: false,
    recordedPages: 0,
  }));
  expect(namedRuns(strip, mappings)).toMatchObject([
    { name: "libc.so.6", from: 0, to: 32 },
    { name: "[heap]", from: 32, to: 64 },
  ]);
});

test("of 66,000 mappings a ruler has no more marks than pixels, and shows the one that is written and executed", () => {
  const sources = Array.from({ length: 66_000 }, (_, n) => ({
    space: "p1" as const,
    start: (n * 32) as PageAddress,
    pages: 16,
    shown: [{ start: 0, end: 1 }],
  }));
  const mappings = sources.map((laid, n) => ({
    ...laid,
    name: `file ${n}`,
    permissions: n === 40_000 ? "rwx" : n % 2 === 0 ? "r--" : "rw-",
    imagePages: 0,
    isOfDeletedFile: false,
    recordedPages: 16,
  }));
  const strip = layStrip(sources);
  const { edges, names, lines } = stillMarks(strip, mappings, namedRuns(strip, mappings), 1064, "dark");
  expect(edges.length).toBeLessThanOrEqual(1064);
  expect(names).toEqual([]);
  expect(lines.length).toBeLessThanOrEqual(1064);
  const endangered = lines.filter(({ isWriteExecute }) => isWriteExecute);
  const x = Math.floor(rulerScale(strip.end, 1064)(40_000 * 16));
  expect(endangered).toMatchObject([{ from: x, to: x + 1 }]);
  // From the first pixel of the strip to its last one, without a gap.
  expect(lines[0].from).toBe(20);
  expect(lines.every(({ from }, n) => n === 0 || from === lines[n - 1].to)).toBe(true);
});

test("brackets that would touch are one, and each is at least a pixel wide", () => {
  const scale = rulerScale(1000, 140);
  expect(
    mergedRuns(
      [
        [0, 1],
        [5, 6],
        [500, 501],
      ],
      scale,
    ),
  ).toEqual([
    [20, 21],
    [70, 71],
  ]);
});
