/** Public face of `tiles`: manifest columns and page contents → tiles and pictures. */
export type { TileChannel } from "./cell-measure.ts";
export { NO_PAGE, type PageContents, type StripColumns, type StripSource, ZERO_PAGE } from "./contract.ts";
export { cutTile, MAX_LEVEL } from "./cut-tile.ts";
export { createTileCutter, type TileCutter, type TileCutterOptions, type TileRequest } from "./tile-cutter.ts";
