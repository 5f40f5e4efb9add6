/**
 * Why a recorded page needs no look, or does. The order of the tuple is the rank of a cell (lowest first);
 * the order in which a page is tested is zero, unchanged, known, moved, shared, new, which is the same.
 */
export const PROVENANCES = ["zero", "unchanged", "known", "moved", "shared", "new"] as const;
export type Provenance = (typeof PROVENANCES)[number];
export type ProvenanceCounts = Readonly<Record<Provenance, number>>;

/** Codes of `PROVENANCES` that a page may have and not be residual: zero, unchanged, known. */
export const EXPLAINED_CODES: readonly number[] = [0, 1, 2];

export function provenanceCode(provenance: Provenance): number {
  return PROVENANCES.indexOf(provenance);
}

export function emptyProvenance(): Record<Provenance, number> {
  return { zero: 0, unchanged: 0, known: 0, moved: 0, shared: 0, new: 0 };
}
