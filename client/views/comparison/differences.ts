/**
 * The differences of a comparison in the order of the joint strip, and the way from one to the next. A difference is a
 * run of neighbouring pages with one verdict in one mapping.
 */
import type { Comparison, Difference, JointMapping } from "../../../shared/api/index.ts";
import { PAGE_SIZE } from "../../../shared/memory/index.ts";
import { VERDICTS, type Verdict } from "../../../shared/provenance/index.ts";
import { formatCount, formatPlural, formatSize } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";

/** As the bar and the legend list them: what is looked for first. */
export const VERDICT_ORDER = [
  "changed",
  "moved",
  "added",
  "removed",
  "zero",
  "unchanged",
] as const satisfies readonly Verdict[];
/** As the segments of the bar stand, from the left: the calm ones first. */
export const BAR_ORDER = [
  "unchanged",
  "zero",
  "changed",
  "moved",
  "added",
  "removed",
] as const satisfies readonly Verdict[];

/** How much was compared, of how much: what is unresolved was not. */
export function comparedText({ compared, verdicts }: Pick<Comparison, "compared" | "verdicts">): string {
  const all = formatPlural(compared + verdicts.unresolved, "page");
  return `${formatCount(compared)} of ${all} compared, ${formatSize(compared * PAGE_SIZE)}`;
}

/** Index of the difference that holds a place, −1 when none does. */
export function differenceAt(differences: readonly Difference[], place: Pick<Place, "space" | "page"> | null): number {
  if (!place) return -1;
  return differences.findIndex(
    (difference) =>
      difference.space === place.space &&
      place.page >= difference.start &&
      place.page < difference.start + difference.pages,
  );
}

export interface NextDifference {
  readonly index: number;
  /** Went around the end. */
  readonly wrapped: boolean;
}

/**
 * The next difference in a direction from wherever the cursor is, among those that `isShown` lets through.
 * @param mapping index of the joint mapping of the cursor, −1 without one.
 */
export function nextDifference(
  differences: readonly Difference[],
  place: Pick<Place, "space" | "page"> | null,
  mapping: number,
  step: 1 | -1,
  isShown: (difference: Difference) => boolean,
): NextDifference | undefined {
  const count = differences.length;
  const inside = differenceAt(differences, place);
  // Where the cursor stands between differences: the number of those before it.
  const before = differences.findIndex(
    (difference) =>
      difference.mapping > mapping || (difference.mapping === mapping && difference.start > (place?.page ?? -1)),
  );
  const between = place === null ? (step > 0 ? 0 : count) : before < 0 ? count : before;
  const first = inside >= 0 ? inside + step : step > 0 ? between : between - 1;
  for (let tried = 0; tried < count; tried++) {
    const at = first + step * tried;
    const index = ((at % count) + count) % count;
    if (isShown(differences[index])) return { index, wrapped: at !== index };
  }
  return undefined;
}

/** Pages of the mapping that differ, per verdict; zero pages count where A had content, which differences know. */
export interface ChangedMapping {
  readonly index: number;
  readonly mapping: JointMapping;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly pages: number;
  readonly differences: readonly number[];
}

/** Mappings that differ, most pages first. */
export function changedMappings(
  comparison: Pick<Comparison, "joint" | "differences">,
  isShown: (difference: Difference) => boolean,
): ChangedMapping[] {
  const changed = new Map<number, { counts: Record<Verdict, number>; pages: number; differences: number[] }>();
  comparison.differences.forEach((difference, index) => {
    if (!isShown(difference)) return;
    let entry = changed.get(difference.mapping);
    if (!entry) {
      const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
      entry = { counts, pages: 0, differences: [] };
      changed.set(difference.mapping, entry);
    }
    entry.counts[difference.verdict] += difference.pages;
    entry.pages += difference.pages;
    entry.differences.push(index);
  });
  return [...changed]
    .map(([index, entry]) => ({ index, mapping: comparison.joint[index], ...entry }))
    .toSorted((x, y) => y.pages - x.pages || x.index - y.index);
}
