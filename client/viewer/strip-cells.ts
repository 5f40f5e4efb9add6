/**
 * The whole strip as cells of one level, for what lays them by itself: the memory map. Up to level 8 no cell stands on two
 * mappings, because every mapping is laid in blocks of 64 KiB.
 */
import { cellStateCode, TILE_CELLS, tileCount } from "../../shared/tile/index.ts";
import { cellShader, type PictureFrame } from "../gl/index.ts";
import type { StripCells } from "./contract.ts";

const RECORDED = cellStateCode("recorded");
const BLOCK_LEVEL = 8;
/** Whole levels are kept only where they are a handful of tiles: 16 are 64 GiB of shown memory at level 8. */
const MOST_TILES = 16;

/** The finest level that is kept anyway, but never one at which cells stand on two mappings while there is a choice. */
export function stripLevel(end: number, root: number): number {
  let level = Math.min(root, BLOCK_LEVEL);
  while (tileCount(end, level) > MOST_TILES) level++;
  return level;
}

/** @param frame of which `places` are the tiles of the level, in order. */
export function stripCells(frame: PictureFrame): StripCells {
  const colorOf = cellShader(frame);
  const placeOf = (cell: number) => frame.places[Math.floor(cell / TILE_CELLS)];
  return {
    level: frame.level,
    color: (cell, x, y) => colorOf(placeOf(cell), cell % TILE_CELLS, x, y),
    rank(cell) {
      const { view } = placeOf(cell);
      if (!view) return -1;
      const at = view.base + ((cell % TILE_CELLS) >>> view.shift);
      return view.tile.state[at] === RECORDED ? view.tile.a[at] + 1 : 0;
    },
  };
}
