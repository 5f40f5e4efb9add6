import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hilbertCell, hilbertIndex, planeCell, planeIndex, planeShape } from "./index.ts";

describe("hilbert", () => {
  test("neighbouring indices are neighbouring cells, from top left to bottom left", () => {
    const order = 6;
    let last = hilbertCell(0, order);
    expect(last).toEqual({ x: 0, y: 0 });
    for (let index = 1; index < 4 ** order; index++) {
      const cell = hilbertCell(index, order);
      expect(Math.abs(cell.x - last.x) + Math.abs(cell.y - last.y)).toBe(1);
      last = cell;
    }
    expect(last).toEqual({ x: 0, y: 2 ** order - 1 });
  });

  test("the first half is the upper half", () => {
    for (let index = 0; index < 2 ** 11; index++) expect(hilbertCell(index, 6).y).toBeLessThan(32);
  });

  test("a coarser level is the same curve", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 ** 9 - 1 }), (index) => {
        const fine = hilbertCell(index, 9);
        const coarse = hilbertCell(Math.floor(index / 4), 8);
        expect({ x: fine.x >> 1, y: fine.y >> 1 }).toEqual(coarse);
      }),
    );
  });

  test("index and cell cancel up to 64 GiB of bytes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 ** 18 - 1 }), (index) => {
        const { x, y } = hilbertCell(index, 18);
        expect(hilbertIndex(x, y, 18)).toBe(index);
      }),
    );
  });
});

test("every layout and its inverse cancel", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("hilbert" as const, "raster" as const),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 0, max: 7 }),
      fc.integer({ min: 1, max: 4096 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (layout, end, level, width, share) => {
        const shape = planeShape(layout, end, level, width);
        const index = Math.floor(share * shape.cells);
        const { x, y } = planeCell(shape, index);
        expect(x).toBeLessThan(shape.width);
        expect(y).toBeLessThan(shape.height);
        expect(planeIndex(shape, x, y)).toBe(index);
      },
    ),
  );
});
