/** Public face of `layout`: how positions become a plane, and back. Pure, exact inverses, the same in the shader. */
export { type HilbertTurn, hilbertCell, hilbertIndex, hilbertIndexIn, hilbertSquare } from "./hilbert.ts";
export { type PicturePlane, pictureCell, pictureIndex, picturePlane } from "./picture-plane.ts";
export { LAYOUTS, type Layout, type PlaneShape, planeCell, planeIndex, planeShape } from "./plane.ts";
export { type RasterPlane, rasterCell, rasterEnd, rasterIndex, rasterPlane, rasterRow } from "./raster.ts";
