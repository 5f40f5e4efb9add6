import fc from "fast-check";
import { expect, test } from "vitest";
import { LAYOUTS, pictureCell, picturePlane } from "../../shared/layout/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import { layStrip, pageAtPosition, type Strip, type StripSource } from "../../shared/strip/index.ts";
import { cellsOfRectangle, cellsOfRuns, regionsBetween, regionsOfRuns, spansOfRegions } from "./regions.ts";

const blocks = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 4 })), {
  minLength: 1,
  maxLength: 3,
});
/** Mappings of two spaces with folded blocks, some of which touch the one before. */
const strips = fc
  .array(fc.tuple(blocks, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 15 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((mappings) => {
    const sources: StripSource[] = [];
    let page = 16;
    mappings.forEach(([shown, gap, short], i) => {
      const runs: { start: number; end: number }[] = [];
      let block = 0;
      for (const [hidden, length] of shown) {
        // Runs of blocks are apart.
        const start = block + hidden + (block > 0 ? 1 : 0);
        runs.push({ start, end: start + length });
        block = start + length;
      }
      const pages = block * 16 - short;
      sources.push({ space: i < 3 ? "p1" : "p2", start: page as PageAddress, pages, shown: runs });
      page += pages + gap * 16;
    });
    return layStrip(sources);
  });

/** Space and page of each position, asked one by one. */
function pagesOf(strip: Strip, from: number, to: number): string[] {
  const found: string[] = [];
  for (let at = from; at < to; at++) {
    const page = pageAtPosition(strip, at);
    if (page) found.push(`${page.mapping.space} ${page.page}`);
  }
  return found;
}

test("what lies between two bytes is one region a space, with all shown pages between and no other", () => {
  fc.assert(
    fc.property(strips, fc.nat(), fc.nat(), (strip, x, y) => {
      const [from, to] = [x % strip.end, (y % strip.end) + 1].sort((p, q) => p - q);
      const regions = regionsBetween(strip, [from * 4096 + 7, to * 4096]);
      expect(new Set(regions.map(({ space }) => space)).size).toBe(regions.length);
      const shown = pagesOf(strip, 0, strip.end).filter((name) => {
        const [space, page] = name.split(" ");
        const at = BigInt(page) * 4096n;
        return regions.some((region) => region.space === space && region.start < at + 4096n && at < region.end);
      });
      expect(shown).toEqual(pagesOf(strip, from, to));
      const spans = spansOfRegions(strip, regions);
      const back = spans.flatMap(([a, b]) => pagesOf(strip, Math.floor(a / 4096), Math.ceil(b / 4096)));
      expect(back).toEqual(pagesOf(strip, from, to));
      if (pageAtPosition(strip, from)) expect(spans[0][0]).toBe(from * 4096 + 7);
    }),
  );
});

test("a rectangle has exactly its cells, in every layout", () => {
  fc.assert(
    fc.property(
      strips,
      fc.constantFrom(...LAYOUTS),
      fc.array(fc.nat({ max: 40 }), { minLength: 4, maxLength: 4 }),
      (strip, layout, box) => {
        const plane = picturePlane(strip, layout, 5, 13);
        const [left, right] = [Math.min(box[0], box[1]), Math.max(box[0], box[1]) + 1];
        const [top, bottom] = [Math.min(box[2], box[3]), Math.max(box[2], box[3]) + 1];
        const model: number[] = [];
        for (let cell = 0; cell < plane.cells; cell++) {
          const at = pictureCell(plane, cell);
          if (at && at.x >= left && at.x < right && at.y >= top && at.y < bottom) model.push(cell);
        }
        const runs = cellsOfRectangle(plane, { left, top, right, bottom });
        expect(runs.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual(model);
        const regions = regionsOfRuns(
          strip,
          runs.map(([from, to]) => [from * 1024, to * 1024] as const),
        );
        // Cells without memory are of no region, but may lie between two of one.
        const back = cellsOfRuns(spansOfRegions(strip, regions), 5).flatMap(([from, to]) =>
          Array.from({ length: to - from }, (_, i) => from + i),
        );
        const hasMemory = (cell: number) => pageAtPosition(strip, Math.floor(cell / 4)) !== undefined;
        expect(back.filter(hasMemory)).toEqual(model.filter(hasMemory));
      },
    ),
  );
});
