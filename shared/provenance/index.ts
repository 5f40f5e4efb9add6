/** Public face of `provenance`: why a page needs no look, and how a comparison classes it. */
export type { Provenance, ProvenanceCounts } from "./provenance.ts";
export { emptyProvenance, PROVENANCES, provenanceCode } from "./provenance.ts";
export type { Verdict, VerdictCounts } from "./verdict.ts";
export { emptyVerdicts, VERDICT_SIGNS, VERDICTS, verdictCode } from "./verdict.ts";
