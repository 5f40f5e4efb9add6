/**
 * The runs of a dump of which a beginning is here. A reader takes the page in which a file ends for one that the dump
 * holds in part; while the file grows it is one that has not come yet.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { type PageRuns, RUN_KINDS } from "../readers/index.ts";

const BYTES = RUN_KINDS.indexOf("bytes");
const LOST = RUN_KINDS.indexOf("lost");

/** @param size of what was here when the runs were read. @returns the same rows; columns that change are new */
export function arrivedRuns(runs: PageRuns, size: number): PageRuns {
  const kind = runs.kind.slice();
  const from = runs.from.slice();
  const to = runs.to.slice();
  const offset = runs.offset.slice();
  for (let row = 0; row < runs.length; row++) {
    const known = to[row] - from[row];
    if (kind[row] !== BYTES || known === PAGE_SIZE || offset[row] + known < size) continue;
    kind[row] = LOST;
    from[row] = 0;
    to[row] = PAGE_SIZE;
    offset[row] = -1;
  }
  return { ...runs, kind, from, to, offset };
}

/**
 * Numbers that stand for pages until the store gives them theirs: places in the list of all recorded pages. No two
 * pages have one number, equal ones neither.
 */
export function firstNumbers(runs: PageRuns): Float64Array {
  const first = new Float64Array(runs.length + 1);
  for (let run = 0; run < runs.length; run++) first[run + 1] = first[run] + runs.count[run];
  return first;
}
