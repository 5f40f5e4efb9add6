/** Public face of `layout`: how positions become a plane, and back. Pure, exact inverses, the same in the shader. */
export { CURVES, type Curve, curveCell, curveIndex, curveIndexIn, curveSquare } from "./curve.ts";
export type { HilbertTurn } from "./hilbert.ts";
export { type PicturePlane, pictureCell, pictureIndex, picturePlane, type SquarePlane } from "./picture-plane.ts";
export { isCurve, LAYOUTS, type Layout, type PlaneShape, planeCell, planeIndex, planeShape } from "./plane.ts";
export { type RasterPlane, rasterCell, rasterEnd, rasterIndex, rasterPlane, rasterRow } from "./raster.ts";
