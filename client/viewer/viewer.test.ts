import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CURVES, curveIndex, LAYOUTS, pictureCell, pictureIndex, picturePlane } from "../../shared/layout/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import { layStrip } from "../../shared/strip/index.ts";
import { TILE_CELLS, type Tile } from "../../shared/tile/index.ts";
import type { TileSource } from "./contract.ts";
import { carriesText, planeOrigin, stepOf, ZOOM_STEPS } from "./coordinates.ts";
import { largestRectangle } from "./labels.ts";
import { createMappingBorders } from "./mapping-borders.ts";
import { bordersOf, outlineOf, squareOutline } from "./outline.ts";
import { byteOfPlace, movePoint, placeOfCell } from "./places.ts";
import { boundsOf } from "./plane-box.ts";
import { ancestorOf, nearestView, rootLevel } from "./pyramid.ts";
import { createTileStore, type TileStore, type Wish } from "./tile-store.ts";
import { visibleRuns } from "./visible-runs.ts";

function stripOf(...sizes: number[]) {
  let start = 1024;
  return layStrip(
    sizes.map((pages) => {
      const source = {
        space: "p1" as const,
        start: start as PageAddress,
        pages,
        shown: [{ start: 0, end: Math.ceil(pages / 16) }],
      };
      start += pages + 64;
      return source;
    }),
  );
}

describe("zoom", () => {
  test("goes from level 12 to 32 pixels per byte, each step the half or less of the one before", () => {
    expect(ZOOM_STEPS[0]).toEqual({ level: 12, pixels: 1 });
    expect(ZOOM_STEPS.at(-1)).toEqual({ level: 0, pixels: 32 });
    ZOOM_STEPS.forEach((zoom, step) => {
      expect(stepOf(zoom)).toBe(step);
    });
  });

  test("a zoom of a link that is no step becomes the one below", () => {
    expect(ZOOM_STEPS[stepOf({ level: 0, pixels: 10 })]).toEqual({ level: 0, pixels: 8 });
    expect(ZOOM_STEPS[stepOf({ level: 40, pixels: 1 })]).toEqual({ level: 12, pixels: 1 });
  });

  test("text begins at 12 CSS pixels, whatever the screen", () => {
    expect(carriesText({ level: 0, pixels: 12 }, 1)).toBe(true);
    expect(carriesText({ level: 0, pixels: 12 }, 2)).toBe(false);
    expect(carriesText({ level: 0, pixels: 24 }, 2)).toBe(true);
  });

  test("the plane's corner is a whole device pixel", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2 ** 20, noNaN: true }), fc.constantFrom(1, 2, 24), (x, pixels) => {
        const origin = planeOrigin({ x, y: x / 3 }, pixels, { width: 1063, height: 541, ratio: 1 });
        expect(Number.isInteger(origin.x) && Number.isInteger(origin.y)).toBe(true);
      }),
    );
  });
});

describe("pyramid", () => {
  test("an ancestor's cells hold those of the tile, however far above", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 20 }),
        fc.integer({ min: 0, max: TILE_CELLS - 1 }),
        fc.integer({ min: 0, max: 12 }),
        (index, cell, up) => {
          const ancestor = ancestorOf(index, up);
          const expected = Math.floor((index * TILE_CELLS + cell) / 4 ** up);
          const found = ancestor.index * TILE_CELLS + ancestor.base + (cell >>> ancestor.shift);
          expect(found).toBe(expected);
        },
      ),
    );
  });

  test("the nearest tile that is here stands in", () => {
    const here = new Set(["class/5/0"]);
    const store = {
      get: (channel: string, level: number, index: number) =>
        here.has(`${channel}/${level}/${index}`) ? ({ index } as Tile) : undefined,
    } as TileStore;
    expect(nearestView(store, "class", 3, 9, 5)).toMatchObject({ base: 9 * 4096, shift: 4 });
    expect(nearestView(store, "value", 3, 9, 5)).toBeNull();
  });

  test("the root holds the strip in one tile", () => {
    expect(rootLevel(16)).toBe(0);
    expect(rootLevel(17)).toBe(1);
    expect(rootLevel(2 ** 24)).toBe(10);
  });
});

describe("places", () => {
  const strip = stripOf(1, 40, 300);

  test("a place and its cell agree at every level", () => {
    for (const level of [0, 3, 6, 8]) {
      const place = { space: "p1" as const, page: strip.mappings[1].start, offset: 0 };
      const byte = byteOfPlace(strip, place)!;
      expect(placeOfCell(strip, level, Math.floor(byte / 4 ** level))?.place).toEqual(place);
    }
  });

  test("a cell of padding has no place, a coarse one that reaches memory has its first page", () => {
    expect(placeOfCell(strip, 6, 1)).toBeUndefined();
    expect(placeOfCell(strip, 9, 0)?.place.page).toBe(strip.mappings[0].start);
    expect(placeOfCell(strip, 6, strip.end + 5)).toBeUndefined();
  });

  test.each(CURVES)("a change of layout or level keeps the place: %s", (curve) => {
    const square = picturePlane(strip, curve, 4, 1);
    const raster = picturePlane(strip, "raster", 4, 100);
    const cell = Math.floor(
      (byteOfPlace(strip, { space: "p1", page: strip.mappings[2].start, offset: 256 }) ?? 0) / 256,
    );
    const point = pictureCell(square, cell)!;
    const moved = movePoint({ x: point.x + 0.2, y: point.y + 0.9 }, square, raster);
    expect(pictureIndex(raster, Math.floor(moved.x), Math.floor(moved.y))).toBe(cell);
  });
});

describe("outlines", () => {
  test("an outline runs between a cell inside and one outside, everywhere and nowhere else", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CURVES),
        fc.nat({ max: 255 }),
        fc.integer({ min: 1, max: 256 }),
        (curve, from, length) => {
          const to = Math.min(256, from + length);
          const isInside = (x: number, y: number) => {
            if (x < 0 || y < 0 || x > 15 || y > 15) return false;
            const index = curveIndex(curve, x, y, 4);
            return index >= from && index < to;
          };
          const drawn = new Set<string>();
          for (const [x0, y0, x1, y1] of squareOutline(curve, from, to, 4)) {
            for (let n = 0; n < Math.max(x1 - x0, y1 - y0); n++) {
              const edge = x0 === x1 ? `v ${x0} ${y0 + n}` : `h ${x0 + n} ${y0}`;
              expect(drawn.has(edge)).toBe(false);
              drawn.add(edge);
            }
          }
          for (let y = 0; y <= 16; y++)
            for (let x = 0; x <= 16; x++) {
              expect(drawn.has(`v ${x} ${y}`)).toBe(isInside(x - 1, y) !== isInside(x, y));
              expect(drawn.has(`h ${x} ${y}`)).toBe(isInside(x, y - 1) !== isInside(x, y));
            }
        },
      ),
    );
  });

  test("a border between two mappings is drawn once", () => {
    const strip = stripOf(256, 256);
    const borders = createMappingBorders(strip, "hilbert", 3);
    const of = [0, 1].map((index) => borders.outline(index));
    const all = bordersOf(of);
    const length = (segments: readonly (readonly number[])[]) =>
      segments.reduce((sum, [x0, y0, x1, y1]) => sum + x1 - x0 + y1 - y0, 0);
    expect(length(all)).toBe(length(of.flat()) - 4);
  });

  test("a page of a raster is outlined with its steps", () => {
    const strip = stripOf(40);
    const plane = picturePlane(strip, "raster", 0, 1000);
    expect(outlineOf(plane, 4096, 8192)).toContainEqual([96, 4, 1000, 4]);
    expect(outlineOf(plane, 4096, 8192)).toContainEqual([0, 9, 192, 9]);
    expect(outlineOf(picturePlane(strip, "raster", 0, 256), 4096, 8192)).toHaveLength(4);
  });
});

describe("what is in view", () => {
  const strip = stripOf(40, 300, 700);

  test("the whole plane is one run", () => {
    const plane = picturePlane(strip, "hilbert", 6, 1);
    const all = { left: 0, top: 0, right: plane.width, bottom: plane.height };
    expect(visibleRuns(plane, all)).toEqual([[0, plane.cells]]);
  });

  test("every visible cell is in a run, and runs ascend", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LAYOUTS),
        fc.nat(31),
        fc.nat(31),
        fc.integer({ min: 1, max: 20 }),
        (layout, left, top, size) => {
          const plane = picturePlane(strip, layout, 6, 32);
          const visible = {
            left,
            top,
            right: Math.min(plane.width, left + size),
            bottom: Math.min(plane.height, top + size),
          };
          const runs = visibleRuns(plane, visible);
          for (let n = 1; n < runs.length; n++) expect(runs[n][0]).toBeGreaterThan(runs[n - 1][1]);
          for (let y = visible.top; y < visible.bottom; y++)
            for (let x = visible.left; x < visible.right; x++) {
              const index = pictureIndex(plane, x, y);
              if (index === undefined || index >= plane.cells) continue;
              expect(runs.some(([from, to]) => index >= from && index < to)).toBe(true);
            }
        },
      ),
    );
  });

  test.each(CURVES)("what is fitted of %s holds every cell of the strip and not more than needed", (curve) => {
    const plane = picturePlane(strip, curve, 6, 1);
    const bounds = boundsOf(plane);
    const cells = Array.from({ length: plane.cells }, (_, index) => pictureCell(plane, index)!);
    expect(bounds).toEqual({
      left: Math.min(...cells.map(({ x }) => x)),
      top: Math.min(...cells.map(({ y }) => y)),
      right: Math.max(...cells.map(({ x }) => x)) + 1,
      bottom: Math.max(...cells.map(({ y }) => y)) + 1,
    });
  });
});

test("a name goes to the upper left of the largest free rectangle, or nowhere", () => {
  const owners = Int32Array.from([7, 7, 1, 1, 7, 7, 7, 7, 7, 7, 7, 7]);
  expect(largestRectangle(owners, 4, 3, 7, 2, 2)).toEqual({ x: 0, y: 1 });
  expect(largestRectangle(owners, 4, 3, 7, 2, 3)).toEqual({ x: 0, y: 0 });
  expect(largestRectangle(owners, 4, 3, 1, 3, 1)).toBeUndefined();
});

describe("tile store", () => {
  interface Call {
    readonly indices: readonly number[];
    readonly signal: AbortSignal;
    readonly answer: () => void;
    readonly fail: () => void;
  }

  function sourceOf(calls: Call[]): TileSource {
    return {
      key: "test",
      fetchTiles: (_, level, indices, signal) =>
        new Promise((resolve, reject) => {
          const planes = () => new Uint8Array(TILE_CELLS);
          const tiles = indices.map((index) => ({
            index,
            digest: `${level} ${index % 100}`,
            state: planes(),
            a: planes(),
            b: planes(),
          }));
          signal.addEventListener("abort", () => reject(signal.reason));
          calls.push({ indices, signal, answer: () => resolve(tiles), fail: () => reject(new Error("503")) });
        }),
    };
  }

  const wish = (index: number, tier: Wish["tier"] = "visible", level = 3): Wish => ({
    channel: "class",
    level,
    index,
    tier,
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

  test("asks for the most wanted first, at most 32 tiles in each of 4 requests", async () => {
    const calls: Call[] = [];
    const store = createTileStore(sourceOf(calls), () => {});
    store.want(Array.from({ length: 400 }, (_, index) => wish(index)));
    expect(store.status).toEqual({ open: 400, failed: 0 });
    await settle();
    expect(calls.map(({ indices }) => indices.length)).toEqual([32, 32, 32, 32]);
    expect(calls[0].indices[0]).toBe(0);
    calls[0].answer();
    await settle();
    expect(calls[4].indices[0]).toBe(128);
    expect(store.get("class", 3, 0)?.index).toBe(0);
    expect(store.status.open).toBe(368);
    store.dispose();
  });

  test("what is wanted in one frame and no more in the next is never asked for", async () => {
    const calls: Call[] = [];
    const store = createTileStore(sourceOf(calls), () => {});
    store.want([wish(1)]);
    store.want([wish(2)]);
    expect(calls).toEqual([]);
    await settle();
    expect(calls.map(({ indices }) => indices)).toEqual([[2]]);
    store.dispose();
  });

  test("aborts what nobody wants any more, and only that", async () => {
    const calls: Call[] = [];
    const store = createTileStore(sourceOf(calls), () => {});
    store.want([wish(1), wish(2)]);
    await settle();
    store.want([wish(2)]);
    expect(calls[0].signal.aborted).toBe(false);
    store.want([wish(9)]);
    expect(calls[0].signal.aborted).toBe(true);
    await settle();
    expect(store.state("class", 3, 9)).toBe("loading");
    expect(store.status).toEqual({ open: 1, failed: 0 });
    store.dispose();
  });

  test("tries three times more, then says that it failed, and again when asked to", async () => {
    const calls: Call[] = [];
    const store = createTileStore(sourceOf(calls), () => {});
    store.want([wish(5)]);
    for (let attempt = 0; attempt < 4; attempt++) {
      while (calls.length <= attempt) await new Promise((resolve) => setTimeout(resolve, 20));
      calls[attempt].fail();
      await settle();
    }
    expect(store.status).toEqual({ open: 0, failed: 1 });
    store.retry();
    expect(calls.length).toBe(5);
    calls[4].answer();
    await settle();
    expect(store.status).toEqual({ open: 0, failed: 0 });
    expect(store.get("class", 3, 5)).toBeDefined();
    store.dispose();
  });

  test("shows what it has of a picture that grew until the new tile is here, and asks only for what changed", async () => {
    const calls: Call[] = [];
    const store = createTileStore(sourceOf(calls), () => {});
    store.want([wish(1), wish(2), wish(3)]);
    await settle();
    calls[0].answer();
    await settle();
    const [first, second] = [store.get("class", 3, 1), store.get("class", 3, 2)];
    const later: Call[] = [];
    store.renew(sourceOf(later), (_, index) => index !== 2);
    expect(store.get("class", 3, 2)).toBe(second);
    store.want([wish(1), wish(2), wish(3)]);
    await settle();
    expect(later.map(({ indices }) => indices)).toEqual([[2]]);
    expect(store.get("class", 3, 2)).toBe(second);
    later[0].answer();
    await settle();
    expect([store.state("class", 3, 2), store.get("class", 3, 1)]).toEqual(["here", first]);
    expect(calls.length).toBe(1);
    store.dispose();
  });

  test("an answer of before a picture grew comes too late", async () => {
    const calls: Call[] = [];
    const store = createTileStore(sourceOf(calls), () => {});
    store.want([wish(1)]);
    await settle();
    const later: Call[] = [];
    store.renew(sourceOf(later), () => true);
    expect(calls[0].signal.aborted).toBe(true);
    store.want([wish(1)]);
    calls[0].answer();
    await settle();
    await settle();
    expect([store.state("class", 3, 1), store.get("class", 3, 1)]).toEqual(["loading", undefined]);
    later[0].answer();
    await settle();
    expect(store.state("class", 3, 1)).toBe("here");
    expect(later.length).toBe(1);
    store.dispose();
  });

  test("stays within its budget, keeps what is wanted, and holds equal tiles once", async () => {
    const calls: Call[] = [];
    const store = createTileStore(sourceOf(calls), () => {}, 40 * 3 * TILE_CELLS);
    for (let first = 0; first < 200; first += 20) {
      store.want(Array.from({ length: 20 }, (_, n) => wish(first + n)).concat(wish(0, "pinned", 7)));
      await settle();
      while (calls.length > 0) {
        for (const call of calls.splice(0)) call.answer();
        await settle();
      }
    }
    const here = Array.from({ length: 200 }, (_, index) => store.get("class", 3, index)).filter((tile) => tile);
    expect(here.length).toBeLessThanOrEqual(40);
    expect(store.get("class", 3, 199)).toBeDefined();
    expect(store.get("class", 7, 0)).toBeDefined();
    expect(store.get("class", 3, 0)).toBeUndefined();
    store.dispose();
  });
});
