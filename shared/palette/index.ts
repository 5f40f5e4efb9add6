/** Public face of `palette`: from values to colours, checked for colour vision; legend, PNG and GPU read the same. */
export {
  categoryColors,
  cellColor,
  classTextColor,
  countPlace,
  type PaletteTable,
  paletteRows,
  paletteTable,
  placeColors,
  placeTable,
  STRENGTHS,
  type Strength,
} from "./cell-color.ts";
export { cssColor, mix, type Rgb, rgb, scaleColor } from "./color.ts";
export { coarseMark, failedMark, filledMark, hatchMark, verdictMark } from "./hatch.ts";
export {
  PALETTE_TITLES,
  PALETTES,
  type Palette,
  paletteIn,
  palettesOf,
  scaleOf,
} from "./palettes.ts";
export {
  CIVIDIS,
  CLASS_COLORS,
  CLASS_TEXT_COLORS,
  DIVERGING,
  FAILED_MARK,
  GREY,
  HIT_COLOR,
  isWriteExecute,
  PERMISSION_COLORS,
  PLACE_COLORS,
  type PlaceColors,
  PROVENANCE_COLORS,
  permissionColor,
  STAGE,
  type Theme,
  VERDICT_COLORS,
  VIRIDIS,
} from "./tables.ts";
