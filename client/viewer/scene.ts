/**
 * From camera and look to one picture frame: which places are in view, which tiles they need, and which stand in.
 * Plain arithmetic over the plane; nothing here draws or waits.
 */

import { type TileChannel, tilesOf } from "../../shared/channel/index.ts";
import {
  curveSquare,
  type PicturePlane,
  type RasterPlane,
  rasterRow,
  type SquarePlane,
} from "../../shared/layout/index.ts";
import { TILE_CELLS, tileCount } from "../../shared/tile/index.ts";
import type { PictureFrame, RowView, TilePlace, TileView } from "../gl/index.ts";
import type { FetchedChannel, Look, Zoom } from "./contract.ts";
import { carriesText, type DevicePoint, MARGIN, type PlanePoint, planeOrigin, type Viewport } from "./coordinates.ts";
import type { HitTiles } from "./hit-tiles.ts";
import { nearestView } from "./pyramid.ts";
import type { Run } from "./regions.ts";
import type { TileStore, Wish } from "./tile-store.ts";
import { hasTracks } from "./tracks.ts";
import { visibleRuns } from "./visible-runs.ts";

const TILE_BITS = 8;
const UNTURNED = { swap: false, flip: false };

/** Cells of the plane that are in view, half-open. */
export interface VisibleCells {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Scene {
  readonly plane: PicturePlane;
  readonly zoom: Zoom;
  readonly view: Viewport;
  /** Device pixel of the plane's corner. */
  readonly origin: DevicePoint;
  readonly visible: VisibleCells;
  /** The same as runs of cells along the strip. */
  readonly runs: readonly Run[];
  readonly carriesText: boolean;
  readonly frame: PictureFrame;
  /** Tile index of each of `frame.places`. */
  readonly placeTiles: readonly number[];
  /** Indices of the tiles in view, the most central first. */
  readonly tiles: readonly number[];
}

export interface SceneInput {
  readonly plane: PicturePlane;
  readonly zoom: Zoom;
  readonly center: PlanePoint;
  readonly view: Viewport;
  readonly look: Look;
  readonly end: number;
  readonly store: TileStore;
  readonly hitTiles: HitTiles;
  /** The coarsest level that is kept in memory. */
  readonly coarsest: number;
}

export function buildScene(input: SceneInput): Scene {
  const { plane, zoom, view, look, end, center } = input;
  const { pixels } = zoom;
  const origin = planeOrigin(center, pixels, view);
  const visible: VisibleCells = {
    left: clamp(Math.floor(-origin.x / pixels), 0, plane.width),
    top: clamp(Math.floor(-origin.y / pixels), 0, plane.height),
    right: clamp(Math.ceil((view.width - origin.x) / pixels), 0, plane.width),
    bottom: clamp(Math.ceil((view.height - origin.y) / pixels), 0, plane.height),
  };
  const isFaint = carriesText(zoom, view.ratio);
  const laid = plane.rows ? rasterPlaces(input, plane.rows, visible) : squarePlaces(input, plane, visible);
  const frame: PictureFrame = {
    width: view.width,
    height: view.height,
    originX: origin.x + laid.left * pixels,
    originY: origin.y + laid.top * pixels,
    pixels,
    hatchX: modulo(-origin.x, 32),
    hatchY: modulo(-origin.y, 32),
    marginY: isFaint ? Math.round(MARGIN * view.ratio) : 0,
    layout: laid.layout,
    places: laid.places,
    channel: look.channel,
    palette: look.palette,
    level: zoom.level,
    theme: look.theme,
    faint: isFaint,
    ...litOfLook(look),
  };
  let runs: readonly Run[] | undefined;
  const placeTiles = laid.tiles.map(({ index }) => index);
  const count = tileCount(end, zoom.level);
  const tiles = laid.tiles
    .filter(({ index }) => index < count)
    .sort((p, q) => p.distance - q.distance)
    .map(({ index }) => index);
  return {
    plane,
    zoom,
    view,
    origin,
    visible,
    get runs() {
      runs ??= visibleRuns(plane, visible);
      return runs;
    },
    carriesText: isFaint,
    frame,
    placeTiles,
    tiles,
  };
}

/** All tiles of a level in order, in a frame that draws nothing by itself. */
export function stripFrame(input: Omit<SceneInput, "plane" | "center" | "view">): PictureFrame {
  const { look, zoom, end } = input;
  const places = Array.from({ length: tileCount(end, zoom.level) }, (_, index) => placeOf(input, index, UNTURNED));
  return {
    width: 0,
    height: 0,
    originX: 0,
    originY: 0,
    pixels: 1,
    hatchX: 0,
    hatchY: 0,
    marginY: 0,
    layout: { kind: "raster", rows: [], width: 0 },
    places,
    channel: look.channel,
    palette: look.palette,
    level: zoom.level,
    theme: look.theme,
    faint: false,
    ...litOfLook(look),
  };
}

function litOfLook(look: Look): Pick<PictureFrame, "lit" | "litPlaces" | "litFilter" | "isFilterOfWays" | "litLeft"> {
  return {
    lit: litCodes(look.lit),
    litPlaces: look.lit === null,
    litFilter: litFilterOf(look),
    isFilterOfWays: look.litWays !== null,
    litLeft: look.litLeft,
  };
}

interface LaidPlaces {
  readonly layout: PictureFrame["layout"];
  readonly places: TilePlace[];
  readonly tiles: { readonly index: number; readonly distance: number }[];
  /** Cell of the plane at the corner of the first place. */
  readonly left: number;
  readonly top: number;
}

function squarePlaces(input: SceneInput, plane: SquarePlane, visible: VisibleCells): LaidPlaces {
  const { center } = input;
  const order = Math.min(TILE_BITS, plane.order);
  const side = 2 ** order;
  const left = Math.floor(visible.left / side);
  const top = Math.floor(visible.top / side);
  const right = Math.ceil(visible.right / side);
  const bottom = Math.ceil(visible.bottom / side);
  const places: TilePlace[] = [];
  const tiles: { index: number; distance: number }[] = [];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const square = curveSquare(plane.layout, x, y, plane.order - order);
      places.push(placeOf(input, square.index, square));
      tiles.push({
        index: square.index,
        distance: Math.hypot((x + 0.5) * side - center.x, (y + 0.5) * side - center.y),
      });
    }
  }
  const columns = Math.max(0, right - left);
  return {
    layout: { kind: "square", curve: plane.layout, columns, order },
    places,
    tiles,
    left: left * side,
    top: top * side,
  };
}

function rasterPlaces(input: SceneInput, raster: RasterPlane, visible: VisibleCells): LaidPlaces {
  const { center } = input;
  const rows: RowView[] = [];
  const placeOfTile = new Map<number, number>();
  const places: TilePlace[] = [];
  const tiles: { index: number; distance: number }[] = [];
  const add = (index: number, row: number) => {
    if (placeOfTile.has(index)) return;
    placeOfTile.set(index, places.length);
    places.push(placeOf(input, index, UNTURNED));
    tiles.push({ index, distance: Math.abs(row - center.y) });
  };
  for (let y = visible.top; y < visible.bottom; y++) {
    const row = rasterRow(raster, y);
    const cells = row ? Math.min(row.cells, visible.right) - visible.left : 0;
    if (!row || cells <= 0) {
      rows.push({ place: 0, offset: 0, cells: 0 });
      continue;
    }
    const first = row.cell + visible.left;
    // Rows ascend along the strip, so the tiles of a row are neighbours in the list.
    const firstTile = Math.floor(first / TILE_CELLS);
    for (let tile = firstTile; tile * TILE_CELLS < first + cells; tile++) add(tile, y);
    rows.push({ place: placeOfTile.get(firstTile)!, offset: first % TILE_CELLS, cells });
  }
  const width = Math.max(0, visible.right - visible.left);
  return { layout: { kind: "raster", rows, width }, places, tiles, left: visible.left, top: visible.top };
}

/** The same view of the hits on those cells. */
function withHits(hitTiles: HitTiles, view: TileView, level: number): TileView {
  return { ...view, tile: hitTiles.tile(view.tile, level + view.shift / 2) };
}

function placeOf(
  input: Omit<SceneInput, "plane" | "center" | "view">,
  index: number,
  turn: { swap: boolean; flip: boolean },
): TilePlace {
  const { look, zoom, store, coarsest, end } = input;
  if (index >= tileCount(end, zoom.level)) return { view: null, filter: null, failed: false, turn };
  const channel = tilesOf(look.channel);
  const filter = filterChannelOf(look);
  const found = nearestView(store, channel, zoom.level, index, coarsest);
  return {
    view: found && look.channel === "hits" ? withHits(input.hitTiles, found, zoom.level) : found,
    filter: filter ? nearestView(store, filter, zoom.level, index, coarsest) : null,
    failed: store.state(channel, zoom.level, index) === "failed",
    turn,
  };
}

/** Everything that this scene would like to have, the most urgent first. */
export function wishesOf(
  scene: Scene,
  look: Look,
  end: number,
  pinnedLevels: readonly number[],
  channels: readonly TileChannel[],
  pageChannel: "provenance" | "verdict" | null,
): Wish[] {
  const { level } = scene.zoom;
  const shown: FetchedChannel[] = [tilesOf(look.channel)];
  const filter = filterChannelOf(look);
  if (filter) shown.push(filter);
  const wishes: Wish[] = [];
  const pin = (channel: FetchedChannel) => {
    for (const pinned of pinnedLevels) {
      // Whole levels are pinned only where they are a handful of tiles.
      for (let index = 0; index < tileCount(end, pinned); index++)
        wishes.push({ channel, level: pinned, index, tier: "pinned" });
    }
  };
  for (const channel of shown) pin(channel);
  for (const channel of shown) for (const index of scene.tiles) wishes.push({ channel, level, index, tier: "visible" });
  if (scene.carriesText) {
    for (const channel of new Set<TileChannel>(pageChannel ? ["value", pageChannel] : ["value"]))
      for (const index of scene.tiles) wishes.push({ channel, level: 0, index, tier: "visible" });
  }
  if (pageChannel === "provenance" && hasTracks(scene)) {
    for (const channel of ["entropy", "provenance"] as const)
      for (const index of scene.tiles) wishes.push({ channel, level, index, tier: "visible" });
  }
  const around = neighbours(scene, end);
  for (const channel of shown) {
    for (const index of around) wishes.push({ channel, level, index, tier: "prefetch" });
    const above = new Set(scene.tiles.map((index) => Math.floor(index / 4)));
    for (const index of above) wishes.push({ channel, level: level + 1, index, tier: "prefetch" });
  }
  for (const channel of channels) if (!shown.includes(channel)) pin(channel);
  return wishes;
}

/** Tiles one place beyond the view, where the hand goes next. */
function neighbours({ plane, visible, tiles }: Scene, end: number): number[] {
  const count = tileCount(end, plane.level);
  const found = new Set<number>();
  if (plane.rows) {
    if (tiles.length > 0) {
      found.add(Math.min(...tiles) - 1);
      found.add(Math.max(...tiles) + 1);
    }
  } else if (plane.order > TILE_BITS) {
    const side = 2 ** TILE_BITS;
    const left = Math.floor(visible.left / side) - 1;
    const right = Math.ceil(visible.right / side);
    const top = Math.floor(visible.top / side) - 1;
    const bottom = Math.ceil(visible.bottom / side);
    const add = (x: number, y: number) => {
      if (x < 0 || y < 0 || x * side >= plane.width || y * side >= plane.height) return;
      found.add(curveSquare(plane.layout, x, y, plane.order - TILE_BITS).index);
    };
    for (let x = left; x <= right; x++) {
      add(x, top);
      add(x, bottom);
    }
    for (let y = top; y <= bottom; y++) {
      add(left, y);
      add(right, y);
    }
  }
  return [...found].filter((index) => index >= 0 && index < count);
}

/** The channel that says which cells stay lit, where that is not the one that is shown. */
function filterChannelOf({ channel, litProvenance, litWays }: Look): FetchedChannel | null {
  if (litWays) return litWays.channel;
  return litProvenance && channel !== "provenance" ? "provenance" : null;
}

function litFilterOf({ litProvenance, litWays }: Look): Uint8Array | null {
  if (litWays) return Uint8Array.from({ length: 256 }, (_, bits) => ((bits & litWays.bits) === 0 ? 0 : 1));
  return litProvenance && litCodes(litProvenance);
}

/** 256 entries: 1 where a code is lit. */
function litCodes(lit: ReadonlySet<number> | null): Uint8Array {
  if (!lit) return new Uint8Array(256).fill(1);
  return Uint8Array.from({ length: 256 }, (_, code) => (lit.has(code) ? 1 : 0));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
