/** How many pages are on a strip, and how many are drawn with them: a strip shows whole blocks of 16. */
import type { PageCounts } from "../../../shared/api/index.ts";
import { BLOCK_PAGES, type Strip } from "../../../shared/strip/index.ts";
import { formatCount } from "../../format/index.ts";

/** What the strip of all pages is of. */
export function recordedOrLeft({ present, zero, inParent, absent }: PageCounts): number {
  return present + zero + inParent + absent.file;
}

/** With what else is in the blocks, without padding. */
function pagesDrawn(strip: Strip): number {
  let pages = 0;
  for (const { runs, pages: size } of strip.mappings)
    for (const run of runs) pages += Math.min(run.blocks * BLOCK_PAGES, size - run.block * BLOCK_PAGES);
  return pages;
}

/** @param what is on the strip, as a sentence without its end. */
export function allPagesText(what: string, all: Strip): string {
  return `${what}; ${formatCount(pagesDrawn(all))} shown in blocks of ${BLOCK_PAGES}.`;
}

/** @param what as of `allPagesText`. */
export function foldedText(what: string, strip: Strip, all: Strip): string {
  const shown = pagesDrawn(strip);
  const folded = pagesDrawn(all) - shown;
  return `${what}; ${formatCount(shown)} shown in blocks of ${BLOCK_PAGES} and ${formatCount(folded)} folded away.`;
}
