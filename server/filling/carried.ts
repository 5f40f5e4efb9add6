/** What a dump carries of its container's files: the content of deleted ones, and which ones the image does not have so. */
import { DumpError } from "../../shared/errors/index.ts";
import { openOriginal } from "../export/index.ts";
import { type ChangedFiles, changedFilesOf } from "../readers/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { type GhostPages, openGhostPages } from "./ghost-pages.ts";

export interface Carried {
  readonly ghost: GhostPages;
  /** A file that the container had changed is not the image's, though it is called so. */
  readonly changed: ChangedFiles;
}

/**
 * What is read is hashed first: of ghost pages no hash was kept, but the name of what they lie in is one.
 * @throws DumpError `store-damaged`
 */
export async function openCarried(store: Store, snapshot: SnapshotRecord): Promise<Carried> {
  const name = snapshot.original;
  if ((await store.blobs.digest("originals", name)) !== name)
    throw new DumpError("store-damaged", `originals/${name} does not match its name`, { blob: `originals/${name}` });
  const original = openOriginal(store, snapshot);
  return { ghost: await openGhostPages(original), changed: await changedFilesOf(original) };
}
