/**
 * What one page adds to the figures of a selection: its pairs of neighbouring bytes, the entropy of its windows, and its
 * edges, by which pairs over a border to the next page are known without its bytes.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { CLASS_OF_BYTE, WEIGHTED_LOG } from "../../shared/summary/index.ts";

export const WINDOW_BYTES = 256;
export const WINDOWS_OF_PAGE = 16;
export const PAIRS = 65_536;
/** Of a window of which no byte is in the selection; entropy × 4,096 is at most 32,768. */
export const NO_WINDOW = 0xffff;
/** Of a window of zeros alone, which no histogram of entropy counts. */
export const ZERO_WINDOW = 0xfffe;

/** What one more byte adds to Σ c · log2 c when its value was seen c times. */
const RISE = Int32Array.from({ length: 256 }, (_, c) => WEIGHTED_LOG[c + 1] - WEIGHTED_LOG[c]);
const FULL = WEIGHTED_LOG[WINDOW_BYTES];

// Counts of the window at hand. 8 bits suffice: a 256th equal byte wraps to 0, but then no count is read again.
const seen = new Uint8Array(256);
const seenWide = new Float64Array(seen.buffer);

/** Columns of equal length, one row per page: what a page is, wherever it stands. */
export interface MeasuredPages {
  /** `WINDOWS_OF_PAGE` a row: bits per byte × 4,096 of the known bytes, `ZERO_WINDOW` or `NO_WINDOW`. */
  readonly entropy: Uint16Array<ArrayBuffer>;
  readonly firstByte: Uint8Array<ArrayBuffer>;
  readonly lastByte: Uint8Array<ArrayBuffer>;
}

export function emptyMeasures(rows: number): MeasuredPages {
  return {
    entropy: new Uint16Array(rows * WINDOWS_OF_PAGE).fill(NO_WINDOW),
    firstByte: new Uint8Array(rows),
    lastByte: new Uint8Array(rows),
  };
}

/**
 * @param page 4,096 bytes at a multiple of 4 in memory, of which [from, to) count, at least one.
 * @param times places at which the page stands.
 * @param pairs `PAIRS` counts, index first byte × 256 + second: those of the page are added, as often as it stands.
 * @param row of `into` that it fills.
 */
export function measurePage(
  page: Uint8Array,
  [from, to]: readonly [number, number],
  times: number,
  pairs: Uint32Array,
  into: MeasuredPages,
  row: number,
): void {
  into.firstByte[row] = page[from];
  into.lastByte[row] = page[to - 1];
  const entropy = into.entropy.subarray(row * WINDOWS_OF_PAGE, (row + 1) * WINDOWS_OF_PAGE);
  if (from === 0 && to === PAGE_SIZE)
    measureWhole(new Uint32Array(page.buffer, page.byteOffset, PAGE_SIZE / 4), times, pairs, entropy);
  else measurePart(page, from, to, times, pairs, entropy);
}

/** Four bytes at a time; zeros behind a zero, most of a process's memory, are counted by the word. */
function measureWhole(words: Uint32Array, times: number, pairs: Uint32Array, entropy: Uint16Array): void {
  // What stands before the first byte makes no pair.
  let before = (words[0] & 255) ^ 255;
  const first = (before << 8) | (words[0] & 255);
  let zeroWords = 0;
  for (let window = 0; window < WINDOWS_OF_PAGE; window++) {
    seenWide.fill(0);
    let weighted = 0;
    let skipped = 0;
    const end = (window + 1) * (WINDOW_BYTES / 4);
    for (let i = end - WINDOW_BYTES / 4; i < end; i++) {
      const word = words[i];
      if ((word | before) === 0) {
        skipped++;
        continue;
      }
      const b0 = word & 255;
      const b1 = (word >>> 8) & 255;
      const b2 = (word >>> 16) & 255;
      const b3 = word >>> 24;
      pairs[(before << 8) | b0] += times;
      pairs[(b0 << 8) | b1] += times;
      pairs[(b1 << 8) | b2] += times;
      pairs[(b2 << 8) | b3] += times;
      before = b3;
      const c0 = seen[b0];
      seen[b0] = c0 + 1;
      const c1 = seen[b1];
      seen[b1] = c1 + 1;
      const c2 = seen[b2];
      seen[b2] = c2 + 1;
      const c3 = seen[b3];
      seen[b3] = c3 + 1;
      weighted += RISE[c0] + RISE[c1] + RISE[c2] + RISE[c3];
    }
    zeroWords += skipped;
    // Words that were skipped: put all zeros of the window in place of those that were met.
    if (skipped > 0) weighted += WEIGHTED_LOG[seen[0] + 4 * skipped] - WEIGHTED_LOG[seen[0]];
    const isZero = weighted === FULL && before === 0;
    entropy[window] = isZero ? ZERO_WINDOW : (FULL - weighted) >> 8;
  }
  pairs[0] += 4 * zeroWords * times;
  pairs[first] -= times;
}

function measurePart(
  page: Uint8Array,
  from: number,
  to: number,
  times: number,
  pairs: Uint32Array,
  entropy: Uint16Array,
): void {
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
    const isZero = weighted === WEIGHTED_LOG[known] && before === 0;
    entropy[window] = isZero ? ZERO_WINDOW : Math.floor((WEIGHTED_LOG[known] - weighted) / known);
    start = end;
  }
}

/** Bytes per class, in the order of BYTE_CLASSES. @param values counts of the 256 byte values. */
export function classesOfValues(values: Float64Array): number[] {
  const classes = [0, 0, 0, 0, 0, 0];
  for (let byte = 0; byte < 256; byte++) classes[CLASS_OF_BYTE[byte]] += values[byte];
  return classes;
}
