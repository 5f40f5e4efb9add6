/** Public face of `store`: pages, manifests and catalog of one store, and how an ingest writes into it. */
export { BLOB_KINDS, type BlobKind, type BlobName, type Blobs, createFileBlobs } from "./blobs.ts";
export type {
  Catalog,
  KnownSetRecord,
  LikenessRecord,
  ReceiptRecord,
  SnapshotRecord,
  StrippingRecord,
} from "./catalog.ts";
export { pagesOfPack, pagesOfRun } from "./common-pages.ts";
export { type Finished, finishPacks } from "./finish.ts";
export { createHashTable } from "./hash-table.ts";
export { createPageIntake, type PageIntake } from "./intake.ts";
export { keepFrames } from "./keep-frames.ts";
export { FINISHING, KEEPING_LIKENESSES, KEEPING_STRIPPING, tryLockStore, writerOf } from "./lock.ts";
export {
  type ChunkPlace,
  type ChunkRef,
  chunksByDigest,
  createManifest,
  createProvenance,
  type LaidManifest,
  type LaidPages,
  type Manifest,
  type ManifestDirectory,
  openManifest,
  type Sharer,
} from "./manifest.ts";
export type { NoteRecord } from "./notes-table.ts";
export { entriesOf, type IndexRun, openRun, writeRun } from "./page-index.ts";
export { createPageNumbers, type PageNumbers } from "./page-numbers.ts";
export { pageOfHash } from "./page-of-hash.ts";
export { createPageReader, LeastRecent, type PackPlace, type PageReader } from "./page-store.ts";
export { NO_ROW, type PlaceColumns, type Places, placesOf } from "./places.ts";
export { collectGarbage, deleteSnapshot, type Freed } from "./remove.ts";
export { renameContainer } from "./rename.ts";
export { createSections, readDirectory, readSection, type Section } from "./sections.ts";
export { openStore, type Store } from "./store.ts";
export { type Verified, verifyStore } from "./verify.ts";
