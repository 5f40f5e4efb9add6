/**
 * The ways in which pages of a snapshot belong to the system. They overlap: a page may be the same as a known page and
 * in another container too. Provenance alone gives each recorded page one name, the first that holds, and it is what the
 * picture can light.
 */
import type { StripCounts } from "../../../shared/api/index.ts";
import type { Choosable } from "../explain/parts.ts";

export interface Way {
  /** Chosen, it lights the pages of this part or provenance. */
  readonly lights: Choosable;
  readonly title: string;
  /** Pages that belong in this way, whatever else explains them. */
  readonly pages: number;
  /** Pages that have this way as their name in the picture. */
  readonly lit: number;
}

type Counted = Omit<StripCounts, "recorded" | "explained">;

/** In the order of precedence: left to file, which has no bytes, then as provenance has it. */
export function waysOf(counts: Counted): readonly Way[] {
  const { provenance } = counts;
  return [
    { lights: "left-to-file", title: "left to file", pages: counts.leftToFile, lit: counts.leftToFile },
    { lights: "zero", title: "zero", pages: counts.zero, lit: provenance.zero },
    { lights: "unchanged", title: "unchanged", pages: provenance.unchanged, lit: provenance.unchanged },
    { lights: "known", title: "same", pages: counts.same, lit: provenance.known },
    { lights: "relocated", title: "relocated", pages: counts.relocated, lit: provenance.relocated },
    { lights: "moved", title: "moved", pages: provenance.moved, lit: provenance.moved },
    { lights: "shared", title: "shared", pages: counts.shared, lit: provenance.shared },
    { lights: "alike", title: "alike", pages: counts.alike, lit: provenance.alike },
    { lights: "new", title: "new", pages: provenance.new, lit: provenance.new },
  ];
}

/** What each way is, for people who have not read the documents. */
export const MEANINGS: Readonly<Record<string, string>> = {
  "left to file": "The dump has no bytes here: its maker says that the file has them.",
  zero: "All 4 096 bytes are 00.",
  unchanged: "The parent has the same bytes at this place.",
  same: "The same bytes as a page of a known set: known in the picture.",
  relocated: "A page of a mapped file in which only the loader has written addresses: verified byte for byte.",
  moved: "The parent has the same bytes at another place.",
  shared: "A snapshot of another container has the same bytes.",
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
