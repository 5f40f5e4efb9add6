/** Public face of `summary`: what is computed once per distinct page, and what each value means. */
export { BYTE_CLASSES, type ByteClass, CLASS_OF_BYTE } from "./byte-class.ts";
export {
  COUNTS_WORD,
  ENTROPY_WORD,
  SUM_WORD,
  SUMMARY_BYTES,
  SUMMARY_WORDS,
  type SummaryRecord,
  summaryAt,
  summaryOfZeroPage,
} from "./record.ts";
export { ENTROPY_SCALE, entropyOfCounts, summarisePageReference, WEIGHTED_LOG } from "./reference.ts";
export {
  BINS_BYTE,
  HIGHEST_SHORT,
  TOTAL_ENTROPY_WORD,
  TOTAL_SUM_WORD,
  TOTALS_BYTES,
  TOTALS_SHORTS,
  TOTALS_WORDS,
  totalsOfSummaries,
  ZERO_BIN,
} from "./totals.ts";
