/** Public face of `inspect`: what a snapshot is, what a page of it is and why, and its bytes. */

export { readBytes, readExactly } from "./bytes.ts";
export { inspectPage } from "./page.ts";
export { snapshotDetail, snapshotSummary } from "./snapshot.ts";
export { comparisonSide, pageContents, type SnapshotStrip, snapshotStrip } from "./strip-source.ts";
