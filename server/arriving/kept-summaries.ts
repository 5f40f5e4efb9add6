/**
 * Summaries of pages that were looked at, by the offset of the page in its file: a file that only grows has the same
 * bytes there for ever, whatever numbers later descriptions give its pages. They lie in a scratch file without a name,
 * 416 B a page, so that a coarse tile of gigabytes is cut again from a tenth of them; in memory are 2 B a page.
 */
import { closeSync, openSync, readSync, rmSync, statfsSync, writeSync } from "node:fs";
import path from "node:path";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { SUMMARY_BYTES } from "../../shared/summary/index.ts";

/** The free space of the disk is looked at once in so many bytes. */
const LOOK_BYTES = 16 << 20;
/** Left free on the disk: what is kept here is a convenience. */
const SPARE_BYTES = 256 << 20;
/** Nothing is kept in a slot. */
const NONE = 0xffff;

export class KeptSummaries {
  readonly #folder: string;
  /** `null` when it is closed, and when the disk has no room for more. */
  #file: number | null;
  /** By page of the file: where in it the page begins whose summary is kept. Two pages may overlap, and share a slot. */
  #begins = new Uint16Array(1024).fill(NONE);
  #unlooked = 0;
  /** Milliseconds that making summaries and reading pages has taken. */
  spentMs = 0;

  /** @param scratch path of a file that is not there; it has no name afterwards. @throws of the file system */
  constructor(scratch: string) {
    this.#folder = path.dirname(scratch);
    this.#file = openSync(scratch, "wx+");
    rmSync(scratch);
  }

  /**
   * Copies what is kept, 416 B a page, in the order of the offsets.
   * @returns rows of which nothing is kept
   */
  read(offsets: Float64Array, into: Uint8Array): number[] {
    const missing: number[] = [];
    for (let row = 0; row < offsets.length; ) {
      let count = 0;
      while (row + count < offsets.length && isNext(offsets, row, count) && this.#has(offsets[row + count])) count++;
      if (count > 0 && this.#file !== null) {
        const bytes = into.subarray(row * SUMMARY_BYTES, (row + count) * SUMMARY_BYTES);
        // What is marked was written whole.
        readSync(this.#file, bytes, 0, bytes.length, slotOf(offsets[row]) * SUMMARY_BYTES);
        row += count;
      } else missing.push(row++);
    }
    return missing;
  }

  /** @param records 416 B a page, in the order of the offsets. */
  keep(offsets: Float64Array, records: Uint8Array): void {
    for (let row = 0; row < offsets.length; ) {
      let count = 1;
      while (row + count < offsets.length && isNext(offsets, row, count)) count++;
      if (!this.#write(slotOf(offsets[row]), records.subarray(row * SUMMARY_BYTES, (row + count) * SUMMARY_BYTES)))
        return;
      for (const end = row + count; row < end; row++) this.#mark(offsets[row]);
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #has(offset: number): boolean {
    return this.#begins[slotOf(offset)] === offset % PAGE_SIZE;
  }

  #mark(offset: number): void {
    const slot = slotOf(offset);
    if (slot >= this.#begins.length) {
      const grown = new Uint16Array(Math.max(slot + 1, this.#begins.length * 2)).fill(NONE);
      grown.set(this.#begins);
      this.#begins = grown;
    }
    this.#begins[slot] = offset % PAGE_SIZE;
  }

  /** @returns whether it is there now; a disk without room ends keeping, not looking */
  #write(slot: number, records: Uint8Array): boolean {
    if (this.#file === null) return false;
    this.#unlooked += records.length;
    try {
      if (this.#unlooked >= LOOK_BYTES) {
        this.#unlooked = 0;
        const { bavail, bsize } = statfsSync(this.#folder);
        if (bavail * bsize < SPARE_BYTES) return this.#giveUp();
      }
      return writeSync(this.#file, records, 0, records.length, slot * SUMMARY_BYTES) === records.length;
    } catch {
      return this.#giveUp();
    }
  }

  #giveUp(): false {
    this.close();
    this.#begins.fill(NONE);
    return false;
  }
}

function slotOf(offset: number): number {
  return Math.floor(offset / PAGE_SIZE);
}

/** Whether the page `count` rows on follows the first one in the file without a gap. */
function isNext(offsets: Float64Array, row: number, count: number): boolean {
  return offsets[row + count] === offsets[row] + count * PAGE_SIZE;
}
