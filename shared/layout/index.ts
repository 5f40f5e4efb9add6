/** Public face of `layout`: how positions become a plane, and back. Pure, exact inverses, the same in the shader. */
export { hilbertCell, hilbertIndex } from "./hilbert.ts";
export { LAYOUTS, type Layout, type PlaneShape, planeCell, planeIndex, planeShape } from "./plane.ts";
