import fc from "fast-check";
import { expect, test } from "vitest";
import type { PageAddress } from "../memory/index.ts";
import { layStrip, mappingAt, type Strip } from "../strip/index.ts";
import {
  CURVES,
  curveIndex,
  curveIndexIn,
  curveSquare,
  pictureCell,
  pictureIndex,
  picturePlane,
  rasterRow,
} from "./index.ts";

const strips: fc.Arbitrary<Strip> = fc
  .array(
    fc.record({
      pages: fc.integer({ min: 1, max: 700 }),
      skip: fc.integer({ min: 0, max: 3 }),
      fold: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((sources) => {
    let start = 16;
    return layStrip(
      sources.map(({ pages, skip, fold }) => {
        const blocks = Math.ceil(pages / 16);
        const first = Math.min(skip, blocks - 1);
        const cut = Math.min(blocks, first + 1 + fold);
        const shown = [{ start: first, end: cut }];
        if (cut + 1 < blocks) shown.push({ start: cut + 1, end: blocks });
        const source = { space: "p1" as const, start: start as PageAddress, pages, shown };
        start += pages + 5;
        return source;
      }),
    );
  });

test("cell and plane point of a raster cancel, at every level and width", () => {
  fc.assert(
    fc.property(
      strips,
      fc.integer({ min: 2, max: 11 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (strip, level, width, across, down) => {
        const plane = picturePlane(strip, "raster", level, width);
        const x = Math.floor(across * plane.width);
        const y = Math.floor(down * plane.height);
        const index = pictureIndex(plane, x, y);
        if (index !== undefined) expect(pictureCell(plane, index)).toEqual({ x, y });
        const cell = Math.floor(across * plane.cells);
        const point = pictureCell(plane, cell);
        if (point) expect(pictureIndex(plane, point.x, point.y)).toBe(cell);
      },
    ),
  );
});

test("every page of a mapping has its place in a raster, and no row holds two mappings", () => {
  fc.assert(
    fc.property(strips, fc.integer({ min: 1, max: 300 }), (strip, width) => {
      const level = 6;
      const plane = picturePlane(strip, "raster", level, width);
      let shown = 0;
      for (let row = 0; row < plane.height; row++) {
        const found = rasterRow(plane.rows!, row);
        const first = mappingAt(strip, found!.cell);
        expect(mappingAt(strip, found!.cell + found!.cells - 1)).toBe(first);
        shown += found!.cells;
      }
      let pages = 0;
      for (const mapping of strip.mappings)
        for (const run of mapping.runs) pages += Math.min(run.blocks * 16, mapping.pages - run.block * 16);
      expect(shown).toBe(pages);
    }),
  );
});

test("an index within a turned square continues the index of the square", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CURVES),
      fc.integer({ min: 0, max: 2 ** 18 - 1 }),
      fc.integer({ min: 0, max: 2 ** 18 - 1 }),
      fc.integer({ min: 0, max: 12 }),
      (curve, x, y, inner) => {
        const square = curveSquare(curve, Math.floor(x / 2 ** inner), Math.floor(y / 2 ** inner), 18 - inner);
        const within = curveIndexIn(curve, square, x % 2 ** inner, y % 2 ** inner, inner);
        expect(square.index * 4 ** inner + within).toBe(curveIndex(curve, x, y, 18));
      },
    ),
  );
});
