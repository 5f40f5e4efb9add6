/** How many pages of memory a strip has room for, and how many of all it folds away. */
import { BLOCK_PAGES, type Strip } from "../../../shared/strip/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";

/** Without padding. */
function pagesOn(strip: Strip): number {
  let pages = 0;
  for (const { runs, pages: size } of strip.mappings)
    for (const run of runs) pages += Math.min(run.blocks * BLOCK_PAGES, size - run.block * BLOCK_PAGES);
  return pages;
}

export function allPagesText(all: Strip): string {
  return `${formatPlural(pagesOn(all), "page")}, recorded or left to files.`;
}

/** @param what is on the strip, as a sentence without its end. */
export function foldedText(what: string, strip: Strip, all: Strip): string {
  const shown = pagesOn(strip);
  return `${what}; in blocks of ${BLOCK_PAGES} ${formatCount(shown)} shown, ${formatCount(pagesOn(all) - shown)} folded away.`;
}
