/** The plain definition of a summary, without tricks: the reference that the fast kernel is tested against. */
import { CLASS_OF_BYTE } from "./byte-class.ts";
import { SUMMARY_BYTES, summaryAt } from "./record.ts";

/** Entropy is kept as bits per byte × this. */
export const ENTROPY_SCALE = 4096;

/** c · log2(c) in integers, so that every implementation gives the same bits: T[c] = round(c · log2 c · 4096). */
export const WEIGHTED_LOG: Int32Array = Int32Array.from({ length: 257 }, (_, c) =>
  c < 2 ? 0 : Math.round(c * Math.log2(c) * ENTROPY_SCALE),
);

/**
 * Shannon entropy of a window of n bytes: (n · log2 n − Σ c · log2 c) / n, as bits × 4,096 rounded down.
 * @param counts 256 counts that add up to `total`.
 * @param total 256, or fewer for a window of which only a part is known; at least 1.
 */
export function entropyOfCounts(counts: ArrayLike<number>, total = 256): number {
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) sum += WEIGHTED_LOG[counts[byte]];
  return Math.floor((WEIGHTED_LOG[total] - sum) / total);
}

/** @param page 4,096 bytes. @returns a fresh record of `SUMMARY_BYTES`. */
export function summarisePageReference(page: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(SUMMARY_BYTES);
  const record = summaryAt(bytes);
  for (let window = 0; window < 16; window++) {
    const histogram = new Uint32Array(256);
    for (let cell = window * 4; cell < window * 4 + 4; cell++) {
      const classes = [0, 0, 0, 0, 0, 0];
      let sum = 0;
      for (let i = cell * 64; i < cell * 64 + 64; i++) {
        const byte = page[i];
        histogram[byte]++;
        classes[CLASS_OF_BYTE[byte]]++;
        sum += byte;
      }
      let dominant = 0;
      for (let c = 1; c < 6; c++) {
        if (classes[c] > 0 && (dominant === 0 || classes[c] > classes[dominant])) dominant = c;
        record.counts[window * 5 + c - 1] += classes[c];
      }
      record.dominant[cell] = dominant;
      record.nonZero[cell] = 64 - classes[0];
      record.mean[cell] = Math.round(sum / 64);
      record.sum[window] += sum;
    }
    record.entropy[window] = entropyOfCounts(histogram);
  }
  return bytes;
}
