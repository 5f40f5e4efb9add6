/** Public face of `inspect`: what a snapshot is, what a page of it is and why, and its bytes. */

export { inspectArrivingPage } from "./arriving-page.ts";
export {
  type LocatedBytes,
  laidOf,
  type PlacedRange,
  rangesOfProcess,
  readBytes,
  readExactly,
  readLaid,
} from "./bytes.ts";
export { type ChosenStrip, createStrips, type Strips } from "./chosen-strip.ts";
export { codedSide, codedStrip } from "./coded-strip.ts";
export { filledStrip } from "./filled-strip.ts";
export { snapshotHistograms } from "./histograms.ts";
export { createJointStrips, type JointStrip, type JointStrips } from "./joint-strip.ts";
export { inspectPage } from "./page.ts";
export { selectedStrip } from "./selected-strip.ts";
export { laidContents, snapshotContents, snapshotSummary } from "./snapshot.ts";
export {
  arrivingStrip,
  type ComparedSnapshots,
  comparisonSide,
  pageContents,
  type SnapshotStrip,
  snapshotStrip,
  unrankedStrip,
} from "./strip-source.ts";
export { waysStrip } from "./ways-strip.ts";
