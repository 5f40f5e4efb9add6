/**
 * Why a recorded page needs no look, or does. The order of the tuple is the rank of a cell (lowest first);
 * the order in which a page is tested is the same.
 */
export const PROVENANCES = [
  "zero",
  "unchanged",
  /** The content is that of a page of a known set. */
  "known",
  /** A page of a mapped file that only the loader has changed. */
  "relocated",
  "moved",
  "shared",
  /** Equal to a page of a baseline or of another container, up to the addresses in it. */
  "alike",
  "new",
] as const;
export type Provenance = (typeof PROVENANCES)[number];
export type ProvenanceCounts = Readonly<Record<Provenance, number>>;

export function provenanceCode(provenance: Provenance): number {
  return PROVENANCES.indexOf(provenance);
}

export function emptyProvenance(): Record<Provenance, number> {
  return { zero: 0, unchanged: 0, known: 0, relocated: 0, moved: 0, shared: 0, alike: 0, new: 0 };
}
