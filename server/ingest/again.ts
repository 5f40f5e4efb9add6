/**
 * An incremental dump that came before its parent. When a snapshot arrives that records every in-parent place of it,
 * the dump is ingested again from what the store keeps of it, as a new snapshot: the old one stays what it was.
 */
import { randomBytes } from "node:crypto";
import { open, rm } from "node:fs/promises";
import path from "node:path";
import { isRecorded, stateCode } from "../../shared/snapshot/index.ts";
import { exportDump } from "../export/index.ts";
import { NO_ROW, placesOf, type SnapshotRecord, type Store } from "../store/index.ts";
import type { Member } from "./ingest-group.ts";
import { type IngestOptions, type IngestResult, ingestUnderLock } from "./path.ts";

const PARENT_MISSING = stateCode("parent-missing");

/** Snapshots of the same container id with unresolved pages; not those resolved since. */
export function snapshotsThatMayWaitFor(store: Store, parent: SnapshotRecord): SnapshotRecord[] {
  if (parent.containerId === null || parent.unresolved > 0) return [];
  const same = store.catalog
    .snapshots()
    .filter((record) => record.containerId === parent.containerId && record.id !== parent.id);
  const resolved = new Set(
    [parent, ...same].filter((record) => record.unresolved === 0).map((record) => record.sha256),
  );
  return same.filter((record) => record.unresolved > 0 && !resolved.has(record.sha256));
}

/** Whether `parent` records every page that is unresolved in `waiting`. */
export function recordsAllOf(store: Store, parent: SnapshotRecord, waiting: SnapshotRecord): boolean {
  const places = placesOf(store.manifest(parent));
  const manifest = store.manifest(waiting);
  return manifest.laid.every(({ mapping, chunks }) =>
    chunks.every((chunk) => {
      const { state } = manifest.columns(chunk);
      if (!state.includes(PARENT_MISSING)) return true;
      const there = places.columns(mapping.space, chunk.start, chunk.rows).state;
      return state.every((code, row) => code !== PARENT_MISSING || (there[row] !== NO_ROW && isRecorded(there[row])));
    }),
  );
}

/** @throws as `ingestUnderLock` */
export async function ingestAgain(
  store: Store,
  member: Member,
  waiting: SnapshotRecord,
  parent: SnapshotRecord,
  options: IngestOptions,
): Promise<IngestResult> {
  const copy = path.join(store.scratch, `${randomBytes(8).toString("hex")}.again`);
  try {
    await using file = await open(copy, "wx");
    for await (const piece of exportDump(store, waiting)) {
      options.signal.throwIfAborted();
      // Not `write`, which may take a part of it when the disk is nearly full.
      await file.writeFile(piece);
    }
    const request = {
      file: copy,
      fileName: waiting.file,
      container: waiting.container,
      parent: parent.id,
      asRaw: false,
      base: 0n,
      // What was kept of a cut dump then is kept now.
      keepCut: true,
      again: { snapshot: waiting, because: `${waiting.name} again: its parent has come` },
    };
    return await ingestUnderLock(store, member, request, options);
  } finally {
    await rm(copy, { force: true });
  }
}
