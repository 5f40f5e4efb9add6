/**
 * Where the ruler has a tick: the differences that are shown, each at its place of the joint strip. A tile would know
 * only the highest verdict of a cell, so that one that is filtered out could cover one that is not.
 */
import type { Difference } from "../../../shared/api/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { verdictCode } from "../../../shared/provenance/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { positionOfPage, type Strip } from "../../../shared/strip/index.ts";
import { NO_RANK } from "../../charts/index.ts";

/** @returns of so many equal parts of the strip 1 + the highest verdict's code; counted once for one number of parts. */
export function differenceTicks(
  differences: readonly Difference[],
  strip: Strip,
  isShown: (difference: Difference) => boolean,
): (columns: number) => Uint8Array {
  let kept = new Uint8Array();
  return (columns) => {
    if (kept.length === columns) return kept;
    kept = new Uint8Array(columns).fill(NO_RANK);
    for (const difference of differences) {
      if (!isShown(difference)) continue;
      const position = positionOfPage(strip, difference.space as Space, difference.start as PageAddress);
      if (position === undefined) continue;
      const rank = verdictCode(difference.verdict) + 1;
      const last = Math.floor(((position + difference.pages - 1) / strip.end) * columns);
      for (let column = Math.floor((position / strip.end) * columns); column <= last && column < columns; column++)
        if (kept[column] === NO_RANK || kept[column] < rank) kept[column] = rank;
    }
    return kept;
  };
}
