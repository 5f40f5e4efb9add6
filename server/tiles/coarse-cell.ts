/**
 * A cell coarser than a page, one after another: pages, or finer cells of it, are added until it is full. Filled pages
 * count in no cell that has a recorded one, so they are measured apart.
 */
import { isPageChannel } from "../../shared/channel/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import { CellMeasure, type CutChannel, type MeasuredCells } from "./cell-measure.ts";
import { FILLED, hasBytes, RECORDED, STANDING_OF_STATE, STATE_OF_STANDING, stateOf } from "./cell-standing.ts";
import { ZERO_PAGE } from "./contract.ts";
import type { Span } from "./span-contents.ts";

const IMAGE = cellStateCode("image");

export interface Planes {
  readonly state: Uint8Array;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

/** Cells that coarser ones are made of: columns of equal length. */
export interface KeptCells extends MeasuredCells {
  readonly state: Uint8Array;
  /** To which kinds of files its pages are left: the bits of their ranks. */
  readonly leftTo: Uint8Array;
}

export class CoarseCell {
  private readonly channel: CutChannel;
  /** Its codes are of whole pages, and stand in the columns. */
  private readonly isOfPages: boolean;
  private readonly recorded = new CellMeasure();
  private readonly filled = new CellMeasure();
  private standing = 0;
  /** Of ways: those in which one of the pages is. */
  private ways = 0;
  /** Of ways and provenance: to which kinds of files pages are left, or which of them are wanted. */
  private leftTo = 0;

  constructor(channel: CutChannel) {
    this.channel = channel;
    this.isOfPages = isPageChannel(channel);
  }

  addPage({ columns, bytes, totals }: Span, row: number): void {
    const state = stateOf(columns, row);
    const rank = columns.rank[row];
    this.standing = Math.max(this.standing, STANDING_OF_STATE[state]);
    if (this.channel === "ways") {
      if (state === RECORDED) this.ways |= rank;
      else if (state === IMAGE) this.leftTo |= rank;
      return;
    }
    const measure = state === FILLED ? this.filled : this.recorded;
    if (this.isOfPages) {
      if (state === RECORDED) measure.addPageCode(rank);
      return;
    }
    if (this.channel === "verdict") {
      measure.rank = Math.max(measure.rank, rank);
      return;
    }
    if (state === IMAGE) this.leftTo |= rank;
    if (!hasBytes(state)) return;
    measure.rank = Math.max(measure.rank, rank);
    const page = columns.page[row];
    const partial = columns.partial.size > 0 ? columns.partial.get(row) : undefined;
    if (partial) measure.addBytes(bytes.page(page), partial[0], partial[1]);
    else if (page === ZERO_PAGE) measure.addZeros(PAGE_SIZE);
    else measure.addTotals(totals.shorts, totals.words, totals.rowOf(page));
  }

  /** A finer cell of the same channel, but of none of ways, or of whole pages. */
  addKept(cells: KeptCells, cell: number): void {
    const state = cells.state[cell];
    this.standing = Math.max(this.standing, STANDING_OF_STATE[state]);
    // What a finer cell has lost of its filled pages, this one loses too: whatever stands above them there does here.
    if (this.channel === "verdict" || state === RECORDED) this.recorded.addKept(cells, cell);
    else if (state === FILLED) this.filled.addKept(cells, cell);
    this.leftTo |= cells.leftTo[cell];
  }

  /** Writes the cell where coarser ones will be made of it, and begins the next. */
  keep(cells: KeptCells, cell: number): void {
    cells.state[cell] = STATE_OF_STANDING[this.standing];
    cells.leftTo[cell] = this.leftTo;
    this.shown()?.keep(cells, cell);
    this.clear();
  }

  /** Writes the cell as it is shown, and begins the next. */
  write({ state, a, b }: Planes, cell: number): void {
    state[cell] = STATE_OF_STANDING[this.standing];
    if (this.channel === "ways") {
      a[cell] = this.ways;
      b[cell] = this.leftTo;
    } else this.shown()?.write(this.channel, a, b, cell);
    // Bytes in the cell take the plane for themselves.
    if (this.channel === "provenance" && state[cell] === IMAGE) b[cell] = this.leftTo;
    this.clear();
  }

  private shown(): CellMeasure | undefined {
    const state = STATE_OF_STANDING[this.standing];
    if (state === RECORDED || this.channel === "verdict") return this.recorded;
    return state === FILLED ? this.filled : undefined;
  }

  private clear(): void {
    this.recorded.clear();
    this.filled.clear();
    this.standing = 0;
    this.ways = 0;
    this.leftTo = 0;
  }
}
