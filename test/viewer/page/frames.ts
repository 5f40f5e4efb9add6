/**
 * Draws the same frames on the GPU and on the CPU and counts the bytes in which they differ, and the tiles that are
 * uploaded when some are drawn once more: `window.compareFrames()`;
 * and draws small ones on the GPU for pictures that are kept: `window.drawSheet(looks, width, height)`.
 */
import { createWebglRenderer, type PictureFrame, renderPixels } from "../../../client/gl/index.ts";
import { createHitTiles } from "../../../client/viewer/hit-tiles.ts";
import type { FetchedChannel, Look } from "../../../client/viewer/index.ts";
import { ancestorOf } from "../../../client/viewer/pyramid.ts";
import { buildScene } from "../../../client/viewer/scene.ts";
import type { TileStore } from "../../../client/viewer/tile-store.ts";
import { CHANNELS, tilesOf } from "../../../shared/channel/index.ts";
import { LAYOUTS, pictureCell, picturePlane } from "../../../shared/layout/index.ts";
import { palettesOf } from "../../../shared/palette/index.ts";
import {
  cellStateCode,
  LEFT_TO_ANY_FILE,
  LEFT_TO_DELETED_FILE,
  LEFT_TO_FILE,
  type Tile,
} from "../../../shared/tile/index.ts";
import { synthetic } from "../synthetic.ts";

export interface FrameResult {
  readonly name: string;
  readonly differing: number;
  readonly colors: number;
}

export interface Compared {
  readonly results: readonly FrameResult[];
  /** Tiles that drawing all frames has uploaded, and drawing some of them again. */
  readonly uploads: number;
  readonly uploadsAgain: number;
}

const IMAGE = cellStateCode("image");
const FILLED = cellStateCode("filled");
const WIDTH = 460;
const HEIGHT = 300;
const made = synthetic({ side: "a" });
/** Every third mapping has a hit, over the end of its first page; every second one was searched. */
const SEARCHED = {
  hits: made.strip.mappings
    .filter((_, n) => n % 3 === 1)
    .map(({ space, start }) => ({ place: { space, page: start, offset: 4000 }, length: 300 })),
  ranges: made.strip.mappings
    .filter((_, n) => n % 2 === 0)
    .map(({ space, start, pages }) => ({ space, start: BigInt(start) * 4096n, end: BigInt(start + pages) * 4096n })),
  filled: false,
};
const canvas = document.createElement("canvas");
canvas.width = WIDTH;
canvas.height = HEIGHT;
const renderer = createWebglRenderer(canvas);
const gl = canvas.getContext("webgl2");

/** A store in which `here` decides what has come. */
function storeOf(
  tiles: Map<string, Tile>,
  here: (level: number, index: number) => boolean,
  failed: boolean,
): TileStore {
  const get = (channel: FetchedChannel, level: number, index: number) =>
    here(level, index) ? tiles.get(`${channel}/${level}/${index}`) : undefined;
  return {
    get,
    state: (channel, level, index) =>
      failed && index % 3 === 0 ? "failed" : get(channel, level, index) ? "here" : "loading",
    want() {},
    status: { open: 0, failed: 0 },
    renew() {},
    retry() {},
    dispose() {},
  };
}

interface Case {
  readonly name: string;
  readonly look: Partial<Look>;
  readonly level: number;
  readonly pixels: number;
  /** Levels that are missing, so that coarser ones stand in. */
  readonly missing?: number;
  readonly failed?: boolean;
  /** Places left to files have bytes. */
  readonly filled?: boolean;
  /** What lies in the middle, as a share of the strip. */
  readonly at?: number;
}

const CASES: readonly Case[] = [
  ...([...CHANNELS, "verdict", "hits"] as const).flatMap((channel) =>
    LAYOUTS.flatMap((layout) =>
      (
        [
          [6, 1],
          [3, 1],
          [0, 4],
        ] as const
      ).map(([level, pixels]) => ({
        name: `${channel} ${layout} level ${level}, ${pixels} px`,
        look: { channel, layout },
        level,
        pixels,
        at: 0.8,
      })),
    ),
  ),
  ...CHANNELS.filter((channel) => palettesOf(channel).length > 1).flatMap((channel) =>
    palettesOf(channel)
      .slice(1)
      .flatMap((palette) =>
        (
          [
            ["hilbert", 6, 1],
            ["raster", 3, 1],
            ["z-order", 0, 4],
          ] as const
        ).map(([layout, level, pixels]) => ({
          name: `${channel} in ${palette}, ${layout} level ${level}, ${pixels} px`,
          look: { channel, palette, layout },
          level,
          pixels,
          at: 0.8,
        })),
      ),
  ),
  { name: "light", look: { theme: "light" }, level: 4, pixels: 1 },
  { name: "faint cells under text", look: {}, level: 0, pixels: 16, at: 0.4 },
  { name: "some classes lit", look: { lit: new Set([1, 5]) }, level: 4, pixels: 1 },
  {
    name: "residual only, in class",
    look: { litProvenance: new Set([3, 4, 5]), litLeft: 0 },
    level: 4,
    pixels: 1,
  },
  {
    name: "residual only, in provenance",
    look: { channel: "provenance", litProvenance: new Set([5]) },
    level: 3,
    pixels: 1,
  },
  ...([LEFT_TO_FILE, LEFT_TO_DELETED_FILE] as const).flatMap((litLeft) =>
    (["class", "provenance"] as const).map((channel) => ({
      name: `known pages and those left to ${litLeft === LEFT_TO_FILE ? "files" : "deleted files"}, in ${channel}`,
      look: { channel, litProvenance: new Set([2, 3]), litLeft },
      level: 4,
      pixels: 1,
    })),
  ),
  ...([LEFT_TO_ANY_FILE, LEFT_TO_DELETED_FILE, 0] as const).flatMap((litLeft) =>
    (["class", "provenance"] as const).map((channel) => ({
      name: `pages in some ways, in ${channel}${["", "", ", and left to deleted files", ", and left to files"][litLeft]}`,
      look: { channel, litWays: { bits: 0b0010_0100, channel: "ways:" as const }, litLeft },
      level: 4,
      pixels: 1,
    })),
  ),
  {
    name: "ways of coarser tiles stand in",
    look: { litWays: { bits: 4, channel: "ways:" } },
    level: 2,
    pixels: 1,
    missing: 4,
  },
  { name: "some files lit", look: { channel: "file", lit: new Set([2, 7]) }, level: 4, pixels: 1 },
  {
    name: "some counts lit, light",
    look: { channel: "changes", lit: new Set([3, 4]), theme: "light" },
    level: 8,
    pixels: 3,
  },
  { name: "verdicts filtered", look: { channel: "verdict", lit: new Set([4]) }, level: 4, pixels: 1 },
  { name: "coarser tiles stand in", look: {}, level: 2, pixels: 1, missing: 4, at: 0.5 },
  { name: "coarser tiles stand in, raster", look: { layout: "raster" }, level: 1, pixels: 2, missing: 4, at: 0.5 },
  { name: "nothing has come", look: {}, level: 2, pixels: 1, missing: 99 },
  { name: "tiles that failed are crossed", look: {}, level: 2, pixels: 1, missing: 4, failed: true },
  { name: "filled pages", look: {}, level: 4, pixels: 1, filled: true },
  {
    name: "filled pages, light, in provenance",
    look: { channel: "provenance", theme: "light" },
    level: 3,
    pixels: 2,
    filled: true,
  },
  { name: "filled pages under text", look: { channel: "value" }, level: 0, pixels: 16, at: 0.2, filled: true },
  {
    name: "filled pages, dimmed with their image",
    look: { litProvenance: new Set([3, 4, 5]), litLeft: 0 },
    level: 4,
    pixels: 1,
    filled: true,
  },
  { name: "width 37", look: { layout: "raster", rasterWidth: 37 }, level: 0, pixels: 8, at: 0.6 },
  { name: "width 65536", look: { layout: "raster", rasterWidth: 65_536 }, level: 0, pixels: 1, at: 0.6 },
  { name: "a strip smaller than a tile", look: {}, level: 9, pixels: 8 },
  { name: "a strip smaller than a tile, z-order", look: { layout: "z-order" }, level: 9, pixels: 8 },
  { name: "coarser tiles stand in, z-order", look: { layout: "z-order" }, level: 2, pixels: 1, missing: 4, at: 0.5 },
];

async function frameOf(one: Case, width = WIDTH, height = HEIGHT): Promise<PictureFrame> {
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
    ...one.look,
  };
  const plane = picturePlane(made.strip, look.layout, one.level, look.rasterWidth);
  const cell = Math.floor((one.at ?? 0.5) * plane.cells);
  const middle = pictureCell(plane, cell) ?? { x: plane.width / 2, y: plane.height / 2 };
  const input = (store: TileStore) => ({
    plane,
    zoom: { level: one.level, pixels: one.pixels },
    // Off the whole cell, so that origins are as odd as a hand makes them.
    center: look.layout === "raster" ? { x: middle.x, y: middle.y + 0.3 } : { x: middle.x + 0.3, y: middle.y + 0.7 },
    view: { width, height, ratio: 1 },
    look,
    end: made.strip.end,
    store,
    hitTiles: createHitTiles(made.strip, SEARCHED),
    coarsest: 5,
  });
  const { tiles: needed } = buildScene(input(storeOf(new Map(), () => false, false)));
  const tiles = new Map<string, Tile>();
  const shown = tilesOf(look.channel);
  const filter = look.litWays?.channel ?? (look.litProvenance ? ("provenance" as const) : shown);
  for (const channel of new Set<FetchedChannel>([shown, filter]))
    for (const index of needed)
      for (let up = 0; one.level + up <= Math.max(5, one.level); up++) {
        if (up > 0 && one.missing === undefined) break;
        const level = one.level + up;
        if (one.missing !== undefined && level < one.missing) continue;
        const ancestor = ancestorOf(index, up).index;
        const tile = await plainTile(channel, level, ancestor);
        tiles.set(`${channel}/${level}/${ancestor}`, one.filled && channel === look.channel ? filledTile(tile) : tile);
      }
  return buildScene(input(storeOf(tiles, () => true, one.failed ?? false))).frame;
}

/** By the plain definition, which counts every byte: once for all layouts and palettes. */
const plainTiles = new Map<string, Tile>();
async function plainTile(channel: FetchedChannel, level: number, index: number): Promise<Tile> {
  const key = `${channel}/${level}/${index}`;
  const known = plainTiles.get(key);
  if (known) return known;
  const [tile] = await made.source.fetchTiles(channel, level, [index], new AbortController().signal);
  plainTiles.set(key, tile);
  return tile;
}

/** The same tile, its places left to files filled with all kinds of bytes. */
function filledTile(tile: Tile): Tile {
  const [state, a, b] = [tile.state.slice(), tile.a.slice(), tile.b.slice()];
  state.forEach((code, cell) => {
    if (code !== IMAGE) return;
    state[cell] = FILLED;
    a[cell] = cell % 6;
    b[cell] = (cell * 37) % 256;
  });
  return { ...tile, digest: `${tile.digest} filled`, state, a, b };
}

async function compareFrames(): Promise<Compared> {
  if (!renderer) throw new Error("no WebGL2 here");
  const results = await compareEach(CASES);
  const uploads = renderer.uploads;
  // Hits are searched anew for each frame.
  const again = await compareEach(CASES.filter(({ look }, n) => n % 8 === 0 && look.channel !== "hits"));
  return { results: [...results, ...again], uploads, uploadsAgain: renderer.uploads - uploads };
}

async function compareEach(cases: readonly Case[]): Promise<FrameResult[]> {
  if (!renderer || !gl) throw new Error("no WebGL2 here");
  const results: FrameResult[] = [];
  for (const one of cases) {
    const frame = await frameOf(one);
    renderer.draw(frame);
    const drawn = new Uint8Array(WIDTH * HEIGHT * 4);
    gl.readPixels(0, 0, WIDTH, HEIGHT, gl.RGBA, gl.UNSIGNED_BYTE, drawn);
    const expected = renderPixels(frame);
    let differing = 0;
    const colors = new Set<number>();
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) {
        // WebGL counts rows from below.
        const p = ((HEIGHT - 1 - y) * WIDTH + x) * 4;
        const q = (y * WIDTH + x) * 4;
        colors.add((expected[q] << 16) | (expected[q + 1] << 8) | expected[q + 2]);
        for (let c = 0; c < 4; c++) if (drawn[p + c] !== expected[q + c]) differing++;
      }
    results.push({ name: one.name, differing, colors: colors.size });
  }
  return results;
}

/** The zooms of a sheet, from the whole strip to single bytes. */
const SHEET_ZOOMS = [
  [6, 1],
  [3, 1],
  [0, 4],
] as const;

/** RGBA of frames of one size, as base64: of each look one for each zoom, in that order. */
async function drawSheet(looks: readonly Partial<Look>[], width: number, height: number): Promise<string[]> {
  if (!renderer || !gl) throw new Error("no WebGL2 here");
  const pictures: string[] = [];
  for (const look of looks)
    for (const [level, pixels] of SHEET_ZOOMS) {
      renderer.draw(await frameOf({ name: "sheet", look, level, pixels, at: 0.8 }, width, height));
      const drawn = new Uint8Array(width * height * 4);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, drawn);
      // WebGL counts rows from below.
      const rows = Array.from({ length: height }, (_, y) =>
        drawn.subarray((height - 1 - y) * width * 4).subarray(0, width * 4),
      );
      pictures.push(btoa(rows.map((row) => String.fromCharCode(...row)).join("")));
    }
  return pictures;
}

Object.assign(window, { compareFrames, drawSheet });
