/** Public face of `find`: how a pattern is written, and which printable runs are of a kind. */
export { PATTERN_FORMS, type Pattern, type PatternForm } from "./pattern.ts";
export { isSecret, STRING_KINDS, type StringKind, stringKinds } from "./string-kinds.ts";
