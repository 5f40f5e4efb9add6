/** What a cell stands on: of one page, and of several, of which the last in this order wins. */
import { CELL_STATES, type CellState, cellStateCode } from "../../shared/tile/index.ts";
import { NO_PAGE, type StripColumns } from "./contract.ts";

const STANDING: readonly CellState[] = [
  "gap",
  "untouched",
  "excluded",
  "image",
  "filled",
  "missing",
  "not-loaded",
  "recorded",
];
/** State code → its place in the order. */
export const STANDING_OF_STATE = Uint8Array.from(CELL_STATES, (state) => STANDING.indexOf(state));
export const STATE_OF_STANDING = Uint8Array.from(STANDING, cellStateCode);

export const RECORDED = cellStateCode("recorded");
export const FILLED = cellStateCode("filled");
export const MISSING = cellStateCode("missing");

/** Whether a page in this state has bytes: recorded ones, or filled ones. */
export function hasBytes(state: number): boolean {
  return state === RECORDED || state === FILLED;
}

/** The state a whole page stands for: one that claims to be recorded but names no byte is missing, never zeros. */
export function stateOf(columns: StripColumns, row: number): number {
  const state = columns.cell[row];
  if (state !== RECORDED) return state;
  if (columns.page[row] === NO_PAGE) return MISSING;
  if (columns.partial.size > 0) {
    const partial = columns.partial.get(row);
    if (partial && partial[0] >= partial[1]) return MISSING;
  }
  return RECORDED;
}
