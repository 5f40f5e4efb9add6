/**
 * The likenesses of a snapshot as the store keeps them: made when somebody asks for the first time, some hundred
 * thousand rows at a time, so that whoever is interrupted goes on from the last piece, and the lock is held for the
 * writing of one file.
 */
import { setImmediate } from "node:timers/promises";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import { bisect } from "../../shared/memory/index.ts";
import {
  entriesOf,
  type IndexRun,
  KEEPING_LIKENESSES,
  type LikenessRecord,
  openRun,
  type SnapshotRecord,
  type Store,
  writeRun,
} from "../store/index.ts";
import { LIKENESS_VERSION } from "./normalise.ts";
import { chunksByRow, createPageLikeness, HASH, type PlacedChunk } from "./page-likeness.ts";

/** Rows of one run: 2^18 are 9.4 MiB in memory and on disk, and 1 GiB of pages with pointers. */
const PIECE = 2 ** 18;
const NOTHING: LikenessRecord = { version: LIKENESS_VERSION, nextRow: 0, isWhole: false, runs: [] };

export interface LikenessOptions {
  readonly signal: AbortSignal;
  /** Others of this thread get their turn; settles when the work may go on. */
  readonly turn?: () => Promise<void>;
}

/** Runs of likeness → row of the manifest, by row. */
export type Likenesses = readonly IndexRun[];

/**
 * The likenesses of a snapshot, made and kept where they are not yet.
 * @throws DumpError `store-busy` while another operation writes and something is to be made; `not-found` when the
 *   snapshot is deleted meanwhile; `store-damaged`; `disk-full`
 */
export async function likenessesOf(
  store: Store,
  snapshot: SnapshotRecord,
  options: LikenessOptions,
): Promise<Likenesses> {
  const kept = keptOf(store, snapshot);
  if (kept.isWhole) {
    const runs = await openSound(store, kept);
    if (runs) return runs;
    await forget(store, snapshot);
  }
  return openAll(store, await makeLikenesses(store, snapshot, options, PIECE));
}

/** @param most rows of one run, less than 2^20; a chunk of the manifest is never parted. */
export async function makeLikenesses(
  store: Store,
  snapshot: SnapshotRecord,
  { signal, turn = setImmediate }: LikenessOptions,
  most: number,
): Promise<LikenessRecord> {
  const manifest = store.manifest(snapshot);
  const chunks = chunksByRow(manifest);
  const likenessOf = createPageLikeness(store, manifest);
  let record = keptOf(store, snapshot);
  while (!record.isWhole) {
    const piece = createPiece();
    let at = bisect(chunks.length, (i) => chunks[i].chunk.row < record.nextRow);
    for (; at < chunks.length && piece.hasRoomFor(chunks[at].chunk.rows, most); at++) {
      signal.throwIfAborted();
      piece.add(likenessOf(chunks[at]));
      // After 4 MiB of pages.
      await turn();
    }
    const isWhole = at === chunks.length;
    const nextRow = isWhole ? rowsOf(chunks) : chunks[at].chunk.row;
    record = await keep(store, snapshot, record, piece, { nextRow, isWhole });
  }
  return record;
}

/** One behind the last row. */
export function rowsOf(chunks: readonly PlacedChunk[]): number {
  const last = chunks.at(-1)?.chunk;
  return last ? last.row + last.rows : 0;
}

function keptOf(store: Store, snapshot: SnapshotRecord): LikenessRecord {
  const record = store.catalog.likeness(snapshot.id);
  return record?.version === LIKENESS_VERSION ? record : NOTHING;
}

function openAll(store: Store, { runs }: LikenessRecord): Likenesses {
  return runs.map(({ name }) => openRun(store.blobs, "likeness", name));
}

/** `undefined` when a run is not what it was: what can be made again is no loss. */
async function openSound(store: Store, record: LikenessRecord): Promise<Likenesses | undefined> {
  try {
    const runs = openAll(store, record);
    for (const { name } of record.runs) if ((await store.blobs.digest("likeness", name)) !== name) return undefined;
    return runs;
  } catch (error) {
    if (isDumpError(error) && error.code === "store-damaged") return undefined;
    throw error;
  }
}

/** A damaged file has to go before the sound one can have its name. */
async function forget(store: Store, snapshot: SnapshotRecord): Promise<void> {
  using _lock = await store.lock(KEEPING_LIKENESSES);
  if (store.catalog.snapshot(snapshot.id) === undefined) throw deleted(snapshot);
  store.catalog.transaction(() => store.catalog.setLikeness(snapshot.id, NOTHING));
  store.sweep();
}

/** @returns what the catalog says then: another process may have been here meanwhile, whose piece is as good. */
async function keep(
  store: Store,
  snapshot: SnapshotRecord,
  before: LikenessRecord,
  piece: Piece,
  reached: Pick<LikenessRecord, "nextRow" | "isWhole">,
): Promise<LikenessRecord> {
  using _lock = await store.lock(KEEPING_LIKENESSES);
  if (store.catalog.snapshot(snapshot.id) === undefined) throw deleted(snapshot);
  const now = keptOf(store, snapshot);
  if (now.nextRow !== before.nextRow || now.isWhole) return now;
  try {
    const runs = piece.size > 0 ? [...before.runs, piece.write(store)] : before.runs;
    const record: LikenessRecord = { version: LIKENESS_VERSION, ...reached, runs };
    store.catalog.transaction(() => store.catalog.setLikeness(snapshot.id, record));
    return record;
  } finally {
    store.sweep();
  }
}

function deleted({ id, container, name }: SnapshotRecord): DumpError {
  return new DumpError("not-found", `The snapshot ${container}/${name} has been deleted`, { snapshot: id });
}

type Piece = ReturnType<typeof createPiece>;

/** Likenesses of neighbouring rows on their way into one run. */
function createPiece() {
  let rows = new Uint32Array(1024);
  let hashes = new Uint8Array(rows.length * HASH);
  let size = 0;
  return {
    get size() {
      return size;
    },
    hasRoomFor: (more: number, most: number) => size === 0 || size + more <= most,
    add(more: { readonly rows: Uint32Array; readonly hashes: Uint8Array }) {
      if (size + more.rows.length > rows.length) {
        const length = Math.max(rows.length * 2, size + more.rows.length);
        const [oldRows, oldHashes] = [rows, hashes];
        rows = new Uint32Array(length);
        hashes = new Uint8Array(length * HASH);
        rows.set(oldRows);
        hashes.set(oldHashes);
      }
      rows.set(more.rows, size);
      hashes.set(more.hashes, size * HASH);
      size += more.rows.length;
    },
    write(store: Store) {
      const table = { rows: inOrder(hashes, size), keys: hashes, values: rows };
      return writeRun(store.blobs, "likeness", HASH, size, () => entriesOf(table, HASH));
    },
  };
}

/** Indices of hashes in their order; of equal ones the first first. */
function inOrder(hashes: Uint8Array, size: number): Uint32Array {
  // As much of a hash as a double holds beside the index: sorted as numbers, not by calling a comparison.
  const view = new DataView(hashes.buffer, hashes.byteOffset);
  const keys = new Float64Array(size);
  for (let i = 0; i < size; i++) keys[i] = view.getUint32(i * HASH) * 2 ** 20 + i;
  keys.sort();
  const order = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const index = keys[i] % 2 ** 20;
    let at = i;
    for (; at > 0 && Buffer.compare(hashAt(hashes, order[at - 1]), hashAt(hashes, index)) > 0; at--)
      order[at] = order[at - 1];
    order[at] = index;
  }
  return order;
}

function hashAt(hashes: Uint8Array, index: number): Uint8Array {
  return hashes.subarray(index * HASH, index * HASH + HASH);
}
