import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHANNELS as ALL_CHANNELS, entropyOfCode, type TileChannel, tilesOf } from "../../shared/channel/index.ts";
import { cellColor } from "../../shared/palette/index.ts";
import { cellStateCode, pagesOfTile } from "../../shared/tile/index.ts";
import { cutTile } from "./index.ts";
import { anyStrip, type TestRow, TestStrip } from "./model.testing.ts";
import { BYTES_SPAN, SUMMARY_SPAN } from "./span-contents.ts";

const CHANNELS: readonly TileChannel[] = [...new Set([...ALL_CHANNELS.map(tilesOf), "verdict" as const])];

async function expectModel(strip: TestStrip, channel: TileChannel, level: number, index: number) {
  const tile = await cutTile(strip.source(), strip.contents, channel, level, index);
  const model = strip.model(channel, level, index);
  for (const plane of ["state", "a", "b"] as const) {
    const at = tile[plane].findIndex((code, cell) => code !== model[plane][cell]);
    expect.soft({ plane, at, code: tile[plane][at] }).toEqual({ plane, at: -1, code: undefined });
    if (at >= 0) throw new Error(`${channel} level ${level}: cell ${at} of ${plane} should be ${model[plane][at]}`);
  }
  expect(tile.digest).toBe(createHash("sha256").update(tile.state).update(tile.a).update(tile.b).digest("hex"));
  expect(tile.index).toBe(index);
}

describe("a tile is what the definitions say", () => {
  for (const channel of CHANNELS) {
    test(`${channel}, from bytes and from pages`, async () => {
      await fc.assert(
        fc.asyncProperty(
          anyStrip(40, channel === "verdict"),
          fc.nat(9),
          fc.double({ min: 0, max: 1.2, noNaN: true }),
          async (strip, level, share) => {
            const index = Math.floor((share * strip.rows.length) / pagesOfTile(level));
            await expectModel(strip, channel, level, index);
          },
        ),
        // What fails here is too large to be made smaller in a test's time; the seed repeats it.
        { numRuns: 60, endOnFailure: true },
      );
    });
  }

  test("over more rows than one span, and more partly known pages", async () => {
    const [seed] = fc.sample(anyStrip(30, false), { numRuns: 1, seed: 7 });
    const rows = Array.from({ length: SUMMARY_SPAN * 2 + 77 }, (_, i): TestRow => {
      const row = seed.rows[(i * 7) % seed.rows.length];
      const isPartial = i > 9000 && i < 9000 + 2 * BYTES_SPAN + 9 && row.state === "recorded";
      return isPartial ? { ...row, partial: [i % 300, 4000] } : row;
    });
    const strip = new TestStrip(rows, seed.pages);
    for (const channel of ["class", "value", "entropy", "provenance"] as const) {
      for (const level of [6, 7, 8, 10, 14]) await expectModel(strip, channel, level, 0);
    }
    expect(strip.mostBytes).toBeLessThanOrEqual(BYTES_SPAN);
    expect(strip.mostSummaries).toBeLessThanOrEqual(SUMMARY_SPAN);
  });
});

/** One page that differs from thousands of equal ones around it. */
function stripWithOne(count: number, at: number, common: TestRow, one: TestRow, pages: [number, Uint8Array][]) {
  const rows = new Array<TestRow>(count).fill(common);
  rows[at] = one;
  return new TestStrip(rows, new Map(pages));
}

/** Bytes that look random, the same in every run. */
function noisePage(): Uint8Array {
  const parts = Array.from({ length: 128 }, (_, n) => createHash("sha256").update(`noise ${n}`).digest());
  return Uint8Array.from(Buffer.concat(parts));
}

const zeroRow: TestRow = { state: "recorded", content: "zero", rank: 0, other: undefined, partial: undefined };

describe("mistakes of others", () => {
  test("one FF among zeros is seen from every height", async () => {
    const page = new Uint8Array(4096);
    page[1234] = 0xff;
    const at = 33_000;
    const strip = stripWithOne(262_144, at, zeroRow, { ...zeroRow, content: 5 }, [[5, page]]);
    for (let level = 0; level <= 14; level++) {
      const index = Math.floor(at / pagesOfTile(level));
      const byte = at * 4096 + 1234 - index * pagesOfTile(level) * 4096;
      const cell = Math.floor(byte / 4 ** level);
      const seen = await cutTile(strip.source(), strip.contents, "class", level, index);
      expect([seen.a[cell], seen.b[cell] > 0]).toEqual([5, true]);
      expect(seen.a.filter((code) => code !== 0)).toHaveLength(1);
      const entropy = await cutTile(strip.source(), strip.contents, "entropy", level, index);
      expect(entropy.a[cell]).toBeGreaterThan(0);
    }
  });

  test("a byte changed anywhere changes the overview", async () => {
    const page = new Uint8Array(4096);
    const changedPage = new Uint8Array(4096);
    const row: TestRow = { ...zeroRow, content: 1 };
    const pages: [number, Uint8Array][] = [
      [1, page],
      [2, changedPage],
    ];
    page.fill(0x41);
    const before = stripWithOne(64, 0, row, row, pages);
    const then = await cutTile(before.source(), before.contents, "class", 6, 0);
    for (let k = 0; k < 4096; k += 37) {
      changedPage.fill(0x41);
      changedPage[k] = 0;
      const after = stripWithOne(64, k % 64, row, { ...row, content: 2 }, pages);
      const now = await cutTile(after.source(), after.contents, "class", 6, 0);
      expect(now.digest).not.toBe(then.digest);
    }
  });

  test("one changed page among unchanged ones is seen from every height, its byte from below", async () => {
    const page = new Uint8Array(4096).fill(7);
    const other = page.slice();
    other[2050] = 8;
    const at = 21_845;
    const unchanged: TestRow = { ...zeroRow, content: 1, rank: 1, other: 1 };
    const strip = stripWithOne(65_536, at, unchanged, { ...unchanged, rank: 4, other: 2 }, [
      [1, page],
      [2, other],
    ]);
    for (let level = 0; level <= 14; level++) {
      const index = Math.floor(at / pagesOfTile(level));
      const base = at * 4096 - index * pagesOfTile(level) * 4096;
      const cell = Math.floor((base + 2050) / 4 ** level);
      const tile = await cutTile(strip.source(), strip.contents, "verdict", level, index);
      expect([tile.a[cell], tile.b[cell]]).toEqual([4, 255]);
      if (level < 6) {
        const ofPage = tile.b.subarray(Math.floor(base / 4 ** level), Math.floor((base + 4096) / 4 ** level));
        expect(ofPage.filter((code) => code === 255)).toHaveLength(1);
      }
    }
    expect(strip.mostBytes).toBe(1);
    expect(strip.mostSummaries).toBe(0);
  });

  test("a window of entropy lies in one page: noise beside zeros has all of it and zeros have none", async () => {
    const noise: TestRow = { ...zeroRow, content: 5 };
    const cut: TestRow = { ...noise, partial: [0, 100] };
    const strip = stripWithOne(4, 1, zeroRow, noise, [[5, noisePage()]]);
    const part = new TestStrip([noise, cut, zeroRow], strip.pages);
    for (let level = 0; level <= 6; level++) {
      const cells = 4096 / 4 ** level;
      const { a } = await cutTile(strip.source(), strip.contents, "entropy", level, 0);
      expect(Math.max(...a.subarray(0, cells), ...a.subarray(2 * cells, 4 * cells))).toBe(0);
      // 256 random bytes have about 7.2 bits each, whatever lies beside them.
      expect(entropyOfCode(Math.min(...a.subarray(cells, 2 * cells)))).toBeGreaterThan(6.9);

      // Of 100 bytes only these count, and what is behind them is no part of the window.
      const tile = await cutTile(part.source(), part.contents, "entropy", level, 0);
      const bits = entropyOfCode(tile.a[cells]);
      expect([bits > 6, bits <= Math.log2(100)]).toEqual([true, true]);
      const behind = cells + Math.ceil(100 / 4 ** level);
      expect(tile.state.subarray(behind, 2 * cells).every((state) => state === cellStateCode("missing"))).toBe(true);
    }
  });

  test("one page of noise among 8 GiB of zeros is seen, with its entropy, from every height", async () => {
    const at = 1_234_567;
    const strip = stripWithOne(2 ** 21, at, zeroRow, { ...zeroRow, content: 5 }, [[5, noisePage()]]);
    for (const level of [6, 8, 10, 12, 14]) {
      const index = Math.floor(at / pagesOfTile(level));
      const cell = Math.floor(((at - index * pagesOfTile(level)) * 4096) / 4 ** level);
      const { state, a, b } = await cutTile(strip.source(), strip.contents, "entropy", level, index);
      expect(entropyOfCode(b[cell])).toBeGreaterThan(6.9);
      expect(b.filter((code) => code > 0)).toHaveLength(1);
      const other = cell === 0 ? 1 : cell - 1;
      for (const theme of ["dark", "light"] as const) {
        const color = (n: number) => cellColor("entropy", state[n], a[n], b[n], level, theme);
        expect(color(cell)).not.toEqual(color(other));
      }
    }
  });

  test("a page has the same cells in any dump: scales are fixed", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyStrip(12, false),
        anyStrip(12, false),
        fc.uint8Array({ minLength: 4096, maxLength: 4096 }),
        fc.constantFrom("class" as const, "value" as const, "entropy" as const),
        fc.nat(6),
        async (left, right, page, channel, level) => {
          const cellsIn = async (around: TestStrip) => {
            const rows = [...around.rows, { ...zeroRow, content: 77 }];
            const strip = new TestStrip(rows, new Map([...around.pages, [77, page]]));
            const index = Math.floor(around.rows.length / pagesOfTile(level));
            const from = ((around.rows.length % pagesOfTile(level)) * 4096) / 4 ** level;
            const { state, a, b } = await cutTile(strip.source(), strip.contents, channel, level, index);
            return [state, a, b].map((plane) => plane.slice(from, from + 4096 / 4 ** level));
          };
          expect(await cellsIn(left)).toEqual(await cellsIn(right));
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
  });

  test("two cuts of one tile are identical", async () => {
    const [strip] = fc.sample(anyStrip(40, false), { numRuns: 1, seed: 3 });
    for (const channel of CHANNELS) {
      const one = await cutTile(strip.source(), strip.contents, channel, 3, 0);
      const two = await cutTile(strip.source(), strip.contents, channel, 3, 0);
      expect(one).toEqual(two);
    }
  });
});

test("zero pages and places without bytes ask for no contents", async () => {
  const strip = stripWithOne(500, 3, zeroRow, { ...zeroRow, state: "image", content: undefined }, []);
  for (const channel of CHANNELS) for (const level of [0, 3, 5, 8]) await expectModel(strip, channel, level, 0);
  expect(strip.calls).toBe(0);
});

test("behind the end of the strip all is gap, and nothing is asked for", async () => {
  const strip = stripWithOne(16, 0, zeroRow, zeroRow, []);
  await expectModel(strip, "class", 0, 1);
  expect(strip.calls).toBe(0);
});

test("a cell that claims bytes and names none is missing, not zero", async () => {
  const strip = stripWithOne(2, 1, zeroRow, { ...zeroRow, content: undefined }, []);
  for (const level of [0, 5, 6]) {
    const tile = await cutTile(strip.source(), strip.contents, "class", level, 0);
    expect(tile.state[4096 / 4 ** level]).toBe(5);
  }
});

test("a cancelled cut stops between spans", async () => {
  const strip = stripWithOne(SUMMARY_SPAN * 40, 0, zeroRow, zeroRow, []);
  const abort = new AbortController();
  let spans = 0;
  const source = strip.source();
  const counting = {
    end: source.end,
    columns: (from: number, count: number) => {
      if (++spans === 3) setImmediate(() => abort.abort(new Error("left")));
      return source.columns(from, count);
    },
  };
  await expect(cutTile(counting, strip.contents, "class", 9, 0, { signal: abort.signal })).rejects.toThrow("left");
  expect(spans).toBeLessThan(8);
});

test("levels and tiles that cannot be are refused", async () => {
  const strip = stripWithOne(1, 0, zeroRow, zeroRow, []);
  for (const [level, index] of [
    [-1, 0],
    [21, 0],
    [1.5, 0],
    [3, -1],
    [3, Number.NaN],
  ]) {
    await expect(cutTile(strip.source(), strip.contents, "class", level, index)).rejects.toThrow(RangeError);
  }
});
