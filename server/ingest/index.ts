/** Public face of `ingest`: one dump on its way into the store. */
export { asStoreError } from "./failure.ts";
export { type IngestedDump, ingestDump } from "./ingest-dump.ts";
export { createIngestGroup, type IngestGroup } from "./ingest-group.ts";
export type { IngestOptions, IngestProgress, IngestRequest, IngestResult } from "./path.ts";
