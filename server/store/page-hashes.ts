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
  /**
   * How many of the `count` pages from `page` on have the hashes that lie one behind another from `offset` on. Some
   * that have may be left out behind the first, so whoever wants all asks again for the rest; 0 only when the first has not.
   * @throws DumpError `store-damaged`
   */
  equalRun(page: number, count: number, hashes: Uint8Array, offset: number): number;
}

/** @param packs as they are now, by page; the caller holds the lock, so they stay. */
export function createPageHashes(blobs: Blobs, packs: readonly PackPlace[]): PageHashes {
  const columns: (HashColumn | undefined)[] = [];
  const kept = new Map<number, Buffer>();
  const reads = new Uint32Array(packs.length);

  let last = 0;
  /** Neighbours are asked for one after another: mostly it is the pack of before. */
  function packOf(page: number): number {
    const isLast = last < packs.length && packs[last].firstPage <= page && page <= packs[last].lastPage;
    if (!isLast) last = Math.max(0, bisect(packs.length, (i) => packs[i].firstPage <= page) - 1);
    const isThere = packs.length > 0 && packs[last].firstPage <= page && page <= packs[last].lastPage;
    return isThere ? last : -1;
  }

  function columnOf(pack: number): HashColumn {
    columns[pack] ??= hashColumn(blobs, packs[pack]);
    return columns[pack];
  }

  function read(pack: number, row: number, rows: number): Buffer {
    const { buffer } = blobs.read("packs", packs[pack].name, columnOf(pack).offset + row * HASH, rows * HASH);
    return Buffer.from(buffer);
  }

  /** The hashes of all pages of a pack, when it has been asked for more than a few. */
  function allOf(pack: number, asked: number): Buffer | undefined {
    const whole = kept.get(pack);
    if (whole) return whole;
    reads[pack] += asked;
    if (reads[pack] <= SINGLE_READS) return undefined;
    if (kept.size >= COLUMNS) {
      const [oldest] = kept.keys();
      kept.delete(oldest);
      reads[oldest] = 0;
    }
    const column = read(pack, 0, columnOf(pack).rows);
    kept.set(pack, column);
    return column;
  }

  return {
    equals(page, hashes, offset) {
      const pack = packOf(page);
      if (pack < 0) return false;
      const row = columnOf(pack).rowOf(page);
      if (row < 0) return false;
      const whole = allOf(pack, 1);
      return whole ? areEqual(whole, row, hashes, offset, 1) : areEqual(read(pack, row, 1), 0, hashes, offset, 1);
    },
    equalRun(page, count, hashes, offset) {
      const pack = packOf(page);
      if (pack < 0) return 0;
      const whole = allOf(pack, count);
      const column = columnOf(pack);
      const row = column.rowOf(page);
      const rows = Math.min(count, packs[pack].lastPage - page + 1);
      // Where gc has taken out pages in between, rows that follow one another are not pages that do.
      const isRun = row >= 0 && column.rowOf(page + rows - 1) === row + rows - 1;
      if (!whole || !isRun) return this.equals(page, hashes, offset) ? 1 : 0;
      let equal = 0;
      for (let step = 1; equal < rows; step *= 2) {
        const next = Math.min(step, rows - equal);
        if (!areEqual(whole, row + equal, hashes, offset + equal * HASH, next)) break;
        equal += next;
      }
      return equal;
    },
  };
}

function areEqual(column: Buffer, row: number, hashes: Uint8Array, offset: number, rows: number): boolean {
  return column.compare(hashes, offset, offset + rows * HASH, row * HASH, (row + rows) * HASH) === 0;
}
