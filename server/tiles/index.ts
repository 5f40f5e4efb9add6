/** Public face of `tiles`: manifest columns and page contents → tiles and pictures. */
export type { CutChannel } from "./cell-measure.ts";
export { NO_PAGE, type PageContents, type StripColumns, type StripSource, ZERO_PAGE } from "./contract.ts";
export { cutTile, MAX_LEVEL } from "./cut-tile.ts";
export { drawPicture, legendSvg, type PictureRequest } from "./draw-picture.ts";
export type { LegendNumbers, PlaceName } from "./legend.ts";
export { type DrawnDifference, type PictureDifferenceRequest, pictureDifference } from "./picture-difference.ts";
export {
  fittingLevel,
  type PictureSubject,
  type PictureView,
  type Pixels,
  pictureExtent,
  picturePixels,
} from "./picture-pixels.ts";
export { withText } from "./png-text.ts";
export { createTileCutter, type TileCutter, type TileCutterOptions, type TileRequest } from "./tile-cutter.ts";
