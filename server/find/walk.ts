/**
 * The pages of a scope that have bytes, in order, as columns: a batch at a time, so that memory does not grow with the
 * snapshot. Holes cost nothing: only rows of the manifest are walked.
 */
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { PAGE_STATES, type Space } from "../../shared/snapshot/index.ts";
import type { ChunkRef, Manifest } from "../store/index.ts";
import type { Region, Scope } from "./scope.ts";

/** One row per page with bytes; ascending within a space. Columns of equal length. */
export interface PageBatch {
  readonly space: Space;
  readonly length: number;
  /** Page address. */
  readonly address: Float64Array;
  /** Page number; `ZERO_PAGE` for an all-zero page. */
  readonly page: Uint32Array;
  /** Bytes that are known and in scope, [from, to). */
  readonly from: Uint16Array;
  readonly to: Uint16Array;
  /** 1: counts; 0: a neighbour, into which a match may reach. */
  readonly counts: Uint8Array;
  /** Rows of the manifest that were walked since the batch before. */
  readonly walked: number;
}

export interface WalkOptions {
  readonly scope: Scope;
  /** Pages beside one that counts, on each side, that are part of the walk too. */
  readonly reach: number;
  /** Codes of PROVENANCES of a chunk's rows; asked for only with `scope.among`. */
  codesOf(chunk: ChunkRef): Uint8Array;
  /** Pages of the first batch, about; each is twice the one before, up to the largest. */
  readonly firstBatch: number;
  readonly largestBatch: number;
}

/** PAGE_STATES code → whether there are bytes: 1 in a page of the store, 2 all zero. */
const HAS_BYTES = Uint8Array.from(PAGE_STATES, (state) =>
  state === "data" || state === "parent" ? 1 : state === "zero" || state === "parent-zero" ? 2 : 0,
);

/** Rows of the manifest in the scope: what `walked` adds up to. */
export function rowsIn(manifest: Manifest, scope: Scope): number {
  let rows = 0;
  for (const region of scope.regions) for (const [, from, to] of chunksIn(manifest, region)) rows += to - from;
  return rows;
}

/** Chunks of a region, with their rows [from, to) in it. */
function* chunksIn(manifest: Manifest, { space, start, end }: Region): Generator<readonly [ChunkRef, number, number]> {
  const first = Number(start >> 12n);
  const last = Number((end + 4095n) >> 12n);
  for (const { mapping, chunks } of manifest.laid) {
    if (mapping.space !== space) continue;
    for (const chunk of chunks) {
      const from = Math.max(0, first - chunk.start);
      const to = Math.min(chunk.rows, last - chunk.start);
      if (from < to) yield [chunk, from, to];
    }
  }
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
    for (const [chunk, start, end] of chunksIn(manifest, region)) {
      const { state, page, partial } = manifest.columns(chunk);
      const codes = scope.among ? options.codesOf(chunk) : undefined;
      const parts = new Map(partial.map(({ row, from, to }) => [row, [from, to]] as const));
      for (let row = start; row < end; row++) {
        const has = HAS_BYTES[state[row]];
        if (has === 0) continue;
        const address = chunk.start + row;
        const part = parts.get(row);
        const from = Math.max(part ? part[0] : 0, address === firstPage ? firstByte : 0);
        const to = Math.min(part ? part[1] : PAGE_SIZE, address === lastPage ? endByte : PAGE_SIZE);
        if (from >= to) continue;
        const counts = !codes || scope.among?.has(codes[row]) ? 1 : 0;
        rows.add(address, has === 2 ? ZERO_PAGE : page[row], from, to, counts);
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

  add(address: number, page: number, from: number, to: number, counts: number): void {
    this.#address.push(address);
    this.#page.push(page);
    this.#from.push(from);
    this.#to.push(to);
    this.#counts.push(counts);
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
      walked: this.walked,
    };
    this.#address = this.#address.slice(count);
    this.#page = this.#page.slice(count);
    this.#from = this.#from.slice(count);
    this.#to = this.#to.slice(count);
    this.#counts = this.#counts.slice(count);
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
