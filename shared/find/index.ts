/** Public face of `find`: how a pattern is written, what a printable run looks like, and how a hit is shown. */
export { AROUND, type Excerpt, excerptOf } from "./excerpt.ts";
export { maskSecret } from "./mask-secret.ts";
export { PATTERN_FORMS, type Pattern, type PatternForm } from "./pattern.ts";
export {
  BEYOND,
  formatRegions,
  MOST_REGIONS_TEXT,
  parseRegions,
  type Region,
  wholeSpace,
} from "./regions.ts";
export { isSecret, STRING_KINDS, type StringKind, stringKinds } from "./string-kinds.ts";
