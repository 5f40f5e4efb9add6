/** Public face of `tile`: the bytes of tiles on the wire. */
export {
  batchOfTiles,
  CELL_STATES,
  type CellState,
  cellStateCode,
  decodeTiles,
  encodeTile,
  encodeTiles,
  pagesOfTile,
  TILE_CELLS,
  type Tile,
  tileCount,
} from "./tile.ts";
