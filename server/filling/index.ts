/** Public face of `filling`: bytes for pages that a dump has left to files, from its ghost files and from known sets. */
export { filledContents } from "./contents.ts";
export { type FilledRange, filledListName, filledListText, filledRanges } from "./filled-ranges.ts";
export {
  createFillings,
  type FilledRun,
  type Filler,
  type Filling,
  type FillingCounts,
  type Fillings,
  sumOfFillingCounts,
} from "./filling.ts";
export { type FillingSource, fillingSentence } from "./source.ts";
