import fc from "fast-check";
import { expect, test } from "vitest";
import { batchOfTiles, decodeTiles, encodeTile, encodeTiles, TILE_CELLS, type Tile, tileCount } from "./index.ts";

const plane = fc.oneof(
  fc.nat(255).map((code) => new Uint8Array(TILE_CELLS).fill(code)),
  fc.nat(255).map((code) => Uint8Array.from({ length: TILE_CELLS }, (_, cell) => (cell * 31 + code) & 255)),
);
const tiles: fc.Arbitrary<Tile[]> = fc.array(
  fc.record({
    index: fc.nat(999_999_999),
    digest: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex")),
    state: plane,
    a: plane,
    b: plane,
  }),
  { maxLength: 4 },
);

test("decoding a batch gives back its tiles, encoded together or one by one", () => {
  fc.assert(
    fc.property(tiles, (batch) => {
      const bytes = encodeTiles(batch);
      expect(decodeTiles(bytes)).toEqual(batch);
      expect(batchOfTiles(batch.map(encodeTile))).toEqual(bytes);
    }),
    { numRuns: 8 },
  );
});

test("a tile of one cell repeated takes 44 bytes", () => {
  const zero = new Uint8Array(TILE_CELLS);
  const digest = "0".repeat(64);
  expect(encodeTile({ index: 7, digest, state: zero.slice().fill(1), a: zero, b: zero }).byteLength).toBe(44);
});

test("a batch that is cut anywhere is refused", () => {
  const zero = new Uint8Array(TILE_CELLS);
  const bytes = encodeTiles([{ index: 1, digest: "ab".repeat(32), state: zero, a: zero, b: zero }]);
  for (let length = 0; length < bytes.byteLength; length++) {
    expect(() => decodeTiles(bytes.subarray(0, length))).toThrow(RangeError);
  }
});

test("a tile covers 16 · 4^level pages", () => {
  expect([tileCount(0, 0), tileCount(16, 0), tileCount(17, 0), tileCount(6256, 3), tileCount(65_537, 6)]).toEqual([
    0, 1, 2, 7, 2,
  ]);
});
