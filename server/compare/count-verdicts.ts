/** The verdicts of a part of a comparison, counted: only blocks in which something stands on a side are looked at. */
import type { Region } from "../../shared/find/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { emptyVerdicts, VERDICTS, type VerdictCounts } from "../../shared/provenance/index.ts";
import { BLOCK_PAGES } from "../../shared/strip/index.ts";
import type { Comparison } from "./compare-snapshots.ts";
import { unionOf } from "./union-of-ranges.ts";

export interface CountedVerdicts {
  /** A page of which a region has a part counts as one; unresolved ones are in no verdict, and not counted here. */
  readonly verdicts: Omit<VerdictCounts, "unresolved">;
  /** Pages in differences. */
  readonly differing: number;
}

/** @param regions in the spaces of B, in any order */
export function countVerdicts(comparison: Comparison, regions: readonly Region[]): CountedVerdicts {
  const { unresolved: _, ...verdicts } = emptyVerdicts();
  let differing = 0;
  const pagesOf = new Map(
    [...Map.groupBy(regions, ({ space }) => space)].map(([space, own]) => [
      space,
      unionOf(own.map(({ start, end }) => [Number(start >> 12n), Number((end + BigInt(PAGE_SIZE - 1)) >> 12n)])),
    ]),
  );
  const within = (space: Region["space"], from: number, to: number) =>
    (pagesOf.get(space) ?? [])
      .map(([first, behind]) => [Math.max(first, from), Math.min(behind, to)] as const)
      .filter(([first, behind]) => first < behind);
  for (const { space, start, pages, shown } of comparison.joint)
    for (const block of shown) {
      const [from, to] = [start + block.start * BLOCK_PAGES, start + Math.min(pages, block.end * BLOCK_PAGES)];
      for (const [first, behind] of within(space, from, to))
        for (const code of comparison.verdictsOf(space, first, behind - first)) {
          const verdict = VERDICTS[code];
          if (verdict !== undefined) verdicts[verdict]++;
        }
    }
  for (const { space, start, pages } of comparison.differences)
    for (const [first, behind] of within(space, start, start + pages)) differing += behind - first;
  return { verdicts, differing };
}
