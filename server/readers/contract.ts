/**
 * What a dump reader promises. Written for whoever adds the next format.
 *
 * A reader looks at a `ByteSource` (random access; compression is already undone), answers `false` to "is this
 * mine?" without throwing, and otherwise describes the dump: facts, mappings, and where the bytes of its pages lie in
 * the file. It never reads page bytes and never holds the dump; what it keeps is bounded by the number of mappings and
 * page-map entries, all of them checked against what the file holds before anything is allocated.
 *
 * Of a dump that is cut or damaged it throws `DumpError` (`dump-cut`, `dump-damaged`, …), unless `keepCut`: then it
 * describes what is there, and pages whose bytes are lost are runs of kind `lost`.
 */
import type { DumpFormat, Facts, Mapping, Space } from "../../shared/snapshot/index.ts";

/** Random access to the uncompressed dump. Short reads happen only at the end of the source. */
export interface ByteSource {
  readonly size: number;
  /** @returns the bytes of [offset, offset + length), fewer at the end of the source. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface ReadOptions {
  readonly keepCut: boolean;
  /** First address of a raw image, a multiple of 4096. */
  readonly base: bigint;
}

/** What the record of a run says; index = code in `PageRuns.kind`. */
export const RUN_KINDS = ["bytes", "parent", "zero", "lost"] as const;

/**
 * Runs of recorded pages, as columns of equal length; a row is a run of pages with neighbouring addresses whose bytes
 * follow one another in the file. Order: by space (processes by pid, then segments by id), then by page address;
 * rows of one space do not overlap.
 */
export interface PageRuns {
  readonly length: number;
  /** Index into `DumpDescription.spaces`. */
  readonly space: Uint32Array;
  /** First page (address / 4096) in the space. */
  readonly page: Float64Array;
  readonly count: Float64Array;
  /** Index into `RUN_KINDS`: bytes in the file; as in the parent; recorded as zero without bytes; bytes lost by a cut. */
  readonly kind: Uint8Array;
  /** Offset in the file of the first known byte of the first page; −1 without bytes. Not aligned to anything. */
  readonly offset: Float64Array;
  /**
   * Known bytes of the page, [from, to) within 4096, for a page of which the dump holds a part (`count` is 1 then).
   * 0 and 4096 for whole pages.
   */
  readonly from: Uint16Array;
  readonly to: Uint16Array;
}

export interface DumpDescription {
  readonly format: DumpFormat;
  readonly facts: Facts;
  readonly spaces: readonly Space[];
  /** By pid, then by address. `null` when the dump does not say (a pre-checkpoint). */
  readonly mappings: readonly Mapping[] | null;
  readonly runs: PageRuns;
  /**
   * Shared segments: the page ranges (offsets in the segment / 4096) that some process maps, united, ascending. A page
   * of these without a record is absent, counted once.
   */
  readonly segments: readonly {
    readonly space: Space;
    readonly name: string | null;
    readonly mapped: readonly (readonly [number, number])[];
  }[];
  /** What was lost by a cut, in words; empty for a whole dump. */
  readonly lost: readonly string[];
}

export interface DumpReader {
  readonly name: string;
  /** Looks at the content alone, never at a name; reads at most a few blocks and the list of members. */
  recognise(source: ByteSource): Promise<boolean>;
  read(source: ByteSource, options: ReadOptions): Promise<DumpDescription>;
}
