import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  batchOfTiles,
  decodeTiles,
  differenceOfTiles,
  digestOfTile,
  encodeTile,
  encodeTiles,
  heldTile,
  TILE_CELLS,
  type Tile,
  tileCount,
} from "./index.ts";

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
      const indices = batch.map(({ index }) => index);
      expect(batchOfTiles(batch.map(encodeTile), indices)).toEqual(bytes);
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

describe("a tile of which the asker holds another", () => {
  const before: Tile = {
    index: 5,
    digest: "aa".repeat(32),
    state: new Uint8Array(TILE_CELLS).fill(6),
    a: Uint8Array.from({ length: TILE_CELLS }, (_, cell) => cell & 7),
    b: Uint8Array.from({ length: TILE_CELLS }, (_, cell) => cell & 255),
  };
  const held = new Map([[before.digest, before]]);

  test("is the difference to it, and reads back as it is, in whatever place", () => {
    const change = fc.tuple(fc.constantFrom("state", "a", "b"), fc.nat(TILE_CELLS - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 50 }), (changes) => {
        const planes = { state: before.state.slice(), a: before.a.slice(), b: before.b.slice() };
        for (const [plane, cell, code] of changes) planes[plane as keyof typeof planes][cell] = code;
        const after: Tile = { index: 9, digest: "bb".repeat(32), ...planes };
        const difference = differenceOfTiles(encodeTile(after), encodeTile(before));
        if (!difference) throw new Error("so few cells are a difference");
        expect(difference.subarray(72).filter((byte) => byte !== 0).length).toBeLessThanOrEqual(changes.length);
        expect(decodeTiles(batchOfTiles([difference], [7]), held)).toEqual([{ ...after, index: 7 }]);
      }),
      { numRuns: 20 },
    );
  });

  test("takes a head alone when it is the same, and shares its planes", () => {
    const bytes = heldTile(encodeTile(before));
    expect(bytes.length).toBe(40);
    const [tile] = decodeTiles(batchOfTiles([bytes], [3]), held);
    expect(tile).toEqual({ ...before, index: 3 });
    expect(tile.a).toBe(before.a);
    expect(digestOfTile(bytes)).toBe(before.digest);
  });

  test("is sent as it is when most of it differs, or when it is one cell repeated", () => {
    const other = before.b.map((code) => code ^ 255);
    const after = encodeTile({ ...before, b: other, a: other });
    expect(differenceOfTiles(after, encodeTile(before))).toBeUndefined();
    const zero = new Uint8Array(TILE_CELLS);
    const uniform = encodeTile({ ...before, state: zero, a: zero, b: zero });
    expect(differenceOfTiles(uniform, encodeTile(before))).toBeUndefined();
    expect(differenceOfTiles(encodeTile(before), uniform)).toBeUndefined();
  });

  test("cannot be read without it, nor when it is cut", () => {
    const difference = differenceOfTiles(encodeTile({ ...before, index: 6 }), encodeTile(before));
    const batch = batchOfTiles([difference ?? before.a], [6]);
    expect(decodeTiles(batch, held)).toEqual([{ ...before, index: 6 }]);
    expect(() => decodeTiles(batch)).toThrow(/is not held/);
    for (let length = 0; length < batch.length; length += 997)
      expect(() => decodeTiles(batch.subarray(0, length), held)).toThrow(RangeError);
  });
});
