/** Public face of `lay`: which page of a dump stands where, as a manifest has it. */
export { emptyCounts, type LaidDump, layDump, type NumberedPages, type WriteChunk } from "./lay-dump.ts";
