/** Public face of `find`: patterns and printable runs in a snapshot, and the figures of a part of it. */
export { absentPages, type NotSearched, notSearched } from "./absent-pages.ts";
export { type AbsentFigures, absentFigures, figuresOf } from "./figures-of.ts";
export { filledHit, matchOfRun } from "./filled-hit.ts";
export {
  createFinder,
  type FindEvent,
  type Finder,
  type FindProgress,
  type FindRequest,
  type StringsRequest,
} from "./finder.ts";
export type { Match } from "./join.ts";
export type { Figures, MeasureEvent } from "./measure.ts";
export type { FoundRun } from "./protocol.ts";
export {
  orderedRegions,
  parseScope,
  regionsOfProcess,
  type Scope,
  scopeFrom,
  spacesOf,
} from "./scope.ts";
export type { BytePlace } from "./searched.ts";
export type { PageBatch } from "./walk.ts";
