/** What of a row is marked or selected: runs of its columns. */

export interface Columns {
  /** [from, to) in the row. */
  readonly from: number;
  readonly to: number;
  /** Whether the first and the last byte of what is marked are in this row. */
  readonly begins: boolean;
  readonly ends: boolean;
}

/** One flag per column of a row. */
export function flagsOf(columns: readonly Columns[], rowBytes: number): boolean[] {
  const flags = new Array<boolean>(rowBytes).fill(false);
  for (const { from, to } of columns) flags.fill(true, from, to);
  return flags;
}
