/**
 * Taking away: a snapshot is deleted at once, its pages stay in their packs until `collectGarbage` finds that no
 * snapshot needs them, and no known set that keeps its bytes. Both change the catalog in one transaction and delete files only after it.
 */

import { compressFrame, pagesOfFrame } from "../frames/index.ts";
import type { SnapshotRecord } from "./catalog.ts";
import { createPackWriter, type PackInfo, readPackTable } from "./pack.ts";
import { mergeRuns, openRun, PAGE_KEY, type RunInfo, writeRun } from "./page-index.ts";
import type { Store } from "./store.ts";

export interface Freed {
  readonly bytes: number;
  readonly pages: number;
  readonly packsRemoved: number;
  readonly packsRewritten: number;
}

/** Under the lock. Its pages are freed by the next `collectGarbage`. @returns bytes freed now. */
export function deleteSnapshot(store: Store, record: SnapshotRecord): { readonly bytes: number } {
  const before = store.storedBytes();
  store.catalog.transaction(() => store.catalog.removeSnapshot(record.id));
  store.sweep();
  return { bytes: before - store.storedBytes() };
}

/** Under the lock: removes packs without a needed page, rewrites those of which less than half is needed. */
export async function collectGarbage(store: Store): Promise<Freed> {
  try {
    return await collect(store);
  } catch (error) {
    // Packs that were rewritten by then: a disk that is full has no room for them until the next open.
    store.sweep();
    throw error;
  }
}

async function collect(store: Store): Promise<Freed> {
  const before = store.storedBytes();
  const needed = new Uint8Array(Math.ceil(store.catalog.nextPage / 8));
  for (const record of store.catalog.snapshots()) {
    for (const page of store.manifest(record).distinctPages()) needed[page >> 3] |= 1 << (page & 7);
  }
  for (const { name, withBytes } of store.catalog.knownSets()) {
    if (!withBytes) continue;
    for (const { pages } of store.catalog.knownPages(name))
      for (const page of pages) needed[page >> 3] |= 1 << (page & 7);
  }
  const isNeeded = (page: number) => (needed[page >> 3] & (1 << (page & 7))) !== 0;

  const dropped = new Set<number>();
  const gone: string[] = [];
  const rewritten: { readonly old: string; readonly packs: readonly PackInfo[] }[] = [];
  let removed = 0;
  for (const pack of store.catalog.packs()) {
    const table = readPackTable(store.blobs, "packs", pack.name);
    const kept = table.pages.filter(isNeeded);
    if (kept.length * 2 >= table.rows && kept.length > 0) continue;
    for (const page of table.pages) if (!isNeeded(page)) dropped.add(page);
    if (kept.length === 0) {
      gone.push(pack.name);
      removed++;
    } else {
      rewritten.push({ old: pack.name, packs: await rewrite(store, kept) });
    }
  }
  if (gone.length + rewritten.length > 0) {
    const runs = rewriteIndex(store, dropped);
    store.catalog.transaction(() => {
      for (const name of gone) store.catalog.removePack(name);
      for (const { old, packs } of rewritten) {
        store.catalog.removePack(old);
        for (const pack of packs) store.catalog.addPack(pack, true);
      }
      store.catalog.replaceRuns(runs);
    });
  }
  store.sweep();
  return {
    bytes: before - store.storedBytes(),
    pages: dropped.size,
    packsRemoved: removed,
    packsRewritten: rewritten.length,
  };
}

/** Summaries are made again with whatever else is unfinished: they cost less than carrying two columns at once. */
async function rewrite(store: Store, kept: Uint32Array): Promise<readonly PackInfo[]> {
  const writer = createPackWriter(store.blobs);
  try {
    const step = pagesOfFrame(kept.length);
    for (let at = 0; at < kept.length; at += step) {
      const pages = kept.subarray(at, at + step);
      writer.append({
        contents: compressFrame(store.pages.bytes(pages), "dense"),
        pages,
        hashes: store.pages.hashes(pages),
      });
    }
    return await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function rewriteIndex(store: Store, dropped: ReadonlySet<number>): RunInfo[] {
  const runs = store.catalog.runs();
  const open = runs.map((run) => openRun(store.blobs, "index", run.name));
  const entries = () => mergeRuns(open, (page) => !dropped.has(page));
  // Not every page of a pack is in the index: of two ingests beside each other, both may have brought a content.
  let bytes = 0;
  for (const piece of entries()) bytes += piece.length;
  const count = bytes / (PAGE_KEY + 4);
  return count === 0 ? [] : [writeRun(store.blobs, "index", PAGE_KEY, count, entries)];
}
