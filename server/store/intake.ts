/**
 * Pages on their way into the store: hash → page number, new numbers for what the store does not have, their frames
 * into packs. Nothing of it exists before `commit` is called inside the catalog's transaction.
 */
import type { Effort } from "../frames/index.ts";
import type { Blobs } from "./blobs.ts";
import type { Catalog } from "./catalog.ts";
import { createHashTable } from "./hash-table.ts";
import { createPackWriter, type FilledFrame } from "./pack.ts";
import { createPageHashes } from "./page-hashes.ts";
import {
  entriesOf,
  type IndexRun,
  type KeyBytes,
  mergeRuns,
  openRun,
  PAGE_KEY,
  type RunInfo,
  writeRun,
} from "./page-index.ts";

/** A table of new pages this long is written as a run: 22 MiB in memory (see `hash-table.ts`). */
const TABLE_PAGES = 1 << 19;
/** Of a run that this intake has spilled: no pack can be asked for its hashes yet. */
const WHOLE_KEY = 32;

export interface PageIntake {
  /** First page number of this intake: all below were in the store before. */
  readonly firstNew: number;
  /** Distinct pages added so far. */
  readonly added: number;
  /** Numbers the first `count` hashes (32 bytes each). @returns how many are new. */
  number(hashes: Uint8Array, count: number, columns: NumberColumns): number;
  /** What the frames to come are worth. */
  readonly effort: Effort;
  /** Frames of fresh pages, in the order of their numbers. */
  keep(frame: FilledFrame): void;
  /** Closes packs and runs, synced; then `commit` makes them part of the store within a transaction of the catalog. */
  finish(): Promise<{ commit(): void }>;
  abandon(): Promise<void>;
}

/** Beside the hashes that are numbered, a row each. */
export interface NumberColumns {
  /** Rows that are not 0 here are passed over. */
  readonly skip: Uint8Array;
  /** The page that may be the same, which is compared first and spares the look-up; any number that is none of a page. */
  readonly guesses: Uint32Array;
  /** Written: the page numbers. */
  readonly pages: Uint32Array;
  /** Written: the rows that are new, one behind the other, which must be given to `keep`. */
  readonly fresh: Uint16Array;
}

interface OpenRun {
  readonly info: RunInfo;
  readonly run: IndexRun;
}

export function createPageIntake(blobs: Blobs, catalog: Catalog): PageIntake {
  const firstNew = catalog.nextPage;
  let nextPage = firstNew;
  const packs = createPackWriter(blobs);
  const table = createHashTable();
  const stored = createPageHashes(blobs, catalog.packs());
  const open = (info: RunInfo): OpenRun => ({ info, run: openRun(blobs, "index", info.name) });
  const before = catalog.runs().map(open);
  const spilled: OpenRun[] = [];

  function find(hashes: Uint8Array, offset: number): number {
    const row = table.find(hashes, offset);
    if (row >= 0) return table.value(row);
    for (const { run } of spilled) {
      const page = run.find(hashes, offset);
      if (page >= 0) return page;
    }
    for (const { run } of before) {
      const page = run.find(hashes, offset, (candidate) => stored.equals(candidate, hashes, offset));
      if (page >= 0) return page;
    }
    return -1;
  }

  return {
    firstNew,
    get added() {
      return nextPage - firstNew;
    },
    number(hashes, count, { skip, guesses, pages, fresh }) {
      let news = 0;
      for (let i = 0; i < count; i++) {
        if (skip[i] !== 0) continue;
        let page = stored.equals(guesses[i], hashes, i * 32) ? guesses[i] : find(hashes, i * 32);
        if (page < 0) {
          page = nextPage++;
          table.add(hashes, i * 32, page);
          fresh[news++] = i;
          if (table.size >= TABLE_PAGES) {
            spilled.push(runOfTable(WHOLE_KEY));
            table.clear();
          }
        }
        pages[i] = page;
      }
      return news;
    },
    get effort() {
      return packs.effort;
    },
    keep: (frame) => packs.append(frame),
    async finish() {
      const infos = await packs.finish();
      const runs = compact(blobs, before, newRun());
      return {
        commit() {
          for (const pack of infos) catalog.addPack(pack, false);
          if (infos.length > 0) catalog.replaceRuns(runs);
          catalog.setNextPage(nextPage);
        },
      };
    },
    abandon: () => packs.abandon(),
  };

  function runOfTable(keyBytes: KeyBytes): OpenRun {
    const sorted = table.sorted();
    return open(writeRun(blobs, "index", keyBytes, table.size, () => entriesOf(sorted, keyBytes)));
  }

  /** What is in the table and in spilled runs, as one run with the keys of the index. */
  function newRun(): OpenRun | undefined {
    const count = nextPage - firstNew;
    if (count === 0) return undefined;
    if (spilled.length === 0) return runOfTable(PAGE_KEY);
    const runs = [...spilled, runOfTable(PAGE_KEY)].map(({ run }) => run);
    return open(writeRun(blobs, "index", PAGE_KEY, count, () => mergeRuns(runs)));
  }
}

/** Merges from the end until each run is at least twice as long as the next. */
function compact(blobs: Blobs, before: readonly OpenRun[], added: OpenRun | undefined): RunInfo[] {
  const runs = before.map(({ info }) => info);
  if (!added) return runs;
  const group = [added.run];
  let count = added.info.count;
  while (runs.length > 0 && runs[runs.length - 1].count < 2 * count) {
    group.unshift(before[runs.length - 1].run);
    count += (runs.pop() as RunInfo).count;
  }
  return [...runs, group.length === 1 ? added.info : writeRun(blobs, "index", PAGE_KEY, count, () => mergeRuns(group))];
}
