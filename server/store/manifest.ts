/**
 * The manifest of a snapshot: a blob whose sections are chunks of page columns and whose directory says what the dump
 * is, which mappings it has, and where each chunk lies. A chunk that an earlier manifest holds is referred to there.
 * The provenance of ingest has a blob of its own, because it differs where content does not.
 */

import { createHash } from "node:crypto";
import type { PageCounts } from "../../shared/api/index.ts";
import {
  decodeChunk,
  decodePages,
  encodeChunk,
  encodePages,
  type ManifestColumns,
} from "../../shared/manifest/index.ts";
import { bisect } from "../../shared/memory/index.ts";
import type { Facts, Mapping } from "../../shared/snapshot/index.ts";
import type { BlobName, Blobs } from "./blobs.ts";
import { LeastRecent } from "./page-store.ts";
import { createSections, readDirectory, readSection, type Section } from "./sections.ts";

const MANIFEST = "DSMF";
const PROVENANCE = "DSPV";
/** Rows of provenance in one section: 64 full chunks. */
const PROVENANCE_ROWS = 65_536;
/** 512 chunks of at most 5 KiB: 2.5 MiB. */
const CHUNKS = 512;

/** A chunk by the pages that it covers. */
export interface ChunkPlace {
  /** First page (address / 4096 in the space). */
  readonly start: number;
  readonly rows: number;
}

export interface ChunkRef extends Section, ChunkPlace {
  /** First row in the provenance of the snapshot. */
  readonly row: number;
  /** SHA-256 of the chunk's bytes. */
  readonly digest: string;
  /** The manifest that holds it; this one when left out. */
  readonly blob?: BlobName;
}

/** A mapping on the strip, or a shared segment as a whole. */
export interface LaidManifest<Chunk extends ChunkPlace = ChunkRef> {
  readonly mapping: Mapping;
  readonly counts: PageCounts;
  /** Blocks of 16 pages from the mapping's start, [from, to). */
  readonly shown: readonly (readonly [number, number])[];
  readonly chunks: readonly Chunk[];
}

interface Laid<Chunk extends ChunkPlace> {
  readonly facts: Facts;
  /** In strip order: processes by pid, then segments by id, addresses ascending. */
  readonly laid: readonly LaidManifest<Chunk>[];
  /** Mappings of shared segments, whose pages are laid once with the segment: with the counts of their part. */
  readonly segmentMaps: readonly { readonly mapping: Mapping; readonly counts: PageCounts }[];
  /** `false`: the dump does not say (a pre-checkpoint). */
  readonly hasMappings: boolean;
}

/** What stands where: of a manifest of the store, or of a dump that is still arriving. */
export interface LaidPages<Chunk extends ChunkPlace = ChunkRef> extends Laid<Chunk> {
  columns(chunk: Chunk): ManifestColumns;
}

export interface ManifestDirectory extends Laid<ChunkRef> {
  /** Distinct page numbers, ascending, as a section of differences. */
  readonly distinct: Section;
}

export interface ManifestWriter {
  /** Refers to an equal chunk of an earlier manifest instead of writing it again. */
  chunk(start: number, columns: ManifestColumns): ChunkRef;
  finish(directory: Omit<ManifestDirectory, "distinct">, distinct: Uint32Array): BlobName;
  abandon(): void;
}

/** @param known chunks of an earlier manifest by digest. */
export function createManifest(blobs: Blobs, known: ReadonlyMap<string, ChunkRef>): ManifestWriter {
  const sections = createSections<ManifestDirectory>(blobs, "manifests", MANIFEST);
  const own = new Map<string, ChunkRef>();
  let row = 0;
  return {
    chunk(start, columns) {
      const bytes = encodeChunk(columns);
      const digest = createHash("sha256").update(bytes).digest("hex");
      const there = known.get(digest) ?? own.get(digest);
      const section: Section & { blob?: BlobName } = there
        ? {
            offset: there.offset,
            bytes: there.bytes,
            length: there.length,
            ...(there.blob === undefined ? {} : { blob: there.blob }),
          }
        : sections.append(bytes);
      const ref: ChunkRef = { start, rows: columns.state.length, row, digest, ...section };
      row += columns.state.length;
      if (!there) own.set(digest, ref);
      return ref;
    },
    finish(directory, distinct) {
      return sections.finish({ ...directory, distinct: sections.append(encodePages(distinct)) });
    },
    abandon: () => sections.abandon(),
  };
}

/** Facts as manifests hold them: those written before machines had facts of their own say nothing of one. */
type StoredFacts = Omit<Facts, "machine"> & Partial<Pick<Facts, "machine">>;
type StoredDirectory = Omit<ManifestDirectory, "facts"> & { readonly facts: StoredFacts };

/** A manifest opened for reading; chunks are read when asked for. */
export interface Manifest extends ManifestDirectory, LaidPages {
  readonly name: BlobName;
  distinctPages(): Uint32Array;
  /** Other manifests whose chunks this one refers to. */
  readonly refersTo: ReadonlySet<BlobName>;
}

const decoded = new LeastRecent<ManifestColumns>(CHUNKS);

export function openManifest(blobs: Blobs, name: BlobName): Manifest {
  const directory = readDirectory<StoredDirectory>(blobs, "manifests", name, MANIFEST);
  const refersTo = new Set<BlobName>();
  for (const laid of directory.laid)
    for (const chunk of laid.chunks) if (chunk.blob !== undefined) refersTo.add(chunk.blob);
  return {
    ...directory,
    facts: { ...directory.facts, machine: directory.facts.machine ?? null },
    name,
    refersTo,
    columns: (ref) =>
      decoded.get(ref.digest, () => decodeChunk(readSection(blobs, "manifests", ref.blob ?? name, ref))),
    distinctPages: () => decodePages(readSection(blobs, "manifests", name, directory.distinct)),
  };
}

/** The chunks of a manifest by digest, each with the blob that holds it. */
export function chunksByDigest(manifest: Manifest): Map<string, ChunkRef> {
  const chunks = new Map<string, ChunkRef>();
  for (const laid of manifest.laid)
    for (const chunk of laid.chunks) chunks.set(chunk.digest, { ...chunk, blob: chunk.blob ?? manifest.name });
  return chunks;
}

/** Another snapshot that a `shared` page was found in, as it was called then. */
export interface Sharer {
  readonly snapshot: string;
  readonly name: string;
}

interface ProvenanceDirectory {
  readonly rows: number;
  readonly sections: readonly Section[];
  readonly sharers: readonly Sharer[];
  /** u32 row, u32 index into `sharers`, for each shared row. */
  readonly shared: Section;
}

export interface ProvenanceWriter {
  /** One code of PROVENANCES for each next row of the manifest (255 where nothing is recorded); never `known`. */
  append(codes: Uint8Array): void;
  /** @param shared (row, index into `sharers`) of each shared row, ascending. */
  finish(sharers: readonly Sharer[], shared: Uint32Array): BlobName;
  abandon(): void;
}

export function createProvenance(blobs: Blobs): ProvenanceWriter {
  const writer = createSections<ProvenanceDirectory>(blobs, "manifests", PROVENANCE);
  const sections: Section[] = [];
  const filling = new Uint8Array(PROVENANCE_ROWS);
  let filled = 0;
  let rows = 0;
  const close = () => {
    if (filled > 0) sections.push(writer.append(filling.subarray(0, filled)));
    filled = 0;
  };
  return {
    append(codes) {
      for (let at = 0; at < codes.length; ) {
        const some = codes.subarray(at, at + PROVENANCE_ROWS - filled);
        filling.set(some, filled);
        filled += some.length;
        at += some.length;
        if (filled === PROVENANCE_ROWS) close();
      }
      rows += codes.length;
    },
    finish(sharers, shared) {
      close();
      const bytes = new Uint8Array(shared.buffer, shared.byteOffset, shared.byteLength);
      return writer.finish({ rows, sections, sharers, shared: writer.append(bytes) });
    },
    abandon: () => writer.abandon(),
  };
}

export interface ProvenanceReader {
  readonly rows: number;
  /** Codes of rows [row, row + count). */
  codes(row: number, count: number): Uint8Array;
  sharerOf(row: number): Sharer | undefined;
}

export function openProvenance(blobs: Blobs, name: BlobName): ProvenanceReader {
  const directory = readDirectory<ProvenanceDirectory>(blobs, "manifests", name, PROVENANCE);
  const cache = new LeastRecent<Uint8Array>(64);
  let shared: Uint32Array | undefined;
  return {
    rows: directory.rows,
    codes(row, count) {
      const out = new Uint8Array(count);
      for (let done = 0; done < count; ) {
        const section = Math.floor((row + done) / PROVENANCE_ROWS);
        const codes = cache.get(String(section), () =>
          readSection(blobs, "manifests", name, directory.sections[section]),
        );
        const at = row + done - section * PROVENANCE_ROWS;
        const piece = codes.subarray(at, Math.min(codes.length, at + count - done));
        out.set(piece, done);
        done += piece.length;
      }
      return out;
    },
    sharerOf(row) {
      shared ??= new Uint32Array(readSection(blobs, "manifests", name, directory.shared).slice().buffer);
      // Rows ascend.
      const rows = shared;
      const at = bisect(rows.length / 2, (i) => rows[i * 2] < row);
      return shared[at * 2] === row ? directory.sharers[shared[at * 2 + 1]] : undefined;
    },
  };
}
