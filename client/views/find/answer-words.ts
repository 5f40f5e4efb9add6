/** What a search has come to, in words. */
import { formatPlural } from "../../format/index.ts";
import type { FindState } from "./follow-search.ts";

export function sentenceOf(answer: Exclude<FindState, { state: "idle" }>): string {
  const { hits, progress, asked } = answer;
  const one = asked.wanted.kind === "strings" ? "string" : "hit";
  const found = formatPlural(hits.length, one);
  const pages = progress ? formatPlural(progress.pages, "page") : "";
  switch (answer.state) {
    case "searching":
      return progress ? `${found} so far, in ${pages}` : "Searching…";
    case "cancelled":
      return progress ? `Cancelled: ${found} in the first ${pages}` : "Cancelled before a page was searched";
    case "failed":
      return `${found} before it failed`;
    case "done":
      if (progress?.rows === 0) return "Nothing here to search";
      if (answer.next) return `The first ${found}; there are more`;
      return hits.length === 0 ? `Nothing found in ${pages}` : `${found} in ${pages}`;
    default:
      return answer satisfies never;
  }
}
