/**
 * The pages of a scope that have bytes, in order, as columns: a batch at a time, so that memory does not grow with the
 * snapshot. Holes cost nothing: only rows of the manifest are walked.
 */
import type { Region } from "../../shared/find/index.ts";
import { CHUNK_PAGES, type ManifestColumns, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { PAGE_STATES, type Space, stateCode } from "../../shared/snapshot/index.ts";
import type { Filler, Filling } from "../filling/index.ts";
import type { ChunkRef, Manifest } from "../store/index.ts";
import type { Scope } from "./scope.ts";

/** One row per page with bytes; ascending within a space. Columns of equal length. */
export interface PageBatch {
  readonly space: Space;
  readonly length: number;
  /** Page address. */
  readonly address: Float64Array;
  /** Page number, from 2^31 on one that only the filling knows; `ZERO_PAGE` for an all-zero page. */
  readonly page: Uint32Array;
  /** Bytes that are known and in scope, [from, to). */
  readonly from: Uint16Array;
  readonly to: Uint16Array;
  /** 1: counts; 0: a neighbour, into which a match may reach. */
  readonly counts: Uint8Array;
  /** 1: filled, the bytes are not the dump's. */
  readonly filled: Uint8Array;
  /** Rows of the manifest, and filled pages without one, that were walked since the batch before. */
  readonly walked: number;
}

export interface WalkOptions {
  readonly scope: Scope;
  /** Pages beside one that counts, on each side, that are part of the walk too. */
  readonly reach: number;
  /** Codes of PROVENANCES of a chunk's rows; asked for only with `scope.among`. */
  codesOf(chunk: ChunkRef): Uint8Array;
  /** Hears of each page with bytes, in order; asked for only with `scope.among`, as without it all count. */
  onPage(space: Space, page: number, counts: boolean): void;
  /** What fills pages that are left to files; without it they are passed over. */
  readonly filling: Filling | undefined;
  /** Pages of the first batch, about; each is twice the one before, up to the largest. */
  readonly firstBatch: number;
  readonly largestBatch: number;
}

const LEFT_TO_FILE = stateCode("absent-file");
/** PAGE_STATES code → whether there are bytes: 1 in a page of the store, 2 all zero. */
const HAS_BYTES = Uint8Array.from(PAGE_STATES, (state) =>
  state === "data" || state === "parent" ? 1 : state === "zero" || state === "parent-zero" ? 2 : 0,
);

/** Rows of the manifest in the scope, and the pages between them that are filled: what `walked` adds up to. */
export function rowsIn(manifest: Manifest, scope: Scope, filling: Filling | undefined): number {
  let rows = 0;
  for (const region of scope.regions) for (const { from, to } of piecesIn(manifest, region, filling)) rows += to - from;
  return rows;
}

/** Neighbouring pages [from, to): rows of a chunk, or pages without rows that may be filled. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly chunk: ChunkRef | undefined;
  readonly filler: Filler | undefined;
}

/** In order; holes that nothing fills are left out. */
function* piecesIn(manifest: Manifest, { space, start, end }: Region, filling: Filling | undefined): Generator<Piece> {
  const first = Number(start >> 12n);
  const last = Number((end + 4095n) >> 12n);
  for (const { mapping, chunks } of manifest.laid) {
    if (mapping.space !== space) continue;
    const filler = filling?.fillerOf(space, mapping.spaceStart);
    let behind = filler ? Math.max(filler.start, first) : 0;
    for (const chunk of chunks) {
      if (filler) yield* gapOf(behind, Math.min(chunk.start, filler.end, last), filler);
      const from = Math.max(chunk.start, first);
      const to = Math.min(chunk.start + chunk.rows, last);
      if (from < to) yield { from, to, chunk, filler };
      behind = Math.max(behind, chunk.start + chunk.rows);
    }
    if (filler) yield* gapOf(behind, Math.min(filler.end, last), filler);
  }
}

function* gapOf(from: number, end: number, filler: Filler): Generator<Piece> {
  for (let at = from; at < end; at += CHUNK_PAGES)
    yield { from: at, to: Math.min(end, at + CHUNK_PAGES), chunk: undefined, filler };
}

/** `undefined` of a page without bytes. */
function numberOf(columns: ManifestColumns | undefined, row: number): number | undefined {
  const has = columns ? HAS_BYTES[columns.state[row]] : 0;
  return has === 0 ? undefined : has === 2 ? ZERO_PAGE : columns?.page[row];
}

/** Of a page that is left to its file; `undefined` when nothing fills it. */
function filledNumber(
  filler: Filler | undefined,
  columns: ManifestColumns | undefined,
  row: number,
  page: number,
): number | undefined {
  const isLeft = columns === undefined || columns.state[row] === LEFT_TO_FILE;
  return isLeft && filler && page < filler.end ? filler.numberOf(page) : undefined;
}

export function* walkPages(manifest: Manifest, options: WalkOptions): Generator<PageBatch> {
  const { scope } = options;
  let rows: Rows | undefined;
  let enough = options.firstBatch;
  for (const region of scope.regions) {
    // Parts of a scope are not searched across, nor reached into.
    if (rows) yield* rows.end();
    rows = new Rows(region.space, options.reach, scope.among !== null);
    const firstPage = Number(region.start >> 12n);
    const lastPage = Number((region.end - 1n) >> 12n);
    const firstByte = Number(region.start & 4095n);
    const endByte = Number(((region.end - 1n) & 4095n) + 1n);
    for (const { from: start, to: end, chunk, filler } of piecesIn(manifest, region, options.filling)) {
      const columns = chunk && manifest.columns(chunk);
      const codes = chunk && scope.among ? options.codesOf(chunk) : undefined;
      const parts = new Map(columns?.partial.map(({ row, from, to }) => [row, [from, to]] as const));
      for (let address = start; address < end; address++) {
        const row = address - (chunk?.start ?? start);
        const recorded = numberOf(columns, row);
        const number = recorded ?? filledNumber(filler, columns, row, address);
        if (number === undefined) continue;
        const part = parts.get(row);
        const from = Math.max(part ? part[0] : 0, address === firstPage ? firstByte : 0);
        const to = Math.min(part ? part[1] : PAGE_SIZE, address === lastPage ? endByte : PAGE_SIZE);
        if (from >= to) continue;
        const counts = !codes || scope.among?.has(codes[row]) ? 1 : 0;
        if (scope.among) options.onPage(region.space, address, counts === 1);
        rows.add(address, number, from, to, counts, recorded === undefined ? 1 : 0);
      }
      rows.walked += end - start;
      if (rows.length < enough) continue;
      yield* rows.take();
      enough = Math.min(enough * 2, options.largestBatch);
    }
  }
  if (rows) yield* rows.end();
}

/** Rows that wait to be a batch; the last few are held back until it is known whether they are beside one that counts. */
class Rows {
  readonly #space: Space;
  readonly #reach: number;
  readonly #isFiltered: boolean;
  #address: number[] = [];
  #page: number[] = [];
  #from: number[] = [];
  #to: number[] = [];
  #counts: number[] = [];
  #filled: number[] = [];
  /** Pages since the last one that counts, of those that go on without a break; of the row before the first. */
  #since = Number.POSITIVE_INFINITY;
  #before = -1;
  walked = 0;

  constructor(space: Space, reach: number, isFiltered: boolean) {
    this.#space = space;
    this.#reach = isFiltered ? reach : 0;
    this.#isFiltered = isFiltered;
  }

  get length(): number {
    return this.#address.length;
  }

  add(address: number, page: number, from: number, to: number, counts: number, filled: number): void {
    this.#address.push(address);
    this.#page.push(page);
    this.#from.push(from);
    this.#to.push(to);
    this.#counts.push(counts);
    this.#filled.push(filled);
  }

  *take(): Generator<PageBatch> {
    yield* this.#cut(Math.max(0, this.length - this.#reach));
  }

  *end(): Generator<PageBatch> {
    yield* this.#cut(this.length);
  }

  *#cut(count: number): Generator<PageBatch> {
    if (count === 0 && this.walked === 0) return;
    const kept = this.#isFiltered ? this.#beside(count) : Array.from({ length: count }, (_, i) => i);
    const column = (values: readonly number[]) => kept.map((row) => values[row]);
    const batch: PageBatch = {
      space: this.#space,
      length: kept.length,
      address: Float64Array.from(column(this.#address)),
      page: Uint32Array.from(column(this.#page)),
      from: Uint16Array.from(column(this.#from)),
      to: Uint16Array.from(column(this.#to)),
      counts: Uint8Array.from(column(this.#counts)),
      filled: Uint8Array.from(column(this.#filled)),
      walked: this.walked,
    };
    this.#address = this.#address.slice(count);
    this.#page = this.#page.slice(count);
    this.#from = this.#from.slice(count);
    this.#to = this.#to.slice(count);
    this.#counts = this.#counts.slice(count);
    this.#filled = this.#filled.slice(count);
    this.walked = 0;
    yield batch;
  }

  /** Of the first `count` rows those that count, or have one that does within reach. */
  #beside(count: number): number[] {
    const rows = this.length;
    const until = new Float64Array(rows);
    let ahead = Number.POSITIVE_INFINITY;
    for (let row = rows - 1; row >= 0; row--) {
      if (row + 1 < rows && this.#address[row + 1] !== this.#address[row] + 1) ahead = Number.POSITIVE_INFINITY;
      ahead = this.#counts[row] === 1 ? 0 : ahead + 1;
      until[row] = ahead;
    }
    const kept: number[] = [];
    for (let row = 0; row < count; row++) {
      if (this.#address[row] !== this.#before + 1) this.#since = Number.POSITIVE_INFINITY;
      this.#since = this.#counts[row] === 1 ? 0 : this.#since + 1;
      this.#before = this.#address[row];
      if (Math.min(this.#since, until[row]) <= this.#reach) kept.push(row);
    }
    return kept;
  }
}
