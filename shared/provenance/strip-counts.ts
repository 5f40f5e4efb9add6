/** How many pages belong to the system, in which ways; of a snapshot or any part of it, so that parts can be summed. */
import { emptyProvenance, PROVENANCES, type ProvenanceCounts } from "./provenance.ts";
import { type Way, wayBit, waysOfBits } from "./way.ts";

/** Pages. */
export interface StripCounts {
  readonly recorded: number;
  readonly zero: number;
  /** Absent: the dumper's own statement that the file has them. */
  readonly leftToFile: number;
  /** Of these the ones of files that were deleted: no image's. */
  readonly ofDeletedFiles: number;
  /** Recorded, not zero, with the content of a page of a known set. */
  readonly same: number;
  readonly relocated: number;
  readonly alike: number;
  /** In a snapshot of another container; or when it was ingested, in any other snapshot. */
  readonly shared: number;
  /** Zero, same, relocated or alike, each page once. */
  readonly explained: number;
  readonly provenance: ProvenanceCounts;
  /** Recorded pages by all ways in which they belong, each once; those in a parent that is not here are left out. */
  readonly byWays: readonly { readonly ways: readonly Way[]; readonly pages: number }[];
}

const EXPLAINED: readonly Way[] = ["zero", "same", "relocated", "alike"];

/** What each page counts as once its ways are known: the other numbers follow from `byWays`. */
export function stripCounts({
  byWays,
  ...counted
}: Pick<StripCounts, "recorded" | "leftToFile" | "ofDeletedFiles" | "provenance" | "byWays">): StripCounts {
  return {
    ...counted,
    zero: pagesInWays(byWays, ["zero"]),
    same: pagesInWays(byWays, ["same"]),
    relocated: pagesInWays(byWays, ["relocated"]),
    alike: pagesInWays(byWays, ["alike"]),
    shared: pagesInWays(byWays, ["shared"]),
    explained: pagesInWays(byWays, EXPLAINED),
    byWays,
  };
}

/** Pages that belong in at least one of these ways. */
export function pagesInWays(byWays: StripCounts["byWays"], wanted: readonly Way[]): number {
  return byWays.reduce((sum, { ways, pages }) => sum + (ways.some((way) => wanted.includes(way)) ? pages : 0), 0);
}

/** @param pages of each set of ways, by its bits */
export function byWaysOf(pages: ReadonlyMap<number, number>): StripCounts["byWays"] {
  return [...pages].sort(([x], [y]) => x - y).map(([bits, count]) => ({ ways: waysOfBits(bits), pages: count }));
}

/** Of parts that have no page in common. */
export function sumOfStripCounts(parts: readonly StripCounts[]): StripCounts {
  const provenance = emptyProvenance();
  const pages = new Map<number, number>();
  for (const part of parts) {
    for (const name of PROVENANCES) provenance[name] += part.provenance[name];
    for (const { ways, pages: count } of part.byWays) {
      const bits = ways.reduce((all, way) => all | wayBit(way), 0);
      pages.set(bits, (pages.get(bits) ?? 0) + count);
    }
  }
  return stripCounts({
    recorded: parts.reduce((sum, { recorded }) => sum + recorded, 0),
    leftToFile: parts.reduce((sum, { leftToFile }) => sum + leftToFile, 0),
    ofDeletedFiles: parts.reduce((sum, { ofDeletedFiles }) => sum + ofDeletedFiles, 0),
    provenance,
    byWays: byWaysOf(pages),
  });
}
