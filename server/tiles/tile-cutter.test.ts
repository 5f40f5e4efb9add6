import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTiles, encodeTile } from "../../shared/tile/index.ts";
import { createTileCutter, cutTile, type StripSource, type TileRequest } from "./index.ts";
import { anyStrip, type TestRow, TestStrip } from "./model.testing.ts";

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
  expect(await cutter.tile(counted, 1)).toEqual(one);
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
  const measured = createTileCutter({ cacheBytes: 2 ** 20 });
  const tiles = [0, 1, 2, 3, 4, 5];
  const sizes: number[] = [];
  for (const index of tiles) {
    const before = measured.cachedBytes;
    await measured.tile(counted, index);
    sizes.push(measured.cachedBytes - before);
  }
  asked.length = 0;
  const cacheBytes = 3 * Math.max(...sizes);
  const cutter = createTileCutter({ cacheBytes });
  for (const index of [0, 1, 2, 0, 3, 0, 4, 5, 0]) {
    await cutter.tile(counted, index);
    expect(cutter.cachedBytes).toBeLessThanOrEqual(cacheBytes);
  }
  expect(asked).toHaveLength(tiles.length);
  await cutter.tile(counted, 1);
  expect(asked).toHaveLength(tiles.length + 1);
});

test("a cache holds several times the tiles that would fit as they are", async () => {
  const { counted, asked } = request();
  const cutter = createTileCutter({ cacheBytes: 200_000 });
  for (let round = 0; round < 2; round++) for (const index of [0, 1, 2, 3, 4, 5]) await cutter.tile(counted, index);
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

/** As many rows as are asked for, of those of the strip. */
function anyRows(count: number): TestRow[] {
  return Array.from({ length: count }, (_, i) => strip.rows[(i * i + 7 * i) % strip.rows.length]);
}

/** A strip whose rows are named by what they hold. */
function named(rows: readonly TestRow[]): StripSource {
  const source = new TestStrip(rows, strip.pages).source();
  return { ...source, contentName: (from, count) => JSON.stringify([count, rows.slice(from, from + count)]) };
}

test("what shows contents alone is not cut again where the next snapshot has the same rows, wherever they stand", async () => {
  const rows = anyRows(4096);
  const later = [...rows];
  later[700] = { ...rows[700], state: "recorded", content: "zero", partial: undefined };
  const cutter = createTileCutter({ cacheBytes: 2 ** 26 });
  const asked: string[] = [];
  const request = (key: string, source: StripSource, channel: TileRequest["channel"], level: number): TileRequest => ({
    key,
    source: {
      ...source,
      columns: (from, count) => {
        asked.push(`${key} ${from}`);
        return source.columns(from, count);
      },
    },
    contents: strip.contents,
    channel,
    level,
  });
  const all = [...Array(8).keys()];
  await cutter.tiles(request("t0", named(rows), "class", 3), all.slice(0, 4));
  asked.length = 0;
  await cutter.tiles(request("t1", named(later), "class", 3), all.slice(0, 4));
  // A tile of level 3 covers 1,024 pages.
  expect(asked).toEqual(["t1 0"]);
  asked.length = 0;
  // Why a page needs no look differs though its content does not.
  await cutter.tiles(request("t0", named(rows), "provenance", 3), [1]);
  await cutter.tiles(request("t1", named(later), "provenance", 3), [1]);
  expect(asked).toEqual(["t0 1024", "t1 1024"]);
  // The index is that of the place, not of the one it was cut for.
  const shifted = named([...rows.slice(1024), ...rows.slice(0, 1024)]);
  asked.length = 0;
  const [tile] = decodeTiles(await cutter.tiles(request("t2", shifted, "class", 3), [0]));
  expect(asked).toEqual([]);
  expect(tile).toEqual(await cutTile(shifted, strip.contents, "class", 3, 0));
});

test("coarse tiles of all levels measure each part once, and of the next snapshot those that changed", async () => {
  const rows = anyRows(4096 * 3 + 100);
  const later = [...rows];
  later[5000] = { ...rows[5000], state: "recorded", content: "zero", partial: undefined };
  const cutter = createTileCutter({ cacheBytes: 2 ** 26 });
  for (const [key, of, parts] of [
    ["t0", rows, [0, 4096, 8192, 12_288]],
    ["t1", later, [4096]],
  ] as const) {
    const asked: number[] = [];
    const source = named(of);
    const counted: StripSource = {
      ...source,
      columns: (from, count) => {
        asked.push(from);
        return source.columns(from, count);
      },
    };
    const batch = await Promise.all(
      [8, 9, 10, 12].flatMap((level) =>
        (["class", "entropy", "value"] as const).map(async (channel) => {
          const request = { key, source: counted, contents: strip.contents, channel, level };
          const [tile] = decodeTiles(await cutter.tiles(request, [0]));
          expect(tile, `${channel} ${level}`).toEqual(await cutTile(named(of), strip.contents, channel, level, 0));
        }),
      ),
    );
    expect(batch).toHaveLength(12);
    expect(asked.sort((p, q) => p - q)).toEqual(parts);
  }
});

test("who holds a tile gets nothing of it again, and of one that has changed the difference", async () => {
  const rows = anyRows(1024);
  const later = [...rows];
  later[3] = { ...rows[3], state: "excluded", content: undefined, partial: undefined };
  const cutter = createTileCutter({ cacheBytes: 2 ** 26 });
  const request = (key: string, of: readonly TestRow[]): TileRequest => ({
    key,
    source: new TestStrip(of, strip.pages).source(),
    contents: strip.contents,
    channel: "class",
    level: 3,
  });
  const [first] = decodeTiles(await cutter.tiles(request("t0", rows), [0]));
  const same = await cutter.tiles(request("t0 again", rows), [0], { held: [first.digest] });
  expect(same.length).toBe(48);
  const changed = await cutter.tiles(request("t1", later), [0], { held: [first.digest] });
  expect(changed.filter((byte) => byte !== 0).length).toBeLessThan(500);
  const [decoded] = decodeTiles(changed, new Map([[first.digest, first]]));
  expect(decoded).toEqual(await cutTile(request("t1", later).source, strip.contents, "class", 3, 0));
  // Of what the server does not know any more it sends the whole.
  const whole = await cutter.tiles(request("t1", later), [0], { held: ["ab".repeat(32)] });
  expect(decodeTiles(whole)).toEqual([decoded]);
});
