import fc from "fast-check";
import { expect, test } from "vitest";
import { type PicturePlane, pictureCell, picturePlane } from "../layout/index.ts";
import type { PageAddress } from "../memory/index.ts";
import { joinStrips, type LaidMapping, layStrip, positionOfPage, type Strip, type StripSource } from "./index.ts";

const shapes = fc.array(
  fc.record({ pages: fc.integer({ min: 1, max: 3000 }), hole: fc.integer({ min: 0, max: 40 }) }),
  { minLength: 2, maxLength: 8 },
);

/** Mappings one behind the other; each is shown whole. */
function sourcesOf(shapes: readonly { readonly pages: number; readonly hole: number }[]): StripSource[] {
  let start = 16;
  return shapes.map(({ pages, hole }) => {
    const source = {
      space: "p1" as const,
      start: (start + hole) as PageAddress,
      pages,
      shown: [{ start: 0, end: Math.ceil(pages / 16) }],
    };
    start += hole + pages;
    return source;
  });
}

/** The largest square of 4, 16, 64 … pages that each of a mapping's positions is aligned to, by the rule of the strip. */
function alignmentOf({ size }: LaidMapping): number {
  let alignment = 16;
  while (alignment * 4 <= size / 4 && alignment < 1024) alignment *= 4;
  return alignment;
}

/** What stands where in a square of a mapping, as text, turned and mirrored so that the smallest text is left. */
function lookOf(plane: PicturePlane, mapping: LaidMapping, first: number, side: number): string {
  const grid = new Array<number>(side * side).fill(-1);
  for (let n = 0; n < side * side && first + n < mapping.size; n++) {
    const point = pictureCell(plane, mapping.position + first + n);
    if (!point) throw new Error("a position has no cell");
    grid[(point.y % side) * side + (point.x % side)] = n;
  }
  const turns: string[] = [];
  for (const isMirrored of [false, true])
    for (let quarter = 0; quarter < 4; quarter++)
      turns.push(
        Array.from({ length: side * side }, (_, at) => {
          let [x, y] = [at % side, Math.floor(at / side)];
          for (let q = 0; q < quarter; q++) [x, y] = [y, side - 1 - x];
          return grid[y * side + (isMirrored ? side - 1 - x : x)];
        }).join(),
      );
  return turns.sort()[0];
}

test("a mapping that is inserted leaves the pictures of the others as they are", () => {
  fc.assert(
    fc.property(shapes, fc.nat(), (drawn, pick) => {
      const all = sourcesOf(drawn);
      const inserted = pick % all.length;
      const before = layStrip(all.filter((_, n) => n !== inserted));
      const after = layStrip(all);
      for (const mapping of before.mappings) {
        const there = after.mappings.find(({ start }) => start === mapping.start);
        if (!there) throw new Error("a mapping is gone");
        expect([there.size, there.runs]).toEqual([mapping.size, mapping.runs]);
        // On a curve it is made of whole squares, and each is the same but for a turn of the curve.
        const alignment = alignmentOf(mapping);
        expect([mapping.position % alignment, there.position % alignment]).toEqual([0, 0]);
        for (let first = 0; first < mapping.size; first += alignment) {
          for (const layout of ["hilbert", "z-order"] as const) {
            const look = (strip: Strip, laid: LaidMapping) =>
              lookOf(picturePlane(strip, layout, 6, 1), laid, first, Math.sqrt(alignment));
            expect(look(after, there)).toBe(look(before, mapping));
          }
        }
        // In a raster it begins at the left in any case: only the row moves.
        const rows = (strip: Strip, laid: LaidMapping) => {
          const plane = picturePlane(strip, "raster", 6, 37);
          const top = pictureCell(plane, laid.position)?.y ?? Number.NaN;
          return Array.from({ length: laid.pages }, (_, n) => pictureCell(plane, laid.position + n)).map(
            (point) => point && `${point.x} ${point.y - top}`,
          );
        };
        expect(rows(after, there)).toEqual(rows(before, mapping));
      }
    }),
    { numRuns: 30 },
  );
});

test("on the joint strip a page has one position, whichever side it is of, and every page of both sides has one", () => {
  fc.assert(
    fc.property(shapes, shapes, (left, right) => {
      const [a, b] = [sourcesOf(left), sourcesOf(right)];
      const joint = joinStrips(a, b);
      const strip = layStrip(joint);
      const positions = new Map<number, number>();
      for (const source of [...a, ...b])
        for (let page: number = source.start; page < source.start + source.pages; page++) {
          const position = positionOfPage(strip, "p1", page as PageAddress);
          if (position === undefined) throw new Error(`page ${page} has no position`);
          if ((positions.get(page) ?? position) !== position) throw new Error(`page ${page} has two positions`);
          positions.set(page, position);
        }
      expect(new Set(positions.values()).size).toBe(positions.size);
      expect(strip.mappings.reduce((sum, { pages }) => sum + pages, 0)).toBe(positions.size);
      joint.forEach(({ start, pages, a: ofA, b: ofB }) => {
        if (ofA !== undefined) expect(a[ofA].start >= start && a[ofA].start < start + pages).toBe(true);
        if (ofB !== undefined) expect(b[ofB].start >= start && b[ofB].start < start + pages).toBe(true);
      });
    }),
    { numRuns: 30 },
  );
});
