/**
 * The contents that a span of rows needs, fetched in one call each: distinct page numbers, sorted, no number twice.
 * Memory is bounded by the caller: a span has at most `BYTES_SPAN` rows that need bytes.
 */
import { isPageChannel } from "../../shared/channel/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { SUMMARY_BYTES, SUMMARY_WORDS, TOTALS_BYTES } from "../../shared/summary/index.ts";
import type { CutChannel } from "./cell-measure.ts";
import { hasBytes, stateOf } from "./cell-standing.ts";
import { type PageContents, type StripColumns, ZERO_PAGE } from "./contract.ts";
import { CHANGED_RANK, PAGE_LEVEL, summaryLevel } from "./levels.ts";

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

/** Rows [from, to) of columns, and the contents that their cells need. */
export interface Span {
  readonly columns: StripColumns;
  readonly from: number;
  readonly to: number;
  readonly bytes: FetchedBytes;
  readonly other: FetchedBytes;
  readonly summaries: FetchedSummaries;
  /** From `PAGE_LEVEL` on in the place of summaries. */
  readonly totals: FetchedTotals;
}

const NO_PAGES = new Uint32Array(0);

export interface Needs {
  /** Bytes of every page that has some. */
  readonly bytes: boolean;
  /** Bytes of pages of which only a part is known. */
  readonly partialBytes: boolean;
  /** Bytes of both sides of changed pages. */
  readonly changedBytes: boolean;
  readonly summaries: boolean;
  readonly totals: boolean;
}

export function needsOf(channel: CutChannel, level: number): Needs {
  const none = { bytes: false, partialBytes: false, changedBytes: false, summaries: false, totals: false };
  if (channel === "verdict") return { ...none, changedBytes: level < PAGE_LEVEL };
  if (channel === "ways" || isPageChannel(channel)) return none;
  const bytes = channel !== "entropy" && level < summaryLevel(channel);
  const totals = level >= PAGE_LEVEL;
  return { ...none, bytes, partialBytes: true, summaries: !bytes && !totals, totals };
}

/** Ranges of rows with at most `BYTES_SPAN` partly known pages each: a hostile dump may hold nothing else. */
export function* spansOf(columns: StripColumns): Generator<[number, number]> {
  const rows = columns.cell.length;
  if (columns.partial.size <= BYTES_SPAN) {
    yield [0, rows];
    return;
  }
  const partial = Uint32Array.from(columns.partial.keys()).sort();
  let from = 0;
  for (let i = BYTES_SPAN; i < partial.length; i += BYTES_SPAN) {
    yield [from, partial[i]];
    from = partial[i];
  }
  yield [from, rows];
}

export async function fetchSpan(
  columns: StripColumns,
  from: number,
  to: number,
  contents: PageContents,
  needs: Needs,
): Promise<Span> {
  const { partial } = columns;
  const isWithBytes = (row: number) => hasBytes(stateOf(columns, row));
  const isPartial = (row: number) => partial.size > 0 && partial.has(row);
  const isChanged = (row: number) => columns.rank[row] === CHANGED_RANK;
  const wantsBytes = needs.changedBytes
    ? isChanged
    : (row: number) => isWithBytes(row) && (needs.bytes || isPartial(row));
  const mayWantBytes = needs.bytes || needs.changedBytes || (needs.partialBytes && partial.size > 0);
  const wanted = (column: Uint32Array, mayWant: boolean, isWanted: (row: number) => boolean) =>
    mayWant ? distinctPages(column, from, to, isWanted) : NO_PAGES;
  const isWhole = (row: number) => isWithBytes(row) && !isPartial(row);
  const [bytes, other, summaries, totals] = await Promise.all([
    fetchBytes(contents, wanted(columns.page, mayWantBytes, wantsBytes)),
    fetchBytes(contents, wanted(columns.other, needs.changedBytes, isChanged)),
    fetchSummaries(contents, wanted(columns.page, needs.summaries, isWhole)),
    fetchTotals(contents, wanted(columns.page, needs.totals, isWhole)),
  ]);
  return { columns, from, to, bytes, other, summaries, totals };
}
