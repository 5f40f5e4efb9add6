/** Public face of `summary`: what is computed once per distinct page, and what each value means. */
export { BYTE_CLASSES, type ByteClass, CLASS_OF_BYTE } from "./byte-class.ts";
export { SUMMARY_BYTES, type SummaryRecord, summaryAt, summaryOfZeroPage } from "./record.ts";
export { ENTROPY_SCALE, entropyOfCounts, summarisePageReference, WEIGHTED_LOG } from "./reference.ts";
