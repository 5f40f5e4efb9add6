/**
 * Pages on their way into the store: hash → page number, new numbers for what the store does not have, their frames
 * into packs. Nothing of it exists before `commit` is called inside the catalog's transaction.
 *
 * Intakes may run beside each other. One that commits first is seen by the others: what they have numbered by then and
 * it has brought too, gets its numbers, so that a content never has two.
 */

import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { bisect } from "../../shared/memory/index.ts";
import type { Effort } from "../frames/index.ts";
import type { Blobs } from "./blobs.ts";
import type { Catalog } from "./catalog.ts";
import { createHashTable } from "./hash-table.ts";
import { createPackWriter, type FilledFrame, hashColumn } from "./pack.ts";
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
import { type Block, createPageNumbers, type PageNumbers } from "./page-numbers.ts";
import type { PackPlace } from "./page-store.ts";

/** A table of new pages this long is written as a run: 22 MiB in memory (see `hash-table.ts`). */
const TABLE_PAGES = 1 << 19;
/** Of a run that this intake has spilled: no pack can be asked for its hashes yet. */
const WHOLE_KEY = 32;

export interface PageIntake {
  /** Distinct pages added so far. */
  readonly added: number;
  /** All page numbers are below, those of intakes beside this one too. */
  readonly limit: number;
  /** Numbers the first `count` hashes (32 bytes each); new numbers follow one another. @returns how many are new. */
  number(hashes: Uint8Array, count: number, columns: NumberColumns): number;
  /** Whether the page came with this intake. */
  isOwn(page: number): boolean;
  /**
   * To be called before pages are explained, when nobody else can commit before this intake does: numbers of contents
   * that another intake has committed in the meantime are replaced by its own.
   */
  settle(pages: Uint32Array): void;
  /** What the frames to come are worth. */
  readonly effort: Effort;
  /** Frames of fresh pages, in the order of their numbers. */
  keep(frame: FilledFrame): void;
  /** Closes packs and runs, synced; then `commit` makes them part of the store within a transaction. Call `settle` first. */
  finish(): Promise<{ commit(): void }>;
  abandon(): Promise<void>;
}

/** Beside the hashes that are numbered, a row each. */
export interface NumberColumns {
  /** Not 0 for pages of zeros, which have no hash. */
  readonly zero: Uint8Array;
  /** The page that may be the same, which is compared first and spares the look-up; any number that is none of a page. */
  readonly guesses: Uint32Array;
  /** Written: the page numbers; `ZERO_PAGE` for pages of zeros. */
  readonly pages: Uint32Array;
  /** Written: the rows that are new, one behind the other, which must be given to `keep`. */
  readonly fresh: Uint16Array;
}

interface OpenRun {
  readonly info: RunInfo;
  readonly run: IndexRun;
}

/** @param numbers shared by all intakes of a store that run at the same time */
export function createPageIntake(
  blobs: Blobs,
  catalog: Catalog,
  numbers: PageNumbers = createPageNumbers(catalog.nextPage),
): PageIntake {
  const packs = createPackWriter(blobs);
  const table = createHashTable();
  const open = (info: RunInfo): OpenRun => ({ info, run: openRun(blobs, "index", info.name) });
  let seen = numbers.commits;
  let places = catalog.packs();
  let stored = createPageHashes(blobs, places);
  let before = catalog.runs().map(open);
  const spilled: OpenRun[] = [];
  /** Ascending. Of the last one, [start, nextPage) is used. */
  const blocks: Block[] = [];
  let nextPage = 0;
  let lastKept = -1;
  let added = 0;
  /** Own number → that of the same content in another intake, which was committed first. */
  const replaced = new Map<number, number>();

  function findOwn(hashes: Uint8Array, offset: number): number {
    const row = table.find(hashes, offset);
    if (row >= 0) return table.value(row);
    for (const { run } of spilled) {
      const page = run.find(hashes, offset);
      if (page >= 0) return page;
    }
    return -1;
  }

  function find(hashes: Uint8Array, offset: number): number {
    const own = findOwn(hashes, offset);
    return own >= 0 ? (replaced.get(own) ?? own) : findStored(hashes, offset);
  }

  function findStored(hashes: Uint8Array, offset: number): number {
    for (const { run } of before) {
      const page = run.find(hashes, offset, (candidate) => stored.equals(candidate, hashes, offset));
      if (page >= 0) return page;
    }
    return -1;
  }

  /** After another intake's commit: its runs may have taken the place of those that are open, and its pages are there. */
  function lookAgain(): void {
    if (numbers.commits === seen) return;
    const known = new Set(places.map(({ name }) => name));
    seen = numbers.commits;
    places = catalog.packs();
    stored = createPageHashes(blobs, places);
    before = catalog.runs().map(open);
    for (const pack of places) if (!known.has(pack.name)) replaceThoseOf(pack);
  }

  function replaceThoseOf(pack: PackPlace): void {
    if (added === 0) return;
    const { offset, rows } = hashColumn(blobs, pack);
    const hashes = blobs.read("packs", pack.name, offset, rows * 32);
    for (let row = 0; row < rows; row++) {
      const own = findOwn(hashes, row * 32);
      if (own < 0 || replaced.has(own)) continue;
      // The pack may have a number that was itself replaced: the index has the one that counts.
      replaced.set(own, findStored(hashes, row * 32));
      added--;
    }
  }

  /** Makes room for numbers that follow one another. */
  function reserve(count: number): void {
    const last = blocks.at(-1);
    if (last && nextPage + count <= last.end) return;
    const block = numbers.draw();
    if (last && block.start === last.end) {
      blocks[blocks.length - 1] = { start: last.start, end: block.end };
    } else {
      if (last) blocks[blocks.length - 1] = { start: last.start, end: nextPage };
      blocks.push(block);
      nextPage = block.start;
    }
  }

  return {
    get added() {
      return added;
    },
    get limit() {
      return numbers.next;
    },
    isOwn(page) {
      const behind = bisect(blocks.length, (i) => blocks[i].start <= page);
      return behind > 0 && page < blocks[behind - 1].end;
    },
    settle(pages) {
      lookAgain();
      if (replaced.size === 0) return;
      for (let row = 0; row < pages.length; row++) pages[row] = replaced.get(pages[row]) ?? pages[row];
    },
    number(hashes, count, { zero, guesses, pages, fresh }) {
      lookAgain();
      reserve(count);
      let news = 0;
      for (let i = 0; i < count; ) {
        if (zero[i] !== 0) {
          pages[i++] = ZERO_PAGE;
          continue;
        }
        const equal = stored.equalRun(guesses[i], runOf(guesses, zero, i, count), hashes, i * 32);
        if (equal > 0) {
          pages.set(guesses.subarray(i, i + equal), i);
          i += equal;
          continue;
        }
        let page = find(hashes, i * 32);
        if (page < 0) {
          page = nextPage++;
          added++;
          table.add(hashes, i * 32, page);
          fresh[news++] = i;
          if (table.size >= TABLE_PAGES) {
            spilled.push(runOfTable(WHOLE_KEY));
            table.clear();
          }
        }
        pages[i++] = page;
      }
      return news;
    },
    get effort() {
      return packs.effort;
    },
    keep(frame) {
      // Numbers in between are another intake's, whose packs lie there.
      if (frame.pages[0] !== lastKept + 1) packs.close();
      packs.append(frame);
      lastKept = frame.pages[frame.pages.length - 1];
    },
    async finish() {
      giveBack();
      const infos = await packs.finish();
      const runs = compact(blobs, before, newRun());
      return {
        commit() {
          for (const pack of infos) catalog.addPack(pack, false);
          if (infos.length > 0) catalog.replaceRuns(runs);
          catalog.setNextPage(numbers.next);
          numbers.countCommit();
        },
      };
    },
    async abandon() {
      giveBack();
      await packs.abandon();
    },
  };

  function giveBack(): void {
    const last = blocks.at(-1);
    if (!last) return;
    numbers.giveBack(last, nextPage);
    blocks[blocks.length - 1] = { start: last.start, end: nextPage };
  }

  function runOfTable(keyBytes: KeyBytes): OpenRun {
    const sorted = table.sorted();
    return open(writeRun(blobs, "index", keyBytes, table.size, () => entriesOf(sorted, keyBytes)));
  }

  /** What is in the table and in spilled runs and was not replaced, as one run with the keys of the index. */
  function newRun(): OpenRun | undefined {
    if (added === 0) return undefined;
    if (spilled.length === 0 && replaced.size === 0) return runOfTable(PAGE_KEY);
    const runs = [...spilled, runOfTable(PAGE_KEY)].map(({ run }) => run);
    return open(writeRun(blobs, "index", PAGE_KEY, added, () => mergeRuns(runs, (page) => !replaced.has(page))));
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

/** How many guesses from row `from` on follow one another, up to a page of zeros. */
function runOf(guesses: Uint32Array, zero: Uint8Array, from: number, end: number): number {
  let to = from + 1;
  while (to < end && zero[to] === 0 && guesses[to] === guesses[to - 1] + 1) to++;
  return to - from;
}
