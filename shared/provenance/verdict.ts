/** What a comparison says of a page. The order of the tuple is the rank of a cell, lowest first. */
export const VERDICTS = ["unchanged", "zero", "moved", "changed", "added", "removed"] as const;
export type Verdict = (typeof VERDICTS)[number];
/** `unresolved`: places of B whose parent is not here; in no verdict. */
export type VerdictCounts = Readonly<Record<Verdict | "unresolved", number>>;

/** The sign that goes wherever the colour goes outside the picture. */
export const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = {
  unchanged: "=",
  zero: "z",
  moved: "→",
  changed: "~",
  added: "+",
  removed: "−",
};

/** Pages that were compared: those with a verdict. Unresolved places are not among them. */
export function comparedPages(counts: VerdictCounts): number {
  return VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0);
}

export function verdictCode(verdict: Verdict): number {
  return VERDICTS.indexOf(verdict);
}

export function emptyVerdicts(): Record<Verdict | "unresolved", number> {
  return { unchanged: 0, zero: 0, moved: 0, changed: 0, added: 0, removed: 0, unresolved: 0 };
}
