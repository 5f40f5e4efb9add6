import fc from "fast-check";
import { expect, test } from "vitest";
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

function baseOf(index: number, stateOf: (cell: number) => number): Tile {
  const state = Uint8Array.from({ length: TILE_CELLS }, (_, cell) => stateOf(cell));
  return { index, digest: `base ${index}`, state, a: new Uint8Array(TILE_CELLS), b: new Uint8Array(TILE_CELLS) };
}

test("a cell has a hit exactly when one of its bytes is in one, and is recorded", () => {
  const hit = fc.record({
    page: fc.integer({ min: 0xf8, max: 0x180 }),
    offset: fc.nat(4095),
    length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9000 })),
  });
  fc.assert(
    fc.property(fc.array(hit, { maxLength: 6 }), fc.integer({ min: 2, max: 8 }), fc.nat(3), (hits, level, index) => {
      // Byte by byte, over a table of where each stands.
      const bytes = new Set<number>();
      for (const { page, offset, length } of hits)
        for (let i = 0; i < length; i++) {
          const at = page * 4096 + offset + i;
          const position = positionOfPage(strip, "p1", Math.floor(at / 4096) as PageAddress);
          if (position !== undefined) bytes.add(position * 4096 + (at % 4096));
        }
      const cells = new Set([...bytes].map((byte) => Math.floor(byte / 4 ** level)));
      const base = baseOf(index, (cell) => (cell % 7 === 3 ? cellStateCode("missing") : RECORDED));
      const places = hits.map(({ page, offset, length }) => ({
        place: { space: "p1" as const, page: page as PageAddress, offset },
        length,
      }));
      const tile = createHitTiles(strip, places).tile(base, level);
      expect(tile.state).toBe(base.state);
      for (let cell = 0; cell < TILE_CELLS; cell++) {
        const expected = cells.has(index * TILE_CELLS + cell) && cell % 7 !== 3 ? 1 : 0;
        if (tile.a[cell] !== expected) throw new Error(`cell ${cell} is ${tile.a[cell]}`);
      }
    }),
    { numRuns: 60 },
  );
});

test("the same tile is the same object, and of other hits another one", () => {
  const base = baseOf(0, () => RECORDED);
  const tiles = createHitTiles(strip, []);
  expect(tiles.tile(base, 3)).toBe(tiles.tile(base, 3));
  expect(tiles.tile(base, 4).digest).not.toBe(tiles.tile(base, 3).digest);
  expect(createHitTiles(strip, []).tile(base, 3).digest).not.toBe(tiles.tile(base, 3).digest);
});
