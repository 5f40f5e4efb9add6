/**
 * Pages read back: by page number, from the packs that hold them. Tables and frames are kept in two bounded caches.
 */
import { DumpError } from "../../shared/errors/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { SUMMARY_BYTES } from "../../shared/summary/index.ts";
import type { BlobName, Blobs } from "./blobs.ts";
import { frameOfRow, frameRows, type PackInfo, type PackTable, readFrame, readPackTable } from "./pack.ts";

/** 48 tables of at most 576 KiB: 27 MiB. */
const TABLES = 48;
/** 256 frames of at most 128 KiB: 32 MiB. */
const FRAMES = 256;

export type PackPlace = Pick<PackInfo, "name" | "summaries" | "firstPage" | "lastPage">;

export interface PageReader {
  /** 4,096 bytes a page, in the order asked for; each checked against its hash. */
  bytes(pages: Uint32Array): Uint8Array;
  /** 416 bytes a page. */
  summaries(pages: Uint32Array): Uint8Array;
  /** 32 bytes a page. */
  hashes(pages: Uint32Array): Uint8Array;
}

/** @param packs ranges of page numbers that do not overlap; called again whenever the catalog has changed. */
export function createPageReader(blobs: Blobs, packs: () => readonly PackPlace[]): PageReader {
  const tables = new LeastRecent<PackTable>(TABLES);
  const frames = new LeastRecent<Uint8Array>(FRAMES);

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

  function gather(pages: Uint32Array, unit: number, kind: "packs" | "summaries"): Uint8Array {
    const list = packs();
    const out = new Uint8Array(pages.length * unit);
    for (let i = 0; i < pages.length; i++) {
      const { pack, row, table: packTable } = locate(list, pages[i]);
      const name = kind === "packs" ? pack.name : pack.summaries;
      const frameTable = kind === "packs" ? packTable : table("summaries", name);
      const frame = frameOfRow(frameTable, row);
      const content = frames.get(`${kind}/${name}/${frame}`, () => readFrame(blobs, kind, name, frameTable, frame));
      const at = (row - frameRows(frameTable, frame)[0]) * unit;
      out.set(content.subarray(at, at + unit), i * unit);
    }
    return out;
  }

  return {
    bytes: (pages) => gather(pages, PAGE_SIZE, "packs"),
    summaries: (pages) => gather(pages, SUMMARY_BYTES, "summaries"),
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

function rowOfPage(pages: Uint32Array, page: number): number {
  // Dense unless gc has taken pages out.
  const guess = page - pages[0];
  if (guess < pages.length && pages[guess] === page) return guess;
  const row = bisect(pages.length, (i) => pages[i] < page);
  return row < pages.length && pages[row] === page ? row : -1;
}

/** A cache of at most `limit` values; the least recently used goes first. */
export class LeastRecent<T> {
  readonly #limit: number;
  readonly #values = new Map<string, T>();

  constructor(limit: number) {
    this.#limit = limit;
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
