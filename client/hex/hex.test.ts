import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FILLED_STATE } from "../../shared/api/index.ts";
import { addressOfPage, type PageAddress } from "../../shared/memory/index.ts";
import { type Space, stateCode } from "../../shared/snapshot/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import type { BytesSource, HexMapping, HexSide, PointedMapping } from "./bytes-source.ts";
import { foldText } from "./hex-pane.ts";
import { type Line, linesOf } from "./lines.ts";
import { byteAt, createPageCache, isDifference, type PageContent } from "./page-cache.ts";
import { decodeValue, formatValue, pointedPlace } from "./values.ts";

const RECORDED = cellStateCode("recorded");
const IMAGE = cellStateCode("image");
const FILLED = cellStateCode("filled");
const UNTOUCHED = cellStateCode("untouched");
const EXCLUDED = cellStateCode("excluded");
const MISSING = cellStateCode("missing");
const GAP = cellStateCode("gap");

function sideOf(stateOf: (page: number) => number | undefined): HexSide {
  const source: BytesSource = {
    stateOf: (_, page) => stateOf(page),
    read: () => Promise.reject(new Error("not needed")),
    subscribe: () => () => {},
  };
  return { name: "t0", source, byteOrder: "little", pointed: [] };
}

function mappingOf(
  start: number,
  pages: number,
  shown = [{ start: 0, end: Math.ceil(pages / 16) }],
  unshown = [UNTOUCHED],
): HexMapping {
  return { space: "p1", start: start as PageAddress, pages, name: "[anon]", permissions: "rw-", shown, unshown };
}

/** Of private memory, unless it is said where else its bytes are. */
function pointed(process: Space, address: number, pages: number, space = process, start = address): PointedMapping {
  return { process, address: address as PageAddress, pages, space, start: start as PageAddress, name: "[anon]" };
}

function allLines(mapping: HexMapping, sides: HexSide[]): Line[] {
  const lines = linesOf(mapping, sides);
  const found: Line[] = [];
  for (let line: Line | undefined = lines.at(mapping.start, 0); line; line = lines.next(line)) found.push(line);
  return found;
}

describe("lines", () => {
  test("a run of pages without bytes is one line that says how many", () => {
    const found = allLines(mappingOf(100, 40), [sideOf((page) => (page < 110 || page >= 139 ? RECORDED : IMAGE))]);
    expect(found.length).toBe(11 * 256 + 1);
    expect(found[10 * 256]).toEqual({ kind: "fold", page: 110, pages: 29, states: [IMAGE] });
  });

  test("blocks that the strip leaves out are folded without asking for each page", () => {
    let asked = 0;
    const terabytes = mappingOf(4096, 2 ** 28, [{ start: 3, end: 4 }]);
    const found = allLines(terabytes, [
      sideOf(() => {
        asked++;
        return RECORDED;
      }),
    ]);
    expect(found.length).toBe(16 * 256 + 2);
    expect(found[0]).toEqual({ kind: "fold", page: 4096, pages: 48, states: [UNTOUCHED] });
    expect(found.at(-1)).toEqual({ kind: "fold", page: 4096 + 64, pages: 2 ** 28 - 64, states: [UNTOUCHED] });
    expect(asked).toBeLessThan(10_000);
  });

  test("what the strip leaves out is folded for the reason that its mapping has", () => {
    const excluded = mappingOf(0, 32, [], [EXCLUDED]);
    expect(allLines(excluded, [sideOf(() => undefined)])).toEqual([
      { kind: "fold", page: 0, pages: 32, states: [EXCLUDED] },
    ]);
  });

  test("pages are folded together only where both sides have one reason each", () => {
    const found = allLines(mappingOf(0, 5, undefined, [UNTOUCHED, GAP]), [
      sideOf(() => IMAGE),
      sideOf((page) => (page < 2 ? IMAGE : MISSING)),
    ]);
    expect(found).toEqual([
      { kind: "fold", page: 0, pages: 2, states: [IMAGE, IMAGE] },
      { kind: "fold", page: 2, pages: 3, states: [IMAGE, MISSING] },
    ]);
  });

  test("a page that one side recorded has rows on both", () => {
    const found = allLines(mappingOf(0, 2, undefined, [UNTOUCHED, UNTOUCHED]), [
      sideOf(() => UNTOUCHED),
      sideOf((page) => (page === 1 ? RECORDED : UNTOUCHED)),
    ]);
    expect(found.map(({ kind }) => kind).slice(0, 3)).toEqual(["fold", "bytes", "bytes"]);
  });

  test("a page of which one side is not known yet is not said to be without bytes", () => {
    const found = allLines(mappingOf(0, 1), [sideOf(() => UNTOUCHED), sideOf(() => undefined)]);
    expect(found).toEqual([{ kind: "unknown", page: 0 }]);
  });

  test.each([8, 16, 32] as const)("a page has as many rows of %i bytes as fit in it", (rowBytes) => {
    const mapping = mappingOf(0, 1);
    const lines = linesOf(mapping, [sideOf(() => RECORDED)], rowBytes);
    const last = { kind: "bytes", page: mapping.start, row: 4096 / rowBytes - 1 } as const;
    expect(lines.next(last)).toBeUndefined();
    expect(lines.next({ ...last, row: last.row - 1 })).toEqual(last);
  });

  test("previous undoes next, from any line of any mapping", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(RECORDED, IMAGE, UNTOUCHED), { minLength: 1, maxLength: 50 }), (states) => {
        const mapping = mappingOf(1000, states.length);
        const lines = linesOf(mapping, [sideOf((page) => states[page - 1000])]);
        let line = lines.at(mapping.start, 0);
        expect(lines.previous(line)).toBeUndefined();
        for (let next = lines.next(line); next; next = lines.next(line)) {
          expect(lines.previous(next)).toEqual(line);
          line = next;
        }
        expect(line.page + (line.kind === "fold" ? line.pages : 1)).toBe(mapping.start + mapping.pages);
      }),
    );
  });

  test("the last page below 2^64 has its address", () => {
    const page = 0xffffffffff600;
    const found = allLines(mappingOf(page, 1), [sideOf(() => RECORDED)]);
    expect(addressOfPage(found[1].page, 16)).toBe(0xffffffffff600010n);
  });
});

describe("values", () => {
  const bytes = Uint8Array.from([0x32, 0x0a, 0x41, 0x57, 0x53, 0x5f, 0x53, 0x45]);
  test("are those of the mock-up", () => {
    expect(decodeValue("u8", bytes, "little")).toBe(50);
    expect(decodeValue("u16", bytes, "little")).toBe(2610);
    expect(decodeValue("u32", bytes, "little")).toBe(1463880242);
    const word = decodeValue("u64", bytes, "little")!;
    expect(formatValue("u64", word, String)).toBe("4995441223234816562");
    expect(formatValue("f64", decodeValue("f64", bytes, "little")!, String)).toBe("9.368e+25");
  });

  test("follow the byte order, and do not exist where bytes are missing", () => {
    expect(decodeValue("u16", bytes, "big")).toBe(0x320a);
    expect(decodeValue("u32", bytes.subarray(0, 3), "little")).toBeUndefined();
  });

  test("a pointer leads to its mapping, also at the end of the address space", () => {
    const mappings = [pointed("p1", 0x7fe203e1f, 4), pointed("p1", 0xffffffffff600, 1)];
    expect(pointedPlace(0x7fe203e20025n, "p1", mappings)).toEqual({
      mapping: mappings[0],
      page: 0x7fe203e20,
      offset: 0x25,
      into: 0x1025n,
    });
    expect(pointedPlace(0xffffffffff600000n, "p1", mappings)).toMatchObject({ mapping: mappings[1], into: 0n });
    expect(pointedPlace(0xb00000n, "p1", mappings)).toBeUndefined();
    expect(pointedPlace(0x7fe203e20025n, "p2", mappings)).toBeUndefined();
    // What a machine's memory holds are virtual addresses, or none; its pages have physical ones.
    const physical = [pointed("physical", 0, 0x100000)];
    expect(pointedPlace(0n, "physical", physical)).toBeUndefined();
  });
});

test.each([
  [639, [IMAGE], "r-x", "639 pages left to the file; the dump has no bytes here"],
  [1, [UNTOUCHED], "rw-", "1 page, never written; it reads as zero"],
  [2, [UNTOUCHED], "---", "2 pages, never written; they cannot be read"],
  [342, [EXCLUDED], "r-x", "342 pages that the dumper left out"],
  [9, [IMAGE, IMAGE], "r--", "9 pages left to the file; the dump has no bytes here"],
  [9, [IMAGE, MISSING], "r--", "9 pages: in t0 left to the file, in t1 missing"],
  [9, [GAP, EXCLUDED], "r--", "9 pages: in t0 not mapped, in t1 left out by the dumper"],
])("a folded line of %i pages in states %j, %s, says why: %s", (pages, states, permissions, text) => {
  expect(foldText({ pages, states }, ["t0", "t1"], permissions)).toBe(text);
});

test("a pointer in shared memory is an address of the processes that map it, and leads into their memory", () => {
  const mappings = [
    pointed("p2", 0x100, 4, "s7", 0),
    pointed("p3", 0x100, 4, "s7", 0),
    pointed("p3", 0x900, 2),
    pointed("p4", 0, 2),
  ];
  // From private memory into the segment, whose pages are counted from its start.
  expect(pointedPlace(0x102_008n, "p3", mappings)).toEqual({
    mapping: mappings[1],
    page: 2,
    offset: 8,
    into: 0x2008n,
  });
  // From the segment into itself, into memory of the one process that has it, and nowhere: an offset is no address.
  expect(pointedPlace(0x103_000n, "s7", mappings)).toMatchObject({ mapping: { space: "s7" }, page: 3, into: 0x3000n });
  expect(pointedPlace(0x901_010n, "s7", mappings)).toMatchObject({ mapping: { process: "p3" }, page: 0x901 });
  expect(pointedPlace(0x8n, "s7", mappings)).toBeUndefined();
});

test("a page is read once with its neighbours, and a failure can be tried again", async () => {
  const reads: number[] = [];
  let isBroken = true;
  let told = () => {};
  const cache = createPageCache(
    {
      async read(_, page, pages) {
        reads.push(page);
        if (isBroken) throw new Error("connection lost");
        return {
          states: new Uint8Array(pages),
          bytes: new Uint8Array(pages * 4096).fill(7),
          partial: new Map([[2, [8, 96]]]),
        };
      },
      stateOf: () => RECORDED,
      subscribe: () => () => {},
    },
    () => told(),
  );
  const changed = () => new Promise<void>((resolve) => (told = resolve));
  expect(cache.page("p1", 33 as PageAddress).state).toBe("reading");
  await changed();
  expect(cache.page("p1", 34 as PageAddress)).toEqual({ state: "failed", message: "connection lost" });
  isBroken = false;
  cache.retry();
  expect(cache.page("p1", 33 as PageAddress).state).toBe("reading");
  await changed();
  const page = cache.page("p1", 47 as PageAddress);
  expect(page.state === "here" && page.bytes.length === 4096 && page.bytes[4095] === 7).toBe(true);
  expect(reads).toEqual([32, 32]);
  const part = cache.page("p1", 34 as PageAddress);
  expect([7, 8, 95, 96].map((offset) => byteAt(part, offset))).toEqual([undefined, 7, 7, undefined]);
  expect([0, 4095].map((offset) => byteAt(page, offset))).toEqual([7, 7]);
});

test("a page that has come since is read when it is looked at, and its neighbours stay in view until then", async () => {
  const states = new Uint8Array(16).fill(stateCode("absent-missing"));
  states[1] = stateCode("data");
  const reads: number[] = [];
  let told = () => {};
  const cache = createPageCache(
    {
      async read(_, page, pages) {
        reads.push(page);
        return { states: states.slice(), bytes: new Uint8Array(pages * 4096).fill(7), partial: new Map() };
      },
      stateOf: () => RECORDED,
      subscribe: () => () => {},
    },
    () => told(),
  );
  const stateOf = (page: number) => cache.page("p1", page as PageAddress).state;
  const changed = () => new Promise<void>((resolve) => (told = resolve));
  stateOf(1);
  await changed();
  expect([stateOf(1), stateOf(2)]).toEqual(["here", "absent"]);
  states[2] = stateCode("data");
  cache.renew();
  expect(stateOf(1)).toBe("here");
  expect(reads).toEqual([0]);
  expect([stateOf(2), stateOf(1)]).toEqual(["reading", "here"]);
  await changed();
  expect([stateOf(1), stateOf(2), stateOf(3)]).toEqual(["here", "here", "absent"]);
  expect(reads).toEqual([0, 0]);
});

test("filled pages have rows of bytes, and are read again when they are filled from something else", async () => {
  const lines = allLines(mappingOf(100, 3), [sideOf((page) => (page === 101 ? FILLED : IMAGE))]);
  expect(lines.map(({ kind, page }) => [kind, page])).toEqual([
    ["fold", 100],
    ...Array.from({ length: 256 }, () => ["bytes", 101]),
    ["fold", 102],
  ]);
  const states = new Uint8Array(16).fill(stateCode("absent-file"));
  let told = () => {};
  let filledFrom: (() => string) | undefined;
  const cache = createPageCache(
    {
      async read(_, __, pages) {
        const byte = filledFrom === undefined ? 0 : filledFrom().length;
        const filled = filledFrom === undefined ? states : new Uint8Array(16).fill(FILLED_STATE);
        return { states: filled, bytes: new Uint8Array(pages * 4096).fill(byte), partial: new Map() };
      },
      stateOf: () => FILLED,
      get filledFrom() {
        return filledFrom;
      },
      subscribe: () => () => {},
    },
    () => told(),
  );
  const changed = () => new Promise<void>((resolve) => (told = resolve));
  for (const [from, expected] of [
    [undefined, "absent"],
    [() => "image", 5],
    [() => "other image", 11],
    [undefined, "absent"],
  ] as const) {
    filledFrom = from;
    expect(cache.page("p1", 3 as PageAddress).state).toBe("reading");
    await changed();
    const page = cache.page("p1", 3 as PageAddress);
    expect(page.state === "here" ? (page.isFilled ? page.bytes[0] : "recorded") : page.state).toBe(expected);
  }
});

test("a byte that one side does not hold is no difference, even where the other has zeros", () => {
  const page = (byte: number, known: readonly [number, number]): PageContent => ({
    state: "here",
    bytes: new Uint8Array(4096).fill(byte),
    known,
    isFilled: false,
  });
  const differing = (a: PageContent, b: PageContent) =>
    Array.from({ length: 4096 }, (_, offset) => offset).filter((offset) => isDifference(a, b, offset));
  expect(differing(page(1, [16, 20]), page(0, [18, 4096]))).toEqual([18, 19]);
  expect(differing(page(1, [0, 4096]), { state: "absent" })).toEqual([]);
});
