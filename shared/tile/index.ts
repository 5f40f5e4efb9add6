/** Public face of `tile`: the bytes of tiles on the wire. */
export {
  CELL_STATES,
  type CellState,
  cellStateCode,
  decodeTiles,
  encodeTiles,
  pagesOfTile,
  TILE_CELLS,
  type Tile,
  tileCount,
} from "./tile.ts";
