/** Public face of `ingest`: one dump on its way into the store. */
export { asStoreError } from "./failure.ts";
export { type IngestOptions, type IngestProgress, ingestDump, type IngestRequest, type IngestResult } from "./path.ts";
