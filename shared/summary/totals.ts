/**
 * The totals of a page: 36 bytes, all that cells of a page and coarser need of its summary, so that a cell of a thousand
 * pages costs a tenth of their summaries. A pure function of the summary. Layout (little-endian), with the arithmetic:
 *
 *     0  counts   5 × u16  bytes of class 1..5 (00 is what is left of 4,096)
 *    10  highest  u16      entropy of the window with the most, as in the summary
 *    12  sum      u32      of the bytes, at most 1,044,480
 *    16  entropy  u32      sum over the 16 windows, at most 524,288
 *    20  bins     16 × u8  entropy of each window in 64 parts of the scale, 0..63; 255: all of its bytes are 00
 *    36
 */
import { COUNTS_WORD, ENTROPY_WORD, SUM_WORD, SUMMARY_WORDS } from "./record.ts";

export const TOTALS_BYTES = 36;

/** The record as words of 16 and of 32 bits: its length in them, and where its columns begin. */
export const TOTALS_SHORTS = TOTALS_BYTES / 2;
export const TOTALS_WORDS = TOTALS_BYTES / 4;
export const HIGHEST_SHORT = 5;
export const TOTAL_SUM_WORD = 3;
export const TOTAL_ENTROPY_WORD = 4;
export const BINS_BYTE = 20;

/** In `bins`: a window of which all bytes are 00. */
export const ZERO_BIN = 255;
/** 32,768 codes of entropy in 64 parts; the highest belongs to the last one. */
const BIN_SHIFT = 9;
const LAST_BIN = 63;

/** @param summaries whole records, 2-byte aligned. @returns fresh totals, in their order */
export function totalsOfSummaries(summaries: Uint8Array): Uint8Array {
  const records = new Uint16Array(summaries.buffer, summaries.byteOffset, summaries.length / 2);
  const pages = records.length / SUMMARY_WORDS;
  const totals = new Uint8Array(pages * TOTALS_BYTES);
  const shorts = new Uint16Array(totals.buffer);
  const words = new Uint32Array(totals.buffer);
  for (let page = 0; page < pages; page++) {
    const record = page * SUMMARY_WORDS;
    const short = page * TOTALS_SHORTS;
    const word = page * TOTALS_WORDS;
    const bins = page * TOTALS_BYTES + BINS_BYTE;
    for (let window = 0; window < 16; window++) {
      let nonZero = 0;
      for (let c = 0; c < 5; c++) {
        const count = records[record + COUNTS_WORD + window * 5 + c];
        shorts[short + c] += count;
        nonZero += count;
      }
      const entropy = records[record + ENTROPY_WORD + window];
      if (entropy > shorts[short + HIGHEST_SHORT]) shorts[short + HIGHEST_SHORT] = entropy;
      words[word + TOTAL_SUM_WORD] += records[record + SUM_WORD + window];
      words[word + TOTAL_ENTROPY_WORD] += entropy;
      totals[bins + window] = nonZero === 0 ? ZERO_BIN : Math.min(LAST_BIN, entropy >> BIN_SHIFT);
    }
  }
  return totals;
}
