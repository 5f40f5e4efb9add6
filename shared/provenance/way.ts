/**
 * The ways in which a recorded page belongs to what needs no look, or does not. Unlike provenance they overlap: a page
 * may be the same as a known page and in another container too, so the ways of a page are a set of bits. Pages left to
 * a file have no bytes and no ways.
 */
export const WAYS = [
  "zero",
  /** Same place and content in the parent. */
  "unchanged",
  /** The content of a page of a known set. */
  "same",
  "relocated",
  /** When it was ingested its content stood elsewhere in the parent. */
  "moved",
  /** In a snapshot of another container; or when it was ingested, in any other snapshot. */
  "shared",
  "alike",
  /** None but `shared`, by snapshots that came later. */
  "new",
] as const;
export type Way = (typeof WAYS)[number];

/** A set of ways has eight bits. */
export function wayBit(way: Way): number {
  return 1 << WAYS.indexOf(way);
}

/** In the order of `WAYS`. */
export function waysOfBits(bits: number): readonly Way[] {
  return WAYS.filter((way) => (bits & wayBit(way)) !== 0);
}
