/** The bytes pane on a canvas that remembers what was written on it: what is shown of a mapping of any size, and how it is reached. */
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { formatRegions, parseRegions, type Region } from "../../shared/find/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import { stateCode } from "../../shared/snapshot/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import { BytesPane } from "./bytes-pane.tsx";
import type { BytesSource, HexMapping } from "./bytes-source.ts";
import { HEX_COLORS } from "./hex-colors.ts";
import { createHexPane, type HexPane } from "./hex-pane.ts";

const WIDTH = 700;
const HEIGHT = 180;
const ROWS = 10;
/** 1 TiB that ends where 64 bits do. */
const TEBIBYTE = 2 ** 28;
const LAST = 2 ** 52 - 1;

let frames: (() => void)[] = [];
beforeEach(() => {
  frames = [];
  vi.stubGlobal("window", { devicePixelRatio: 1, innerWidth: 1440 });
  vi.stubGlobal("document", { fonts: { addEventListener() {}, load: () => Promise.resolve([]) } });
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => frames.push(frame));
  vi.stubGlobal("cancelAnimationFrame", () => {});
});
afterEach(() => vi.unstubAllGlobals());

/** Every byte of a page is the low byte of its number; `fill` may say otherwise. */
function paneOf(
  mapping: HexMapping,
  fill = (page: number, bytes: Uint8Array) => void bytes.fill(page),
  stateOf: BytesSource["stateOf"] = () => cellStateCode("recorded"),
  partial: ReadonlyMap<number, readonly [number, number]> = new Map(),
  subscribe: BytesSource["subscribe"] = () => () => {},
) {
  const source: BytesSource = {
    stateOf,
    read: (_, page, pages) => {
      const bytes = new Uint8Array(pages * 4096);
      for (let n = 0; n < pages; n++) fill(page + n, bytes.subarray(n * 4096, (n + 1) * 4096));
      return Promise.resolve({ states: new Uint8Array(pages).fill(stateCode("data")), bytes, partial });
    },
    subscribe,
  };
  const selections: (string | null)[] = [];
  let last: readonly Region[] = [];
  const pane = createHexPane({
    sides: [{ name: "t0", source, byteOrder: "little", pointed: [] }],
    mappings: [mapping],
    theme: "dark",
    onMove: () => {},
    onSelect: (regions) => {
      last = regions;
      selections.push(formatRegions(regions));
    },
  });
  const handlers = new Map<string, (event: object) => void>();
  let written: { text: string; x: number; y: number }[] = [];
  let filled: { x: number; y: number; width: number; height: number; fillStyle: string }[] = [];
  let corners: { x: number; y: number }[] = [];
  const pen = {
    fillStyle: "",
    beginPath() {},
    closePath() {},
    fill() {},
    lineTo() {},
    moveTo: (x: number, y: number) => corners.push({ x, y }),
    setTransform() {},
    clearRect: () => {
      written = [];
      filled = [];
      corners = [];
    },
    fillRect: (x: number, y: number, width: number, height: number) =>
      filled.push({ x, y, width, height, fillStyle: pen.fillStyle }),
    strokeRect() {},
    fillText: (text: string, x: number, y: number) => written.push({ text, x, y }),
  };
  const canvas = {
    clientWidth: WIDTH,
    clientHeight: HEIGHT,
    getContext: () => pen,
    setPointerCapture() {},
    addEventListener: (name: string, handler: (event: object) => void) => handlers.set(name, handler),
  };
  // All that the pane uses of a canvas.
  pane.attach(canvas as unknown as HTMLCanvasElement);
  return {
    pane,
    /** The rows as they are written, once all bytes in view are here. */
    async rows(): Promise<string[]> {
      for (let n = 0; n < 4; n++) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const frame of frames.splice(0)) frame();
      }
      const lines = new Map<number, string[]>();
      for (const { text, y } of written) lines.set(y, [...(lines.get(y) ?? []), text]);
      return [...lines].sort(([x], [y]) => x - y).map(([, texts]) => texts.join(" "));
    },
    linesUnderRows: () => filled.filter(({ height, width }) => height === 1 && width > 1),
    corners: () => corners,
    /** In rows of the pane: which bytes have a ground of this colour, counted in digits and in text. */
    drawnIn: (color: string) => filled.filter(({ fillStyle }) => fillStyle === color),
    /** What was selected by hand or keys, as the address has it. */
    selections,
    /** The last of them, as it was given. */
    selected: () => last,
    /** The middle of a byte in view, as its digits or its text. */
    pointOf(row: number, column: number, of: "digits" | "text" = "digits") {
      const y = row * 18 + 9;
      const inRow = written.filter((one) => one.y === row * 18 + 13);
      const texts = inRow.filter(({ text }) => (of === "text" ? text.length === 1 : /^([0-9a-f]{2}|\?\?)$/.test(text)));
      const { x } = texts.slice(-16)[column];
      return { offsetX: x + 3, offsetY: y };
    },
    /** A hand goes down on the first point and by the others to the last. */
    drag(points: readonly { offsetX: number; offsetY: number }[], shiftKey = false) {
      const [first, ...others] = points;
      handlers.get("pointerdown")?.({ button: 0, pointerId: 1, shiftKey, ...first });
      for (const point of others) handlers.get("pointermove")?.({ pointerId: 1, ...point });
      handlers.get("pointerup")?.({});
    },
    press: (event: object) => handlers.get("pointerdown")?.({ button: 0, pointerId: 1, shiftKey: false, ...event }),
    move: (event: object) => handlers.get("pointermove")?.({ pointerId: 1, ...event }),
    dragBarTo(y: number) {
      handlers.get("pointerdown")?.({ button: 0, offsetX: WIDTH - 3, offsetY: 1, pointerId: 1 });
      handlers.get("pointermove")?.({ offsetY: y });
      handlers.get("pointerup")?.({});
    },
  };
}

function mappingOf(start: number, pages: number): HexMapping {
  const shown = [{ start: 0, end: Math.ceil(pages / 16) }];
  return {
    space: "p1",
    start: start as PageAddress,
    pages,
    name: "[anon]",
    permissions: "rw-",
    shown,
    unshown: [cellStateCode("untouched")],
  };
}

const top = mappingOf(LAST + 1 - TEBIBYTE, TEBIBYTE);
const at = (page: number, offset = 0) => ({ space: "p1" as const, page: page as PageAddress, offset });
const LAST_ROW = `ffff ffff ffff fff0 ${"ff · ".repeat(16).trim()}`;

test.each<[string, (hex: ReturnType<typeof paneOf>) => void]>([
  ["the scroll bar", (hex) => hex.dragBarTo(HEIGHT)],
  ["Ctrl+End", ({ pane }) => pressKey(pane, "End", true)],
  ["a place that is gone to", ({ pane }) => pane.setCursor(at(LAST, 4095))],
])("the last row of a mapping of 1 TiB, below 2^64, is reached by %s with its own bytes", async (_, go) => {
  const hex = paneOf(top);
  hex.pane.setCursor(at(top.start));
  const first = await hex.rows();
  expect(first[0]).toMatch(/^ffff ff00 0000 0000 00 /);
  go(hex);
  const rows = await hex.rows();
  expect(rows).toHaveLength(ROWS);
  expect(rows).toContain(LAST_ROW);
  expect(rows.indexOf(LAST_ROW)).toBe(ROWS - 1);
});

test("the scroll bar reaches every part of 1 TiB in proportion, and its ends exactly", async () => {
  const hex = paneOf(top);
  hex.pane.setCursor(at(top.start));
  await hex.rows();
  hex.dragBarTo(HEIGHT / 2);
  const [middle] = await hex.rows();
  const address = BigInt(`0x${middle.slice(0, 19).replaceAll(" ", "")}`);
  const half = (BigInt(top.start) + BigInt(TEBIBYTE / 2)) * 4096n;
  // Half a pixel of the bar is 3 GiB here.
  expect(Number(address - half) / 2 ** 30).toBeCloseTo(0, -1);
  hex.dragBarTo(0);
  expect((await hex.rows())[0]).toMatch(/^ffff ff00 0000 0000 /);
});

test.each([
  ["64 GiB of a machine", mappingOf(0, 2 ** 24)],
  ["the page of vsyscall", mappingOf(0xffffffffff600, 1)],
])("of %s the scroll bar reaches the first row and the last one", async (_, mapping) => {
  const hex = paneOf(mapping);
  hex.pane.setCursor(at(mapping.start));
  await hex.rows();
  const addressOf = (row: string) => BigInt(`0x${row.slice(0, row.search(/ [0-9a-f]{2} /)).replaceAll(" ", "")}`);
  hex.dragBarTo(HEIGHT);
  const end = (BigInt(mapping.start) + BigInt(mapping.pages)) * 4096n;
  expect(addressOf((await hex.rows()).at(-1) ?? "")).toBe(end - 16n);
  hex.dragBarTo(0);
  expect(addressOf((await hex.rows())[0])).toBe(BigInt(mapping.start) * 4096n);
});

test("bytes that the dump does not hold are ??, and no value is read from them", async () => {
  const mapping = mappingOf(0x400, 1);
  const hex = paneOf(mapping, undefined, undefined, new Map([[0, [8, 4096]]]));
  hex.pane.setCursor(at(mapping.start, 4));
  const [row] = await hex.rows();
  expect(row.match(/\?\?/g)).toHaveLength(8);
  expect(hex.pane.bytesAtCursor()[0]).toHaveLength(0);
  hex.pane.setCursor(at(mapping.start, 4090));
  expect(hex.pane.bytesAtCursor(64)[0]).toHaveLength(6);
});

test("pages without bytes are ?? with their reason, in one line", async () => {
  const hex = paneOf(mappingOf(0x400, 5), undefined, () => cellStateCode("excluded"));
  hex.pane.setCursor(at(0x400));
  expect(await hex.rows()).toEqual(["0000 0040 0000 ?? 5 pages that the dumper left out"]);
});

test("an offset beyond 2^33 has its exact address and byte", async () => {
  const mapping = mappingOf(0x7f0000000, 2 ** 22);
  const hex = paneOf(mapping, (page, bytes) => {
    if (page === mapping.start + 2 ** 21) bytes[1] = 0xa5;
  });
  hex.pane.setCursor(at(mapping.start + 2 ** 21, 1));
  const rows = await hex.rows();
  expect(rows.find((row) => row.includes("a5"))).toMatch(/^7f02 0000 0000 00 · a5 /);
  expect([...(hex.pane.bytesAtCursor()[0] ?? [])]).toEqual([0xa5, 0, 0, 0, 0, 0, 0, 0]);
});

test("rows that look the same stay rows of their own, with their addresses and bytes", async () => {
  const mapping = mappingOf(0x400, 1);
  // In each row another unprintable byte: as text all rows are dots.
  const hex = paneOf(mapping, (_, bytes) => {
    for (let n = 0; n < bytes.length; n++) bytes[n] = Math.floor(n / 16) + 1;
  });
  hex.pane.setCursor(at(mapping.start));
  const rows = await hex.rows();
  expect(rows).toHaveLength(ROWS);
  rows.forEach((row, n) => {
    const value = (n + 1).toString(16).padStart(2, "0");
    expect(row).toContain(` ${(0x400000 + n * 16).toString(16).slice(-4)} ${value} · ${value} ·`);
  });
});

test("of 1 TiB three rows are in the document, those around the cursor, whatever is in view", async () => {
  const hex = paneOf(top);
  for (const page of [top.start, top.start + TEBIBYTE / 2, LAST]) {
    hex.pane.setCursor(at(page, 2048));
    await hex.rows();
    const rows = hex.pane.rowsAtCursor();
    expect(rows.map(({ address }) => address - BigInt(page) * 4096n)).toEqual([2032n, 2048n, 2064n]);
    expect(rows.map(({ sides }) => sides[0].length)).toEqual([16, 16, 16]);
  }
});

test.each<[string, string, HexPane["cursor"], boolean]>([
  ["in a row of bytes", "recorded", at(0x407, 0x25), true],
  ["on a page without bytes, behind the first of its run", "image", at(0x407, 0x25), true],
  ["on a page of which nothing is known yet", "unknown", at(0x407, 0x25), true],
  ["in no mapping", "recorded", at(0x9999, 0x25), false],
  ["nowhere", "recorded", null, false],
])("with the cursor %s the grid names a cell that is in the document, or none", async (_, state, cursor, isNamed) => {
  const hex = paneOf(mappingOf(0x400, 16), undefined, () =>
    state === "unknown" ? undefined : cellStateCode(state as "recorded" | "image"),
  );
  hex.pane.setCursor(cursor);
  await hex.rows();
  const html = renderToStaticMarkup(
    createElement(BytesPane, {
      pane: hex.pane,
      theme: "dark",
      place: cursor,
      selected: null,
      values: false,
      onGo: () => {},
    }),
  );
  const named = /aria-activedescendant="([^"]*)"/.exec(html)?.[1];
  expect(named !== undefined).toBe(isNamed);
  if (named !== undefined) expect(html.split(` id="${named}"`)).toHaveLength(2);
  expect(html.match(/aria-current="true"/g)?.length ?? 0).toBe(isNamed ? 1 : 0);
});

test("a line stands under the bytes of a note, in every row that they reach into, and under no others", async () => {
  const hex = paneOf(mappingOf(0x400, 2));
  hex.pane.setCursor(at(0x400, 0x200));
  await hex.rows();
  expect(hex.linesUnderRows()).toEqual([]);
  hex.pane.setNotes(0, [{ place: at(0x400, 0x20e), length: 20 }]);
  await hex.rows();
  const drawn = hex.linesUnderRows();
  const rows = [...new Set(drawn.map(({ y }) => y))].sort((a, b) => a - b);
  expect(rows).toHaveLength(3);
  // Two bytes, a whole row, two bytes: their hexadecimal digits and their text.
  const widths = rows.map((row) => drawn.filter(({ y }) => y === row).map(({ width }) => width));
  expect(widths.map((of) => of.length)).toEqual([2, 2, 2]);
  // Ends are rounded to pixels.
  widths[0].forEach((width, n) => void expect(Math.abs(width - widths[2][n])).toBeLessThanOrEqual(1));
  expect(widths[1][0]).toBeGreaterThan(widths[0][0] * 6);
  hex.pane.setNotes(0, []);
  await hex.rows();
  expect(hex.linesUnderRows()).toEqual([]);
});

const SELECTED = HEX_COLORS.dark.selected;
const HIT = HEX_COLORS.dark.hit;
const regionsOf = (text: string): readonly Region[] => parseRegions(text) ?? [];
/** By row: what its grounds, or frames, are wide. */
const widthsOf = (drawn: readonly { y: number; width: number }[]) =>
  [...Map.groupBy(drawn, ({ y }) => y)].sort(([a], [b]) => a - b).map(([, of]) => of.map(({ width }) => width));

test("selected bytes have their ground in digits and text, in every row that they reach into, and in no others", async () => {
  const hex = paneOf(mappingOf(0x400, 2));
  hex.pane.setCursor(at(0x400, 0x200));
  await hex.rows();
  expect(hex.drawnIn(SELECTED)).toEqual([]);
  hex.pane.setSelected(regionsOf("p1:40020e-400222,p2:400000-400040"));
  await hex.rows();
  const widths = widthsOf(hex.drawnIn(SELECTED));
  // Two bytes, a whole row, two bytes.
  expect(widths.map((of) => of.length)).toEqual([2, 2, 2]);
  widths[0].forEach((width, n) => void expect(Math.abs(width - widths[2][n])).toBeLessThanOrEqual(1));
  expect(widths[1][1]).toBeGreaterThan(widths[0][1] * 7);
  expect(hex.selections).toEqual([]);
  hex.pane.setSelected([]);
  await hex.rows();
  expect(hex.drawnIn(SELECTED)).toEqual([]);
});

test("the ground is not alone in saying what is selected: a contour goes around it, and not between its rows", async () => {
  const hex = paneOf(mappingOf(0x400, 2));
  hex.pane.setCursor(at(0x400, 0x100));
  hex.pane.setSelected(regionsOf("p1:400100-400130"));
  await hex.rows();
  const contour = hex.drawnIn(HEX_COLORS.dark.label);
  const [first] = hex.drawnIn(SELECTED);
  const horizontal = [...new Set(contour.filter(({ height }) => height === 1).map(({ y }) => y))].sort((a, b) => a - b);
  expect(horizontal).toEqual([first.y, first.y + 3 * 18 - 1]);
  // Both fields of three rows have a left and a right side.
  expect(contour.filter(({ width }) => width === 1)).toHaveLength(3 * 2 * 2);
});

test("a frame stands around the bytes of a hit, over the end of its row and of its page", async () => {
  const hex = paneOf(mappingOf(0x400, 2));
  hex.pane.setCursor(at(0x401));
  hex.pane.setHits(0, [{ place: at(0x400, 0xff8), length: 20 }]);
  await hex.rows();
  const frames = hex.drawnIn(HIT);
  const rows = [...new Set(frames.map(({ y, height }) => Math.floor((y + height / 2) / 18)))].sort((a, b) => a - b);
  expect(rows).toHaveLength(2);
  expect(rows[1] - rows[0]).toBe(1);
  // Thick ends: where it begins, and where it ends, in digits and text.
  const ends = frames.filter(({ width, height }) => width === 2 && height > 2);
  expect(ends.map(({ y }) => Math.floor(y / 18))).toEqual([rows[0], rows[0], rows[1], rows[1]]);
  expect(hex.pane.rowsAtCursor().map(({ sides }) => [...sides[0]].filter((byte) => byte.includes("hit")))).toEqual([
    new Array(8).fill("00, hit"),
    new Array(12).fill("01, hit"),
    [],
  ]);
});

test("a corner is turned down over the first byte of a note, and only there", async () => {
  const hex = paneOf(mappingOf(0x400, 2));
  hex.pane.setCursor(at(0x400, 0x200));
  hex.pane.setNotes(0, [{ place: at(0x400, 0x20e), length: 20 }]);
  await hex.rows();
  expect(hex.corners()).toHaveLength(1);
});

test.each<[string, string, boolean, string]>([
  ["a byte to the right", "ArrowRight", false, "p1:401204-401206"],
  ["a byte to the left", "ArrowLeft", false, "p1:401203-401205"],
  ["a row down", "ArrowDown", false, "p1:401204-401215"],
  ["a row up", "ArrowUp", false, "p1:4011f4-401205"],
  ["to the start of the row", "Home", false, "p1:401200-401205"],
  ["to the end of the row", "End", false, "p1:401204-401210"],
  ["a view down", "PageDown", false, "p1:401204-4012a5"],
  ["a view up", "PageUp", false, "p1:401164-401205"],
  ["to the start of the mapping", "Home", true, "p1:400000-401205"],
  ["to the end of the mapping", "End", true, "p1:401204-404000"],
])("Shift extends from the byte of the cursor %s, both ends included", async (_, key, ctrl, expected) => {
  const hex = paneOf(mappingOf(0x400, 4));
  hex.pane.setCursor(at(0x401, 0x204));
  await hex.rows();
  pressKey(hex.pane, key, ctrl, true);
  expect(hex.selections).toEqual([expected]);
});

test("keys extend from where they began, there and back over it, until the cursor is moved without Shift", async () => {
  const hex = paneOf(mappingOf(0x400, 4));
  hex.pane.setCursor(at(0x401, 0x20));
  await hex.rows();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft"])
    pressKey(hex.pane, key, false, true);
  expect(hex.selections).toEqual([
    "p1:401020-401022",
    "p1:401020-401023",
    "p1:401020-401022",
    "p1:401020-401021",
    "p1:40101f-401021",
  ]);
  expect(hex.pane.cursor).toEqual(at(0x401, 0x1f));
  pressKey(hex.pane, "ArrowDown");
  pressKey(hex.pane, "ArrowRight", false, true);
  expect(hex.selections.at(-1)).toBe("p1:40102f-401031");
});

test("what the pane has selected may come back to it, and is extended on; another selection begins at the cursor", async () => {
  const hex = paneOf(mappingOf(0x400, 4));
  hex.pane.setCursor(at(0x401, 0x20));
  pressKey(hex.pane, "ArrowRight", false, true);
  hex.pane.setSelected(hex.selected());
  pressKey(hex.pane, "ArrowRight", false, true);
  expect(hex.selections.at(-1)).toBe("p1:401020-401023");
  hex.pane.setSelected(regionsOf("p1:400000-400010"));
  pressKey(hex.pane, "ArrowRight", false, true);
  expect(hex.selections.at(-1)).toBe("p1:401022-401024");
});

test("pages without bytes are extended over as the one line that they are", async () => {
  const hex = paneOf(mappingOf(0x400, 4), undefined, (_, page) =>
    cellStateCode(page === 0x401 || page === 0x402 ? "image" : "recorded"),
  );
  hex.pane.setCursor(at(0x400, 0xff8));
  const rows = await hex.rows();
  const fold = rows.findIndex((row) => row.includes("left to the file"));
  hex.drag([hex.pointOf(fold - 1, 8), { offsetX: 200, offsetY: fold * 18 + 9 }]);
  expect(hex.selections.at(-1)).toBe("p1:400ff8-403000");
  await hex.rows();
  expect(hex.drawnIn(SELECTED).some(({ y }) => y === fold * 18)).toBe(true);
});

test("a hand that clicks moves the cursor and selects nothing, also when it trembles", async () => {
  const hex = paneOf(mappingOf(0x400, 2));
  hex.pane.setCursor(at(0x400));
  await hex.rows();
  const point = hex.pointOf(2, 3);
  // Over the border of the byte before it.
  hex.drag([
    { ...point, offsetX: point.offsetX - 6 },
    { ...point, offsetX: point.offsetX - 9 },
  ]);
  expect(hex.pane.cursor).toEqual(at(0x400, 0x23));
  expect(hex.selections).toEqual([]);
});

test.each(["digits", "text"] as const)("a hand that is dragged over %s selects from byte to byte", async (field) => {
  const hex = paneOf(mappingOf(0x400, 2));
  hex.pane.setCursor(at(0x400));
  await hex.rows();
  hex.drag([hex.pointOf(1, 4, field), hex.pointOf(1, 9, field), hex.pointOf(3, 2, field)]);
  expect(hex.selections.at(-1)).toBe("p1:400014-400033");
  expect(hex.pane.cursor).toEqual(at(0x400, 0x32));
  // Beyond the end of a row it is at its last byte, not in the other field.
  hex.drag([hex.pointOf(1, 4, field), { offsetX: field === "text" ? 0 : WIDTH - 20, offsetY: 2 * 18 + 9 }]);
  expect(hex.selections.at(-1)).toBe(field === "text" ? "p1:400014-400021" : "p1:400014-400030");
});

test("with Shift a click selects from the cursor to there", async () => {
  const hex = paneOf(mappingOf(0x400, 2));
  hex.pane.setCursor(at(0x400, 0x42));
  await hex.rows();
  hex.drag([hex.pointOf(1, 4)], true);
  expect(hex.selections).toEqual(["p1:400014-400043"]);
});

test("a hand below the rows pulls them up as long as it is there, and rests at the end", async () => {
  const hex = paneOf(mappingOf(0x400, 1));
  hex.pane.setCursor(at(0x400));
  await hex.rows();
  hex.press(hex.pointOf(0, 0));
  hex.move({ offsetX: hex.pointOf(0, 15).offsetX, offsetY: HEIGHT + 40 });
  for (let n = 0; n < 260; n++) for (const frame of frames.splice(0)) frame();
  expect(hex.selections.at(-1)).toBe("p1:400000-401000");
  expect(frames).toEqual([]);
});

test("without a cursor the pane shows where the selection begins, and nothing when nothing is selected", async () => {
  const hex = paneOf(mappingOf(0x400, 64));
  hex.pane.setCursor(at(0x400));
  await hex.rows();
  hex.pane.setCursor(null);
  expect(await hex.rows()).toEqual([]);
  hex.pane.setSelected(regionsOf("p1:420010-420020"));
  expect((await hex.rows()).some((row) => row.startsWith("0000 0042 0010 20"))).toBe(true);
  expect(hex.drawnIn(SELECTED)).toHaveLength(2);
  hex.pane.setSelected([]);
  expect(await hex.rows()).toEqual([]);
});

test("a picture that moves draws the pane again only when more is known of its lines", async () => {
  const mapping = mappingOf(0x400, 3);
  const states = [cellStateCode("recorded"), cellStateCode("image"), undefined];
  let moved = () => {};
  const hex = paneOf(
    mapping,
    undefined,
    (_, page) => states[page - mapping.start],
    undefined,
    (listener) => {
      moved = listener;
      return () => {};
    },
  );
  hex.pane.setCursor(at(mapping.start, 4095));
  await hex.rows();
  let drawn = 0;
  hex.pane.subscribe(() => drawn++);
  moved();
  expect(await hex.rows()).toEqual(expect.arrayContaining([expect.stringMatching(/…$/)]));
  expect(drawn).toBe(0);
  states[2] = cellStateCode("recorded");
  moved();
  expect((await hex.rows()).at(-1)).toMatch(/^0000 0040 2000 02 · 02/);
  expect(drawn).toBeGreaterThan(0);
});

test("the grid says which of its cells are selected", async () => {
  const hex = paneOf(mappingOf(0x400, 2));
  hex.pane.setCursor(at(0x400, 0x20));
  hex.pane.setSelected(regionsOf("p1:40001e-400022"));
  await hex.rows();
  const html = renderToStaticMarkup(
    createElement(BytesPane, {
      pane: hex.pane,
      theme: "dark",
      place: at(0x400, 0x20),
      selected: "4 B selected in 1 range",
      values: false,
      onGo: () => {},
    }),
  );
  expect(html.match(/aria-selected="true"/g)).toHaveLength(4);
  expect(html.match(/aria-selected="false"/g)).toHaveLength(3 * 16 - 4);
  expect(html).toContain("4 B selected in 1 range");
});

function pressKey(pane: HexPane, key: string, ctrlKey = false, shiftKey = false): void {
  expect(pane.press({ key, ctrlKey, altKey: false, metaKey: false, shiftKey })).toBe(true);
}
