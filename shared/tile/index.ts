/** Public face of `tile`: the bytes of tiles on the wire. */
export {
  batchOfTiles,
  CELL_STATES,
  type CellState,
  cellStateCode,
  decodeTiles,
  encodeTile,
  encodeTiles,
  LEFT_TO_ANY_FILE,
  LEFT_TO_DELETED_FILE,
  LEFT_TO_FILE,
  pagesOfTile,
  TILE_CELLS,
  type Tile,
  tileCount,
} from "./tile.ts";
