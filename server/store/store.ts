/**
 * The store as its users see it: pages by number, page numbers by hash, manifests by snapshot, and the lock of its one
 * writer. Opening it sweeps what a killed process left behind, unless another process is writing.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import { BLOB_KINDS, type Blobs, createFileBlobs } from "./blobs.ts";
import { type Catalog, openCatalog, type SnapshotRecord } from "./catalog.ts";
import { lockStore, OPENING, tryLockStore } from "./lock.ts";
import { type Manifest, openManifest, openProvenance, type ProvenanceReader } from "./manifest.ts";
import { createPageReader, LeastRecent, type PackPlace, type PageReader } from "./page-store.ts";

export interface Store {
  readonly directory: string;
  readonly blobs: Blobs;
  readonly catalog: Catalog;
  readonly pages: PageReader;
  /** Unpacked dumps on their way; swept at start. */
  readonly scratch: string;
  readonly uploads: string;
  /** Waits a moment for what nobody asked for. @throws DumpError `store-busy` */
  lock(operation: string): Promise<Disposable>;
  /** @throws DumpError `not-found`. Takes an id, or `container/t1`. */
  snapshot(reference: string): SnapshotRecord;
  manifest(snapshot: SnapshotRecord): Manifest;
  provenance(snapshot: SnapshotRecord): ProvenanceReader;
  /** Removes what no row of the catalog names, and never will. Only under the lock. @returns bytes freed. */
  sweep(): number;
  /** Bytes of all files of the store but the catalog. */
  storedBytes(): number;
  close(): void;
}

/** Step by step: below /proc, where nothing can be made, Node.js's own recursive one never ends. */
function makeFolder(folder: string): void {
  const above = path.dirname(folder);
  if (above !== folder && !existsSync(above)) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it at the same time.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** @throws DumpError `store-version`, `disk-full`, `io-failed` */
export function openStore(directory: string): Store {
  const scratch = path.join(directory, "scratch");
  const uploads = path.join(directory, "uploads");
  try {
    for (const folder of [directory, scratch, uploads]) makeFolder(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof Error && "code" in cause && cause.code === "ENOSPC")
      throw new DumpError("disk-full", `The disk is full: ${reason}`, { directory }, { cause });
    throw new DumpError(
      "io-failed",
      `The store cannot be made in ${directory}: ${reason}. DUMPSCOPE_DATA has to name a folder that can be written`,
      { directory },
      { cause },
    );
  }
  const blobs = createFileBlobs(directory);
  const catalog = openCatalog(directory);

  let packs: readonly PackPlace[] = [];
  let packsRevision = "";
  const currentPacks = () => {
    const revision = catalog.revision();
    if (revision !== packsRevision) {
      packs = catalog.packs();
      packsRevision = revision;
    }
    return packs;
  };
  const manifests = new LeastRecent<Manifest>(32);
  const provenances = new LeastRecent<ProvenanceReader>(32);

  const store: Store = {
    directory,
    blobs,
    catalog,
    pages: createPageReader(blobs, currentPacks),
    scratch,
    uploads,
    lock: (operation) => lockStore(directory, operation),
    snapshot(reference) {
      const direct = catalog.snapshot(reference);
      if (direct) return direct;
      const slash = reference.lastIndexOf("/");
      const named =
        slash > 0
          ? catalog.snapshots(reference.slice(0, slash)).find((record) => record.name === reference.slice(slash + 1))
          : undefined;
      if (!named) throw new DumpError("not-found", `There is no snapshot ${reference} here`, { snapshot: reference });
      return named;
    },
    manifest: (snapshot) => manifests.get(snapshot.manifest, () => openManifest(blobs, snapshot.manifest)),
    provenance: (snapshot) =>
      provenances.get(snapshot.provenanceBlob, () => openProvenance(blobs, snapshot.provenanceBlob)),
    sweep() {
      // What the commit names that may come back is swept by the next open, if it does not.
      if (!catalog.settle()) return 0;
      let freed = blobs.sweepUnfinished();
      const named = catalog.namedBlobs();
      for (const kind of BLOB_KINDS) {
        for (const name of blobs.list(kind)) {
          if (named[kind].has(name)) continue;
          freed += blobs.size(kind, name);
          blobs.delete(kind, name);
        }
      }
      return freed;
    },
    storedBytes() {
      const named = catalog.namedBlobs();
      return BLOB_KINDS.reduce(
        (sum, kind) =>
          blobs.list(kind).reduce((all, name) => all + (named[kind].has(name) ? blobs.size(kind, name) : 0), sum),
        0,
      );
    },
    close() {
      blobs.close();
      catalog.close();
    },
  };

  try {
    using _lock = tryLockStore(directory, OPENING);
    for (const name of readdirSync(scratch)) rmSync(path.join(scratch, name), { recursive: true });
    store.sweep();
  } catch (error) {
    // Another process is writing: what it has not committed yet must stay.
    if (!isDumpError(error) || error.code !== "store-busy") throw error;
  }
  return store;
}
