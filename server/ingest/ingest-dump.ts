/** Takes one dump in, and with it every dump that has been waiting for it as its parent, as one member of a group, which holds the lock. */
import path from "node:path";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { ingestAgain, recordsAllOf, snapshotsThatMayWaitFor } from "./again.ts";
import { createIngestGroup, type IngestGroup } from "./ingest-group.ts";
import { type IngestOptions, type IngestRequest, type IngestResult, ingestUnderLock } from "./path.ts";

export interface IngestedDump extends IngestResult {
  /** Dumps that waited for this one, ingested again. */
  readonly again: readonly IngestResult[];
  /** Those that could not be; they stay what they were. */
  readonly stillWaiting: readonly { readonly snapshot: SnapshotRecord; readonly error: unknown }[];
}

/**
 * Afterwards the dump's snapshot exists, or the store is as it was.
 * @param group of the ingests that run beside this one
 * @throws DumpError `store-busy`, and those of `ingestUnderLock` for the dump itself
 */
export async function ingestDump(
  store: Store,
  request: IngestRequest,
  options: IngestOptions,
  group: IngestGroup = createIngestGroup(store),
): Promise<IngestedDump> {
  using member = await group.join(`ingest ${request.fileName ?? path.basename(request.file)}`);
  const result = await ingestUnderLock(store, member, request, options);
  // They have been in their containers all the time.
  const others = { ...options, enterContainer: undefined };
  const again: IngestResult[] = [];
  const stillWaiting: { snapshot: SnapshotRecord; error: unknown }[] = [];
  // Of a chain, one that is resolved may be the parent of the next.
  const arrived = [result.snapshot];
  for (let parent = arrived.shift(); parent; parent = arrived.shift()) {
    for (const waiting of snapshotsThatMayWaitFor(store, parent)) {
      try {
        if (!recordsAllOf(store, parent, waiting)) continue;
        const resolved = await ingestAgain(store, member, waiting, parent, others);
        again.push(resolved);
        arrived.push(resolved.snapshot);
      } catch (error) {
        // The dump itself is in: what happens to another must not undo that.
        stillWaiting.push({ snapshot: waiting, error });
      }
    }
  }
  return { ...result, again, stillWaiting };
}
