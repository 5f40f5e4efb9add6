/** Public face of `inspect`: what a snapshot is, what a page of it is and why, and its bytes. */

export { type PlacedRange, rangesOfProcess, readBytes, readExactly } from "./bytes.ts";
export { snapshotHistograms } from "./histograms.ts";
export { inspectPage } from "./page.ts";
export { snapshotContents, snapshotSummary } from "./snapshot.ts";
export { comparisonSide, pageContents, type SnapshotStrip, snapshotStrip } from "./strip-source.ts";
