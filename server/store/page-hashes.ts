/**
 * Whether a page of the store has a hash: the second half of a look-up in the page index, whose keys are only the
 * beginnings of hashes. It reads the 32 bytes that it needs; of a pack that is asked again and again it keeps the column.
 */
import { bisect } from "../../shared/memory/index.ts";
import type { Blobs } from "./blobs.ts";
import { type HashColumn, hashColumn } from "./pack.ts";
import type { PackPlace } from "./page-store.ts";

const HASH = 32;
/** 16 columns of at most 512 KiB: 8 MiB. */
const COLUMNS = 16;
/** After so many single reads a column is worth its read of 512 KiB. */
const SINGLE_READS = 32;

export interface PageHashes {
  /** `false` too for a page that no pack holds. @throws DumpError `store-damaged` */
  equals(page: number, hashes: Uint8Array, offset: number): boolean;
}

/** @param packs as they are now, by page; the caller holds the lock, so they stay. */
export function createPageHashes(blobs: Blobs, packs: readonly PackPlace[]): PageHashes {
  const columns: (HashColumn | undefined)[] = [];
  const kept = new Map<number, Uint8Array>();
  const singleReads = new Uint32Array(packs.length);

  let last = 0;
  /** Neighbours are asked for one after another: mostly it is the pack of before. */
  function packOf(page: number): number {
    const isLast = last < packs.length && packs[last].firstPage <= page && page <= packs[last].lastPage;
    if (!isLast) last = Math.max(0, bisect(packs.length, (i) => packs[i].firstPage <= page) - 1);
    return packs.length > 0 && packs[last].firstPage <= page ? last : -1;
  }

  function bytesOf(pack: number, row: number): readonly [Uint8Array, number] {
    const whole = kept.get(pack);
    if (whole) return [whole, row * HASH];
    const column = columns[pack] as HashColumn;
    if (singleReads[pack]++ < SINGLE_READS)
      return [blobs.read("packs", packs[pack].name, column.offset + row * HASH, HASH), 0];
    const read = blobs.read("packs", packs[pack].name, column.offset, column.rows * HASH);
    const [oldest] = kept.keys();
    if (kept.size >= COLUMNS) {
      kept.delete(oldest);
      singleReads[oldest] = 0;
    }
    kept.set(pack, read);
    return [read, row * HASH];
  }

  return {
    equals(page, hashes, offset) {
      const pack = packOf(page);
      if (pack < 0 || page > packs[pack].lastPage) return false;
      columns[pack] ??= hashColumn(blobs, packs[pack]);
      const row = columns[pack].rowOf(page);
      if (row < 0) return false;
      const [bytes, at] = bytesOf(pack, row);
      for (let i = 0; i < HASH; i++) if (bytes[at + i] !== hashes[offset + i]) return false;
      return true;
    },
  };
}
