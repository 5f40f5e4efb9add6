import { expect, test } from "vitest";
import { TILE_CELLS, type Tile } from "../../shared/tile/index.ts";
import type { TileSource } from "./contract.ts";
import { createTileStore } from "./tile-store.ts";

const plane = new Uint8Array(TILE_CELLS);
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A snapshot of which every tile differs; counts the tiles that are asked for whole. */
function snapshot(name: string) {
  const asked = { tiles: 0, whole: 0 };
  const source: TileSource = {
    key: name,
    async fetchTiles(_, level, indices, __, held = []) {
      asked.tiles += indices.length;
      asked.whole += indices.filter((__, n) => held[n] === undefined).length;
      return indices.map(
        (index): Tile => ({ index, digest: `${name} ${level} ${index}`, state: plane, a: plane, b: plane }),
      );
    },
  };
  return { source, asked };
}

/** Looks at one place after the other, each alone in view. */
async function walk(source: TileSource, places: Iterable<number>): Promise<void> {
  const store = createTileStore(source, () => {});
  for (const index of places) {
    store.want([{ channel: "class", level: 0, index, tier: "visible" }]);
    while (store.state("class", 0, index) !== "here") await settle();
    store.get("class", 0, index);
  }
  store.dispose();
}

function* upTo(count: number): Iterable<number> {
  for (let n = 0; n < count; n++) yield n;
}

test("who makes a long way through the next snapshot again is sent differences, as far as tiles are remembered", async () => {
  const [first, next] = ["first", "next"].map(snapshot);
  await walk(first.source, upTo(900));
  expect(first.asked).toEqual({ tiles: 900, whole: 900 });
  await walk(next.source, upTo(900));
  expect(next.asked).toEqual({ tiles: 900, whole: 0 });
});

test("a way through more places than are remembered does not drive out those that are still to come", async () => {
  const [first, next] = ["long", "long again"].map(snapshot);
  await walk(first.source, upTo(1500));
  await walk(next.source, upTo(1500));
  expect(next.asked).toEqual({ tiles: 1500, whole: 500 });
});

test("what was looked at last is what the next snapshot is told of", async () => {
  const [first, next] = ["looked at", "next of it"].map(snapshot);
  // A place that was seen first, and again at the end, of more than are remembered.
  await walk(first.source, [...upTo(1200), 0]);
  await walk(next.source, [0]);
  expect(next.asked).toEqual({ tiles: 1, whole: 0 });
});
