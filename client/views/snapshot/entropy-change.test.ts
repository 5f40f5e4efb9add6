import { expect, test } from "vitest";
import { entropyCode } from "../../../shared/channel/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { layStrip, positionOfPage } from "../../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS } from "../../../shared/tile/index.ts";
import type { Place, TileSource } from "../../viewer/contract.ts";
import { nextEntropyChange } from "./entropy-change.ts";

/** Two mappings of 16 pages: windows of 1, 7, 7 … bits; the second one of 7 bits throughout. */
const strip = layStrip([
  { space: "p1", start: 16 as PageAddress, pages: 16, shown: [{ start: 0, end: 1 }] },
  { space: "p1", start: 64 as PageAddress, pages: 16, shown: [{ start: 0, end: 1 }] },
]);
const WINDOWS = 256;
const bitsOf = (window: number) => (window < 3 || (window >= 40 && window < WINDOWS) ? 1 : 7);
const source: TileSource = {
  key: "test",
  fetchTiles: async (_channel, _level, indices) =>
    indices.map((index) => ({
      index,
      digest: "",
      state: new Uint8Array(TILE_CELLS).fill(cellStateCode("recorded")),
      a: Uint8Array.from({ length: TILE_CELLS }, (_, cell) => entropyCode(bitsOf(cell) * 4096, false)),
      b: new Uint8Array(TILE_CELLS),
    })),
};
const placeOf = (window: number): Place => ({
  space: "p1",
  page: (16 + Math.floor(window / 16)) as PageAddress,
  offset: (window % 16) * 256,
});
const next = (from: Place | null) =>
  nextEntropyChange(
    strip,
    source,
    from,
    (place) => positionOfPage(strip, place.space, place.page),
    new AbortController().signal,
  );

test("the entropy changes where a window differs from the one before it", async () => {
  const change = await next(null);
  expect(change?.place).toEqual(placeOf(3));
  expect(change?.before).toBeCloseTo(1, 1);
  expect(change?.after).toBeCloseTo(7, 1);
  expect((await next(placeOf(3)))?.place).toEqual(placeOf(40));
});

test("neighbours on the strip that are none in memory do not count, and the search goes around", async () => {
  expect((await next(placeOf(40)))?.place).toEqual(placeOf(3));
});
