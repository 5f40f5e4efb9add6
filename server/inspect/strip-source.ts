/**
 * What is laid (a snapshot, each side of a comparison, a dump that is still arriving) as columns over a strip: what
 * tiles are cut from.
 */

import { createHash } from "node:crypto";
import { type ManifestColumns, NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { bisect } from "../../shared/memory/index.ts";
import { type Because, isRecorded, PAGE_STATES, type Space, stateCode } from "../../shared/snapshot/index.ts";
import { BLOCK_PAGES, type LaidMapping, layStrip, type Strip } from "../../shared/strip/index.ts";
import { cellStateCode, LEFT_TO_DELETED_FILE, LEFT_TO_FILE } from "../../shared/tile/index.ts";
import { type Comparison, NO_VERDICT, stripSources } from "../compare/index.ts";
import { NOT_RECORDED } from "../explain/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import {
  type ChunkPlace,
  type ChunkRef,
  type LaidManifest,
  type LaidPages,
  type Manifest,
  NO_ROW,
  placesOf,
  type SnapshotRecord,
  type Store,
} from "../store/index.ts";
import type { PageContents, StripColumns, StripSource } from "../tiles/index.ts";
import { laidOf } from "./bytes.ts";

const GAP = cellStateCode("gap");
const IMAGE = cellStateCode("image");
const RECORDED = cellStateCode("recorded");
const MISSING = cellStateCode("missing");

const CELL_OF_ABSENT: Readonly<Record<Because, number>> = {
  file: cellStateCode("image"),
  untouched: cellStateCode("untouched"),
  excluded: cellStateCode("excluded"),
  missing: MISSING,
};
/** PAGE_STATES code → code of CELL_STATES. */
const CELL_OF_STATE = Uint8Array.from(PAGE_STATES, (state, code) => {
  if (state === "parent-missing") return MISSING;
  if (isRecorded(code)) return RECORDED;
  return CELL_OF_ABSENT[state.slice("absent-".length) as Because];
});
/** What a cell shows of each page. */
interface CellCodes {
  /** By code of PAGE_STATES. */
  readonly ofState: Uint8Array;
  /** Of a page of which there is no row. */
  readonly ofAbsent: Readonly<Record<Because, number>>;
}

const SNAPSHOT_CELLS: CellCodes = { ofState: CELL_OF_STATE, ofAbsent: CELL_OF_ABSENT };

const NOT_HERE = cellStateCode("not-loaded");
const IN_PARENT = stateCode("parent-missing");
/** Before the commit nobody has looked for what is in the parent: it may be found. */
const WHOLE_CELLS: CellCodes = {
  ofState: CELL_OF_STATE.map((cell, code) => (code === IN_PARENT ? NOT_HERE : cell)),
  ofAbsent: CELL_OF_ABSENT,
};
/** While the file grows everything that is missing may come. */
const GROWING_CELLS: CellCodes = {
  ofState: CELL_OF_STATE.map((cell) => (cell === MISSING ? NOT_HERE : cell)),
  ofAbsent: { ...CELL_OF_ABSENT, missing: NOT_HERE },
};

/** @param whenSummarised settles when those who make summaries now have made them; `undefined` when nobody does. */
export function pageContents(
  store: Store,
  whenSummarised: () => Promise<void> | undefined = () => undefined,
): PageContents {
  return {
    bytes: async (pages) => store.pages.bytes(pages),
    async summaries(pages) {
      await whenSummarised();
      return store.pages.summaries(pages);
    },
    async totals(pages) {
      await whenSummarised();
      return store.pages.totals(pages);
    },
  };
}

export interface SnapshotStrip extends StripSource {
  readonly strip: Strip;
}

/**
 * The strip of a snapshot with live provenance as rank.
 * @param shown blocks that are shown, of each laid mapping; those of the manifest when left out.
 */
export function snapshotStrip(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  shown?: readonly (readonly (readonly [number, number])[])[],
): SnapshotStrip {
  const provenance = store.provenance(record);
  const knownPages = known.pagesOf(record);
  return namedStrip(store.manifest(record), shown, (chunk, content) =>
    known.overlay(knownPages, provenance.codes(chunk.row, chunk.rows), content.page, chunk.row),
  );
}

/** The same without ranks, for what shows nothing of why a page needs no look: the half of the time. */
export function unrankedStrip(
  store: Store,
  record: SnapshotRecord,
  shown?: readonly (readonly (readonly [number, number])[])[],
): SnapshotStrip {
  return namedStrip(store.manifest(record), shown, null);
}

function namedStrip(
  manifest: Manifest,
  shown: readonly (readonly (readonly [number, number])[])[] | undefined,
  codesOf: CodesOf<ChunkRef> | null,
): SnapshotStrip {
  const strip = stripOf(manifest, shown);
  return {
    ...laidStrip(manifest, strip, codesOf, SNAPSHOT_CELLS),
    contentName: (from, count) => contentName(manifest, strip, from, count),
  };
}

/** Laid once for each list of blocks: each request for tiles needs it, and a dump may have 66,000 mappings. */
const laidStrips = new WeakMap<object, Strip>();

function stripOf(manifest: Manifest, shown: readonly (readonly (readonly [number, number])[])[] | undefined): Strip {
  const of = shown ?? manifest.laid;
  let strip = laidStrips.get(of);
  if (!strip) {
    const laid = shown ? manifest.laid.map((one, i) => ({ ...one, shown: shown[i] })) : manifest.laid;
    strip = layStrip(stripSources({ laid }));
    laidStrips.set(of, strip);
  }
  return strip;
}

/**
 * Of where the rows lie, and of their chunks: the digest of a whole chunk is that of its states and page numbers; of a
 * chunk that the rows end in, its own rows are read, so that a fine tile is not another one for what changed beside it.
 */
function contentName(manifest: Manifest, strip: Strip, from: number, count: number): string {
  const hash = createHash("sha256");
  for (const { laid, row, page, pages } of piecesOf(strip, from, count)) {
    const { mapping, chunks } = manifest.laid[laid.source];
    const mapped = mapping.spaceStart + (mapping.range.end - mapping.range.start) - page;
    hash.update(`${row} ${pages} ${Math.min(pages, mapped)} ${mapping.absent}\n`);
    for (const chunk of chunksWithin(chunks, page, page + pages)) {
      const first = Math.max(0, page - chunk.start);
      const end = Math.min(chunk.rows, page + pages - chunk.start);
      hash.update(`${chunk.start + first - page} ${end - first}\n`);
      if (first === 0 && end === chunk.rows) {
        hash.update(chunk.digest);
        continue;
      }
      const content = manifest.columns(chunk);
      hash.update(content.state.subarray(first, end)).update(content.page.subarray(first, end));
      for (const part of content.partial)
        if (part.row >= first && part.row < end) hash.update(`${part.row - first} ${part.from} ${part.to}\n`);
    }
  }
  return hash.digest("hex");
}

/** Those of ascending chunks that have rows of pages [from, to). */
function* chunksWithin<Chunk extends ChunkPlace>(chunks: readonly Chunk[], from: number, to: number): Generator<Chunk> {
  const first = bisect(chunks.length, (i) => chunks[i].start + chunks[i].rows <= from);
  for (let i = first; i < chunks.length && chunks[i].start < to; i++) yield chunks[i];
}

/** A strip of a snapshot with other codes as rank. @param codesOf a code for each row of a chunk, none of them 255 */
export function stripOfCodes(
  manifest: Manifest,
  strip: Strip,
  codesOf: (chunk: ChunkRef) => Uint8Array,
): SnapshotStrip {
  return laidStrip(manifest, strip, codesOf, SNAPSHOT_CELLS);
}

/**
 * The strip of a dump that is still arriving: of no page it is known why it needs no look.
 * @param isWhole all of its file is here; what is missing then does not come any more.
 */
export function arrivingStrip<Chunk extends ChunkPlace>(laid: LaidPages<Chunk>, isWhole: boolean): SnapshotStrip {
  return laidStrip(laid, layStrip(stripSources(laid)), null, isWhole ? WHOLE_CELLS : GROWING_CELLS);
}

/** A code for each row of a chunk, `NOT_RECORDED` where there is none. */
type CodesOf<Chunk> = (chunk: Chunk, content: ManifestColumns) => Uint8Array;

/** @param codesOf ranks of recorded pages; `null`: no row has a rank. */
function laidStrip<Chunk extends ChunkPlace>(
  manifest: LaidPages<Chunk>,
  strip: Strip,
  codesOf: CodesOf<Chunk> | null,
  cells: CellCodes,
): SnapshotStrip {
  return {
    strip,
    end: strip.end,
    async columns(from, count) {
      const columns = emptyColumns(count, false);
      for (const { laid, row, page, pages } of piecesOf(strip, from, count)) {
        const mapping = manifest.laid[laid.source];
        fillAbsent(columns, row, pages, mapping, page, cells.ofAbsent);
        for (const chunk of chunksWithin(mapping.chunks, page, page + pages)) {
          const start = Math.max(page, chunk.start);
          const end = Math.min(page + pages, chunk.start + chunk.rows);
          const content = manifest.columns(chunk);
          const codes = codesOf?.(chunk, content);
          for (let p = start; p < end; p++) {
            const i = p - chunk.start;
            fillRow(columns, row + p - page, content.state[i], content.page[i], cells.ofState);
            if (codes && codes[i] !== NOT_RECORDED) columns.rank[row + p - page] = codes[i];
          }
          for (const part of content.partial) {
            const p = chunk.start + part.row;
            if (p >= start && p < end) columns.partial.set(row + p - page, [part.from, part.to]);
          }
        }
        if (!codesOf) continue;
        const leftTo = mapping.mapping.deleted ? LEFT_TO_DELETED_FILE : LEFT_TO_FILE;
        for (let i = row; i < row + pages; i++) if (columns.cell[i] === IMAGE) columns.rank[i] = leftTo;
      }
      return columns;
    },
  };
}

/** Two snapshots, and what a comparison says of them. */
export interface ComparedSnapshots {
  readonly a: SnapshotRecord;
  readonly b: SnapshotRecord;
  readonly comparison: Comparison;
}

/** One side of a comparison on a joint strip, with verdicts as rank. */
export function comparisonSide(
  store: Store,
  { a, b, comparison }: ComparedSnapshots,
  side: "a" | "b",
  strip: Strip,
): SnapshotStrip {
  const manifest = store.manifest(side === "a" ? a : b);
  const places = placesOf(manifest);
  const others = placesOf(store.manifest(side === "a" ? b : a));
  return {
    strip,
    end: strip.end,
    async columns(from, count) {
      const columns = emptyColumns(count, true);
      for (const { laid, row, page, pages } of piecesOf(strip, from, count)) {
        const [ownSpace, otherSpace] =
          side === "a" ? [comparison.nameInA(laid.space), laid.space] : [laid.space, comparison.nameInA(laid.space)];
        const own = places.columns(ownSpace, page, pages);
        const other = others.columns(otherSpace, page, pages);
        const verdicts = comparison.verdictsOf(laid.space, page, pages);
        for (const [part, range] of own.partial) columns.partial.set(row + part, range);
        for (let i = 0; i < pages; i++) {
          if (own.state[i] !== NO_ROW) fillRow(columns, row + i, own.state[i], own.page[i], CELL_OF_STATE);
          else columns.cell[row + i] = cellOfPlace(manifest, ownSpace, page + i);
          if (other.state[i] !== NO_ROW) columns.other[row + i] = pageOfState(other.state[i], other.page[i]);
          columns.rank[row + i] = verdicts[i] === NO_VERDICT ? 0 : verdicts[i] + 1;
        }
      }
      return columns;
    },
  };
}

interface Columns extends StripColumns {
  readonly partial: Map<number, readonly [number, number]>;
}

function emptyColumns(count: number, compared: boolean): Columns {
  return {
    cell: new Uint8Array(count).fill(GAP),
    page: new Uint32Array(count).fill(NO_PAGE),
    rank: new Uint8Array(count),
    other: new Uint32Array(compared ? count : 0).fill(NO_PAGE),
    partial: new Map(),
  };
}

function fillRow(columns: Columns, row: number, state: number, page: number, cellOf: Uint8Array): void {
  columns.cell[row] = cellOf[state];
  columns.page[row] = pageOfState(state, page);
}

/** By code of PAGE_STATES: what stands for a page without a number; 0 where it has one. */
const STANDING_PAGE = Uint32Array.from(PAGE_STATES, (state) => {
  if (state === "zero" || state === "parent-zero") return ZERO_PAGE;
  return state === "data" || state === "parent" ? 0 : NO_PAGE;
});

function pageOfState(state: number, page: number): number {
  return STANDING_PAGE[state] || page;
}

/** Absent pages of a piece; a segment's pages that no process maps would be a gap, but lie in no shown block. */
function fillAbsent(
  columns: Columns,
  row: number,
  pages: number,
  { mapping }: Pick<LaidManifest, "mapping">,
  page: number,
  cellOf: CellCodes["ofAbsent"],
): void {
  const end = mapping.spaceStart + (mapping.range.end - mapping.range.start);
  columns.cell.fill(cellOf[mapping.absent], row, row + Math.max(0, Math.min(pages, end - page)));
}

function cellOfPlace(manifest: Manifest, space: Space, page: number): number {
  const own = laidOf(manifest, space, page);
  return own ? CELL_OF_ABSENT[own.mapping.absent] : GAP;
}

export interface Piece {
  readonly laid: LaidMapping;
  /** First row of the columns asked for. */
  readonly row: number;
  /** First page in the space, and how many follow; the padding behind a mapping's end is left out. */
  readonly page: number;
  readonly pages: number;
}

/** Stretches of neighbouring pages of one mapping within positions [from, from + count). */
export function* piecesOf(strip: Strip, from: number, count: number): Generator<Piece> {
  const first = bisect(strip.mappings.length, (i) => strip.mappings[i].position + strip.mappings[i].size <= from);
  for (let at = first; at < strip.mappings.length && strip.mappings[at].position < from + count; at++) {
    const laid = strip.mappings[at];
    const { runs } = laid;
    const within = from - laid.position;
    const firstRun = bisect(runs.length, (i) => runs[i].at + runs[i].blocks * BLOCK_PAGES <= within);
    for (let i = firstRun; i < runs.length && runs[i].at < within + count; i++) {
      const run = runs[i];
      const runStart = laid.position + run.at;
      const start = Math.max(from, runStart);
      const end = Math.min(from + count, runStart + run.blocks * BLOCK_PAGES);
      const offset = run.block * BLOCK_PAGES + (start - runStart);
      const pages = Math.min(end - start, laid.pages - offset);
      if (pages > 0) yield { laid, row: start - from, page: laid.start + offset, pages };
    }
  }
}
