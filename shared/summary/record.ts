/**
 * The summary of a page: 416 bytes, a pure function of its 4,096. Levels from 64 bytes per cell on are made of these
 * records alone, exactly. Layout (little-endian), with the arithmetic:
 *
 *     0  dominant  64 × u8   per 64 bytes: dominant non-zero class, 0 when all are zero
 *    64  nonZero   64 × u8   per 64 bytes: count of non-zero bytes, 0..64
 *   128  mean      64 × u8   per 64 bytes: rounded mean of the bytes
 *   192  sum       16 × u16  per 256 bytes: sum of the bytes, at most 65,280
 *   224  entropy   16 × u16  per 256 bytes: bits per byte × 4,096, at most 32,768
 *   256  counts    16 × 5 × u16  per 256 bytes: bytes of class 1..5 (00 is what is left of 256)
 *   416
 */
export const SUMMARY_BYTES = 416;

/** Views over one record; they share memory with the buffer they were made from. */
export interface SummaryRecord {
  readonly dominant: Uint8Array;
  readonly nonZero: Uint8Array;
  readonly mean: Uint8Array;
  readonly sum: Uint16Array;
  readonly entropy: Uint16Array;
  /** 16 windows × 5 classes, class 1 first. */
  readonly counts: Uint16Array;
}

/** @param offset of the record in `buffer`; `buffer.byteOffset + offset` must be even. */
export function summaryAt(buffer: Uint8Array, offset = 0): SummaryRecord {
  const at = buffer.byteOffset + offset;
  return {
    dominant: new Uint8Array(buffer.buffer, at, 64),
    nonZero: new Uint8Array(buffer.buffer, at + 64, 64),
    mean: new Uint8Array(buffer.buffer, at + 128, 64),
    sum: new Uint16Array(buffer.buffer, at + 192, 16),
    entropy: new Uint16Array(buffer.buffer, at + 224, 16),
    counts: new Uint16Array(buffer.buffer, at + 256, 80),
  };
}

/** The record as words of 16 bits, for whoever reads thousands: its length, and where its columns begin. */
export const SUMMARY_WORDS = SUMMARY_BYTES / 2;
export const SUM_WORD = 96;
export const ENTROPY_WORD = 112;
export const COUNTS_WORD = 128;

/** The record of an all-zero page is all zeros. */
export const summaryOfZeroPage: Uint8Array = new Uint8Array(SUMMARY_BYTES);
