/** Levels of a strip and how their tiles cover one another: one tile of a level is a quarter of one of the next. */

import { tileCount } from "../../shared/tile/index.ts";
import type { TileView } from "../gl/index.ts";
import type { FetchedChannel } from "./contract.ts";
import type { TileStore } from "./tile-store.ts";

/** The finest level at which one tile holds the whole strip. */
export function rootLevel(end: number): number {
  let level = 0;
  while (tileCount(end, level) > 1) level++;
  return level;
}

/** Where the cells of a tile lie in its ancestor `up` levels above. */
export function ancestorOf(
  index: number,
  up: number,
): { readonly index: number; readonly base: number; readonly shift: number } {
  const fan = 4 ** up;
  const within = index % fan;
  // A tile has 4^8 cells, so up to 8 levels up it is a run of cells, beyond that a part of one.
  const base = up <= 8 ? within * 4 ** (8 - up) : Math.floor(within / 4 ** (up - 8));
  return { index: Math.floor(index / fan), base, shift: Math.min(31, 2 * up) };
}

/** The tile, or the nearest coarser one that is in memory. */
export function nearestView(
  store: TileStore,
  channel: FetchedChannel,
  level: number,
  index: number,
  coarsest: number,
): TileView | null {
  for (let up = 0; up === 0 || level + up <= coarsest; up++) {
    const ancestor = ancestorOf(index, up);
    const tile = store.get(channel, level + up, ancestor.index);
    if (tile) return { tile, base: ancestor.base, shift: ancestor.shift };
  }
  return null;
}
