/** Public face of `ingest`: one dump on its way into the store. */
export { ingestWaiting } from "./again.ts";
export { asStoreError } from "./failure.ts";
export { type IngestOptions, type IngestProgress, type IngestRequest, type IngestResult, ingestDump } from "./path.ts";
