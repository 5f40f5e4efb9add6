/** Public face of `compare`: two snapshots → verdicts, differences, the joint strip. */
export {
  type Comparison,
  compareSnapshots,
  type JointEntry,
  NO_VERDICT,
  type PageDifference,
  stripSources,
} from "./compare-snapshots.ts";
export { type CountedVerdicts, countVerdicts } from "./count-verdicts.ts";
export { differingRuns, knownInBoth } from "./differing-runs.ts";
export { matchSpaces, sideOf } from "./match-spaces.ts";
export { unionOf } from "./union-of-ranges.ts";
