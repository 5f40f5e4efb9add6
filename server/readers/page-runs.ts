/**
 * Builds the columns of `PageRuns`. Rows may be added in any order of address within a space; they leave sorted, and
 * neighbours whose bytes follow one another become one row, so that later stages read in long pieces.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { type PageRuns, RUN_KINDS } from "./contract.ts";

export type RunKind = (typeof RUN_KINDS)[number];

const BYTES = RUN_KINDS.indexOf("bytes");

/** Offset of a row that has no bytes. */
export const NO_OFFSET = -1;

export class PageRunsBuilder {
  #length = 0;
  #space = new Uint32Array(256);
  #page = new Float64Array(256);
  #count = new Float64Array(256);
  #kind = new Uint8Array(256);
  #offset = new Float64Array(256);
  #from = new Uint16Array(256);
  #to = new Uint16Array(256);
  /** Whether each row came behind the one before it: then nothing needs sorting. */
  #ascending = true;

  get length(): number {
    return this.#length;
  }

  /** Adds a run of whole pages; `offset` is ignored for kinds without bytes. A run of no page adds nothing. */
  add(space: number, page: number, count: number, kind: RunKind, offset: number): void {
    if (count > 0)
      this.#push(space, page, count, RUN_KINDS.indexOf(kind), kind === "bytes" ? offset : NO_OFFSET, 0, PAGE_SIZE);
  }

  /** Adds a page of which [from, to) is known; `offset` is where byte `from` lies in the file. */
  addPart(space: number, page: number, from: number, to: number, offset: number): void {
    if (to > from) this.#push(space, page, 1, BYTES, offset, from, to);
  }

  /** @returns the rows, sorted by space and page; owned by the caller. The builder is not to be used again. */
  finish(): PageRuns {
    const order = this.#ascending ? null : this.#sortedRows();
    const length = this.#length;
    const pick = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(column: T, into: T): T => {
      for (let row = 0; row < length; row++) into[row] = column[order === null ? row : order[row]];
      return into;
    };
    return {
      length,
      space: pick(this.#space, new Uint32Array(length)),
      page: pick(this.#page, new Float64Array(length)),
      count: pick(this.#count, new Float64Array(length)),
      kind: pick(this.#kind, new Uint8Array(length)),
      offset: pick(this.#offset, new Float64Array(length)),
      from: pick(this.#from, new Uint16Array(length)),
      to: pick(this.#to, new Uint16Array(length)),
    };
  }

  #push(space: number, page: number, count: number, kind: number, offset: number, from: number, to: number): void {
    const last = this.#length - 1;
    if (last >= 0 && this.#space[last] === space) {
      const end = this.#page[last] + this.#count[last];
      if (page < end) this.#ascending = false;
      const whole = to - from === PAGE_SIZE && this.#to[last] - this.#from[last] === PAGE_SIZE;
      const follows = kind !== BYTES || offset === this.#offset[last] + this.#count[last] * PAGE_SIZE;
      if (whole && page === end && kind === this.#kind[last] && follows) {
        this.#count[last] += count;
        return;
      }
    } else if (last >= 0 && space < this.#space[last]) this.#ascending = false;
    if (this.#length === this.#space.length) this.#grow();
    const row = this.#length++;
    this.#space[row] = space;
    this.#page[row] = page;
    this.#count[row] = count;
    this.#kind[row] = kind;
    this.#offset[row] = offset;
    this.#from[row] = from;
    this.#to[row] = to;
  }

  #grow(): void {
    const capacity = this.#space.length * 2;
    const grown = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(column: T, into: T): T => {
      into.set(column);
      return into;
    };
    this.#space = grown(this.#space, new Uint32Array(capacity));
    this.#page = grown(this.#page, new Float64Array(capacity));
    this.#count = grown(this.#count, new Float64Array(capacity));
    this.#kind = grown(this.#kind, new Uint8Array(capacity));
    this.#offset = grown(this.#offset, new Float64Array(capacity));
    this.#from = grown(this.#from, new Uint16Array(capacity));
    this.#to = grown(this.#to, new Uint16Array(capacity));
  }

  #sortedRows(): Uint32Array {
    const order = new Uint32Array(this.#length);
    for (let row = 0; row < order.length; row++) order[row] = row;
    return order.sort((a, b) => this.#space[a] - this.#space[b] || this.#page[a] - this.#page[b]);
  }
}
