/** Public face of `strip`: the order of pages in a picture. */

export { STRIPS, type StripChoice } from "./choice.ts";
export { type JointSource, joinStrips } from "./joint.ts";
export {
  BLOCK_PAGES,
  isSameStrip,
  type LaidMapping,
  layStrip,
  mappingAt,
  pageAtPosition,
  positionOfPage,
  type Strip,
  type StripSource,
} from "./strip.ts";
