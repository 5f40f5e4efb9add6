/**
 * Page hash → page number, on disk: immutable sorted runs with a fan-out table, so that a look-up reads one bucket and
 * nothing is loaded at start. A run (little-endian): "DSIX", u32 version, u32 count, u32 fan-out bits, then
 * (2^bits + 1) × u32 first rows, then count × 36 bytes (hash, u32 page number), hashes ascending.
 * Runs are merged so that each is at least twice as long as the next: a store of 2^24 pages has at most about 20.
 */
import { DumpError } from "../../shared/errors/index.ts";
import type { BlobName, Blobs } from "./blobs.ts";

const ENTRY = 36;
const HEAD = 16;
/** Runs up to this size stay in memory while they are in use: 4 MiB is 116,000 pages. */
const RESIDENT_BYTES = 4 << 20;
/** Entries of a bucket, on average: 64 × 36 B = 2.3 KiB a read. */
const BUCKET = 64;

export interface RunInfo {
  readonly name: BlobName;
  readonly count: number;
}

export interface IndexRun {
  readonly count: number;
  /** @returns the page number, or −1. */
  find(hashes: Uint8Array, offset: number): number;
  /** Entries [row, row + count) as stored, 36 bytes each. */
  entries(row: number, count: number): Uint8Array;
}

/** @param entries count × 36 bytes in pieces, hashes ascending. */
export function writeRun(
  blobs: Blobs,
  kind: "index" | "known",
  count: number,
  entries: () => Iterable<Uint8Array>,
): { readonly run: RunInfo; readonly grown: number } {
  let bits = 0;
  while (bits < 16 && count / 2 ** bits > BUCKET) bits++;
  const fan = new Uint32Array(2 ** bits + 1);
  for (const piece of entries()) {
    for (let at = 0; at < piece.length; at += ENTRY) fan[bucketOf(piece, at, bits) + 1]++;
  }
  for (let i = 1; i < fan.length; i++) fan[i] += fan[i - 1];
  const writer = blobs.create(kind);
  try {
    const head = new Uint8Array(HEAD);
    head.set(new TextEncoder().encode("DSIX"));
    const view = new DataView(head.buffer);
    view.setUint32(4, 1, true);
    view.setUint32(8, count, true);
    view.setUint32(12, bits, true);
    writer.append(head);
    writer.append(new Uint8Array(fan.buffer));
    for (const piece of entries()) writer.append(piece);
    const { name, grown } = writer.finish();
    return { run: { name, count }, grown };
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

export function openRun(blobs: Blobs, kind: "index" | "known", name: BlobName): IndexRun {
  const head = blobs.read(kind, name, 0, HEAD);
  const view = new DataView(head.buffer);
  if (new TextDecoder().decode(head.subarray(0, 4)) !== "DSIX" || view.getUint32(4, true) !== 1) {
    throw new DumpError("store-damaged", `${kind}/${name} is not a run of page hashes`, { blob: `${kind}/${name}` });
  }
  const count = view.getUint32(8, true);
  const bits = view.getUint32(12, true);
  const fan = new Uint32Array(blobs.read(kind, name, HEAD, (2 ** bits + 1) * 4).buffer);
  const start = HEAD + fan.byteLength;
  const resident = count * ENTRY <= RESIDENT_BYTES ? blobs.read(kind, name, start, count * ENTRY) : undefined;
  const entries = (row: number, rows: number) =>
    resident
      ? resident.subarray(row * ENTRY, (row + rows) * ENTRY)
      : blobs.read(kind, name, start + row * ENTRY, rows * ENTRY);
  return {
    count,
    entries,
    find(hashes, offset) {
      const bucket = bucketOf(hashes, offset, bits);
      const first = fan[bucket];
      const rows = fan[bucket + 1] - first;
      if (rows === 0) return -1;
      const piece = entries(first, rows);
      let low = 0;
      let high = rows;
      while (low < high) {
        const middle = (low + high) >> 1;
        const order = compareHashes(piece, middle * ENTRY, hashes, offset);
        if (order === 0) return new DataView(piece.buffer, piece.byteOffset).getUint32(middle * ENTRY + 32, true);
        if (order < 0) low = middle + 1;
        else high = middle;
      }
      return -1;
    },
  };
}

/** Merges runs (disjoint hashes) into pieces of entries, dropping page numbers that `keep` refuses. */
export function* mergeRuns(
  runs: readonly IndexRun[],
  keep: (page: number) => boolean = () => true,
): Generator<Uint8Array> {
  const PIECE = 16_384; // entries: 576 KiB a run in memory
  const readers: { readonly run: IndexRun; next: number; piece: Uint8Array; at: number }[] = runs.map((run) => ({
    run,
    next: 0,
    piece: new Uint8Array(0),
    at: 0,
  }));
  const fill = (reader: (typeof readers)[number]) => {
    if (reader.at < reader.piece.length || reader.next >= reader.run.count) return;
    const rows = Math.min(PIECE, reader.run.count - reader.next);
    reader.piece = reader.run.entries(reader.next, rows);
    reader.next += rows;
    reader.at = 0;
  };
  let out = new Uint8Array(PIECE * ENTRY);
  let filled = 0;
  for (;;) {
    let least: (typeof readers)[number] | undefined;
    for (const reader of readers) {
      fill(reader);
      if (reader.at >= reader.piece.length) continue;
      if (!least || compareHashes(reader.piece, reader.at, least.piece, least.at) < 0) least = reader;
    }
    if (!least) break;
    const page = new DataView(least.piece.buffer, least.piece.byteOffset).getUint32(least.at + 32, true);
    if (keep(page)) {
      out.set(least.piece.subarray(least.at, least.at + ENTRY), filled);
      filled += ENTRY;
      if (filled === out.length) {
        yield out;
        out = new Uint8Array(PIECE * ENTRY);
        filled = 0;
      }
    }
    least.at += ENTRY;
  }
  if (filled > 0) yield out.subarray(0, filled);
}

/** One piece of entries from a table of hashes in sorted order. */
export function entriesOf(sorted: {
  readonly rows: Uint32Array;
  readonly keys: Uint8Array;
  readonly values: Uint32Array;
}): Uint8Array {
  const entries = new Uint8Array(sorted.rows.length * ENTRY);
  const view = new DataView(entries.buffer);
  sorted.rows.forEach((row, i) => {
    entries.set(sorted.keys.subarray(row * 32, row * 32 + 32), i * ENTRY);
    view.setUint32(i * ENTRY + 32, sorted.values[row], true);
  });
  return entries;
}

function bucketOf(hashes: Uint8Array, offset: number, bits: number): number {
  return ((hashes[offset] << 8) | hashes[offset + 1]) >> (16 - bits);
}

function compareHashes(a: Uint8Array, atA: number, b: Uint8Array, atB: number): number {
  for (let i = 0; i < 32; i++) {
    const difference = a[atA + i] - b[atB + i];
    if (difference !== 0) return difference;
  }
  return 0;
}
