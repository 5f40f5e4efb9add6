/**
 * The contents that a span of rows needs, fetched in one call each: distinct page numbers, sorted, no number twice.
 * Memory is bounded by the caller: a span has at most `BYTES_SPAN` rows that need bytes.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { SUMMARY_BYTES, SUMMARY_WORDS, TOTALS_BYTES } from "../../shared/summary/index.ts";
import { type PageContents, ZERO_PAGE } from "./contract.ts";

/** Rows of a span that needs only summaries: 16,384 × 416 B = 6.5 MiB at a time. */
export const SUMMARY_SPAN = 16_384;
/** Rows of a span that needs bytes: 1,024 × 4 KiB = 4 MiB at a time, twice that for verdicts. */
export const BYTES_SPAN = 1024;

/** Finds the row of a page number in what was fetched. */
class FetchedPages {
  private readonly pages: Uint32Array;
  private last = -1;

  constructor(pages: Uint32Array) {
    this.pages = pages;
  }

  /** @throws Error when the page was not asked for: a mistake of ours. */
  rowOf(page: number): number {
    const { pages } = this;
    // Pages stored together are mostly shown together: the next one is the usual answer.
    const next = this.last + 1;
    if (next < pages.length && pages[next] === page) {
      this.last = next;
      return next;
    }
    let low = 0;
    let high = pages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pages[middle] < page) low = middle + 1;
      else high = middle;
    }
    if (pages[low] !== page) throw new Error(`page ${page} was not fetched for its cell`);
    this.last = low;
    return low;
  }
}

export class FetchedBytes extends FetchedPages {
  private readonly bytes: Uint8Array;

  constructor(pages: Uint32Array, bytes: Uint8Array) {
    super(pages);
    this.bytes = bytes;
  }

  /** The 4,096 bytes of a page; `undefined` for `ZERO_PAGE`. */
  page(page: number): Uint8Array | undefined {
    if (page === ZERO_PAGE) return undefined;
    const at = this.rowOf(page) * PAGE_SIZE;
    return this.bytes.subarray(at, at + PAGE_SIZE);
  }
}

export class FetchedSummaries extends FetchedPages {
  /** All records as they lie, for columns of bytes and of 16-bit words. */
  readonly bytes: Uint8Array;
  readonly words: Uint16Array;

  constructor(pages: Uint32Array, bytes: Uint8Array) {
    super(pages);
    this.bytes = bytes.byteOffset % 2 === 0 ? bytes : Uint8Array.from(bytes);
    this.words = new Uint16Array(this.bytes.buffer, this.bytes.byteOffset, pages.length * SUMMARY_WORDS);
  }
}

export class FetchedTotals extends FetchedPages {
  /** All records as they lie, for columns of 16-bit and of 32-bit words. */
  readonly shorts: Uint16Array;
  readonly words: Uint32Array;

  constructor(pages: Uint32Array, bytes: Uint8Array) {
    super(pages);
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
    this.shorts = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
    this.words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  }
}

/** Page numbers of the rows [from, to) that are wanted: sorted, each once, `ZERO_PAGE` and `NO_PAGE` left out. */
export function distinctPages(
  column: Uint32Array,
  from: number,
  to: number,
  isWanted: (row: number) => boolean,
): Uint32Array {
  const pages = new Uint32Array(Math.max(0, to - from));
  let count = 0;
  let last = -1;
  let isAscending = true;
  for (let row = from; row < to; row++) {
    const page = column[row];
    if (page >= ZERO_PAGE || page === last || !isWanted(row)) continue;
    if (page < last) isAscending = false;
    pages[count++] = page;
    last = page;
  }
  const found = pages.subarray(0, count);
  if (isAscending) return found;
  found.sort();
  let kept = 1;
  for (let i = 1; i < count; i++) if (found[i] !== found[kept - 1]) found[kept++] = found[i];
  return found.subarray(0, kept);
}

export async function fetchBytes(contents: PageContents, pages: Uint32Array): Promise<FetchedBytes> {
  if (pages.length === 0) return new FetchedBytes(pages, new Uint8Array(0));
  const bytes = await contents.bytes(pages);
  demandLength(bytes, pages.length * PAGE_SIZE);
  return new FetchedBytes(pages, bytes);
}

export async function fetchSummaries(contents: PageContents, pages: Uint32Array): Promise<FetchedSummaries> {
  if (pages.length === 0) return new FetchedSummaries(pages, new Uint8Array(0));
  const bytes = await contents.summaries(pages);
  demandLength(bytes, pages.length * SUMMARY_BYTES);
  return new FetchedSummaries(pages, bytes);
}

export async function fetchTotals(contents: PageContents, pages: Uint32Array): Promise<FetchedTotals> {
  if (pages.length === 0) return new FetchedTotals(pages, new Uint8Array(0));
  const bytes = await contents.totals(pages);
  demandLength(bytes, pages.length * TOTALS_BYTES);
  return new FetchedTotals(pages, bytes);
}

function demandLength(bytes: Uint8Array, length: number): void {
  if (bytes.byteLength !== length) throw new Error(`asked for ${length} bytes of pages, got ${bytes.byteLength}`);
}
