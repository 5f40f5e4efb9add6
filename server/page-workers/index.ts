/**
 * Public face of `page-workers`: the threads that read pages for an ingest, hash them, and make frames of them. It loads
 * little, so that a command can start them before it loads whatever else an ingest needs.
 */
export { beginFileDigest, type FileDigest } from "./file-digest.ts";
export { messageId, type PageWorkers, startPageWorkers } from "./page-workers.ts";
export { type BatchPieces, ENDED_EARLY, PIECE } from "./protocol.ts";
