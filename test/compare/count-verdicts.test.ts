import fc from "fast-check";
import { expect, test } from "vitest";
import { compareSnapshots, countVerdicts, NO_VERDICT } from "../../server/compare/index.ts";
import type { Region } from "../../shared/find/index.ts";
import { VERDICTS } from "../../shared/provenance/index.ts";
import { ingest, samplePath, temporaryStore } from "../ingest/temporary-store.ts";

test("verdicts of a part are those of its pages, each once, and of everything those of the comparison", async () => {
  const store = temporaryStore();
  const a = (await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app")).snapshot;
  const b = (await ingest(store, samplePath("podman", "app-t1.tar.zst"), "app")).snapshot;
  const comparison = compareSnapshots(store, a, b);
  const { unresolved: _, ...all } = comparison.verdicts;
  const everything = countVerdicts(comparison, [{ space: "p1", start: 0n, end: 1n << 64n }]);
  expect(everything.verdicts).toEqual(all);
  expect(everything.differing).toBe(comparison.differences.reduce((sum, { pages }) => sum + pages, 0));

  const mappings = comparison.joint.filter(({ space }) => space === "p1");
  const region = fc
    .tuple(fc.constantFrom(...mappings), fc.nat(200), fc.integer({ min: 1, max: 300 }), fc.nat(4095))
    .map(([{ start, pages }, from, size, offset]): Region => {
      const first = BigInt(start + (from % pages)) * 4096n + BigInt(offset);
      return { space: "p1", start: first, end: first + BigInt(size) * 3000n };
    });
  fc.assert(
    fc.property(fc.array(region, { minLength: 1, maxLength: 5 }), (regions) => {
      const pages = new Set<number>();
      for (const { start, end } of regions)
        for (let page = Number(start >> 12n); BigInt(page) * 4096n < end; page++) pages.add(page);
      const expected = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0]));
      let differing = 0;
      for (const page of pages) {
        const code = comparison.verdictsOf("p1", page, 1)[0];
        if (code !== NO_VERDICT) expected[VERDICTS[code]]++;
        if (comparison.differences.some((one) => page >= one.start && page < one.start + one.pages)) differing++;
      }
      expect(countVerdicts(comparison, regions)).toEqual({ verdicts: expected, differing });
    }),
    { numRuns: 50 },
  );
});
