/**
 * What the dump recorded of a page. One closed list; its order is the code in manifest columns.
 * The surprise: a page in the parent has three members, because only an ingest knows whether its parent was here.
 */
export const PAGE_STATES = [
  /** Recorded, not all zero; has a page number. */
  "data",
  /** Recorded, all zero. */
  "zero",
  /** The dump says: as in the parent; resolved there, not all zero; has a page number. */
  "parent",
  /** As in the parent, where the page is all zero. */
  "parent-zero",
  /** As in the parent, which is not here: counts as absent because `missing`. */
  "parent-missing",
  /** Mapped, no bytes in the dump; why, is the rest of the name. */
  "absent-file",
  "absent-untouched",
  "absent-excluded",
  "absent-missing",
] as const;
export type PageState = (typeof PAGE_STATES)[number];

/** Why a page is absent. */
export const BECAUSE = ["file", "untouched", "excluded", "missing"] as const;
export type Because = (typeof BECAUSE)[number];

export function stateCode(state: PageState): number {
  return PAGE_STATES.indexOf(state);
}

/** Whether the dump has a record of the page: bytes, zeros, or a reference to the parent. */
export function isRecorded(code: number): boolean {
  return code <= 4;
}
