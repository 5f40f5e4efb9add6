/**
 * What one page adds to the figures of a selection: its pairs of neighbouring bytes, the entropy of its windows, and its
 * edges, by which pairs over a border to the next page are known without its bytes.
 */
import { CLASS_OF_BYTE, WEIGHTED_LOG } from "../../shared/summary/index.ts";

export const WINDOW_BYTES = 256;
export const WINDOWS_OF_PAGE = 16;
export const PAIRS = 65_536;
/** Of a window of which no byte is in the selection; entropy × 4,096 is at most 32,768. */
export const NO_WINDOW = 0xffff;

/** What one more byte adds to Σ c · log2 c when its value was seen c times. */
const RISE = Int32Array.from({ length: 256 }, (_, c) => WEIGHTED_LOG[c + 1] - WEIGHTED_LOG[c]);
const seen = new Uint16Array(256);

/** Columns of equal length, one row per page: what a page is, wherever it stands. */
export interface MeasuredPages {
  /** Pairs inside the pages, each as often as its page stands in the selection; index: first byte × 256 + second. */
  readonly pairs: Uint32Array<ArrayBuffer>;
  /** `WINDOWS_OF_PAGE` a row: bits per byte × 4,096 of the known bytes, or `NO_WINDOW`. */
  readonly entropy: Uint16Array<ArrayBuffer>;
  readonly firstByte: Uint8Array<ArrayBuffer>;
  readonly lastByte: Uint8Array<ArrayBuffer>;
}

export function emptyMeasures(rows: number): MeasuredPages {
  return {
    pairs: new Uint32Array(PAIRS),
    entropy: new Uint16Array(rows * WINDOWS_OF_PAGE).fill(NO_WINDOW),
    firstByte: new Uint8Array(rows),
    lastByte: new Uint8Array(rows),
  };
}

/**
 * @param page 4,096 bytes, of which [from, to) count, at least one.
 * @param times places at which the page stands.
 * @param row of `into` that it fills.
 */
export function measurePage(
  page: Uint8Array,
  from: number,
  to: number,
  times: number,
  into: MeasuredPages,
  row: number,
): void {
  const { pairs, entropy } = into;
  into.firstByte[row] = page[from];
  into.lastByte[row] = page[to - 1];
  let before = -1;
  for (let start = from; start < to; ) {
    const window = Math.floor(start / WINDOW_BYTES);
    const end = Math.min(to, (window + 1) * WINDOW_BYTES);
    seen.fill(0);
    let weighted = 0;
    for (let i = start; i < end; i++) {
      const byte = page[i];
      if (before >= 0) pairs[(before << 8) | byte] += times;
      before = byte;
      weighted += RISE[seen[byte]++];
    }
    const known = end - start;
    entropy[row * WINDOWS_OF_PAGE + window] = Math.floor((WEIGHTED_LOG[known] - weighted) / known);
    start = end;
  }
}

/** Bytes per class, in the order of BYTE_CLASSES. @param values counts of the 256 byte values. */
export function classesOfValues(values: Float64Array): number[] {
  const classes = [0, 0, 0, 0, 0, 0];
  for (let byte = 0; byte < 256; byte++) classes[CLASS_OF_BYTE[byte]] += values[byte];
  return classes;
}
