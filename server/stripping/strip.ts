/**
 * What of a snapshot only the loader has changed, and what is alike to pages of other snapshots: made when somebody asks
 * or nobody waits, and kept until the sets and snapshots that it was made with are others.
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
  /** Others of this thread get their turn, after some 20 ms of work; settles when the work may go on. */
  readonly turn?: () => Promise<void>;
}

/**
 * What cannot be kept now is made again by whoever asks next.
 * @throws DumpError `store-busy` while another operation writes and likenesses are to be made; `store-damaged`; `disk-full`
 */
export async function stripSnapshot(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  options: StripOptions,
): Promise<StrippingRecord> {
  const kept = known.strippingOf(snapshot);
  if (kept) return kept;
  const stripping = await makeStripping(store, known, snapshot, options);
  try {
    await keep(store, snapshot, stripping);
  } catch (error) {
    if (!isDumpError(error) || error.code !== "store-busy") throw error;
  }
  return stripping;
}

/**
 * The newest snapshot that is not stripped with the sets and snapshots of now.
 * @param isLeftOut those that are not to be found
 */
export function newestUnstripped(
  store: Store,
  known: KnownSets,
  isLeftOut: (snapshot: SnapshotRecord) => boolean = () => false,
): SnapshotRecord | undefined {
  return store.catalog.snapshots().findLast((snapshot) => !known.isStripped(snapshot) && !isLeftOut(snapshot));
}

/**
 * Strips a snapshot that is not stripped, for those who ask later.
 * @throws DumpError `store-busy` while another operation writes; `not-found` when it is deleted meanwhile;
 *   `store-damaged`; `disk-full`
 */
export async function stripAhead(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  options: StripOptions,
): Promise<void> {
  await keep(store, snapshot, await makeStripping(store, known, snapshot, options));
}

async function makeStripping(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  options: StripOptions,
): Promise<StrippingRecord> {
  const key = known.strippingKey(snapshot);
  const others = known.othersOf(snapshot).map((other) => other.snapshot);
  const relocated = await relocatedRows(store, known, snapshot, options);
  const alike = others.length === 0 ? new Uint32Array(0) : await alikeRows(store, snapshot, others, options);
  return { key, relocated, alike };
}

async function relocatedRows(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  { signal, turn = setImmediate }: StripOptions,
): Promise<Uint32Array> {
  const rows: number[] = [];
  if (!known.sets().some(({ hasElf }) => hasElf)) return new Uint32Array(0);
  let seen = 0;
  for (const { row, check } of filePages(store, known, snapshot)) {
    if (check.outcome === "relocated") rows.push(row);
    if (++seen % TURN !== 0) continue;
    signal.throwIfAborted();
    await turn();
  }
  return Uint32Array.from(rows).sort();
}

/** Three numbers of each. */
async function alikeRows(
  store: Store,
  snapshot: SnapshotRecord,
  others: readonly SnapshotRecord[],
  options: StripOptions,
): Promise<Uint32Array> {
  const found = await alikePages(store, snapshot, others, options);
  const rows = new Uint32Array(found.count * 3);
  let at = 0;
  found.snapshot.forEach((other, row) => {
    if (other === NOT_ALIKE) return;
    rows.set([row, other, found.row[row]], at);
    at += 3;
  });
  return rows;
}

async function keep(store: Store, snapshot: SnapshotRecord, stripping: StrippingRecord): Promise<void> {
  using _lock = await store.lock(KEEPING_STRIPPING);
  if (store.catalog.snapshot(snapshot.id) === undefined) return;
  store.catalog.transaction(() => store.catalog.setStripping(snapshot.id, stripping));
}
