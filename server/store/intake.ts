/**
 * Pages on their way into the store: hash → page number, new numbers for what the store does not have, their frames
 * into packs. Nothing of it exists before `commit` is called inside the catalog's transaction.
 */
import type { Blobs } from "./blobs.ts";
import type { Catalog } from "./catalog.ts";
import { createHashTable } from "./hash-table.ts";
import { createPackWriter, type FilledFrame } from "./pack.ts";
import { entriesOf, type IndexRun, mergeRuns, openRun, type RunInfo, writeRun } from "./page-index.ts";

/** A table of new pages this long is written as a run: 44 MiB in memory (see `hash-table.ts`). */
const TABLE_PAGES = 1 << 20;

export interface PageIntake {
  /** First page number of this intake: all below were in the store before. */
  readonly firstNew: number;
  /** Distinct pages added so far. */
  readonly added: number;
  /**
   * Page numbers of hashes (32 bytes each); `fresh` lists the rows that are new and must be given to `keep`.
   * Rows with `skip` ≠ 0 are passed over.
   */
  number(
    hashes: Uint8Array,
    count: number,
    skip: Uint8Array,
  ): { readonly pages: Uint32Array; readonly fresh: Uint32Array };
  /** Frames of fresh pages, in the order of their numbers. */
  keep(frame: FilledFrame): void;
  /** Closes packs and runs, synced; then `commit` makes them part of the store within a transaction of the catalog. */
  finish(): IntakeResult;
  abandon(): void;
}

export interface IntakeResult {
  readonly grown: number;
  commit(): void;
}

export function createPageIntake(blobs: Blobs, catalog: Catalog): PageIntake {
  const firstNew = catalog.nextPage;
  let nextPage = firstNew;
  const packs = createPackWriter(blobs);
  const table = createHashTable();
  const before: { info: RunInfo; run: IndexRun }[] = catalog
    .runs()
    .map((info) => ({ info, run: openRun(blobs, "index", info.name) }));
  const written: { info: RunInfo; run: IndexRun }[] = [];
  let grown = 0;

  function spill(): void {
    if (table.size === 0) return;
    const entries = entriesOf(table.sorted());
    const { run, grown: more } = writeRun(blobs, "index", table.size, () => [entries]);
    grown += more;
    written.push({ info: run, run: openRun(blobs, "index", run.name) });
    table.clear();
  }

  function find(hashes: Uint8Array, offset: number): number {
    const row = table.find(hashes, offset);
    if (row >= 0) return table.value(row);
    for (const { run } of written) {
      const page = run.find(hashes, offset);
      if (page >= 0) return page;
    }
    for (const { run } of before) {
      const page = run.find(hashes, offset);
      if (page >= 0) return page;
    }
    return -1;
  }

  return {
    firstNew,
    get added() {
      return nextPage - firstNew;
    },
    number(hashes, count, skip) {
      const pages = new Uint32Array(count);
      const fresh: number[] = [];
      for (let i = 0; i < count; i++) {
        if (skip[i] !== 0) continue;
        let page = find(hashes, i * 32);
        if (page < 0) {
          page = nextPage++;
          table.add(hashes, i * 32, page);
          fresh.push(i);
          if (table.size >= TABLE_PAGES) spill();
        }
        pages[i] = page;
      }
      return { pages, fresh: Uint32Array.from(fresh) };
    },
    keep: (frame) => packs.append(frame),
    finish() {
      const infos = packs.finish();
      spill();
      const runs = compact(blobs, [...before, ...written], (more) => {
        grown += more;
      });
      const packGrowth = infos.reduce((sum, pack) => sum + pack.grown, 0);
      return {
        grown: grown + packGrowth,
        commit() {
          for (const pack of infos) catalog.addPack(pack);
          if (infos.length > 0) catalog.replaceRuns(runs);
          catalog.setNextPage(nextPage);
        },
      };
    },
    abandon: () => packs.abandon(),
  };
}

/** Merges from the end until each run is at least twice as long as the next. */
function compact(
  blobs: Blobs,
  runs: readonly { readonly info: RunInfo; readonly run: IndexRun }[],
  onGrowth: (bytes: number) => void,
): RunInfo[] {
  const stack: { info: RunInfo; run: IndexRun }[] = [];
  for (const entry of runs) {
    let group = [entry];
    while (
      stack.length > 0 &&
      stack[stack.length - 1].info.count < 2 * group.reduce((sum, { info }) => sum + info.count, 0)
    ) {
      group = [stack.pop() as (typeof stack)[number], ...group];
    }
    if (group.length === 1) {
      stack.push(entry);
      continue;
    }
    const count = group.reduce((sum, { info }) => sum + info.count, 0);
    const { run, grown } = writeRun(blobs, "index", count, () => mergeRuns(group.map((member) => member.run)));
    onGrowth(grown);
    stack.push({ info: run, run: openRun(blobs, "index", run.name) });
  }
  return stack.map(({ info }) => info);
}
