/**
 * Paints rows of a strip into the planes of a tile: cells of a page or finer page by page, coarser cells by adding up
 * pages until the cell is full. The surprise: a page of which only a part is known is always measured from its
 * bytes, because a summary is of the zero-padded page and would count zeros that nobody recorded.
 */
import { isPageChannel, shareCode } from "../../shared/channel/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { CLASS_OF_BYTE, SUMMARY_BYTES, SUMMARY_WORDS } from "../../shared/summary/index.ts";
import { cellStateCode, TILE_CELLS } from "../../shared/tile/index.ts";
import { CellMeasure, type CutChannel, WINDOW } from "./cell-measure.ts";
import { hasBytes, MISSING, RECORDED, stateOf } from "./cell-standing.ts";
import { CoarseCell, type Planes } from "./coarse-cell.ts";
import { NO_PAGE, ZERO_PAGE } from "./contract.ts";
import { CHANGED_RANK, PAGE_LEVEL, SUMMARY_LEVEL, summaryLevel, WINDOW_LEVEL } from "./levels.ts";
import type { Span } from "./span-contents.ts";

const GAP = cellStateCode("gap");
const IMAGE = cellStateCode("image");

const SHARE_OF_64 = Uint8Array.from({ length: 65 }, (_, nonZero) => shareCode(nonZero, 64));
/** 1 for printable and whitespace bytes. */
const IS_ASCII = Uint8Array.from(CLASS_OF_BYTE, (c) => (c === 1 || c === 2 ? 1 : 0));
/** Classes 1..5 in lanes of five bits: enough for the 16 bytes of a cell at level 2. */
const CLASS_LANE = Int32Array.from(CLASS_OF_BYTE, (c) => (c === 0 ? 0 : 1 << (5 * (c - 1))));

/** Of a tile that stands on nothing. */
export function emptyPlanes(): Planes {
  const plane = () => new Uint8Array(TILE_CELLS);
  return { state: plane().fill(GAP), a: plane(), b: plane() };
}

export class TilePainter {
  readonly planes = emptyPlanes();
  private readonly state = this.planes.state;
  private readonly a = this.planes.a;
  private readonly b = this.planes.b;
  private readonly channel: CutChannel;
  private readonly level: number;
  /** Its codes are of whole pages, and stand in the columns. */
  private readonly isOfPages: boolean;
  private readonly cellsPerPage: number;
  private readonly pagesPerCell: number;
  private readonly measure = new CellMeasure();
  /** The cell that is being filled, where cells are coarser than a page. */
  private readonly coarse: CoarseCell;
  private cell = 0;
  private pagesInCell = 0;

  constructor(channel: CutChannel, level: number) {
    this.coarse = new CoarseCell(channel);
    this.channel = channel;
    this.level = level;
    this.isOfPages = isPageChannel(channel);
    this.cellsPerPage = level <= PAGE_LEVEL ? 4 ** (PAGE_LEVEL - level) : 0;
    this.pagesPerCell = level <= PAGE_LEVEL ? 0 : 4 ** (level - PAGE_LEVEL);
  }

  /** Rows follow one another from the first page of the tile on. */
  paint(span: Span): void {
    if (this.level > PAGE_LEVEL) {
      for (let row = span.from; row < span.to; row++) {
        this.coarse.addPage(span, row);
        if (++this.pagesInCell === this.pagesPerCell) this.closeCell();
      }
      return;
    }
    for (let row = span.from; row < span.to; row++) {
      this.paintPage(span, row, this.cell);
      this.cell += this.cellsPerPage;
    }
  }

  /** After the last row: the strip may end within a cell. */
  finish(): void {
    if (this.pagesInCell > 0) this.closeCell();
  }

  private closeCell(): void {
    this.coarse.write(this.planes, this.cell++);
    this.pagesInCell = 0;
  }

  private paintPage(span: Span, row: number, first: number): void {
    const { columns } = span;
    const end = first + this.cellsPerPage;
    const page = columns.page[row];
    const partial = columns.partial.size > 0 ? columns.partial.get(row) : undefined;
    const state = stateOf(columns, row);
    if (this.isOfPages) {
      this.state.fill(state, first, end);
      if (state !== RECORDED) return;
      this.a.fill(columns.rank[row], first, end);
      this.b.fill(255, first, end);
      if (partial) this.markMissing(first, partial);
    } else if (this.channel === "ways") {
      this.state.fill(state, first, end);
      if (state === RECORDED) this.a.fill(columns.rank[row], first, end);
      else if (state === IMAGE) this.b.fill(columns.rank[row], first, end);
    } else if (this.channel === "verdict") {
      this.paintVerdict(span, row, first);
      this.state.fill(state, first, end);
      if (state === RECORDED && partial) this.markMissing(first, partial);
    } else if (!hasBytes(state)) {
      this.state.fill(state, first, end);
      if (this.channel === "provenance" && state === IMAGE) this.b.fill(columns.rank[row], first, end);
    } else if (partial) {
      this.paintPartial(span, row, first, partial);
    } else {
      this.state.fill(state, first, end);
      if (this.channel === "provenance") this.a.fill(columns.rank[row], first, end);
      if (page !== ZERO_PAGE) this.paintWhole(span, page, first, columns.rank[row]);
    }
  }

  /** A recorded or filled page, not all zero, all of it known. */
  private paintWhole(span: Span, page: number, first: number, rank: number): void {
    const isOfWindows = this.channel === "entropy" || this.channel === "ascii";
    if (this.level === PAGE_LEVEL) {
      this.measure.clear();
      this.measure.rank = rank;
      this.measure.addTotals(span.totals.shorts, span.totals.words, span.totals.rowOf(page));
      this.measure.write(this.channel, this.a, this.b, first);
    } else if (isOfWindows ? this.level >= WINDOW_LEVEL : this.level > SUMMARY_LEVEL) {
      const { words } = span.summaries;
      const record = span.summaries.rowOf(page) * SUMMARY_WORDS;
      const windows = 16 / this.cellsPerPage;
      for (let cell = 0; cell < this.cellsPerPage; cell++) {
        this.measure.clear();
        this.measure.rank = rank;
        this.measure.addWindows(words, record, cell * windows, (cell + 1) * windows, this.channel);
        this.measure.write(this.channel, this.a, this.b, first + cell);
      }
    } else if (this.channel === "entropy") {
      this.paintWindows(span, page, first);
    } else if (this.level >= summaryLevel(this.channel)) {
      this.paintRecord(span, page, first);
    } else {
      const bytes = span.bytes.page(page);
      if (bytes) this.paintBytes(bytes, first);
    }
  }

  /** Cells finer than an entropy window show the window that holds them. */
  private paintWindows(span: Span, page: number, first: number): void {
    const record = span.summaries.rowOf(page) * SUMMARY_WORDS;
    const cells = this.cellsPerPage / 16;
    for (let window = 0; window < 16; window++) {
      this.measure.clear();
      this.measure.addWindows(span.summaries.words, record, window, window + 1, "entropy");
      const from = first + window * cells;
      this.measure.write("entropy", this.a, this.b, from);
      this.a.fill(this.a[from], from, from + cells);
      this.b.fill(this.b[from], from, from + cells);
    }
  }

  /** 64 bytes per cell: the columns of the record are the planes. */
  private paintRecord(span: Span, page: number, first: number): void {
    const { bytes } = span.summaries;
    const record = span.summaries.rowOf(page) * SUMMARY_BYTES;
    if (this.channel === "value") {
      for (let cell = 0; cell < 64; cell++) this.a[first + cell] = bytes[record + 128 + cell];
      return;
    }
    for (let cell = 0; cell < 64; cell++) this.b[first + cell] = SHARE_OF_64[bytes[record + 64 + cell]];
    if (this.channel === "class") for (let cell = 0; cell < 64; cell++) this.a[first + cell] = bytes[record + cell];
  }

  /** 1, 4 or 16 bytes per cell; of ASCII also 64. */
  private paintBytes(page: Uint8Array, first: number): void {
    if (this.channel === "ascii") {
      this.paintAscii(page, first);
      return;
    }
    const { a, b, channel, level } = this;
    const size = 4 ** level;
    const half = size >> 1;
    for (let cell = 0, at = 0; cell < this.cellsPerPage; cell++) {
      let sum = 0;
      let nonZero = 0;
      let lanes = 0;
      for (const end = at + size; at < end; at++) {
        const byte = page[at];
        if (byte === 0) continue;
        sum += byte;
        nonZero++;
        lanes += CLASS_LANE[byte];
      }
      const target = first + cell;
      if (channel === "value") {
        a[target] = (sum + half) >> (2 * level);
      } else {
        b[target] = SHARE_OF_64[nonZero << (2 * (3 - level))];
        if (channel === "class") a[target] = dominantOfLanes(lanes);
      }
    }
  }

  private paintAscii(page: Uint8Array, first: number): void {
    const size = 4 ** this.level;
    for (let cell = 0, at = 0; cell < this.cellsPerPage; cell++) {
      let ascii = 0;
      for (const end = at + size; at < end; at++) ascii += IS_ASCII[page[at]];
      this.a[first + cell] = shareCode(ascii, size);
    }
  }

  /** Only bytes [from, to) of the page are known; the rest is missing. */
  private paintPartial(span: Span, row: number, first: number, [from, to]: readonly [number, number]): void {
    const { measure } = this;
    const page = span.bytes.page(span.columns.page[row]);
    const size = PAGE_SIZE / this.cellsPerPage;
    // Entropy is of windows: a finer cell shows the known bytes of the window that holds it.
    const unit = this.channel === "entropy" ? Math.max(size, WINDOW) : size;
    let measured = -1;
    for (let cell = 0; cell < this.cellsPerPage; cell++) {
      const target = first + cell;
      if (!isKnown(cell * size, (cell + 1) * size, from, to)) {
        this.state[target] = MISSING;
        continue;
      }
      const part = Math.floor((cell * size) / unit);
      if (part !== measured) {
        measure.clear();
        measure.rank = span.columns.rank[row];
        measure.addBytes(page, Math.max(from, part * unit), Math.min(to, (part + 1) * unit));
        measured = part;
      }
      this.state[target] = RECORDED;
      measure.write(this.channel, this.a, this.b, target);
    }
  }

  private markMissing(first: number, [from, to]: readonly [number, number]): void {
    const size = PAGE_SIZE / this.cellsPerPage;
    for (let cell = 0; cell < this.cellsPerPage; cell++) {
      if (isKnown(cell * size, (cell + 1) * size, from, to)) continue;
      this.state[first + cell] = MISSING;
      if (this.channel === "verdict") continue;
      this.a[first + cell] = 0;
      this.b[first + cell] = 0;
    }
  }

  /** Verdicts stand on places, recorded here or not: a removed page has no bytes on this side. */
  private paintVerdict(span: Span, row: number, first: number): void {
    const rank = span.columns.rank[row];
    if (rank === 0) return;
    const end = first + this.cellsPerPage;
    this.a.fill(rank, first, end);
    const page = span.columns.page[row];
    const other = span.columns.other[row];
    // A side that names no page cannot be compared byte by byte; all of the page counts as changed then.
    const isCompared = rank === CHANGED_RANK && this.level < PAGE_LEVEL && page !== NO_PAGE && other !== NO_PAGE;
    if (!isCompared) {
      this.b.fill(255, first, end);
      return;
    }
    const here = span.bytes.page(page);
    const there = span.other.page(other);
    const shift = 2 * this.level;
    for (let i = 0; i < PAGE_SIZE; i++) {
      if ((here ? here[i] : 0) !== (there ? there[i] : 0)) this.b[first + (i >> shift)] = 255;
    }
  }
}

/** Whether the cell [start, end) holds a byte of [from, to). */
function isKnown(start: number, end: number, from: number, to: number): boolean {
  return start < to && from < end;
}

function dominantOfLanes(lanes: number): number {
  let best = 0;
  let most = 0;
  for (let c = 1; c < 6; c++, lanes >>>= 5) {
    const count = lanes & 31;
    if (count > most) {
      best = c;
      most = count;
    }
  }
  return best;
}
