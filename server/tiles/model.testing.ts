/**
 * A strip for tests, and a model of its tiles written straight from the definitions: per cell, byte by byte, with no
 * summary, no span and no accumulator. Slow on purpose; cells of equal content are measured once.
 */
import fc from "fast-check";
import { isPageChannel, PAGE_CHANNELS, type TileChannel } from "../../shared/channel/index.ts";
import { SUMMARY_BYTES, summarisePageReference, TOTALS_BYTES, totalsOfSummaries } from "../../shared/summary/index.ts";
import { type CellState, cellStateCode, pagesOfTile, TILE_CELLS } from "../../shared/tile/index.ts";
import { NO_PAGE, type PageContents, type StripColumns, type StripSource, ZERO_PAGE } from "./contract.ts";

/** A position of a test strip. `content` is a number of `contents`, "zero", or `undefined` where nothing is recorded. */
export interface TestRow {
  readonly state: CellState;
  readonly content: number | "zero" | undefined;
  readonly rank: number;
  readonly other: number | "zero" | undefined;
  readonly partial: readonly [number, number] | undefined;
}

export class TestStrip {
  readonly rows: readonly TestRow[];
  readonly pages: ReadonlyMap<number, Uint8Array>;
  /** How often contents were asked for, and the most pages of one call. */
  calls = 0;
  mostBytes = 0;
  mostSummaries = 0;
  mostTotals = 0;
  private readonly memo = new Map<string, Part>();

  constructor(rows: readonly TestRow[], pages: ReadonlyMap<number, Uint8Array>) {
    this.rows = rows;
    this.pages = pages;
  }

  readonly source = (): StripSource => ({
    end: this.rows.length,
    columns: async (from: number, count: number): Promise<StripColumns> => {
      const partial = new Map<number, readonly [number, number]>();
      const cell = new Uint8Array(count).fill(cellStateCode("gap"));
      const page = new Uint32Array(count).fill(NO_PAGE);
      const rank = new Uint8Array(count);
      const other = new Uint32Array(count).fill(NO_PAGE);
      for (let i = 0; i < count && from + i < this.rows.length; i++) {
        const row = this.rows[from + i];
        cell[i] = cellStateCode(row.state);
        page[i] = numberOf(row.content);
        rank[i] = row.rank;
        other[i] = numberOf(row.other);
        if (row.partial) partial.set(i, row.partial);
      }
      return { cell, page, rank, other, partial };
    },
  });

  readonly contents: PageContents = {
    bytes: async (pages) => {
      this.calls++;
      this.mostBytes = Math.max(this.mostBytes, pages.length);
      return this.gather(pages, 4096, (page) => page);
    },
    summaries: async (pages) => {
      this.calls++;
      this.mostSummaries = Math.max(this.mostSummaries, pages.length);
      return this.gather(pages, SUMMARY_BYTES, summarisePageReference);
    },
    totals: async (pages) => {
      this.calls++;
      this.mostTotals = Math.max(this.mostTotals, pages.length);
      return this.gather(pages, TOTALS_BYTES, (page) => totalsOfSummaries(summarisePageReference(page)));
    },
  };

  private readonly gathered = new Map<string, Uint8Array>();
  private gather(pages: Uint32Array, size: number, of: (page: Uint8Array) => Uint8Array): Uint8Array {
    const bytes = new Uint8Array(pages.length * size);
    pages.forEach((page, i) => {
      if (i > 0 && page <= pages[i - 1]) throw new Error("pages asked for are not ascending");
      const key = `${page}:${size}`;
      const stored = this.pages.get(page);
      if (!stored) throw new Error(`page ${page} was asked for and does not exist`);
      const content = this.gathered.get(key) ?? of(stored);
      this.gathered.set(key, content);
      bytes.set(content, i * size);
    });
    return bytes;
  }

  /** The three planes of a tile by the definitions. */
  model(channel: TileChannel, level: number, index: number): { state: Uint8Array; a: Uint8Array; b: Uint8Array } {
    const state = new Uint8Array(TILE_CELLS).fill(cellStateCode("gap"));
    const a = new Uint8Array(TILE_CELLS);
    const b = new Uint8Array(TILE_CELLS);
    const size = 4 ** level;
    const first = index * pagesOfTile(level) * 4096;
    for (let cell = 0; cell < TILE_CELLS && first + cell * size < this.rows.length * 4096; cell++) {
      const start = first + cell * size;
      const shown = this.modelCell(channel, level, start, start + size);
      state[cell] = cellStateCode(shown.state);
      a[cell] = shown.a;
      b[cell] = shown.b;
    }
    return { state, a, b };
  }

  private modelCell(channel: TileChannel, level: number, start: number, end: number) {
    const states = new Set<CellState>();
    const recorded: Part[] = [];
    const filled: Part[] = [];
    const ranks = { recorded: 0, filled: 0 };
    const codes: number[] = [];
    let placeRank = 0;
    let leftTo = 0;
    let isChangedWithout = false;
    for (let page = Math.floor(start / 4096); page * 4096 < end; page++) {
      const row = this.rows[page];
      if (!row) break;
      placeRank = Math.max(placeRank, row.rank);
      if (row.state === "image") leftTo |= row.rank;
      const from = Math.max(0, start - page * 4096);
      const to = Math.min(4096, end - page * 4096);
      if (channel === "verdict" && level < 6 && row.rank === 4) {
        isChangedWithout = !this.differs(row, from, to);
      }
      if (row.state !== "recorded" && row.state !== "filled") {
        states.add(row.state);
        continue;
      }
      const [knownFrom, knownTo] = row.partial ?? [0, 4096];
      const cellFrom = Math.max(from, knownFrom);
      const cellTo = Math.min(to, knownTo);
      if (cellFrom >= cellTo) {
        states.add("missing");
        continue;
      }
      states.add(row.state);
      ranks[row.state] = Math.max(ranks[row.state], row.rank);
      if (row.state === "recorded") codes.push(row.rank);
      // Entropy below 256 bytes per cell is that of the window around.
      const widen = channel === "entropy" && level < 4;
      (row.state === "recorded" ? recorded : filled).push(
        widen
          ? this.part(
              row.content,
              Math.max(knownFrom, Math.floor(from / 256) * 256),
              Math.min(knownTo, Math.floor(from / 256) * 256 + 256),
            )
          : this.part(row.content, cellFrom, cellTo),
      );
    }
    const order = ["recorded", "not-loaded", "missing", "filled", "image", "excluded", "untouched", "gap"] as const;
    const state = order.find((one) => states.has(one)) ?? "gap";
    if (channel === "verdict") return { state, a: placeRank, b: placeRank === 0 || isChangedWithout ? 0 : 255 };
    if (channel === "provenance" && state === "image") return { state, a: 0, b: leftTo };
    if (state !== "recorded" && state !== "filled") return { state, a: 0, b: 0 };
    // Bytes that are recorded and bytes that are filled are never in one number.
    const parts = state === "recorded" ? recorded : filled;
    const rank = ranks[state];
    const known = total(parts, (part) => part.known);
    const nonZero = total(parts, (part) => part.known - part.classes[0]);
    const share = (part: number, whole: number) =>
      part === 0 ? 0 : part === whole ? 255 : clamp(Math.round((part / whole) * 255), 1, 254);
    const shareOf = share(nonZero, known);
    if (isPageChannel(channel)) {
      const pagesOf = (code: number) => codes.filter((one) => one === code).length;
      const sorted = [...codes].sort((x, y) => x - y);
      const most = Math.max(...codes.map(pagesOf));
      const a =
        (PAGE_CHANNELS[channel] === "highest" ? sorted.at(-1) : sorted.find((code) => pagesOf(code) === most)) ?? 0;
      return { state, a, b: share(pagesOf(a), codes.length) };
    }
    switch (channel) {
      case "class": {
        const counts = [1, 2, 3, 4, 5].map((c) => total(parts, (part) => part.classes[c]));
        return { state, a: nonZero === 0 ? 0 : 1 + counts.indexOf(Math.max(...counts)), b: shareOf };
      }
      case "value":
        return { state, a: Math.round(total(parts, (part) => part.sum) / known), b: 0 };
      case "ascii":
        return {
          state,
          a: share(
            total(parts, (part) => part.classes[1] + part.classes[2]),
            known,
          ),
          b: 0,
        };
      case "entropy": {
        if (nonZero === 0) return { state, a: 0, b: 0 };
        const windows = parts.flatMap((part) => part.windows);
        const mean = total(windows, (window) => window.entropy * window.length) / known;
        const most = Math.max(...windows.map((window) => window.entropy));
        return { state, a: 1 + Math.round((mean / 32768) * 254), b: 1 + Math.round((most / 32768) * 254) };
      }
      case "provenance":
        return { state, a: rank, b: shareOf };
      default:
        return channel satisfies never;
    }
  }

  private differs(row: TestRow, from: number, to: number): boolean {
    if (row.content === undefined || row.other === undefined) return true;
    for (let i = from; i < to; i++) if (this.byte(row.content, i) !== this.byte(row.other, i)) return true;
    return false;
  }

  private byte(content: number | "zero", at: number): number {
    return content === "zero" ? 0 : (this.pages.get(content)?.[at] ?? Number.NaN);
  }

  private part(content: number | "zero" | undefined, from: number, to: number): Part {
    const key = `${content}:${from}:${to}`;
    const known = this.memo.get(key);
    if (known) return known;
    if (content === undefined) throw new Error("a recorded row has content");
    const classes = [0, 0, 0, 0, 0, 0];
    const windows: { entropy: number; length: number }[] = [];
    let sum = 0;
    for (let start = Math.floor(from / 256) * 256; start < to; start += 256) {
      const counts = new Array<number>(256).fill(0);
      let length = 0;
      for (let i = Math.max(start, from); i < Math.min(start + 256, to); i++) {
        const byte = this.byte(content, i);
        counts[byte]++;
        sum += byte;
        length++;
        if (byte === 0) classes[0]++;
        else if (byte === 0xff) classes[5]++;
        else if (byte >= 0x80) classes[4]++;
        else if (byte === 0x20 || (byte >= 9 && byte <= 13)) classes[2]++;
        else if (byte < 0x20 || byte === 0x7f) classes[3]++;
        else classes[1]++;
      }
      const weight = (c: number) => (c < 2 ? 0 : Math.round(c * Math.log2(c) * 4096));
      windows.push({ entropy: Math.floor((weight(length) - total(counts, weight)) / length), length });
    }
    const part = { known: to - from, classes, sum, windows };
    this.memo.set(key, part);
    return part;
  }
}

interface Part {
  readonly known: number;
  readonly classes: readonly number[];
  readonly sum: number;
  readonly windows: readonly { readonly entropy: number; readonly length: number }[];
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function numberOf(content: number | "zero" | undefined): number {
  if (content === undefined) return NO_PAGE;
  return content === "zero" ? ZERO_PAGE : content;
}

const content = fc.oneof(
  fc.uint8Array({ minLength: 4096, maxLength: 4096 }),
  fc.nat(254).map((byte) => new Uint8Array(4096).fill(byte + 1)),
  fc.array(fc.tuple(fc.nat(4095), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 30 }).map((marks) => {
    const page = new Uint8Array(4096);
    for (const [at, byte] of marks) page[at] = byte;
    return page;
  }),
);

/** Page numbers far apart and near to the sentinels. */
const NUMBERS = [3, 4, 5, 900, 70_000, 0xffff_fffd];

/** Strips of up to `most` pages; with `withVerdicts` the rows are those of one side of a comparison. */
export function anyStrip(most: number, withVerdicts: boolean): fc.Arbitrary<TestStrip> {
  const anyContent = fc.oneof(fc.constantFrom(...NUMBERS), fc.constant("zero" as const));
  const anyPart = fc
    .tuple(fc.nat(4096), fc.nat(4096))
    .map(([x, y]): readonly [number, number] => [Math.min(x, y), Math.max(x, y)]);
  const recorded = fc.record({
    state: fc.constant("recorded" as const),
    content: anyContent,
    rank: fc.nat(withVerdicts ? 6 : 5),
    other: anyContent,
    partial: fc.option(anyPart, { nil: undefined, freq: 3 }),
  });
  const absent = fc.record({
    state: fc.constantFrom(
      "not-loaded" as const,
      "gap" as const,
      "image" as const,
      "untouched" as const,
      "excluded" as const,
      "missing" as const,
    ),
    content: fc.constant(undefined),
    rank: withVerdicts ? fc.constantFrom(0, 6) : fc.constant(0),
    other: fc.constant(undefined),
    partial: fc.constant(undefined),
  });
  const filled = fc.record({
    state: fc.constant("filled" as const),
    content: anyContent,
    rank: fc.nat(5),
    other: fc.constant(undefined),
    partial: fc.constant(undefined),
  });
  const row = withVerdicts ? fc.oneof(recorded, absent) : fc.oneof(recorded, absent, filled);
  return fc
    .tuple(
      fc.array(content, { minLength: NUMBERS.length, maxLength: NUMBERS.length }),
      fc.array(row, { minLength: 1, maxLength: most, size: "max" }),
    )
    .map(([pages, rows]) => new TestStrip(rows, new Map(NUMBERS.map((number, i) => [number, pages[i]]))));
}
