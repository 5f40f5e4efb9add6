/** Public face of `channel`: what a cell shows. */
export {
  type AnyChannel,
  CHANNELS,
  type Channel,
  COMPARISON_CHANNELS,
  type ComparisonChannel,
  channelTitle,
  type DrawnChannel,
  entropyCode,
  entropyOfCode,
  type FilterChannel,
  MAIN_CHANNELS,
  scalePlane,
  shareCode,
  type TileChannel,
  tilesOf,
} from "./channel.ts";
export { formatIndices, parseIndices } from "./indices.ts";
export {
  COUNT_PARTS,
  isPageChannel,
  KIND_CLASSES,
  type KindClass,
  kindClass,
  MOST_CODE,
  OTHER_FILES,
  PAGE_CHANNELS,
  type PageChannel,
  PERMISSION_CLASSES,
  type PermissionClass,
  permissionClass,
  TOP_FILES,
} from "./page-codes.ts";
