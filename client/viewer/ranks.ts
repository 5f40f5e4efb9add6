/** The strip in few columns, each with the highest code in it: ticks of the ruler. */
import type { TileChannel } from "../../shared/channel/index.ts";
import { cellStateCode, TILE_CELLS, type Tile } from "../../shared/tile/index.ts";

const RECORDED = cellStateCode("recorded");
/** Nothing recorded in a column. */
const NO_RANK = 255;

/**
 * Highest code of plane `a` per column of the strip.
 * @param root the coarsest tile, which holds all of it in so many `cells`; `null` is answered without it
 */
export function ranksOf(
  root: Tile | undefined,
  channel: TileChannel,
  cells: number,
  columns: number,
): Uint8Array | null {
  if (!root || columns < 1) return null;
  const found = new Uint8Array(columns).fill(NO_RANK);
  for (let cell = 0; cell < Math.min(TILE_CELLS, cells); cell++) {
    if (root.state[cell] !== RECORDED && (channel !== "verdict" || root.a[cell] === 0)) continue;
    const column = Math.min(columns - 1, Math.floor((cell / cells) * columns));
    if (found[column] === NO_RANK || root.a[cell] > found[column]) found[column] = root.a[cell];
  }
  return found;
}
