/** Against a list of all pages: the same page is found, and only tiles that may hold it are read. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { PROVENANCES, provenanceCode } from "../../../shared/provenance/index.ts";
import { cellStateCode, TILE_CELLS } from "../../../shared/tile/index.ts";
import { firstPosition, nextPosition, type ProvenanceTiles } from "./page-provenance.ts";

const NEW = provenanceCode("new");
const ABSENT = 255;
const PAGE_LEVEL = 6;

/** Tiles of a strip of so many pages, of which those in `known` are recorded; a coarser cell has its highest code. */
function tilesOf(end: number, known: ReadonlyMap<number, number>) {
  const read: string[] = [];
  const tiles: ProvenanceTiles = async (level, index) => {
    read.push(`${level} ${index}`);
    const pagesOfCell = 4 ** (level - PAGE_LEVEL);
    const [state, a] = [new Uint8Array(TILE_CELLS).fill(cellStateCode("image")), new Uint8Array(TILE_CELLS)];
    for (const [position, code] of known) {
      const cell = Math.floor(position / pagesOfCell) - index * TILE_CELLS;
      if (position >= end || cell < 0 || cell >= TILE_CELLS) continue;
      state[cell] = cellStateCode("recorded");
      a[cell] = Math.max(a[cell], code);
    }
    return { index, digest: "", state, a, b: new Uint8Array(TILE_CELLS) };
  };
  return { tiles, read };
}

function nextOfAll(end: number, known: ReadonlyMap<number, number>, from: number, step: number, codes: Set<number>) {
  for (let tried = 1; tried <= end; tried++) {
    const position = (((from + step * tried) % end) + end) % end;
    if (codes.has(known.get(position) ?? ABSENT)) return position;
  }
  return undefined;
}

const code = fc.nat(PROVENANCES.length - 1);

test("the next page is that of the list of all pages, whatever is looked for, over the borders of tiles and around", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 * TILE_CELLS }),
      fc.array(fc.tuple(fc.nat(5 * TILE_CELLS), code), { maxLength: 12 }),
      fc.integer({ min: -1, max: 5 * TILE_CELLS }),
      fc.constantFrom(1 as const, -1 as const),
      fc.uniqueArray(code, { minLength: 1 }),
      async (end, recorded, at, step, wanted) => {
        const known = new Map(recorded.filter(([position]) => position < end));
        const from = at < 0 ? -1 : at % end;
        const found = await nextPosition(tilesOf(end, known).tiles, end, from, step, new Set(wanted));
        expect(found).toBe(nextOfAll(end, known, from, step, new Set(wanted)));
      },
    ),
    { numRuns: 60 },
  );
});

test("of 16 GiB one coarse tile is read, and the one that holds the first residual page", async () => {
  const end = 2 ** 22;
  const { tiles, read } = tilesOf(
    end,
    new Map([
      [5, 0],
      [3_000_000, NEW],
      [3_000_001, NEW],
    ]),
  );
  expect(await firstPosition(tiles, end)).toBe(3_000_000);
  expect(new Set(read)).toEqual(new Set(["9 0", `6 ${Math.floor(3_000_000 / TILE_CELLS)}`]));
});

test.each([
  [
    [
      [1, 1],
      [2, NEW],
      [3, NEW],
    ],
    2,
  ],
  [
    [
      [1, 1],
      [2, 0],
    ],
    1,
  ],
  [[], undefined],
] as const)("of %j the first to look at is %s", async (known, expected) => {
  expect(await firstPosition(tilesOf(4, new Map(known)).tiles, 4)).toBe(expected);
});

test("a strip without pages has none", async () => {
  expect(await firstPosition(tilesOf(0, new Map()).tiles, 0)).toBeUndefined();
});
