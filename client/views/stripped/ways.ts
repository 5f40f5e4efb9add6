/**
 * The ways in which pages of a snapshot, or of a part of it, belong to the system. They overlap: a page may be the same
 * as a known page and in another container too. Provenance alone gives each recorded page one name, the first that
 * holds, and that is the colour of a bar.
 */
import { type Provenance, pagesInWays, type StripCounts } from "../../../shared/provenance/index.ts";
import type { Choosable } from "../explain/parts.ts";
import { FILTER_WAYS, type FilterWay } from "./way-filter.ts";

export interface CountedWay {
  /** Chosen, it lights all its pages. */
  readonly way: FilterWay;
  readonly title: string;
  /** Whose colour it has. */
  readonly part: Choosable;
  /** Pages that belong in this way, whatever else explains them. */
  readonly pages: number;
  /** Pages that have this way as their provenance. */
  readonly first: number;
}

/** In the order of precedence: left to file, which has no bytes, then as provenance has it. */
export function waysOf({ leftToFile, ofDeletedFiles, byWays, provenance }: StripCounts): readonly CountedWay[] {
  const left = (way: "left-to-file" | "deleted", title: string, pages: number): CountedWay => ({
    way,
    title,
    part: way,
    pages,
    first: pages,
  });
  return FILTER_WAYS.map((way): CountedWay => {
    if (way === "left-to-file") return left(way, "left to file", leftToFile - ofDeletedFiles);
    if (way === "deleted") return left(way, "left to deleted file", ofDeletedFiles);
    const name: Provenance = way === "same" ? "known" : way;
    return { way, title: way, part: name, pages: pagesInWays(byWays, [way]), first: provenance[name] };
  });
}

/** What each way is, for people who have not read the documents. */
export const MEANINGS: Readonly<Record<FilterWay, string>> = {
  "left-to-file": "The dump has no bytes here: its maker says that the file has them.",
  deleted: "The dump has no bytes here: they were left to a file that had been deleted, so it is no image's.",
  zero: "All 4\u202f096 bytes are 00.",
  unchanged: "The parent has the same bytes at this place.",
  same: "The same bytes as a page of a known set: known in the picture.",
  relocated: "A page of a mapped file in which only the loader has written addresses: verified byte for byte.",
  moved: "When it was ingested, its parent had the same bytes at another place.",
  shared: "A snapshot of another container has the same bytes; or when it was ingested, any other snapshot had.",
  alike: "A page of a baseline or of another container is equal, up to the addresses in it.",
  new: "Nothing explains these bytes.",
};

/** Taken away by stripping: left to a file, or zero, same, relocated or alike, each page once. */
export function strippedOf({ leftToFile, explained }: Pick<StripCounts, "leftToFile" | "explained">): number {
  return leftToFile + explained;
}

export function allOf({ leftToFile, recorded }: Pick<StripCounts, "leftToFile" | "recorded">): number {
  return leftToFile + recorded;
}

/** The most stripped first, and those of which nothing is shown left out. */
export function byStripped<T extends StripCounts>(rows: readonly T[]): readonly T[] {
  return rows.filter((row) => allOf(row) > 0).toSorted((a, b) => strippedOf(b) - strippedOf(a));
}
