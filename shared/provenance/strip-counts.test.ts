import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyProvenance } from "./provenance.ts";
import { byWaysOf, pagesInWays, stripCounts, sumOfStripCounts } from "./strip-counts.ts";
import { WAYS, wayBit, waysOfBits } from "./way.ts";

const bits = fc.integer({ min: 1, max: 255 });

function countsOf(pages: readonly number[]) {
  const tally = new Map<number, number>();
  for (const page of pages) tally.set(page, (tally.get(page) ?? 0) + 1);
  const left = { leftToFile: 2, ofDeletedFiles: 1 };
  return stripCounts({ recorded: pages.length, ...left, provenance: emptyProvenance(), byWays: byWaysOf(tally) });
}

test("pages of parts count as those of the whole, in each way and in any of several", () => {
  fc.assert(
    fc.property(fc.array(fc.array(bits)), bits, (parts, wanted) => {
      const sum = sumOfStripCounts(parts.map(countsOf));
      const all = parts.flat();
      expect(sum.recorded).toBe(all.length);
      expect([sum.leftToFile, sum.ofDeletedFiles]).toEqual([2 * parts.length, parts.length]);
      for (const way of ["zero", "same", "relocated", "alike", "shared"] as const)
        expect(sum[way]).toBe(all.filter((page) => waysOfBits(page).includes(way)).length);
      expect(sum.explained).toBe(
        all.filter((page) => waysOfBits(page).some((way) => ["zero", "same", "relocated", "alike"].includes(way)))
          .length,
      );
      expect(pagesInWays(sum.byWays, waysOfBits(wanted))).toBe(all.filter((page) => (page & wanted) !== 0).length);
    }),
  );
});

test("every way has a bit of one byte", () => {
  expect(WAYS.reduce((sum, way) => sum + wayBit(way), 0)).toBe(255);
});
