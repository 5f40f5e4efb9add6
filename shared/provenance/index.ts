/** Public face of `provenance`: why a page needs no look, in which ways it belongs, and how a comparison classes it. */
export type { Provenance, ProvenanceCounts } from "./provenance.ts";
export { emptyProvenance, PROVENANCES, provenanceCode } from "./provenance.ts";
export { byWaysOf, pagesInWays, type StripCounts, stripCounts, sumOfStripCounts } from "./strip-counts.ts";
export type { Verdict, VerdictCounts } from "./verdict.ts";
export { comparedPages, emptyVerdicts, VERDICT_SIGNS, VERDICTS, verdictCode } from "./verdict.ts";
export { WAYS, type Way, wayBit, waysOfBits } from "./way.ts";
