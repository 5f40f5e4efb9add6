import fc from "fast-check";
import { expect, test } from "vitest";
import type { PageAddress } from "../../shared/memory/index.ts";
import { layStrip } from "../../shared/strip/index.ts";
import { cellsOfMapping, cellsOfPixel, paintCells } from "./memory-map-pixels.ts";

test("pixels of a rectangle stand for all cells, in their order, and each for at least one", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
      (count, width, height) => {
        const box = { left: 0, top: 0, width, height };
        const seen = new Set<number>();
        for (let y = 0; y < height; y++) {
          let next = -1;
          for (let x = 0; x < width; x++) {
            const [from, to] = cellsOfPixel(count, box, x, y);
            expect(from >= 0 && to > from && to <= count).toBe(true);
            expect(from).toBeGreaterThanOrEqual(next - 1);
            next = to;
            for (let cell = from; cell < to; cell++) seen.add(cell);
          }
        }
        expect(seen.size).toBe(count);
      },
    ),
    { numRuns: 200 },
  );
});

test("one cell of the highest rank is seen, however small the rectangle", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), fc.integer({ min: 1, max: 9 }), (count, at, side) => {
      const special = at % count;
      const pixels = new Uint32Array(side * side);
      paintCells(pixels, side, { left: 0, top: 0, width: side, height: side }, [100, 100 + count], {
        level: 8,
        rank: (cell) => (cell === 100 + special ? 9 : 1),
        color: (cell) => (cell === 100 + special ? 2 : 1),
      });
      expect(pixels).toContain(2);
      expect(pixels.includes(0)).toBe(false);
    }),
  );
});

test("a mapping's cells begin with it and end with its last page, not with the padding", () => {
  const strip = layStrip([
    { space: "p1", start: 16 as PageAddress, pages: 20, shown: [{ start: 0, end: 2 }] },
    { space: "p1", start: 90 as PageAddress, pages: 40, shown: [{ start: 1, end: 2 }] },
  ]);
  expect(strip.mappings.map((laid) => cellsOfMapping(laid, 6))).toEqual([
    [0, 20],
    [32, 48],
  ]);
  expect(strip.mappings.map((laid) => cellsOfMapping(laid, 8))).toEqual([
    [0, 2],
    [2, 3],
  ]);
});
