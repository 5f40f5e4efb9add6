/**
 * Hash → number on disk: immutable sorted runs with a fan-out table, so that a look-up reads one bucket and nothing is
 * loaded at start. Little-endian:
 *
 *     "DSIX", u32 version, u32 count, u32 fan-out bits, u32 key bytes, u32 filter blocks
 *     (2^bits + 1) × u32 first entry; count × (key, u32 number), keys ascending; filter blocks × 64 B
 *
 * A key is the beginning of a SHA-256. Known sets and likenesses keep it whole (32 B). The page index keeps 8 B: whoever looks up a
 * page compares its whole hash with the one in its pack (`page-hashes.ts`), so 16.7 million pages are 200 MB, not 600.
 * The filter (a Bloom filter in blocks of a cache line, 8 bits a key: 3 % false) spares the look-ups of pages that no
 * run has, which are all of a first dump.
 */
import { DumpError } from "../../shared/errors/index.ts";
import { bisect } from "../../shared/memory/index.ts";
import type { BlobName, Blobs } from "./blobs.ts";

export type KeyBytes = 8 | 32;
/** Of the page index. */
export const PAGE_KEY: KeyBytes = 8;

const HASH = 32;
const HEAD = 24;
const VERSION = 2;
/** Runs up to this size stay in memory while they are in use: 4 MiB is 350,000 pages. */
const RESIDENT_BYTES = 4 << 20;
/** Entries of a bucket, on average. */
const BUCKET = 64;
/** A fan-out table of 4 MiB: 64 GiB of distinct pages have 2^18 buckets. */
const MOST_BITS = 20;
const FILTER_BLOCK = 64;
const KEYS_A_BLOCK = 64;
/** Entries that are written or merged at once: at most 576 KiB a run. */
const PIECE = 16_384;
const FILTER_BITS = 4;

/** Kinds of blobs that are runs. */
export type RunKind = "index" | "known" | "likeness";

export interface RunInfo {
  readonly name: BlobName;
  readonly count: number;
}

export interface IndexRun {
  readonly count: number;
  readonly keyBytes: KeyBytes;
  /**
   * The first number of a hash, or −1.
   * @param accept decides among keys that begin alike.
   */
  find(hashes: Uint8Array, offset: number, accept?: (number: number) => boolean): number;
  /** Entries [first, first + count) as stored. */
  entries(first: number, count: number): Uint8Array;
}

/** @param entries count entries in pieces, ascending; iterated twice. */
export function writeRun(
  blobs: Blobs,
  kind: RunKind,
  keyBytes: KeyBytes,
  count: number,
  entries: () => Iterable<Uint8Array>,
): RunInfo {
  const entry = keyBytes + 4;
  let bits = 0;
  while (bits < MOST_BITS && count / 2 ** bits > BUCKET) bits++;
  const fan = new Uint32Array(2 ** bits + 1);
  const filter = new Uint8Array(isResident(count, entry) ? 0 : Math.ceil(count / KEYS_A_BLOCK) * FILTER_BLOCK);
  for (const piece of entries()) {
    for (let at = 0; at < piece.length; at += entry) {
      fan[bucketOf(piece, at, bits) + 1]++;
      if (filter.length > 0) mark(filter, piece, at);
    }
  }
  for (let i = 1; i < fan.length; i++) fan[i] += fan[i - 1];
  const writer = blobs.create(kind);
  try {
    const head = new Uint8Array(HEAD);
    head.set(new TextEncoder().encode("DSIX"));
    head.set(new Uint8Array(Uint32Array.of(VERSION, count, bits, keyBytes, filter.length / FILTER_BLOCK).buffer), 4);
    writer.append(head);
    writer.append(new Uint8Array(fan.buffer));
    for (const piece of entries()) writer.append(piece);
    writer.append(filter);
    return { name: writer.finish(), count };
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** @throws DumpError `store-damaged` */
export function openRun(blobs: Blobs, kind: RunKind, name: BlobName): IndexRun {
  const head = blobs.read(kind, name, 0, HEAD);
  const [version, count, bits, keyBytes, filterBlocks] = new Uint32Array(head.buffer, 4, 5);
  const isRun = new TextDecoder().decode(head.subarray(0, 4)) === "DSIX" && version === VERSION && bits <= MOST_BITS;
  if (!isRun || (keyBytes !== 8 && keyBytes !== 32)) {
    throw new DumpError("store-damaged", `${kind}/${name} is not a run of page hashes`, { blob: `${kind}/${name}` });
  }
  const entry = keyBytes + 4;
  const fan = new Uint32Array(blobs.read(kind, name, HEAD, (2 ** bits + 1) * 4).buffer);
  const start = HEAD + fan.byteLength;
  const resident = isResident(count, entry) ? blobs.read(kind, name, start, count * entry) : undefined;
  const filter = blobs.read(kind, name, start + count * entry, filterBlocks * FILTER_BLOCK);
  const entries = (first: number, rows: number) =>
    resident
      ? resident.subarray(first * entry, (first + rows) * entry)
      : blobs.read(kind, name, start + first * entry, rows * entry);
  return {
    count,
    keyBytes,
    entries,
    find(hashes, offset, accept = () => true) {
      if (filter.length > 0 && !mayHold(filter, hashes, offset)) return -1;
      const bucket = bucketOf(hashes, offset, bits);
      const first = fan[bucket];
      const rows = fan[bucket + 1] - first;
      if (rows === 0) return -1;
      const piece = entries(first, rows);
      const numbers = new DataView(piece.buffer, piece.byteOffset);
      for (
        let row = bisect(rows, (i) => compareKeys(piece, i * entry, hashes, offset, keyBytes) < 0);
        row < rows && compareKeys(piece, row * entry, hashes, offset, keyBytes) === 0;
        row++
      ) {
        const number = numbers.getUint32(row * entry + keyBytes, true);
        if (accept(number)) return number;
      }
      return -1;
    },
  };
}

/**
 * Merges runs into pieces of entries with the keys of the page index, dropping page numbers that `keep` refuses. The
 * pieces use one memory.
 * Runs hold different pages; keys that begin alike keep all their pages.
 */
export function* mergeRuns(
  runs: readonly IndexRun[],
  keep: (page: number) => boolean = () => true,
): Generator<Uint8Array> {
  const ENTRY = PAGE_KEY + 4;
  const nothing: Uint8Array = new Uint8Array(0);
  const readers = runs.map((run) => ({ run, size: run.keyBytes + 4, next: 0, piece: nothing, at: 0 }));
  const fill = (reader: (typeof readers)[number]) => {
    if (reader.at < reader.piece.length || reader.next >= reader.run.count) return;
    const rows = Math.min(PIECE, reader.run.count - reader.next);
    reader.piece = reader.run.entries(reader.next, rows);
    reader.next += rows;
    reader.at = 0;
  };
  const out = new Uint8Array(PIECE * ENTRY);
  let filled = 0;
  for (;;) {
    let least: (typeof readers)[number] | undefined;
    for (const reader of readers) {
      fill(reader);
      if (reader.at >= reader.piece.length) continue;
      if (!least || compareKeys(reader.piece, reader.at, least.piece, least.at, PAGE_KEY) < 0) least = reader;
    }
    if (!least) break;
    const number = least.at + least.run.keyBytes;
    if (keep(numberAt(least.piece, number))) {
      for (let k = 0; k < PAGE_KEY; k++) out[filled + k] = least.piece[least.at + k];
      for (let k = 0; k < 4; k++) out[filled + PAGE_KEY + k] = least.piece[number + k];
      filled += ENTRY;
      if (filled === out.length) {
        yield out;
        filled = 0;
      }
    }
    least.at += least.size;
  }
  if (filled > 0) yield out.subarray(0, filled);
}

/** Entries of a table of hashes in sorted order, in pieces that use one memory. */
export function* entriesOf(
  { rows, keys, values }: { readonly rows: Uint32Array; readonly keys: Uint8Array; readonly values: Uint32Array },
  keyBytes: KeyBytes,
): Generator<Uint8Array> {
  const entry = keyBytes + 4;
  const piece = new Uint8Array(PIECE * entry);
  const view = new DataView(piece.buffer);
  for (let first = 0; first < rows.length; first += PIECE) {
    const count = Math.min(PIECE, rows.length - first);
    for (let i = 0; i < count; i++) {
      const row = rows[first + i];
      for (let k = 0; k < keyBytes; k++) piece[i * entry + k] = keys[row * HASH + k];
      view.setUint32(i * entry + keyBytes, values[row], true);
    }
    yield piece.subarray(0, count * entry);
  }
}

function numberAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

function isResident(count: number, entry: number): boolean {
  return count * entry <= RESIDENT_BYTES;
}

function bucketOf(hashes: Uint8Array, offset: number, bits: number): number {
  return ((hashes[offset] << 16) | (hashes[offset + 1] << 8) | hashes[offset + 2]) >> (24 - bits);
}

/** Bits of a key in its block: from bytes that the fan-out does not use, so that both spread on their own. */
function mark(filter: Uint8Array, keys: Uint8Array, offset: number): void {
  const block = blockOf(filter, keys, offset);
  let bits = bitsOf(keys, offset);
  for (let i = 0; i < FILTER_BITS; i++, bits = Math.floor(bits / 512)) {
    const bit = bits % 512;
    filter[block + (bit >> 3)] |= 1 << (bit & 7);
  }
}

function mayHold(filter: Uint8Array, keys: Uint8Array, offset: number): boolean {
  const block = blockOf(filter, keys, offset);
  let bits = bitsOf(keys, offset);
  for (let i = 0; i < FILTER_BITS; i++, bits = Math.floor(bits / 512)) {
    const bit = bits % 512;
    if ((filter[block + (bit >> 3)] & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

function blockOf(filter: Uint8Array, keys: Uint8Array, offset: number): number {
  const prefix = ((keys[offset] << 24) | (keys[offset + 1] << 16) | (keys[offset + 2] << 8) | keys[offset + 3]) >>> 0;
  return Math.floor((prefix / 2 ** 32) * (filter.length / FILTER_BLOCK)) * FILTER_BLOCK;
}

/** 36 bits of bytes 3 to 7. */
function bitsOf(keys: Uint8Array, offset: number): number {
  const low = ((keys[offset + 4] << 24) | (keys[offset + 5] << 16) | (keys[offset + 6] << 8) | keys[offset + 7]) >>> 0;
  return low + (keys[offset + 3] & 15) * 2 ** 32;
}

function compareKeys(a: Uint8Array, atA: number, b: Uint8Array, atB: number, length: number): number {
  for (let i = 0; i < length; i++) {
    const difference = a[atA + i] - b[atB + i];
    if (difference !== 0) return difference;
  }
  return 0;
}
