/** Public face of the viewer. */
export { type Camera, createCamera } from "./camera.ts";
export type {
  AnyChannel,
  FetchedChannel,
  Graphics,
  Hovered,
  Look,
  MarkedBytes,
  Overview,
  Picture,
  PictureMapping,
  Place,
  RowWidths,
  StripCells,
  Theme,
  TileSource,
  TileStatus,
  Viewer,
  Zoom,
} from "./contract.ts";
export { stepOf, ZOOM_STEPS } from "./coordinates.ts";
export { whenFontsArrive } from "./fonts.ts";
export { fetchNextTiles } from "./last-tiles.ts";
export { rootLevel } from "./pyramid.ts";
export { createViewer, type ViewerOptions } from "./viewer.ts";
