/**
 * Contents for tiles of which some pages are filled. The store has no summaries of the pages of ghost files: they are made
 * when they are asked for.
 */
import { SUMMARY_BYTES, TOTALS_BYTES, totalsOfSummaries } from "../../shared/summary/index.ts";
import { summarisePages } from "../summarise/index.ts";
import type { PageContents } from "../tiles/index.ts";
import type { Filling } from "./filling.ts";
import { FIRST_GHOST } from "./ghost-pages.ts";
import { interleave } from "./interleave.ts";

/** @param contents of the store */
export function filledContents(contents: PageContents, filling: Filling): PageContents {
  const summariesOf = (ghosts: Uint32Array) => {
    const summaries = new Uint8Array(ghosts.length * SUMMARY_BYTES);
    summarisePages(filling.bytes(ghosts), undefined, summaries);
    return summaries;
  };
  return {
    bytes: async (pages) => filling.bytes(pages),
    async summaries(pages) {
      const ofStore = await contents.summaries(pages.filter((page) => page < FIRST_GHOST));
      return interleave(pages, SUMMARY_BYTES, ofStore, summariesOf);
    },
    async totals(pages) {
      const ofStore = await contents.totals(pages.filter((page) => page < FIRST_GHOST));
      return interleave(pages, TOTALS_BYTES, ofStore, (ghosts) => totalsOfSummaries(summariesOf(ghosts)));
    },
  };
}
