import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTiles, encodeTile } from "../../shared/tile/index.ts";
import { createTileCutter, cutTile, type TileRequest } from "./index.ts";
import { anyStrip } from "./model.testing.ts";

const [strip] = fc.sample(anyStrip(200, false), { numRuns: 1, seed: 11 });

/** A request that counts how often rows are asked for, and can be held up. */
function request(hold: Promise<void> = Promise.resolve(), level = 0) {
  const source = strip.source();
  const asked: number[] = [];
  const counted: TileRequest = {
    key: "app/t0",
    source: {
      end: source.end,
      columns: async (from, count) => {
        asked.push(from);
        await hold;
        return source.columns(from, count);
      },
    },
    contents: strip.contents,
    channel: "class",
    level,
  };
  return { counted, asked };
}

test("a batch holds the tiles asked for, in order", async () => {
  const { counted } = request();
  const cutter = createTileCutter({ cacheBytes: 2 ** 20 });
  const batch = decodeTiles(await cutter.tiles(counted, [3, 0, 3]));
  expect(batch.map((tile) => tile.index)).toEqual([3, 0, 3]);
  expect(batch[1]).toEqual(await cutTile(counted.source, counted.contents, "class", 0, 0));
});

test("who asks at the same time, or again, costs nothing", async () => {
  const { counted, asked } = request();
  const cutter = createTileCutter({ cacheBytes: 2 ** 20 });
  const [one, two] = await Promise.all([cutter.tile(counted, 1), cutter.tile(counted, 1)]);
  expect(await cutter.tile(counted, 1)).toBe(one);
  expect(two).toBe(one);
  expect(asked).toEqual([16]);
});

test("another key, channel or level is another tile", async () => {
  const { counted, asked } = request();
  const cutter = createTileCutter({ cacheBytes: 2 ** 20 });
  await cutter.tile(counted, 0);
  await cutter.tile({ ...counted, key: "app/t1" }, 0);
  await cutter.tile({ ...counted, channel: "value" }, 0);
  await cutter.tile({ ...counted, level: 1 }, 0);
  expect(asked).toHaveLength(4);
});

test("the cache stays within its bytes and keeps what was used last", async () => {
  const { counted, asked } = request();
  const cutter = createTileCutter({ cacheBytes: 3 * 200_000 });
  for (const index of [0, 1, 2, 0, 3, 0, 4, 5, 0]) {
    await cutter.tile(counted, index);
    expect(cutter.cachedBytes).toBeLessThanOrEqual(3 * 200_000);
  }
  expect(asked.filter((from) => from === 0)).toHaveLength(1);
  expect(asked).toHaveLength(6);
});

test("one who leaves does not take the tile from the others", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { counted, asked } = request(promise);
  const cutter = createTileCutter({ cacheBytes: 2 ** 20 });
  const abort = new AbortController();
  const leaves = cutter.tile(counted, 0, abort.signal);
  const stays = cutter.tile(counted, 0);
  abort.abort(new Error("left"));
  await expect(leaves).rejects.toThrow("left");
  resolve();
  expect(await stays).toEqual(encodeTile(await cutTile(strip.source(), strip.contents, "class", 0, 0)));
  expect(asked).toEqual([0]);
});

test("a cut that nobody waits for stops, and one who asks later begins anew", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { counted, asked } = request(promise);
  const cutter = createTileCutter({ cacheBytes: 2 ** 20, atOnce: 1 });
  const abort = new AbortController();
  const left = [0, 1, 2].map((index) => cutter.tile(counted, index, abort.signal));
  abort.abort(new Error("left"));
  for (const one of left) await expect(one).rejects.toThrow("left");
  resolve();
  await cutter.tile(counted, 0);
  // Tiles 1 and 2 were waiting for their turn and never began.
  expect(asked).toEqual([0, 0]);
});

test("a failed cut is not kept", async () => {
  const { counted } = request();
  let fails = true;
  const flaky: TileRequest = {
    ...counted,
    contents: {
      ...counted.contents,
      bytes: (pages) => (fails ? Promise.reject(new Error("unreadable")) : counted.contents.bytes(pages)),
    },
  };
  const cutter = createTileCutter({ cacheBytes: 2 ** 20 });
  await expect(cutter.tile(flaky, 0)).rejects.toThrow("unreadable");
  fails = false;
  expect(decodeTiles(await cutter.tiles(flaky, [0]))).toHaveLength(1);
});
