import fc from "fast-check";
import { expect, test } from "vitest";
import { hitCode } from "../../shared/channel/index.ts";
import { wholeSpace } from "../../shared/find/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import { layStrip, positionOfPage } from "../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, type Tile } from "../../shared/tile/index.ts";
import { createHitTiles } from "./hit-tiles.ts";

/** Two mappings of which the second is folded: pages 32 to 47 of it are not shown. */
const strip = layStrip([
  { space: "p1", start: 0x100 as PageAddress, pages: 40, shown: [{ start: 0, end: 3 }] },
  {
    space: "p1",
    start: 0x128 as PageAddress,
    pages: 80,
    shown: [
      { start: 0, end: 2 },
      { start: 3, end: 5 },
    ],
  },
]);
const RECORDED = cellStateCode("recorded");
const FILLED = cellStateCode("filled");
const MISSING = cellStateCode("missing");
const NOTHING = { hits: [], ranges: [], filled: false };

function baseOf(index: number, stateOf: (cell: number) => number): Tile {
  const state = Uint8Array.from({ length: TILE_CELLS }, (_, cell) => stateOf(cell));
  return { index, digest: `base ${index}`, state, a: new Uint8Array(TILE_CELLS), b: new Uint8Array(TILE_CELLS) };
}

/** Byte by byte, over a table of where each stands: what the strip shows of [from, to) of memory. */
function shownBytes(from: number, to: number): number[] {
  const bytes: number[] = [];
  for (let at = from; at < to; at++) {
    const position = positionOfPage(strip, "p1", Math.floor(at / 4096) as PageAddress);
    if (position !== undefined) bytes.push(position * 4096 + (at % 4096));
  }
  return bytes;
}

test("a cell has a hit when one byte of it is in one, else no hit only when all that are shown were searched", () => {
  const page = fc.integer({ min: 0xf8, max: 0x180 });
  const hit = fc.record({
    page,
    offset: fc.nat(4095),
    length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9000 })),
  });
  // Ascending and apart, as a search tells them.
  const cuts = fc.uniqueArray(
    fc.tuple(page, fc.constantFrom(0, 1, 2048)).map(([at, offset]) => at * 4096 + offset),
    { maxLength: 6 },
  );
  const shown = shownBytes(0xf8 * 4096, 0x190 * 4096);
  fc.assert(
    fc.property(
      fc.array(hit, { maxLength: 4 }),
      cuts.map((some) => some.sort((x, y) => x - y).slice(0, Math.floor(some.length / 2) * 2)),
      fc.integer({ min: 2, max: 8 }),
      fc.nat(3),
      fc.boolean(),
      (hits, ends, level, index, filled) => {
        const cellBytes = 4 ** level;
        const cellsOf = (bytes: Iterable<number>) => new Set(Array.from(bytes, (byte) => Math.floor(byte / cellBytes)));
        const ofHits = cellsOf(
          hits.flatMap(({ page: at, offset, length }) => shownBytes(at * 4096 + offset, at * 4096 + offset + length)),
        );
        const ranges = ends.flatMap((start, i) =>
          i % 2 === 0 ? [{ space: "p1" as const, start: BigInt(start), end: BigInt(ends[i + 1]) }] : [],
        );
        const inside = new Set(ranges.flatMap(({ start, end }) => shownBytes(Number(start), Number(end))));
        const unsearched = cellsOf(shown.filter((byte) => !inside.has(byte)));
        const state = (cell: number) => (cell % 7 === 3 ? MISSING : cell % 7 === 4 ? FILLED : RECORDED);
        const base = baseOf(index, state);
        const places = hits.map(({ page: at, offset, length }) => ({
          place: { space: "p1" as const, page: at as PageAddress, offset },
          length,
        }));
        const tile = createHitTiles(strip, { hits: places, ranges, filled }).tile(base, level);
        expect(tile.state).toBe(base.state);
        for (let cell = 0; cell < TILE_CELLS; cell++) {
          const at = index * TILE_CELLS + cell;
          const isUnsearched = unsearched.has(at) || (state(cell) === FILLED && !filled);
          const expected =
            state(cell) === MISSING || !(ofHits.has(at) || isUnsearched)
              ? "none"
              : ofHits.has(at)
                ? "hit"
                : "unsearched";
          if (tile.a[cell] !== hitCode(expected)) throw new Error(`cell ${cell} is ${tile.a[cell]}, not ${expected}`);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("before a search nothing was searched, and after one over everything all was", () => {
  const base = baseOf(0, () => RECORDED);
  const before = createHitTiles(strip, NOTHING).tile(base, 6);
  for (const byte of shownBytes(0x100 * 4096, 0x178 * 4096))
    expect(before.a[Math.floor(byte / 4096)]).toBe(hitCode("unsearched"));
  const after = createHitTiles(strip, { ...NOTHING, ranges: [wholeSpace("p1")] }).tile(base, 6);
  expect(new Set(after.a)).toEqual(new Set([hitCode("none")]));
});

test("the same tile is the same object, and of other hits another one", () => {
  const base = baseOf(0, () => RECORDED);
  const tiles = createHitTiles(strip, NOTHING);
  expect(tiles.tile(base, 3)).toBe(tiles.tile(base, 3));
  expect(tiles.tile(base, 4).digest).not.toBe(tiles.tile(base, 3).digest);
  expect(createHitTiles(strip, NOTHING).tile(base, 3).digest).not.toBe(tiles.tile(base, 3).digest);
});
