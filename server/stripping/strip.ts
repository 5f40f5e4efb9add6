/**
 * What of a snapshot only the loader has changed, and what is alike to pages of other snapshots: made when somebody asks,
 * and kept until the sets and snapshots that it was made with are others.
 */
import { setImmediate } from "node:timers/promises";
import { isDumpError } from "../../shared/errors/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { alikePages, NOT_ALIKE } from "../likeness/index.ts";
import { KEEPING_STRIPPING, type SnapshotRecord, type Store, type StrippingRecord } from "../store/index.ts";
import { filePages } from "./file-pages.ts";

/** Pages verified before others of this thread get their turn: some 20 ms. */
const TURN = 128;

export interface StripOptions {
  readonly signal: AbortSignal;
}

/**
 * @throws DumpError `store-busy` while another operation writes and likenesses are to be made; `store-damaged`; `disk-full`
 */
export async function stripSnapshot(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  { signal }: StripOptions,
): Promise<StrippingRecord> {
  const kept = known.strippingOf(snapshot);
  if (kept) return kept;
  const key = known.strippingKey(snapshot);
  const others = known.othersOf(snapshot).map((other) => other.snapshot);
  const relocated = await relocatedRows(store, known, snapshot, signal);
  const alike = others.length === 0 ? new Uint32Array(0) : await alikeRows(store, snapshot, others, signal);
  const stripping = { key, relocated, alike };
  await keep(store, snapshot, stripping);
  return stripping;
}

async function relocatedRows(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const rows: number[] = [];
  if (!known.sets().some(({ hasElf }) => hasElf)) return new Uint32Array(0);
  let seen = 0;
  for (const { row, check } of filePages(store, known, snapshot)) {
    if (check.outcome === "relocated") rows.push(row);
    if (++seen % TURN !== 0) continue;
    signal.throwIfAborted();
    await setImmediate();
  }
  return Uint32Array.from(rows).sort();
}

/** Three numbers of each. */
async function alikeRows(
  store: Store,
  snapshot: SnapshotRecord,
  others: readonly SnapshotRecord[],
  signal: AbortSignal,
): Promise<Uint32Array> {
  const found = await alikePages(store, snapshot, others, { signal });
  const rows = new Uint32Array(found.count * 3);
  let at = 0;
  found.snapshot.forEach((other, row) => {
    if (other === NOT_ALIKE) return;
    rows.set([row, other, found.row[row]], at);
    at += 3;
  });
  return rows;
}

/** What cannot be kept now is made again by whoever asks next. */
async function keep(store: Store, snapshot: SnapshotRecord, stripping: StrippingRecord): Promise<void> {
  try {
    using _lock = await store.lock(KEEPING_STRIPPING);
    if (store.catalog.snapshot(snapshot.id) === undefined) return;
    store.catalog.transaction(() => store.catalog.setStripping(snapshot.id, stripping));
  } catch (error) {
    if (!isDumpError(error) || error.code !== "store-busy") throw error;
  }
}
