/**
 * The bytes pane as a plain object: cursor, place of the scroll, canvas, own scroll bar. It scrolls through one mapping,
 * the cursor's. The surprise: the scroll bar counts addresses, not lines, so it is exact in a mapping of any size.
 */
import type { Region } from "../../shared/find/index.ts";
import { addressOfPage, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import { classTextColor, cssColor, PLACE_COLORS } from "../../shared/palette/index.ts";
import { isGuard } from "../../shared/snapshot/index.ts";
import { BYTE_CLASSES, CLASS_OF_BYTE } from "../../shared/summary/index.ts";
import { CELL_STATES, type CellState } from "../../shared/tile/index.ts";
import { formatPlural, groupDigits } from "../format/index.ts";
import { type MarkedBytes, type Place, type Theme, whenFontsArrive } from "../viewer/index.ts";
import type { BytesSource, HexMapping, HexSide } from "./bytes-source.ts";
import { flagsOf } from "./columns.ts";
import { drawHitFrames, drawNoteLines, drawSelectedContour, drawSelectedGround, type MarkedRow } from "./draw-marks.ts";
import { createExtending, type End } from "./extending.ts";
import { HEX_COLORS } from "./hex-colors.ts";
import { type Line, type Lines, linesOf, type RowBytes } from "./lines.ts";
import { type MarkedColumns, markedColumns } from "./marked-bytes.ts";
import { byteAt, createPageCache, isDifference, type PageCache, type PageContent } from "./page-cache.ts";
import { selectedBytes } from "./selected-bytes.ts";

export interface HexPaneOptions {
  /** One, or two for a comparison. */
  readonly sides: readonly HexSide[];
  /** In the comparison those of the joint strip. */
  readonly mappings: readonly HexMapping[];
  readonly theme: Theme;
  /** The cursor was moved here, by hand. */
  readonly onMove: (place: Place) => void;
  /** These were selected, by hand or by keys. */
  readonly onSelect: (regions: readonly Region[]) => void;
}

/** A row for screen readers. */
export interface HexRow {
  readonly address: bigint;
  /** Whether the cursor is in it, also behind the first page of a run without bytes. */
  readonly isCurrent: boolean;
  /** Two digits each, or that the byte is not in the dump; or why there are none. Per side. */
  readonly sides: readonly (readonly string[] | string)[];
  /** Whether it is selected: one flag per column, or one for a row without bytes. */
  readonly selected: readonly boolean[];
}

export interface HexPane {
  /** Draws into `canvas`; the returned function releases everything that was made for it. */
  attach(canvas: HTMLCanvasElement): () => void;
  setTheme(theme: Theme): void;
  /** Bytes of a side that carry a note: a line stands under them, a corner over the first. */
  setNotes(side: number, notes: readonly MarkedBytes[]): void;
  /** What was found on a side: framed. */
  setHits(side: number, hits: readonly MarkedBytes[]): void;
  /**
   * What is selected, on all sides. Without a cursor the pane shows where it begins, and nothing when nothing is
   * selected. Does not call `onSelect`.
   */
  setSelected(regions: readonly Region[]): void;
  readonly cursor: Place | null;
  /**
   * Follows the picture: scrolls only if the place is not in view, and again when lines above it turn out longer than
   * they were thought to be, until somebody scrolls. Does not call `onMove`.
   */
  setCursor(place: Place | null): void;
  /** By bytes within the mapping, over rows without bytes. */
  moveCursor(bytes: number): void;
  scrollLines(lines: number): void;
  /** @returns whether the key meant something here. */
  press(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey">): boolean;
  /** The mapping that is shown: the cursor's, else that of the first selected byte. */
  readonly mapping: HexMapping | null;
  /** As many as the canvas has room for. */
  readonly rowBytes: RowBytes;
  /** Up to 8 bytes from the cursor on, per side; shorter where memory ends, `null` while they are read. */
  bytesAtCursor(most?: number): readonly (Uint8Array | null)[];
  /** The cursor's row and its neighbours. */
  rowsAtCursor(): readonly HexRow[];
  /** Bytes of the cursor's page that differ; `null` without two sides that have it. */
  differingBytes(): number | null;
  /** Message of a read that failed in view. */
  readonly failure: string | null;
  retry(): void;
  /** Pages that were not there may be there now. */
  renew(): void;
  readonly mappings: readonly HexMapping[];
  readonly sides: readonly HexSide[];
  subscribe(listener: () => void): () => void;
  dispose(): void;
}

const ROW_HEIGHT = 18;
/** Above this width of the window a row has 32 bytes, in CSS pixels. */
const WIDE_WINDOW = 2000;
const LEFT = 20;
const SCROLL_BAR = 12;
const SMALLEST_HANDLE = 20;
/** In characters: between groups of eight bytes, before the text, and the least from one byte to the next. */
const GROUP_GAP = 1.6;
const TEXT_GAP = 1.4;
const TIGHTEST = 2.3;
const RECORDED = CELL_STATES.indexOf("recorded");
const FILLED = CELL_STATES.indexOf("filled");
const PRINTABLE = BYTE_CLASSES.indexOf("printable");
/** Bytes that are not the dump's stand behind those that are. */
const FILLED_ALPHA = 0.8;
/** From one diagonal to the next, in CSS pixels. */
const FILLED_STEP = 9;
const MONO = '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace';
/** In place of a byte that the dump does not hold; its text stays empty. */
const UNKNOWN_BYTE = "??";
const UI = '"Inter Variable", system-ui, sans-serif';

type BytesLine = Extract<Line, { kind: "bytes" }>;

/** What a drawing of the pane depends on besides bytes and marks, which say themselves when they change. */
interface HexView {
  readonly lines: readonly Line[];
  /** Of the page of each line, per side; codes of CELL_STATES. */
  readonly states: readonly (number | undefined)[];
  readonly filledFrom: readonly BytesSource["filledFrom"][];
}

/** Columns of one side, in CSS pixels. */
interface SideLayout extends Pick<MarkedRow, "char" | "byteX" | "textX"> {
  readonly left: number;
  readonly width: number;
  readonly digits: number;
  readonly fontSize: number;
}

/** Where a hand went down: it stays on that side, in its digits or its text. */
interface Pressed {
  readonly pointer: number;
  readonly x: number;
  readonly y: number;
  readonly place: Place;
  readonly field: Field;
}
interface Field {
  readonly side: number;
  readonly isText: boolean;
}

/** A hand that only clicks moves up to so many CSS pixels. */
const STILL = 4;

export function createHexPane(options: HexPaneOptions): HexPane {
  const { sides, mappings, onMove, onSelect } = options;
  const listeners = new Set<() => void>();
  const caches: PageCache[] = sides.map(({ source }) => createPageCache(source, () => invalidate()));
  const unsubscribes = sides.map(({ source }) =>
    source.subscribe(() => {
      if (!isSameView(viewNow(), drawnView)) invalidate();
    }),
  );
  let theme = options.theme;
  let cursor: Place | null = null;
  const noted: MarkedColumns[] = sides.map(() => markedColumns([]));
  const found: MarkedColumns[] = sides.map(() => markedColumns([]));
  let regions: readonly Region[] = [];
  let selected = selectedBytes(regions);
  const extending = createExtending();
  let mapping: HexMapping | null = null;
  let lines: Lines | undefined;
  let top: { page: PageAddress; row: number } = { page: 0 as PageAddress, row: 0 };
  let context: CanvasRenderingContext2D | null = null;
  let size = { width: 0, height: 0, ratio: 1 };
  let request = 0;
  let failure: string | null = null;
  let isDragging = false;
  let shown: readonly Line[] = [];
  let drawnView: HexView | undefined;
  let rowBytes: RowBytes = 16;
  /** The cursor, or where the selection begins, as long as nobody has scrolled away from it. */
  let followed: Place | null = null;
  let pressed: Pressed | null = null;
  /** Where the hand that selects is now; `null` while it only clicks. */
  let reaching: { readonly x: number; readonly y: number } | null = null;

  function invalidate(): void {
    if (request === 0) request = requestAnimationFrame(frame);
  }

  function frame(): void {
    request = 0;
    scrollAfterHand();
    if (context && size.width > 0) draw(context);
    for (const listener of [...listeners]) listener();
  }

  const pageRows = () => PAGE_SIZE / rowBytes;
  const visibleRows = () => Math.max(1, Math.floor(size.height / ROW_HEIGHT));

  function setMapping(place: Place): void {
    const found = mappings.find(
      (one) => one.space === place.space && place.page >= one.start && place.page < one.start + one.pages,
    );
    if (found === mapping) return;
    mapping = found ?? null;
    lines = mapping ? linesOf(mapping, sides, rowBytes) : undefined;
    if (mapping) top = { page: mapping.start, row: 0 };
  }

  /** Rows of another length begin where the first one in view begins. */
  function setRowBytes(next: RowBytes): void {
    if (next === rowBytes) return;
    top = { ...top, row: Math.floor((top.row * rowBytes) / next) };
    rowBytes = next;
    lines = mapping ? linesOf(mapping, sides, rowBytes) : undefined;
  }

  function reveal(place: Place): void {
    followed = place;
    if (!lines) return;
    shown = linesInView();
    const row = Math.floor(place.offset / rowBytes);
    if (isInView(place.page, row)) return;
    // In the middle, but the mapping's first rows stay at the top, its last ones at the bottom.
    let line = lines.at(place.page, row);
    for (let n = 0; n < Math.floor(visibleRows() / 2); n++) line = lines.previous(line) ?? line;
    top = { page: line.page, row: line.kind === "bytes" ? line.row : 0 };
    keepLastAtBottom();
  }

  function isInView(page: PageAddress, row: number): boolean {
    return shown.slice(0, visibleRows()).some((line) => holds(line, page, row));
  }

  function holds(line: Line, page: PageAddress, row: number): boolean {
    if (line.kind === "fold") return page >= line.page && page < line.page + line.pages;
    return line.page === page && (line.kind === "unknown" || line.row === row);
  }

  function linesInView(): Line[] {
    if (!lines || !mapping) return [];
    const found: Line[] = [];
    let line: Line | undefined = lines.at(top.page, top.row);
    // A row of which the text would be cut is not begun.
    const most = Math.max(1, Math.floor((size.height + 2) / ROW_HEIGHT));
    while (line && found.length < most) {
      found.push(line);
      line = lines.next(line);
    }
    return found;
  }

  /** What is known of the lines in view. A picture that moves says so in each frame, and seldom changes this. */
  function viewNow(): HexView {
    const inView = linesInView();
    return {
      lines: inView,
      states: inView.flatMap(({ page }) =>
        sides.map(({ source }) => (mapping ? source.stateOf(mapping.space, page) : undefined)),
      ),
      filledFrom: sides.map(({ source }) => source.filledFrom),
    };
  }

  function scrollLines(count: number): void {
    if (!lines) return;
    followed = null;
    const before = top;
    let line = lines.at(top.page, top.row);
    for (let n = 0; n < Math.abs(count); n++) {
      const next = count > 0 ? lines.next(line) : lines.previous(line);
      if (!next) break;
      line = next;
    }
    top = { page: line.page, row: line.kind === "bytes" ? line.row : 0 };
    keepLastAtBottom();
    if (top.page !== before.page || top.row !== before.row) invalidate();
  }

  /** The last line stands at the bottom, not at the top of an empty pane. */
  function keepLastAtBottom(): void {
    if (!lines || !mapping) return;
    let line: Line | undefined = lines.at(top.page, top.row);
    let below = 0;
    while (line && below < visibleRows()) {
      line = lines.next(line);
      below++;
    }
    let first = lines.at(top.page, top.row);
    for (let missing = visibleRows() - below; missing > 0; missing--) first = lines.previous(first) ?? first;
    top = { page: first.page, row: first.kind === "bytes" ? first.row : 0 };
  }

  /** @param share of the mapping's addresses, 0 to 1. */
  function scrollTo(share: number): void {
    if (!mapping || !lines) return;
    followed = null;
    const rows = Math.min(1, Math.max(0, share)) * mapping.pages;
    const page = Math.min(mapping.pages - 1, Math.floor(rows));
    const line = lines.at(
      (mapping.start + page) as PageAddress,
      Math.min(pageRows() - 1, Math.floor((rows - page) * pageRows())),
    );
    top = { page: line.page, row: line.kind === "bytes" ? line.row : 0 };
    keepLastAtBottom();
    invalidate();
  }

  function moveTo(place: Place): void {
    extending.forget();
    cursor = place;
    setMapping(place);
    reveal(place);
    onMove(place);
    invalidate();
  }

  /** Moves the cursor, and selects from where it stood at first to there. */
  function extendTo(place: Place): void {
    const from = endAt(cursor ?? place);
    const to = endAt(place);
    if (!from || !to) return;
    cursor = place;
    regions = [extending.to(from, to)];
    selected = selectedBytes(regions);
    onMove(place);
    onSelect(regions);
    invalidate();
  }

  /** A place as an end of what is selected: its byte, or the pages without bytes that its line stands for. */
  function endAt({ space, page, offset }: Place): End | undefined {
    if (!lines || mapping?.space !== space) return undefined;
    const line = lines.at(page, Math.floor(offset / rowBytes));
    if (line.kind === "fold") {
      const from = addressOfPage(line.page);
      return { space, from, behind: from + BigInt(line.pages) * BigInt(PAGE_SIZE) };
    }
    const from = addressOfPage(page, offset);
    return { space, from, behind: from + 1n };
  }

  /** Without a cursor: where the selection begins, or nothing. */
  function showSelected(): void {
    if (cursor) return;
    const place = selected.first(mappings);
    if (place) {
      setMapping(place);
      reveal(place);
      return;
    }
    mapping = null;
    lines = undefined;
    shown = [];
    followed = null;
  }

  /** The place `bytes` behind the cursor that has bytes; over folded pages in one step. */
  function placeFromCursor(bytes: number): Place | undefined {
    if (!cursor || !mapping || !lines) return undefined;
    // Page and offset apart: a mapping may have more bytes than a double counts.
    const moved = cursor.offset + bytes;
    const last = mapping.start + mapping.pages - 1;
    let page = cursor.page + Math.floor(moved / PAGE_SIZE);
    let offset = ((moved % PAGE_SIZE) + PAGE_SIZE) % PAGE_SIZE;
    if (page < mapping.start) [page, offset] = [mapping.start, 0];
    else if (page > last) [page, offset] = [last, PAGE_SIZE - 1];
    const line = lines.at(page as PageAddress, 0);
    if (line.kind === "fold") {
      page = bytes > 0 ? line.page + line.pages : line.page - 1;
      if (page < mapping.start || page > last) return undefined;
      const column = Math.abs(bytes) >= rowBytes ? cursor.offset % rowBytes : bytes > 0 ? 0 : rowBytes - 1;
      offset = bytes > 0 ? column : PAGE_SIZE - rowBytes + column;
    }
    return { space: cursor.space, page: page as PageAddress, offset };
  }

  function contentOf(side: number, page: PageAddress): PageContent | undefined {
    if (!mapping) return undefined;
    const state = sides[side].source.stateOf(mapping.space, page);
    if (state === undefined) return { state: "reading" };
    if (state !== RECORDED && state !== FILLED) return { state: "absent" };
    return caches[side].page(mapping.space, page);
  }

  // Drawing -----------------------------------------------------------------------------------------------------------

  function layoutOf(side: number): SideLayout {
    const isPair = sides.length > 1;
    const fontSize = isPair ? 11 : 12;
    const char = fontSize * 0.6;
    const width = (size.width - SCROLL_BAR) / sides.length;
    const left = side * width + (isPair ? 18 : LEFT);
    const last = mapping ? mapping.start + mapping.pages : 0;
    const digits = isPair ? 8 : last > 2 ** 36 ? 16 : 12;
    const bytes = left + digits * char + (digits / 4 - 1) * 5 + 22;
    // Three characters a byte, less where two sides have to share a narrow window.
    const gaps = (rowBytes / 8 - 1) * GROUP_GAP;
    const room = ((side + 1) * width - 6 - bytes - (rowBytes + gaps + TEXT_GAP) * char) / rowBytes;
    const pitch = Math.max(TIGHTEST * char, Math.min(3 * char, room));
    return {
      left,
      width,
      digits,
      char,
      fontSize,
      byteX: (column) => bytes + column * pitch + Math.floor(column / 8) * char * GROUP_GAP,
      textX: bytes + rowBytes * pitch + (gaps + TEXT_GAP) * char,
    };
  }

  /** The longest row of which both sides have room beside each other. */
  function fittingRowBytes(): RowBytes {
    if (sides.length === 1) return window.innerWidth > WIDE_WINDOW ? 32 : 16;
    const char = 11 * 0.6;
    const room = (size.width - SCROLL_BAR) / sides.length - 18 - 8 * char - 5 - 22 - 6;
    const isFitting = (count: number) =>
      count * (TIGHTEST + 1) * char + ((count / 8 - 1) * GROUP_GAP + TEXT_GAP) * char <= room;
    if (window.innerWidth > WIDE_WINDOW && isFitting(32)) return 32;
    return isFitting(16) ? 16 : 8;
  }

  function draw(pen: CanvasRenderingContext2D): void {
    const colors = HEX_COLORS[theme];
    pen.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    pen.clearRect(0, 0, size.width, size.height);
    pen.textBaseline = "alphabetic";
    if (followed) reveal(followed);
    drawnView = viewNow();
    shown = drawnView.lines;
    failure = null;
    shown.forEach((line, n) => {
      drawLine(pen, line, n * ROW_HEIGHT);
    });
    if (sides.length > 1) {
      pen.fillStyle = colors.line;
      pen.fillRect(Math.round((size.width - SCROLL_BAR) / 2), 0, 1, size.height);
    }
    drawScrollBar(pen);
  }

  function drawLine(pen: CanvasRenderingContext2D, line: Line, y: number): void {
    const colors = HEX_COLORS[theme];
    const baseline = y + 13;
    if (line.kind !== "bytes") {
      const { char, fontSize, byteX } = layoutOf(0);
      const text = line.kind === "unknown" ? "…" : textOfFold(line);
      const isCursorLine = cursor !== null && line.kind === "fold" && holds(line, cursor.page, 0);
      const isSelected = isLineSelected(line);
      if (isCursorLine || isSelected) {
        pen.fillStyle = isSelected ? colors.selected : colors.hover;
        pen.fillRect(0, y, size.width - SCROLL_BAR, ROW_HEIGHT);
      }
      if (isSelected) {
        pen.fillStyle = colors.label;
        pen.fillRect(0, y, isCursorLine ? 4 : 2, ROW_HEIGHT);
      }
      drawAddress(pen, layoutOf(0), line.page, 0, baseline);
      pen.fillStyle = colors.label;
      if (line.kind === "fold") {
        pen.font = `400 ${fontSize}px ${MONO}`;
        pen.fillText(UNKNOWN_BYTE, byteX(0), baseline);
      }
      pen.font = `400 12px ${UI}`;
      pen.fillText(text, byteX(0) + 2 * char + 12, baseline);
      return;
    }
    const isCursorRow = cursor?.page === line.page && Math.floor(cursor.offset / rowBytes) === line.row;
    if (isCursorRow) {
      pen.fillStyle = colors.hover;
      pen.fillRect(LEFT - 2, y, size.width - SCROLL_BAR - LEFT, ROW_HEIGHT);
    }
    const contents = sides.map((_, side) => contentOf(side, line.page));
    const other = (side: number) => (sides.length > 1 ? contents[1 - side] : undefined);
    const inRow = selectedAround(line);
    sides.forEach((side, n) => {
      const layout = layoutOf(n);
      drawAddress(pen, layout, line.page, line.row, baseline);
      const content = contents[n];
      const isFilled = content?.state === "here" && content.isFilled;
      const row: MarkedRow = { ...layout, y, height: ROW_HEIGHT, rowBytes };
      if (isFilled) drawFilled(pen, layout, n, line, y);
      drawSelectedGround(pen, row, inRow.here, theme, isFilled ? FILLED_ALPHA : 1);
      if (content?.state === "here") drawBytes(pen, layout, content, other(n), line.row, y);
      drawSelectedContour(pen, row, inRow, theme);
      if (mapping) {
        const place = { space: mapping.space, page: line.page };
        drawHitFrames(pen, row, found[n].columns(place, line.row, rowBytes), theme);
        drawNoteLines(pen, row, noted[n].columns(place, line.row, rowBytes), theme);
      }
      if (isCursorRow && content?.state === "here") drawCursor(pen, layout, y);
      if (content?.state === "failed") failure = content.message;
      if (content?.state !== "here" && (line.row === 0 || line === shown[0])) {
        pen.font = `400 12px ${UI}`;
        pen.fillStyle = colors.label;
        const text =
          content?.state === "absent"
            ? `not recorded in ${side.name}`
            : content?.state === "failed"
              ? "could not be read"
              : "…";
        pen.fillText(text, layout.byteX(0), baseline);
      }
    });
  }

  function textOfFold(line: Extract<Line, { kind: "fold" }>): string {
    return foldText(
      line,
      sides.map(({ name }) => name),
      mapping?.permissions ?? "",
    );
  }

  function drawAddress(
    pen: CanvasRenderingContext2D,
    layout: SideLayout,
    page: PageAddress,
    row: number,
    baseline: number,
  ): void {
    const digits = addressOfPage(page, row * rowBytes)
      .toString(16)
      .padStart(layout.digits, "0")
      .slice(-layout.digits);
    pen.font = `400 ${layout.fontSize}px ${MONO}`;
    pen.fillStyle = HEX_COLORS[theme].label;
    let x = layout.left;
    for (const group of groupDigits(digits)) {
      pen.fillText(group, x, baseline);
      x += 4 * layout.char + 5;
    }
  }

  /** The ground of bytes that are not the dump's: hatched; at a page's first row in view with where they come from. */
  function drawFilled(
    pen: CanvasRenderingContext2D,
    layout: SideLayout,
    side: number,
    line: BytesLine,
    y: number,
  ): void {
    const { ground, mark } = PLACE_COLORS[theme].image;
    const left = Math.round(layout.byteX(0)) - 4;
    const right = Math.round(layout.textX + rowBytes * layout.char) + 4;
    pen.save();
    pen.beginPath();
    pen.rect(left, y, right - left, ROW_HEIGHT);
    pen.clip();
    pen.fillStyle = cssColor(ground);
    pen.fillRect(left, y, right - left, ROW_HEIGHT);
    pen.strokeStyle = cssColor(mark);
    pen.lineWidth = 1;
    pen.beginPath();
    // Diagonals that go on from row to row.
    for (let x = left - ROW_HEIGHT - ((left + y) % FILLED_STEP); x < right; x += FILLED_STEP) {
      pen.moveTo(x + ROW_HEIGHT, y);
      pen.lineTo(x, y + ROW_HEIGHT);
    }
    pen.stroke();
    pen.restore();
    if (!mapping || (line.row !== 0 && line !== shown[0])) return;
    const text = sides[side].source.filledFrom?.(mapping.space, line.page);
    if (text === undefined) return;
    pen.font = `400 11px ${UI}`;
    // Half a sentence would say less than none; the head has it too.
    if (right + 16 + pen.measureText(text).width > size.width - SCROLL_BAR) return;
    pen.fillStyle = HEX_COLORS[theme].label;
    pen.fillText(text, right + 12, y + 13);
  }

  /** What is selected of a row, and of those above and below it in memory. */
  function selectedAround({ page, row }: BytesLine) {
    const address = addressOfPage(page, row * rowBytes);
    const at = (rows: number) =>
      mapping ? selected.columns(mapping.space, address + BigInt(rows * rowBytes), rowBytes) : [];
    return { above: at(-1), here: at(0), below: at(1) };
  }

  function isLineSelected(line: Exclude<Line, BytesLine>): boolean {
    return mapping !== null && selected.touches(mapping.space, line.page, line.kind === "fold" ? line.pages : 1);
  }

  function drawBytes(
    pen: CanvasRenderingContext2D,
    layout: SideLayout,
    content: PageContent,
    other: PageContent | undefined,
    row: number,
    y: number,
  ): void {
    const colors = HEX_COLORS[theme];
    const baseline = y + 13;
    pen.font = `400 ${layout.fontSize}px ${MONO}`;
    for (let column = 0; column < rowBytes; column++) {
      const offset = row * rowBytes + column;
      const byte = byteAt(content, offset);
      const x = layout.byteX(column);
      const textX = layout.textX + column * layout.char;
      if (byte === undefined) {
        pen.fillStyle = colors.label;
        pen.fillText(UNKNOWN_BYTE, x, baseline);
        continue;
      }
      const isDifferent = isDifference(content, other, offset);
      if (isDifferent) {
        pen.fillStyle = colors.diff;
        pen.fillRect(x - 2, y + 1, 2 * layout.char + 4, ROW_HEIGHT - 2);
        pen.fillRect(textX, y + 1, layout.char, ROW_HEIGHT - 2);
      }
      const code = CLASS_OF_BYTE[byte];
      pen.fillStyle = isDifferent ? colors.diffText : cssColor(classTextColor(code, theme));
      pen.globalAlpha = content?.state === "here" && content.isFilled ? FILLED_ALPHA : 1;
      pen.fillText(byte.toString(16).padStart(2, "0"), x, baseline);
      const isText = code === PRINTABLE || byte === 0x20;
      pen.fillText(isText ? String.fromCharCode(byte) : "·", textX, baseline);
      pen.globalAlpha = 1;
    }
  }

  /** Last, so that neither a neighbour's ground nor another sign lies over the frame. */
  function drawCursor(pen: CanvasRenderingContext2D, layout: SideLayout, y: number): void {
    if (!cursor) return;
    const column = cursor.offset % rowBytes;
    const x = Math.round(layout.byteX(column));
    const textX = Math.round(layout.textX + column * layout.char);
    pen.strokeStyle = HEX_COLORS[theme].cursor;
    pen.lineWidth = 1;
    pen.strokeRect(x - 2.5, y + 1.5, Math.round(2 * layout.char) + 4, ROW_HEIGHT - 3);
    pen.strokeRect(textX - 0.5, y + 1.5, Math.round(layout.char) + 1, ROW_HEIGHT - 3);
  }

  function handle(): { top: number; height: number } {
    if (!mapping) return { top: 0, height: 0 };
    const all = mapping.pages * pageRows();
    const height = Math.max(SMALLEST_HANDLE, Math.min(size.height, (visibleRows() / all) * size.height));
    const at =
      (top.page - mapping.start + top.row / pageRows()) /
      Math.max(1 / pageRows(), mapping.pages - visibleRows() / pageRows());
    return { top: Math.min(1, Math.max(0, at)) * (size.height - height), height };
  }

  function drawScrollBar(pen: CanvasRenderingContext2D): void {
    if (!mapping) return;
    const { top: from, height } = handle();
    if (height >= size.height) return;
    pen.fillStyle = HEX_COLORS[theme].bar;
    pen.fillRect(size.width - SCROLL_BAR + 3, Math.round(from), SCROLL_BAR - 6, Math.round(height));
  }

  /** The side under a point, and whether its text. */
  function fieldAt(x: number): Field {
    const side = sides.length > 1 && x >= layoutOf(1).left - 18 ? 1 : 0;
    return { side, isText: x >= layoutOf(side).textX };
  }

  /** The byte under a point, or the nearest one to it in view, in one field of the row. */
  function placeAt(x: number, y: number, { side, isText }: Field): Place | undefined {
    const line = shown[Math.min(shown.length - 1, Math.max(0, Math.floor(y / ROW_HEIGHT)))];
    if (!line || !mapping) return undefined;
    if (line.kind !== "bytes") return { space: mapping.space, page: line.page, offset: 0 };
    const layout = layoutOf(side);
    let column = -1;
    if (isText) column = Math.floor((x - layout.textX) / layout.char);
    else for (let n = 0; n < rowBytes; n++) if (x >= layout.byteX(n) - layout.char / 2) column = n;
    column = Math.min(rowBytes - 1, Math.max(0, column));
    return { space: mapping.space, page: line.page, offset: line.row * rowBytes + column };
  }

  function handDown({ offsetX: x, offsetY: y, pointerId: pointer, shiftKey }: PointerEvent): void {
    if (y >= shown.length * ROW_HEIGHT) return;
    const field = fieldAt(x);
    const place = placeAt(x, y, field);
    if (!place) return;
    pressed = { pointer, x, y, place, field };
    reaching = shiftKey ? { x, y } : null;
    if (shiftKey) extendTo(place);
    else moveTo(place);
  }

  /** A hand that has left the byte on which it went down selects. */
  function handMoved({ offsetX: x, offsetY: y, pointerId }: PointerEvent): void {
    if (pressed?.pointer !== pointerId) return;
    const place = placeAt(x, y, pressed.field);
    if (!place) return;
    const isStill = Math.hypot(x - pressed.x, y - pressed.y) <= STILL || isSamePlace(place, pressed.place);
    if (!reaching && isStill) return;
    reaching = { x, y };
    // The hand shows where it is: what is under it does not move.
    followed = null;
    if (!isSamePlace(place, cursor)) extendTo(place);
    invalidate();
  }

  /** A hand that selects above or below the rows pulls them along, row by row, as long as it is there. */
  function scrollAfterHand(): void {
    if (!pressed || !reaching) return;
    const below = size.height;
    if (reaching.y >= 0 && reaching.y < below) return;
    scrollLines(reaching.y < 0 ? -1 : 1);
    shown = linesInView();
    const place = placeAt(reaching.x, reaching.y, pressed.field);
    if (place && !isSamePlace(place, cursor)) extendTo(place);
  }

  function attach(canvas: HTMLCanvasElement): () => void {
    const controller = new AbortController();
    const { signal } = controller;
    context = canvas.getContext("2d");
    const measure = () => {
      const ratio = window.devicePixelRatio;
      size = { width: canvas.clientWidth, height: canvas.clientHeight, ratio };
      setRowBytes(fittingRowBytes());
      canvas.width = Math.round(size.width * ratio);
      canvas.height = Math.round(size.height * ratio);
      if (request !== 0) cancelAnimationFrame(request);
      frame();
    };
    const observer = new ResizeObserver(measure);
    observer.observe(canvas);
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const rows = event.deltaMode === 1 ? event.deltaY : event.deltaY / ROW_HEIGHT;
        scrollLines(Math.sign(rows) * Math.max(1, Math.min(visibleRows(), Math.round(Math.abs(rows)))));
      },
      { signal, passive: false },
    );
    canvas.addEventListener(
      "pointerdown",
      (event) => {
        if (event.button !== 0) return;
        if (event.offsetX >= size.width - SCROLL_BAR) {
          isDragging = true;
          canvas.setPointerCapture(event.pointerId);
          drag(event.offsetY);
          return;
        }
        handDown(event);
        canvas.setPointerCapture(event.pointerId);
      },
      { signal },
    );
    canvas.addEventListener(
      "pointermove",
      (event) => {
        if (isDragging) drag(event.offsetY);
        else handMoved(event);
      },
      { signal },
    );
    const letGo = () => {
      isDragging = false;
      pressed = null;
      reaching = null;
    };
    canvas.addEventListener("pointerup", letGo, { signal });
    canvas.addEventListener("pointercancel", letGo, { signal });
    const drag = (y: number) => {
      const { height } = handle();
      const share = (y - height / 2) / Math.max(1, size.height - height);
      const reach = mapping ? Math.max(0, 1 - visibleRows() / pageRows() / mapping.pages) : 1;
      scrollTo(share * reach);
    };
    whenFontsArrive(invalidate, signal);
    measure();
    return () => {
      controller.abort();
      observer.disconnect();
      context = null;
    };
  }

  return {
    attach,
    mappings,
    sides,
    setTheme(next) {
      theme = next;
      invalidate();
    },
    setNotes(side, notes) {
      noted[side] = markedColumns(notes);
      invalidate();
    },
    setHits(side, hits) {
      found[side] = markedColumns(hits);
      invalidate();
    },
    setSelected(next) {
      if (next === regions) return;
      regions = next;
      selected = selectedBytes(next);
      extending.forget();
      showSelected();
      invalidate();
    },
    get cursor() {
      return cursor;
    },
    setCursor(place) {
      if (place === null ? cursor === null : isSamePlace(place, cursor)) return;
      extending.forget();
      cursor = place;
      followed = null;
      if (place) {
        setMapping(place);
        reveal(place);
      } else showSelected();
      invalidate();
    },
    moveCursor(bytes) {
      const place = placeFromCursor(bytes);
      if (place) moveTo(place);
    },
    scrollLines,
    press({ key, ctrlKey, altKey, metaKey, shiftKey }) {
      if (altKey || metaKey || !cursor || !mapping) return false;
      const go = (place: Place | undefined) => {
        if (!place) return;
        if (!shiftKey) {
          moveTo(place);
          return;
        }
        extendTo(place);
        reveal(place);
      };
      const inRow = cursor.offset % rowBytes;
      if (ctrlKey) {
        if (key === "Home") go({ space: mapping.space, page: mapping.start, offset: 0 });
        else if (key === "End") {
          const last = (mapping.start + mapping.pages - 1) as PageAddress;
          go({ space: mapping.space, page: last, offset: PAGE_SIZE - 1 });
        } else return false;
        return true;
      }
      const steps: Readonly<Record<string, number>> = {
        ArrowLeft: -1,
        ArrowRight: 1,
        ArrowUp: -rowBytes,
        ArrowDown: rowBytes,
        Home: -inRow,
        End: rowBytes - 1 - inRow,
        PageUp: -rowBytes * visibleRows(),
        PageDown: rowBytes * visibleRows(),
      };
      if (!Object.hasOwn(steps, key)) return false;
      go(placeFromCursor(steps[key]));
      return true;
    },
    get mapping() {
      return mapping;
    },
    get rowBytes() {
      return rowBytes;
    },
    bytesAtCursor(most = 8) {
      return sides.map((_, side) => {
        if (!cursor || !mapping) return null;
        const first = contentOf(side, cursor.page);
        if (first?.state === "reading") return null;
        if (first?.state !== "here") return new Uint8Array();
        const held = (content: Extract<PageContent, { state: "here" }>, from: number, to: number) =>
          from < content.known[0] ? new Uint8Array() : content.bytes.subarray(from, Math.min(to, content.known[1]));
        const bytes = held(first, cursor.offset, cursor.offset + most);
        if (
          bytes.length === most ||
          cursor.offset + bytes.length < PAGE_SIZE ||
          cursor.page + 1 >= mapping.start + mapping.pages
        )
          return bytes;
        const second = contentOf(side, (cursor.page + 1) as PageAddress);
        if (second?.state !== "here") return bytes;
        const rest = held(second, 0, most - bytes.length);
        const joined = new Uint8Array(bytes.length + rest.length);
        joined.set(bytes);
        joined.set(rest, bytes.length);
        return joined;
      });
    },
    rowsAtCursor() {
      if (!cursor || !lines) return [];
      const line = lines.at(cursor.page, Math.floor(cursor.offset / rowBytes));
      return [lines.previous(line), line, lines.next(line)]
        .filter((one) => one !== undefined)
        .map((one) => rowOf(one, one === line));
    },
    differingBytes() {
      if (!cursor || sides.length < 2) return null;
      const [a, b] = sides.map((_, side) => contentOf(side, cursor!.page));
      if (a?.state !== "here" || b?.state !== "here") return null;
      let count = 0;
      for (let i = 0; i < PAGE_SIZE; i++) if (isDifference(a, b, i)) count++;
      return count;
    },
    get failure() {
      return failure;
    },
    retry() {
      for (const cache of caches) cache.retry();
    },
    renew() {
      for (const cache of caches) cache.renew();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      cancelAnimationFrame(request);
      for (const unsubscribe of unsubscribes) unsubscribe();
      for (const cache of caches) cache.dispose();
      listeners.clear();
    },
  };

  function rowOf(line: Line, isCurrent: boolean): HexRow {
    if (line.kind !== "bytes") {
      const text = line.kind === "fold" ? textOfFold(line) : "not known yet";
      return { address: addressOfPage(line.page), isCurrent, sides: [text], selected: [isLineSelected(line)] };
    }
    return {
      selected: flagsOf(selectedAround(line).here, rowBytes),
      isCurrent,
      address: addressOfPage(line.page, line.row * rowBytes),
      sides: sides.map((side, n) => {
        const content = contentOf(n, line.page);
        if (content?.state !== "here")
          return content?.state === "absent" ? `not recorded in ${side.name}` : "not read yet";
        const of = (marks: readonly MarkedColumns[]) =>
          mapping
            ? flagsOf(marks[n].columns({ space: mapping.space, page: line.page }, line.row, rowBytes), rowBytes)
            : [];
        const [hits, notes] = [of(found), of(noted)];
        return Array.from({ length: rowBytes }, (_, column) => {
          const byte = byteAt(content, line.row * rowBytes + column);
          if (byte === undefined) return "not in the dump";
          const words = [content.isFilled && "filled", hits[column] && "hit", notes[column] && "noted"];
          return [byte.toString(16).padStart(2, "0"), ...words.filter((word) => word !== false)].join(", ");
        });
      }),
    };
  }
}

function isSameView(a: HexView, b: HexView | undefined): boolean {
  return (
    b !== undefined &&
    isSameList(a.lines, b.lines, isSameLine) &&
    isSameList(a.states, b.states) &&
    isSameList(a.filledFrom, b.filledFrom)
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (x: T, y: T) => boolean = Object.is): boolean {
  return a.length === b.length && a.every((one, n) => isSame(one, b[n]));
}

function isSameLine(a: Line, b: Line): boolean {
  if (a.page !== b.page) return false;
  if (a.kind === "bytes") return b.kind === "bytes" && a.row === b.row;
  if (a.kind === "fold") return b.kind === "fold" && a.pages === b.pages && isSameList(a.states, b.states);
  return b.kind === "unknown";
}

function isSamePlace(a: Place, b: Place | null): boolean {
  return b !== null && a.space === b.space && a.page === b.page && a.offset === b.offset;
}

/** Why there are no bytes, and how many pages; where sides have other reasons, each with its own. @param names of the sides */
export function foldText(
  { pages, states }: { readonly pages: number; readonly states: readonly number[] },
  names: readonly string[],
  permissions: string,
): string {
  const count = formatPlural(pages, "page");
  if (states.some((state) => state !== states[0]))
    return `${count}: ${states.map((state, side) => `in ${names[side]} ${REASONS[CELL_STATES[state]]}`).join(", ")}`;
  const [it, reads] = pages === 1 ? ["it", "reads"] : ["they", "read"];
  switch (CELL_STATES[states[0]]) {
    case "image":
      return `${count} left to the file; the dump has no bytes here`;
    case "untouched":
      return isGuard({ permissions })
        ? `${count}, never written; ${it} cannot be read`
        : `${count}, never written; ${it} ${reads} as zero`;
    case "excluded":
      return `${count} that the dumper left out`;
    case "not-loaded":
      return `${count} not here yet`;
    case "missing":
      return `${count} missing: the dump is cut, or the parent that holds ${pages === 1 ? "it" : "them"} is not here`;
    default:
      return `${count} without bytes`;
  }
}

/** Of one of two sides. */
const REASONS: Readonly<Record<CellState, string>> = {
  "not-loaded": "not here yet",
  gap: "not mapped",
  image: "left to the file",
  untouched: "never written",
  excluded: "left out by the dumper",
  missing: "missing",
  recorded: "recorded",
  filled: "filled",
};
