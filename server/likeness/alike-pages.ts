/**
 * Which pages of a snapshot are alike to a page of others. Likenesses are kept in order, so two snapshots are joined by
 * reading each once, from end to end.
 */
import { setImmediate } from "node:timers/promises";
import { bisect } from "../../shared/memory/index.ts";
import type { IndexRun, SnapshotRecord, Store } from "../store/index.ts";
import { type LikenessOptions, likenessesOf, rowsOf } from "./likeness.ts";
import { chunksByRow, HASH } from "./page-likeness.ts";

/** Of a row that is alike to nothing. */
export const NOT_ALIKE = 0xffff;

const ENTRY = HASH + 4;
/** Entries of a run in memory at once: 288 KiB. */
const PIECE = 8192;
/** Entries compared, or rows looked through, before others of this thread get their turn. */
const TURN = 65_536;

/** One row a row of the snapshot's manifest, as its provenance has them: 6 B, so 1.5 MiB for 1 GiB of pages. */
export interface AlikePages {
  /** Index into the snapshots asked for, of the first that holds such a page; or `NOT_ALIKE`. */
  readonly snapshot: Uint16Array;
  /** The first row of that snapshot's manifest with such a page: `placesByRow` says where it lies. */
  readonly row: Uint32Array;
  readonly count: number;
}

/**
 * A page whose very content one of the others holds is not alike but the same, and left out.
 * @param against at most 65,535 snapshots, the first first.
 * @throws DumpError as `likenessesOf`
 */
export async function alikePages(
  store: Store,
  snapshot: SnapshotRecord,
  against: readonly SnapshotRecord[],
  options: LikenessOptions,
): Promise<AlikePages> {
  const manifest = store.manifest(snapshot);
  const chunks = chunksByRow(manifest);
  const columns = { snapshot: new Uint16Array(rowsOf(chunks)).fill(NOT_ALIKE), row: new Uint32Array(rowsOf(chunks)) };
  const own = await likenessesOf(store, snapshot, options);
  for (const [index, other] of against.entries()) {
    await join(own, await likenessesOf(store, other, options), options, (row, otherRow) => {
      if (columns.snapshot[row] !== NOT_ALIKE) return;
      columns.snapshot[row] = index;
      columns.row[row] = otherRow;
    });
  }
  const contents = against.map((other) => store.manifest(other).distinctPages());
  let count = 0;
  let seen = 0;
  for (const { chunk } of chunks) {
    seen += chunk.rows;
    if (seen >= TURN) {
      seen = 0;
      options.signal.throwIfAborted();
      await (options.turn ?? setImmediate)();
    }
    const { page } = manifest.columns(chunk);
    for (let i = 0; i < page.length; i++) {
      const row = chunk.row + i;
      if (columns.snapshot[row] === NOT_ALIKE) continue;
      if (contents.some((pages) => includes(pages, page[i]))) columns.snapshot[row] = NOT_ALIKE;
      else count++;
    }
  }
  return { ...columns, count };
}

function includes(ascending: Uint32Array, page: number): boolean {
  return ascending[bisect(ascending.length, (i) => ascending[i] < page)] === page;
}

/** Tells each row of `runs` whose likeness is among `others` too, and the first row that has it there. */
async function join(
  runs: readonly IndexRun[],
  others: readonly IndexRun[],
  { signal, turn = setImmediate }: LikenessOptions,
  onMatch: (row: number, otherRow: number) => void,
): Promise<void> {
  const own = createCursor(runs);
  const other = createCursor(others);
  for (let steps = 1; own.isOpen && other.isOpen; steps++) {
    const order = own.compare(other);
    if (order === 0) onMatch(own.row, other.row);
    // The first of the others stays for the rest of the own that are equal.
    if (order <= 0) own.next();
    else other.next();
    if (steps % TURN !== 0) continue;
    signal.throwIfAborted();
    await turn();
  }
}

interface Head {
  readonly run: IndexRun;
  readFrom: number;
  piece: Uint8Array;
  at: number;
}

interface Cursor {
  readonly isOpen: boolean;
  readonly row: number;
  readonly head: Head;
  compare(other: Cursor): number;
  next(): void;
}

/** Entries of runs in the order of their likenesses; equal ones in the order of the runs, which is that of their rows. */
function createCursor(runs: readonly IndexRun[]): Cursor {
  const heads = runs.map((run): Head => ({ run, readFrom: 0, piece: new Uint8Array(0), at: 0 })).filter(fill);
  let head = least(heads);
  return {
    get isOpen() {
      return heads.length > 0;
    },
    get head() {
      return head;
    },
    get row() {
      const { piece, at } = head;
      return new DataView(piece.buffer, piece.byteOffset + at + HASH, 4).getUint32(0, true);
    },
    compare: (other) => compareHeads(head, other.head),
    next() {
      head.at += ENTRY;
      if (!fill(head)) heads.splice(heads.indexOf(head), 1);
      head = least(heads);
    },
  };
}

/** @returns whether there is an entry at its place */
function fill(head: Head): boolean {
  if (head.at < head.piece.length) return true;
  const count = Math.min(PIECE, head.run.count - head.readFrom);
  head.piece = count > 0 ? head.run.entries(head.readFrom, count) : new Uint8Array(0);
  head.readFrom += count;
  head.at = 0;
  return count > 0;
}

function least(heads: readonly Head[]): Head {
  let found = heads[0];
  for (let i = 1; i < heads.length; i++) if (compareHeads(heads[i], found) < 0) found = heads[i];
  return found;
}

function compareHeads(a: Head, b: Head): number {
  for (let i = 0; i < HASH; i++) {
    const difference = a.piece[a.at + i] - b.piece[b.at + i];
    if (difference !== 0) return difference;
  }
  return 0;
}
