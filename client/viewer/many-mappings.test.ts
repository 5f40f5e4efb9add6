/** What is drawn over the picture costs what is in view, counted in calls of the canvas: a dump may have 66,000 mappings. */
import { expect, test } from "vitest";
import { curveIndex, picturePlane, type SquarePlane } from "../../shared/layout/index.ts";
import { PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import { layStrip, positionOfPage, type Strip } from "../../shared/strip/index.ts";
import { LEFT_TO_ANY_FILE } from "../../shared/tile/index.ts";
import type { Look, PictureMapping } from "./contract.ts";
import { createHitTiles } from "./hit-tiles.ts";
import { placeLabels } from "./labels.ts";
import { createMappingBorders, mappingsInView } from "./mapping-borders.ts";
import { createOverlay, type OverlayInput } from "./overlay.ts";
import { buildScene, type Scene } from "./scene.ts";
import { createTileStore } from "./tile-store.ts";

const MAPPINGS = 66_000;
/** Pages of a mapping: mostly one block, now and then many. */
const sizeOf = (n: number) => (n % 100 === 0 ? 1024 : 16);

const mappings: PictureMapping[] = [];
for (let n = 0, start = 1024; n < MAPPINGS; n++) {
  const pages = sizeOf(n);
  mappings.push({
    space: "p1",
    start: start as PageAddress,
    pages,
    shown: [{ start: 0, end: pages / 16 }],
    name: `mapping ${n}`,
    permissions: n % 3 === 0 ? "rwx" : "rw-",
    imagePages: 0,
    recordedPages: pages,
    isOfDeletedFile: false,
  });
  start += pages + 16;
}
const strip: Strip = layStrip(mappings);
const store = createTileStore(
  { key: "none", fetchTiles: () => Promise.reject(new Error("nothing is fetched")) },
  () => {},
);

const look: Look = {
  layout: "hilbert",
  channel: "class",
  palette: null,
  rasterWidth: 256,
  theme: "dark",
  borders: true,
  pageGrid: false,
  lit: null,
  litProvenance: null,
  litLeft: LEFT_TO_ANY_FILE,
  litWays: null,
};

/** A canvas that draws nothing and counts what it is asked for. */
function countingContext() {
  const counts = { calls: 0, measured: 0 };
  const call = () => {
    counts.calls++;
  };
  const context = new Proxy(
    {},
    {
      get: (_, name) =>
        name === "measureText"
          ? (text: string) => {
              counts.measured++;
              return { width: text.length * 6 };
            }
          : call,
      set: () => true,
    },
  );
  // The overlay uses a few of its many members, and all of them are answered.
  return { context: context as CanvasRenderingContext2D, counts };
}

const VIEW = { width: 1000, height: 600, ratio: 1 };

function sceneAt(level: number, pixels: number, center: { x: number; y: number }, layout: Look["layout"]): Scene {
  const plane = picturePlane(strip, layout, level, 256);
  const hitTiles = createHitTiles(strip, { hits: [], ranges: [], filled: false });
  const zoom = { level, pixels };
  return buildScene({ plane, zoom, center, view: VIEW, look, end: strip.end, store, coarsest: 12, hitTiles });
}

function inputOf(scene: Scene): OverlayInput {
  return {
    scene,
    look,
    strip,
    mappings,
    cursor: null,
    outlined: 33_000,
    regionSpans: [],
    hits: [],
    listedHits: [],
    notes: [],
    labels: [],
    store,
    pageChannel: "provenance",
  };
}

test("zoomed in, borders and marks of the mappings in view are drawn, and no others are looked at", () => {
  const middle = { x: 4000, y: 4000 };
  for (const [layout, center] of [
    ["hilbert", middle],
    ["z-order", middle],
  ] as const) {
    const scene = sceneAt(3, 1, center, layout);
    const inView = [...mappingsInView(strip, scene)];
    // A view of 1,000 × 600 cells of 64 bytes is 9,375 pages: a part of what the strip has.
    expect(inView.length).toBeGreaterThan(50);
    expect(inView.length).toBeLessThan(700);
    const { context, counts } = countingContext();
    createOverlay(context).draw(inputOf(scene));
    // Outlines of some squares each, and two rails on each line of every third.
    expect(counts.calls).toBeLessThan(inView.length * 30);
    expect(counts.calls).toBeGreaterThan(inView.length);
  }
});

test("mappings in view are those of which a cell is", () => {
  const scene = sceneAt(3, 1, { x: 4000, y: 4000 }, "hilbert");
  const inView = new Set(mappingsInView(strip, scene));
  const plane = scene.plane as SquarePlane;
  const seen = new Set<number>();
  for (let y = scene.visible.top; y < scene.visible.bottom; y += 32)
    for (let x = scene.visible.left; x < scene.visible.right; x += 32) {
      const position = Math.floor((curveIndex("hilbert", x, y, plane.order) * 64) / PAGE_SIZE);
      seen.add(strip.mappings.findLastIndex((laid) => laid.position <= position));
    }
  for (const index of seen) {
    const { position, size } = strip.mappings[index];
    // Behind its end there may be a gap.
    if (size >= 64) expect(inView.has(index), `${index} at ${position}`).toBe(true);
  }
});

test("fitted, lines are drawn where they leave something of a mapping to see, and what is W+X is still marked", () => {
  const plane = picturePlane(strip, "hilbert", 8, 1) as SquarePlane;
  const scene = sceneAt(8, 1, { x: plane.width / 2, y: plane.height / 2 }, "hilbert");
  const inView = [...mappingsInView(strip, scene)];
  expect(inView.length).toBeGreaterThan(MAPPINGS / 2);
  const lines = createMappingBorders(strip, "hilbert", plane.order).inView(scene);
  // Of 660 large mappings, which cover 64 cells each.
  expect(lines.length).toBeGreaterThan(500);
  expect(lines.length).toBeLessThan(20_000);
  const { context, counts } = countingContext();
  createOverlay(context).draw(inputOf(scene));
  // At most a mark in each 8 × 8 pixels: 9,375 of them, four lines of two rails each.
  expect(counts.calls).toBeLessThan(110_000);
  expect(counts.calls).toBeGreaterThan(10_000);
});

test("of a raster the rows in view are looked at", () => {
  const scene = sceneAt(6, 1, { x: 100, y: 3000 }, "raster");
  const { context, counts } = countingContext();
  createOverlay(context).draw(inputOf(scene));
  expect(counts.calls).toBeLessThan(60_000);
  expect(counts.calls).toBeGreaterThan(100);
});

test("names are measured of those mappings alone that have fields for one", () => {
  const plane = picturePlane(strip, "hilbert", 8, 1) as SquarePlane;
  const scene = sceneAt(8, 1, { x: plane.width / 2, y: plane.height / 2 }, "hilbert");
  let measured = 0;
  placeLabels(scene, strip, mappings, (text) => {
    measured++;
    return text.length * 6;
  });
  expect(measured).toBeLessThan(1000);
});

test("a place is found among 66,000 mappings as it would be one by one", () => {
  for (let n = 0; n < MAPPINGS; n += 997) {
    const { start, pages } = mappings[n];
    const laid = strip.mappings[n];
    expect(positionOfPage(strip, "p1", start)).toBe(laid.position);
    expect(positionOfPage(strip, "p1", (start + pages - 1) as PageAddress)).toBe(laid.position + pages - 1);
    expect(positionOfPage(strip, "p1", (start + pages) as PageAddress)).toBeUndefined();
    expect(positionOfPage(strip, "p2", start)).toBeUndefined();
  }
});
