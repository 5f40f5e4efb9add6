import { afterEach, expect, test } from "vitest";
import { TILE_CELLS, type Tile } from "../../shared/tile/index.ts";
import type { TileSource } from "./contract.ts";
import { heldTiles } from "./held-tiles.ts";
import { createTileStore, type TileStore, type Wish } from "./tile-store.ts";

const stores: TileStore[] = [];
afterEach(() => {
  for (const store of stores.splice(0)) store.dispose();
});

interface Asked {
  readonly signal: AbortSignal;
  readonly answer: () => void;
}

/** A side whose tiles hold what `contentOf` says; answers when told. */
function storeOf(contentOf: (index: number) => string, asked: Asked[], budgetTiles = 40): TileStore {
  const source: TileSource = {
    key: "test",
    fetchTiles: (_, level, indices, signal) =>
      new Promise((resolve) => {
        const planes = () => new Uint8Array(TILE_CELLS);
        const tiles = indices.map(
          (index): Tile => ({
            index,
            digest: `${level} ${contentOf(index)}`,
            state: planes(),
            a: planes(),
            b: planes(),
          }),
        );
        asked.push({ signal, answer: () => resolve(tiles) });
      }),
  };
  const store = createTileStore(source, () => {}, budgetTiles * 3 * TILE_CELLS);
  stores.push(store);
  return store;
}

const wish = (index: number, level = 3): Wish => ({ channel: "class", level, index, tier: "visible" });
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

async function fill(store: TileStore, asked: Asked[], indices: readonly number[]): Promise<void> {
  store.want(indices.map((index) => wish(index)));
  await settle();
  while (asked.length > 0) {
    for (const one of asked.splice(0)) one.answer();
    await settle();
  }
}

test("both sides of a comparison hold the tiles that are equal once", async () => {
  const asked: Asked[] = [];
  const a = storeOf((index) => `${index}`, asked);
  const b = storeOf((index) => (index === 2 ? "changed" : `${index}`), asked);
  await fill(a, asked, [0, 1, 2, 3]);
  await fill(b, asked, [0, 1, 2, 3]);
  const isShared = [0, 1, 2, 3].map((index) => a.get("class", 3, index) === b.get("class", 3, index));
  expect(isShared).toEqual([true, true, false, true]);
  expect(heldTiles()).toBe(5);
  a.dispose();
  expect(heldTiles()).toBe(4);
});

test("after 10,000 tiles no more are held than the budget has room for, and after the end none", async () => {
  const asked: Asked[] = [];
  // Each tile twice, at another place: what is equal is held once and freed with the last.
  const store = storeOf((index) => `${index >> 1}`, asked, 40);
  for (let first = 0; first < 10_000; first += 20) {
    const indices = Array.from({ length: 20 }, (_, n) => first + n);
    await fill(store, asked, indices);
    expect(heldTiles()).toBeLessThanOrEqual(40);
  }
  expect(heldTiles()).toBe(20);
  store.dispose();
  expect(heldTiles()).toBe(0);
});

test("who leaves the view has no request left, and what comes all the same is not held", async () => {
  const asked: Asked[] = [];
  const store = storeOf((index) => `${index}`, asked);
  store.want([0, 1, 2, 3, 4, 5, 6, 7].map((index) => wish(index)));
  await settle();
  expect(asked.length).toBeGreaterThan(0);
  store.dispose();
  expect(asked.every(({ signal }) => signal.aborted)).toBe(true);
  for (const one of asked) one.answer();
  await settle();
  expect(heldTiles()).toBe(0);
});

test("the next picture asks for what has changed since the one before, place by place", async () => {
  const held: (readonly (Tile | undefined)[])[] = [];
  const pictureOf = (name: string): TileSource => ({
    key: name,
    async fetchTiles(_, level, indices, __, ofCaller = []) {
      held.push(ofCaller);
      const plane = () => new Uint8Array(TILE_CELLS);
      return indices.map((index) => ({
        index,
        digest: `${level} ${index} ${name}`,
        state: plane(),
        a: plane(),
        b: plane(),
      }));
    },
  });
  const digests = () => held.splice(0).flatMap((tiles) => tiles.map((tile) => tile?.digest));
  const show = async (name: string, ...wishes: Wish[]) => {
    const store = createTileStore(pictureOf(name), () => {});
    stores.push(store);
    store.want(wishes);
    await settle();
    await settle();
    return store;
  };
  const first = await show("t0", wish(0, 9), wish(1, 9));
  digests();
  // The viewer of the first is gone before that of the next is there.
  first.dispose();
  const next = await show("t1", wish(0, 9), wish(2, 9));
  expect(digests()).toEqual(["9 0 t0", undefined]);
  // A picture that is what it was, with other tiles, has its own.
  next.renew(pictureOf("t1, filled"), () => false);
  next.want([wish(0, 9), wish(2, 9)]);
  await settle();
  expect(digests()).toEqual(["9 0 t1", "9 2 t1"]);
});
