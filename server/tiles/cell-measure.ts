/**
 * What is counted of one cell, and how the counts become the two planes of a channel. One measure is used for all
 * cells of a tile, one after the other. Only recorded bytes are ever added, so shares and means are of those alone.
 * Sums stay below 2^53 up to 2^40 bytes per cell: exact, whatever order pages come in.
 */
import {
  entropyCode,
  PAGE_CHANNELS,
  type PageChannel,
  shareCode,
  type TileChannel,
} from "../../shared/channel/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import {
  CLASS_OF_BYTE,
  COUNTS_WORD,
  ENTROPY_WORD,
  entropyOfCounts,
  HIGHEST_SHORT,
  SUM_WORD,
  TOTAL_ENTROPY_WORD,
  TOTAL_SUM_WORD,
  TOTALS_SHORTS,
  TOTALS_WORDS,
} from "../../shared/summary/index.ts";

/** What tiles are cut for, and what says which of their cells a filter lights. */
export type CutChannel = TileChannel | "ways";

/** Bytes of an entropy window. */
export const WINDOW = 256;

const histogram = new Uint16Array(256);

/** Bytes of class 1..5, one behind the other. */
const CLASSES = 5;

/** What is counted of cells of at most 64 KiB, of which coarser ones are made: columns of equal length. */
export interface MeasuredCells {
  /** Recorded bytes. */
  readonly known: Uint32Array;
  /** Of those bytes. */
  readonly sum: Uint32Array;
  /** Σ entropy of a window (bits × 4,096) × its recorded bytes: at most 2^15 × 2^16. */
  readonly entropy: Uint32Array;
  readonly highestEntropy: Uint16Array;
  readonly rank: Uint8Array;
  /** 5 a cell. */
  readonly classes: Uint32Array;
}

export function emptyCells(count: number): MeasuredCells {
  return {
    known: new Uint32Array(count),
    sum: new Uint32Array(count),
    entropy: new Uint32Array(count),
    highestEntropy: new Uint16Array(count),
    rank: new Uint8Array(count),
    classes: new Uint32Array(count * CLASSES),
  };
}

export class CellMeasure {
  /** Recorded bytes. */
  known = 0;
  /** Highest rank of the pages added. */
  rank = 0;
  private nonZero = 0;
  private sum = 0;
  /** Σ entropy of a window (bits × 4,096) × its recorded bytes. */
  private weightedEntropy = 0;
  private highestEntropy = 0;
  private readonly classes = new Float64Array(6);
  /** Of page channels: pages by code, and the codes that there are. */
  private readonly pages = new Float64Array(256);
  private readonly codes: number[] = [];

  clear(): void {
    this.known = 0;
    this.rank = 0;
    this.nonZero = 0;
    this.sum = 0;
    this.weightedEntropy = 0;
    this.highestEntropy = 0;
    this.classes.fill(0);
    for (const code of this.codes) this.pages[code] = 0;
    this.codes.length = 0;
  }

  /** A page with the code that a page channel has for it. */
  addPageCode(code: number): void {
    if (this.pages[code]++ === 0) this.codes.push(code);
  }

  /** Bytes that are known to be zero, in whole windows or a part of one. */
  addZeros(byteLength: number): void {
    this.known += byteLength;
  }

  /**
   * Windows [from, to) of one record, all of their bytes recorded. Counts only what the channel shows.
   * @param at word of `records` at which the record begins.
   */
  addWindows(records: Uint16Array, at: number, from: number, to: number, channel: CutChannel): void {
    this.known += (to - from) * WINDOW;
    switch (channel) {
      case "value":
        for (let w = from; w < to; w++) this.sum += records[at + SUM_WORD + w];
        break;
      case "entropy":
        for (let w = from; w < to; w++) {
          const entropy = records[at + ENTROPY_WORD + w];
          this.weightedEntropy += entropy * WINDOW;
          if (entropy > this.highestEntropy) this.highestEntropy = entropy;
          this.nonZero += nonZeroOfWindow(records, at + COUNTS_WORD + w * 5);
        }
        break;
      case "provenance":
        for (let w = from; w < to; w++) this.nonZero += nonZeroOfWindow(records, at + COUNTS_WORD + w * 5);
        break;
      case "ascii":
        for (let w = from, c = at + COUNTS_WORD + from * 5; w < to; w++, c += 5)
          this.classes[1] += records[c] + records[c + 1];
        break;
      case "class": {
        const { classes } = this;
        let printable = 0;
        let whitespace = 0;
        let control = 0;
        let high = 0;
        let ff = 0;
        for (let w = from, c = at + COUNTS_WORD + from * 5; w < to; w++, c += 5) {
          printable += records[c];
          whitespace += records[c + 1];
          control += records[c + 2];
          high += records[c + 3];
          ff += records[c + 4];
        }
        classes[1] += printable;
        classes[2] += whitespace;
        classes[3] += control;
        classes[4] += high;
        classes[5] += ff;
        this.nonZero += printable + whitespace + control + high + ff;
        break;
      }
      case "permissions":
      case "kind":
      case "file":
      case "changes":
      case "first-seen":
      case "ways":
      case "verdict":
        break; // Of pages, not of bytes.
      default:
        channel satisfies never;
    }
  }

  /** A whole page, all of its bytes recorded. @param row of the page in these totals */
  addTotals(shorts: Uint16Array, words: Uint32Array, row: number): void {
    const { classes } = this;
    const short = row * TOTALS_SHORTS;
    const word = row * TOTALS_WORDS;
    this.known += PAGE_SIZE;
    for (let c = 0; c < CLASSES; c++) {
      const count = shorts[short + c];
      classes[c + 1] += count;
      this.nonZero += count;
    }
    this.sum += words[word + TOTAL_SUM_WORD];
    this.weightedEntropy += words[word + TOTAL_ENTROPY_WORD] * WINDOW;
    const highest = shorts[short + HIGHEST_SHORT];
    if (highest > this.highestEntropy) this.highestEntropy = highest;
  }

  /**
   * Bytes [from, to) of a page of which not all need be recorded; windows are cut to that range.
   * @param page 4,096 bytes, or `undefined` when all of them are zero.
   */
  addBytes(page: Uint8Array | undefined, from: number, to: number): void {
    if (page === undefined) {
      this.addZeros(to - from);
      return;
    }
    for (let start = from; start < to; ) {
      const end = Math.min(to, (Math.floor(start / WINDOW) + 1) * WINDOW);
      histogram.fill(0);
      for (let i = start; i < end; i++) {
        const byte = page[i];
        histogram[byte]++;
        this.classes[CLASS_OF_BYTE[byte]]++;
        this.sum += byte;
      }
      const length = end - start;
      const entropy = entropyOfCounts(histogram, length);
      this.known += length;
      this.nonZero += length - histogram[0];
      this.weightedEntropy += entropy * length;
      if (entropy > this.highestEntropy) this.highestEntropy = entropy;
      start = end;
    }
  }

  /** Into cells of which coarser ones are made. */
  keep(cells: MeasuredCells, cell: number): void {
    cells.known[cell] = this.known;
    cells.sum[cell] = this.sum;
    cells.entropy[cell] = this.weightedEntropy;
    cells.highestEntropy[cell] = this.highestEntropy;
    cells.rank[cell] = this.rank;
    for (let c = 0; c < CLASSES; c++) cells.classes[cell * CLASSES + c] = this.classes[c + 1];
  }

  addKept(cells: MeasuredCells, cell: number): void {
    this.known += cells.known[cell];
    this.sum += cells.sum[cell];
    this.weightedEntropy += cells.entropy[cell];
    if (cells.highestEntropy[cell] > this.highestEntropy) this.highestEntropy = cells.highestEntropy[cell];
    if (cells.rank[cell] > this.rank) this.rank = cells.rank[cell];
    for (let c = 0; c < CLASSES; c++) {
      const count = cells.classes[cell * CLASSES + c];
      this.classes[c + 1] += count;
      this.nonZero += count;
    }
  }

  /** Writes the planes of a recorded cell (of any cell, for verdicts). */
  write(channel: CutChannel, a: Uint8Array, b: Uint8Array, cell: number): void {
    switch (channel) {
      case "class":
        a[cell] = this.dominant();
        b[cell] = shareCode(this.nonZero, this.known);
        break;
      case "value":
        a[cell] = Math.round(this.sum / this.known);
        break;
      case "entropy": {
        const allZero = this.nonZero === 0;
        a[cell] = entropyCode(this.weightedEntropy / this.known, allZero);
        b[cell] = entropyCode(this.highestEntropy, allZero);
        break;
      }
      case "ascii":
        a[cell] = shareCode(this.classes[1] + this.classes[2], this.known);
        break;
      case "provenance":
        a[cell] = this.rank;
        b[cell] = shareCode(this.nonZero, this.known);
        break;
      case "permissions":
      case "kind":
      case "file":
      case "changes":
      case "first-seen": {
        const code = this.codeOfPages(channel);
        const all = this.codes.reduce((sum, one) => sum + this.pages[one], 0);
        a[cell] = code;
        b[cell] = shareCode(this.pages[code], all);
        break;
      }
      case "ways":
        break; // Painted where the pages are.
      case "verdict":
        a[cell] = this.rank;
        b[cell] = this.rank === 0 ? 0 : 255;
        break;
      default:
        channel satisfies never;
    }
  }

  /** The highest code, or that of most pages: of as many the lowest. */
  private codeOfPages(channel: PageChannel): number {
    if (PAGE_CHANNELS[channel] === "highest") return Math.max(0, ...this.codes);
    let best = this.codes[0] ?? 0;
    for (const code of this.codes)
      if (this.pages[code] > this.pages[best] || (this.pages[code] === this.pages[best] && code < best)) best = code;
    return best;
  }

  private dominant(): number {
    const { classes } = this;
    let best = 0;
    for (let c = 1; c < 6; c++) if (classes[c] > (best === 0 ? 0 : classes[best])) best = c;
    return best;
  }
}

function nonZeroOfWindow(records: Uint16Array, counts: number): number {
  return records[counts] + records[counts + 1] + records[counts + 2] + records[counts + 3] + records[counts + 4];
}
