/**
 * Pages read back: by page number, from the packs that hold them. Tables and frames are kept in two bounded caches.
 */
import { DumpError } from "../../shared/errors/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { SUMMARY_BYTES, TOTALS_BYTES, totalsOfSummaries } from "../../shared/summary/index.ts";
import { summarisePages } from "../summarise/index.ts";
import type { BlobName, Blobs } from "./blobs.ts";
import {
  frameOfRow,
  frameRows,
  type PackInfo,
  type PackTable,
  readFrame,
  readPackTable,
  readTotals,
  rowOfPage,
} from "./pack.ts";

/** 48 tables of at most 576 KiB: 27 MiB. */
const TABLES = 48;
/** 128 frames of at most 256 KiB: 32 MiB. */
const FRAMES = 128;
/** 1,024 frames of at most 26 KiB: 26 MiB. What costs a hundred pages to make is not thrown away for one to read. */
const MADE_SUMMARIES = 1024;
/** 48 packs of at most 580 KiB: 27 MiB. */
const TOTALS = 48;
/** 8,192 frames of at most 2.3 KiB: 18 MiB; of packs whose summaries keep no totals, or that have none yet. */
const MADE_TOTALS = 8192;

export type PackPlace = Omit<PackInfo, "pages">;

export interface PageReader {
  /** 4,096 bytes a page, in the order asked for; each checked against its hash. @param room for them, fresh without it */
  bytes(pages: Uint32Array, room?: Uint8Array): Uint8Array;
  /** 416 bytes a page; of pages that are not summarised yet, made from their bytes. */
  summaries(pages: Uint32Array): Uint8Array;
  /** 36 bytes a page, 4-byte aligned: see `shared/summary`. Of whole packs at a time, so ask in ascending order. */
  totals(pages: Uint32Array): Uint8Array;
  /** 32 bytes a page. */
  hashes(pages: Uint32Array): Uint8Array;
}

/**
 * @param packs ranges of page numbers that do not overlap; called again whenever the catalog has changed.
 * @param kept tables and frames, at most: fewer do for who reads pages in the order of their numbers
 */
export function createPageReader(
  blobs: Blobs,
  packs: () => readonly PackPlace[],
  kept: { readonly tables: number; readonly frames: number } = { tables: TABLES, frames: FRAMES },
): PageReader {
  const tables = new LeastRecent<PackTable>(kept.tables);
  const frames = new LeastRecent<Uint8Array>(kept.frames);
  const made = new LeastRecent<Uint8Array>(MADE_SUMMARIES);
  const totals = new LeastRecent<Uint8Array>(TOTALS);
  const madeTotals = new LeastRecent<Uint8Array>(MADE_TOTALS);

  const table = (kind: "packs" | "summaries", name: BlobName) =>
    tables.get(`${kind}/${name}`, () => readPackTable(blobs, kind, name));

  function locate(list: readonly PackPlace[], page: number): { pack: PackPlace; row: number; table: PackTable } {
    const behind = bisect(list.length, (i) => list[i].firstPage <= page);
    const pack = behind > 0 ? list[behind - 1] : undefined;
    if (pack && page <= pack.lastPage) {
      const found = table("packs", pack.name);
      const row = rowOfPage(found.pages, page);
      if (row >= 0) return { pack, row, table: found };
    }
    throw new DumpError("store-damaged", `Page ${page} is in no pack of the store`, { page });
  }

  /** Content of one frame of a pack: its pages, or their summaries, made here when the pack has none yet. */
  function frameOf(pack: PackPlace, packTable: PackTable, frame: number, unit: number): Uint8Array {
    const pagesOfFrame = () => readFrame(blobs, "packs", pack.name, packTable, frame);
    if (unit === PAGE_SIZE) return frames.get(`packs/${pack.name}/${frame}`, pagesOfFrame);
    const { summaries } = pack;
    if (summaries === null) return made.get(`${pack.name}/${frame}`, () => summariesOf(pagesOfFrame()));
    return frames.get(`summaries/${summaries}/${frame}`, () =>
      readFrame(blobs, "summaries", summaries, table("summaries", summaries), frame),
    );
  }

  /** Again with the packs of now, when those that were known were given another form in between. */
  function gather<T>(gatherFrom: (list: readonly PackPlace[]) => T): T {
    for (let list = packs(); ; ) {
      try {
        return gatherFrom(list);
      } catch (error) {
        // Another process may have given a pack its final form, under another name, since the list was made.
        const now = packs();
        if (now === list) throw error;
        list = now;
      }
    }
  }

  /** The totals of the frame that holds a row: with its pack's where the pack keeps them. */
  function totalsAround(pack: PackPlace, packTable: PackTable, row: number): { content: Uint8Array; first: number } {
    const { summaries } = pack;
    if (summaries !== null) {
      const own = table("summaries", summaries);
      if (own.totals) return { content: totals.get(summaries, () => readTotals(blobs, summaries, own)), first: 0 };
    }
    const frame = frameOfRow(packTable, row);
    const content = madeTotals.get(`${pack.name}/${frame}`, () =>
      totalsOfSummaries(frameOf(pack, packTable, frame, SUMMARY_BYTES)),
    );
    return { content, first: frameRows(packTable, frame)[0] };
  }

  function totalsFrom(list: readonly PackPlace[], pages: Uint32Array): Uint8Array {
    const out = new Uint8Array(pages.length * TOTALS_BYTES);
    for (let i = 0; i < pages.length; ) {
      const { pack, row, table: packTable } = locate(list, pages[i]);
      const { content, first } = totalsAround(pack, packTable, row);
      // Pages that were stored together are mostly asked for together.
      const most = Math.min(pages.length - i, content.length / TOTALS_BYTES - (row - first));
      let run = 1;
      while (run < most && packTable.pages[row + run] === pages[i + run]) run++;
      const at = (row - first) * TOTALS_BYTES;
      out.set(content.subarray(at, at + run * TOTALS_BYTES), i * TOTALS_BYTES);
      i += run;
    }
    return out;
  }

  function gatherFrom(
    list: readonly PackPlace[],
    pages: Uint32Array,
    unit: number,
    room: Uint8Array = new Uint8Array(pages.length * unit),
  ): Uint8Array {
    const out = room.subarray(0, pages.length * unit);
    for (let i = 0; i < pages.length; i++) {
      const { pack, row, table: packTable } = locate(list, pages[i]);
      const frame = frameOfRow(packTable, row);
      const content = frameOf(pack, packTable, frame, unit);
      const at = (row - frameRows(packTable, frame)[0]) * unit;
      out.set(content.subarray(at, at + unit), i * unit);
    }
    return out;
  }

  return {
    bytes: (pages, room) => gather((list) => gatherFrom(list, pages, PAGE_SIZE, room)),
    summaries: (pages) => gather((list) => gatherFrom(list, pages, SUMMARY_BYTES)),
    totals: (pages) => gather((list) => totalsFrom(list, pages)),
    hashes(pages) {
      const list = packs();
      const out = new Uint8Array(pages.length * 32);
      for (let i = 0; i < pages.length; i++) {
        const { row, table: packTable } = locate(list, pages[i]);
        out.set(packTable.hashes.subarray(row * 32, row * 32 + 32), i * 32);
      }
      return out;
    },
  };
}

/** Summaries of whole pages, in their order. */
export function summariesOf(pages: Uint8Array): Uint8Array {
  const summaries = new Uint8Array((pages.length / PAGE_SIZE) * SUMMARY_BYTES);
  summarisePages(pages, undefined, summaries);
  return summaries;
}

/** A cache of at most `limit` values; the least recently used goes first. */
export class LeastRecent<T> {
  readonly #limit: number;
  readonly #values = new Map<string, T>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  /** What is kept, without making it. */
  find(key: string): T | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: T): void {
    this.delete(key);
    this.get(key, () => value);
  }

  get(key: string, make: () => T): T {
    let value = this.#values.get(key);
    if (value === undefined) {
      value = make();
      if (this.#values.size >= this.#limit) this.#values.delete(this.#values.keys().next().value as string);
    } else {
      this.#values.delete(key);
    }
    this.#values.set(key, value);
    return value;
  }
}
