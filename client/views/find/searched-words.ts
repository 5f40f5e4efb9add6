/** How much a search has looked at, in words: of the whole for the legend, of a cell for the pointer and the page. */
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import type { FindState } from "./follow-search.ts";

/** What the legend of hits tells; what cannot be told is empty. */
export interface SearchedNumbers {
  readonly hits: string;
  readonly searched: string;
  /** Pages. */
  readonly unsearched: string;
}

/** @param atLeast before a number of hits that may be too small */
export function searchedNumbers(
  answer: FindState,
  { provenance }: Pick<SnapshotDetail, "provenance">,
  atLeast = "at least ",
): SearchedNumbers {
  const whole = Object.values(provenance).reduce((sum, count) => sum + count, 0);
  if (answer.state === "idle")
    return { hits: "", searched: "nothing is searched for yet", unsearched: formatCount(whole) };
  const found = formatCount(answer.hits.length);
  const hits = answer.state === "done" && answer.next === null ? found : `${atLeast}${found}`;
  const pages = answer.progress?.pages ?? 0;
  // Filled pages are none of those that the dump holds.
  if (answer.asked.filled)
    return { hits, searched: `${formatPlural(pages, "page")} searched, filled ones too`, unsearched: "" };
  return {
    hits,
    searched: `${formatCount(pages)} of ${formatPlural(whole, "page")} searched`,
    unsearched: formatCount(Math.max(0, whole - pages)),
  };
}

type Side = readonly [answer: FindState, detail: Pick<SnapshotDetail, "provenance">];

/** Of both sides of a comparison, shorter. */
export function searchedOfBoth(...sides: readonly [a: Side, b: Side]): SearchedNumbers {
  const [a, b] = sides.map(([answer, detail]) => searchedNumbers(answer, detail, "≥ "));
  const both = (inA: string, inB: string) => (inA === inB ? inA : `A: ${inA}; B: ${inB}`);
  return {
    hits: `${a.hits} | ${b.hits}`,
    searched: both(a.searched, b.searched),
    unsearched: `${a.unsearched} | ${b.unsearched}`,
  };
}

/** Why a cell, or a part of it, was not searched: what the search leaves out, and how far it came. */
export function unsearchedText(answer: FindState): string {
  if (answer.state === "idle") return "not searched: nothing is searched for yet";
  const { regions, among } = answer.asked.scope;
  const reasons = [regions || among ? "outside of where is searched" : "", endOf(answer)].filter(Boolean);
  return reasons.length > 0 ? `not searched: ${reasons.join(", or ")}` : "not searched";
}

function endOf(answer: Exclude<FindState, { state: "idle" }>): string {
  switch (answer.state) {
    case "searching":
      return "not yet";
    case "cancelled":
      return "behind where it was cancelled";
    case "failed":
      return "behind where it failed";
    case "done":
      return answer.next ? `behind the first ${formatCount(answer.hits.length)} found` : "";
    default:
      return answer satisfies never;
  }
}
