import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CURVES, curveCell, curveIndex, LAYOUTS, planeCell, planeIndex, planeShape } from "./index.ts";

describe("hilbert", () => {
  test("neighbouring indices are neighbouring cells, from top left to bottom left", () => {
    const order = 6;
    let last = curveCell("hilbert", 0, order);
    expect(last).toEqual({ x: 0, y: 0 });
    for (let index = 1; index < 4 ** order; index++) {
      const cell = curveCell("hilbert", index, order);
      expect(Math.abs(cell.x - last.x) + Math.abs(cell.y - last.y)).toBe(1);
      last = cell;
    }
    expect(last).toEqual({ x: 0, y: 2 ** order - 1 });
  });
});

describe("z-order", () => {
  test("the bits of an index are those of x and y in turn, x first", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 16 - 1 }), fc.nat({ max: 2 ** 16 - 1 }), (x, y) => {
        const bits = (value: number) => value.toString(2).padStart(16, "0");
        const woven = Array.from(bits(y), (bit, at) => bit + bits(x)[at]).join("");
        expect(curveIndex("z-order", x, y, 16)).toBe(Number.parseInt(woven, 2));
      }),
    );
  });

  test("rows and columns ascend: to the right and downwards indices grow", () => {
    fc.assert(
      fc.property(fc.nat({ max: 254 }), fc.nat({ max: 254 }), (x, y) => {
        const here = curveIndex("z-order", x, y, 8);
        expect(curveIndex("z-order", x + 1, y, 8)).toBeGreaterThan(here);
        expect(curveIndex("z-order", x, y + 1, 8)).toBeGreaterThan(here);
      }),
    );
  });
});

describe.each(CURVES)("%s", (curve) => {
  test("the first half is the upper half", () => {
    for (let index = 0; index < 2 ** 11; index++) expect(curveCell(curve, index, 6).y).toBeLessThan(32);
  });

  test("a coarser level is the same curve", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 ** 9 - 1 }), (index) => {
        const fine = curveCell(curve, index, 9);
        const coarse = curveCell(curve, Math.floor(index / 4), 8);
        expect({ x: fine.x >> 1, y: fine.y >> 1 }).toEqual(coarse);
      }),
    );
  });

  test("an aligned run of 4^n cells is a square of 2^n a side", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.nat({ max: 4 ** 3 - 1 }), (bits, run) => {
        const square = curveCell(curve, run, 3);
        const inside = new Set<string>();
        for (let at = 0; at < 4 ** bits; at++) {
          const { x, y } = curveCell(curve, run * 4 ** bits + at, 3 + bits);
          expect([x >> bits, y >> bits]).toEqual([square.x, square.y]);
          inside.add(`${x} ${y}`);
        }
        expect(inside.size).toBe(4 ** bits);
      }),
      { numRuns: 60 },
    );
  });

  test("index and cell cancel up to 64 GiB of bytes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 ** 18 - 1 }), (index) => {
        const { x, y } = curveCell(curve, index, 18);
        expect(curveIndex(curve, x, y, 18)).toBe(index);
      }),
    );
  });
});

test("every layout and its inverse cancel", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LAYOUTS),
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
