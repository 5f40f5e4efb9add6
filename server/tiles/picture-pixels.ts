/**
 * The pixels of a picture: tiles of one level, coloured and put in their places. No colour is ever mixed here: a
 * pixel is a texel of the palette, a mark of a hatch, or the stage. The viewer on the GPU draws the same.
 */
import { type DrawnChannel, tilesOf } from "../../shared/channel/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import {
  type Curve,
  curveCell,
  curveSquare,
  type Layout,
  type PicturePlane,
  pictureCell,
  picturePlane,
  rasterRow,
  type SquarePlane,
} from "../../shared/layout/index.ts";
import {
  filledMark,
  hatchMark,
  type Palette,
  type PaletteTable,
  paletteTable,
  placeTable,
  type Theme,
  verdictMark,
} from "../../shared/palette/index.ts";
import type { Strip } from "../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, type Tile, tileCount } from "../../shared/tile/index.ts";
import type { PageContents, StripSource } from "./contract.ts";
import { cutTile, MAX_LEVEL } from "./cut-tile.ts";

/** 8,192 × 4,096 cells take 128 MiB as pixels. */
const MAX_CELLS = 2 ** 25;
/** A tile is a square of 2^8 cells a side on any curve. */
const TILE_ORDER = 8;
const GAP = cellStateCode("gap");
const RECORDED = cellStateCode("recorded");
const FILLED = cellStateCode("filled");

export interface PictureSubject {
  readonly source: StripSource;
  readonly contents: PageContents;
}

export interface PictureView {
  /** The strip that `source` gives the columns of. */
  readonly strip: Strip;
  readonly layout: Layout;
  readonly level: number;
  /** Cells per row of a raster; ignored by square layouts. */
  readonly rasterWidth: number;
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel, row by row, all opaque. */
  readonly rgba: Uint8Array<ArrayBuffer>;
}

/** The cells that a strip's picture takes: the bounding rectangle of the strip in its plane, from the corner on. */
export function pictureExtent({ strip, layout, level, rasterWidth }: PictureView): { width: number; height: number } {
  const plane = picturePlane(strip, layout, level, rasterWidth);
  if (plane.rows) return { width: plane.width, height: Math.max(1, plane.height) };
  let width = 1;
  let height = 1;
  // The first `cells` of the curve are whole squares of falling size, and then the last cell.
  for (let bit = plane.order; bit >= 0; bit--) {
    const end = Math.floor(plane.cells / 4 ** bit);
    for (let index = Math.floor(end / 4) * 4; index < end; index++) {
      const { x, y } = curveCell(plane.layout, index, plane.order - bit);
      width = Math.max(width, (x + 1) * 2 ** bit);
      height = Math.max(height, (y + 1) * 2 ** bit);
    }
  }
  return { width, height };
}

/**
 * The finest level at which the strip is at most `width` cells wide. A raster has rows of `width` cells at any level,
 * so there it is the finest at which it is no higher than wide (or than twice its stretches of memory).
 */
export function fittingLevel(strip: Strip, layout: Layout, width: number): number {
  for (let level = 0; level < MAX_LEVEL; level++) {
    const extent = pictureExtent({ strip, layout, level, rasterWidth: width });
    if (extent.width * extent.height > MAX_CELLS || extent.width > width) continue;
    if (layout !== "raster") return level;
    const stretches = strip.mappings.reduce((sum, mapping) => sum + mapping.runs.length, 0);
    if (extent.height <= Math.max(width, 2 * stretches)) return level;
  }
  return MAX_LEVEL;
}

/**
 * @param scale whole device pixels per cell; hatches stay in device pixels.
 * @param signal stops between spans of rows.
 * @throws DumpError `bad-request` when the picture would have more than 33,554,432 pixels.
 */
export async function picturePixels(
  { source, contents }: PictureSubject,
  view: PictureView,
  channel: DrawnChannel,
  theme: Theme,
  scale = 1,
  signal?: AbortSignal,
  palette?: Palette,
): Promise<Pixels> {
  const { strip, layout, level, rasterWidth } = view;
  const extent = pictureExtent(view);
  const width = extent.width * scale;
  const height = extent.height * scale;
  if (width * height > MAX_CELLS) {
    throw new DumpError(
      "bad-request",
      `At level ${level} the picture has ${width} × ${height} pixels, more than can be drawn; take a coarser level`,
      { level, width, height, most: MAX_CELLS },
    );
  }
  const plane = picturePlane(strip, layout, level, rasterWidth);
  const canvas = new Canvas(width, height, scale, channel, theme, level, palette);
  const cut = (index: number) => cutTile(source, contents, tilesOf(channel), level, index, { signal });
  if (plane.rows) await paintRows(plane, canvas, cut);
  else if (plane.order < TILE_ORDER) paintSmallSquare(plane, canvas, await cut(0));
  else {
    for (let index = 0; index < tileCount(strip.end, level); index++) paintTile(plane, canvas, await cut(index));
  }
  return { width, height, rgba: canvas.rgba };
}

/** Colours cells into pixels; what is never painted stays the stage. */
export class Canvas {
  readonly rgba: Uint8Array<ArrayBuffer>;
  private readonly pixels: Uint32Array;
  private readonly width: number;
  private readonly height: number;
  private readonly scale: number;
  /** Texels as they lie in memory: the same order of bytes as `rgba`, whatever the machine's. */
  private readonly texels: Uint32Array;
  private readonly places: Uint32Array;
  private readonly scaleOf: PaletteTable["scale"];
  private readonly isVerdict: boolean;

  constructor(
    width: number,
    height: number,
    scale: number,
    channel: DrawnChannel,
    theme: Theme,
    level: number,
    palette?: Palette,
  ) {
    this.width = width;
    this.height = height;
    this.scale = scale;
    this.rgba = new Uint8Array(width * height * 4);
    this.pixels = new Uint32Array(this.rgba.buffer);
    const table = paletteTable(channel, theme, level, palette ?? null);
    this.texels = new Uint32Array(table.data.buffer, table.data.byteOffset, 256 * table.rows);
    this.scaleOf = table.scale;
    this.isVerdict = channel === "verdict";
    // Eight grounds by state, then eight marks.
    this.places = new Uint32Array(placeTable(theme).buffer, 0, 16);
    this.pixels.fill(this.places[GAP]);
  }

  /** Paints one cell at a plane point in cells; outside the canvas nothing happens. */
  cell(x: number, y: number, state: number, a: number, b: number): void {
    const { scale } = this;
    this.block(x * scale, y * scale, scale, scale, state, a, b);
  }

  private texelOf(a: number, b: number): number {
    if (this.scaleOf === null) return a * 256 + b;
    return this.scaleOf === "a" ? a : b;
  }

  /** Paints a block of device pixels as one cell would be. */
  block(left: number, top: number, across: number, down: number, state: number, a: number, b: number): void {
    const right = Math.min(this.width, left + across);
    const bottom = Math.min(this.height, top + down);
    const isRecorded = state === RECORDED;
    const isFilled = state === FILLED;
    // The side of a comparison that has no bytes where the other one has is hatched in the verdict's colour.
    const isMarked = this.isVerdict && a > 0 && !isRecorded;
    const data = isRecorded || isFilled || isMarked ? this.texels[this.texelOf(a, isMarked ? 255 : b)] : 0;
    const ground = this.places[state];
    const mark = this.places[8 + state];
    for (let y = top; y < bottom; y++) {
      for (let x = left, at = y * this.width + left; x < right; x++, at++) {
        if (isRecorded || (isFilled && !filledMark(x, y)) || (isMarked && verdictMark(x, y))) this.pixels[at] = data;
        else this.pixels[at] = hatchMark(state, x, y) ? mark : ground;
      }
    }
  }
}

type Cut = (index: number) => Promise<Tile>;

/** The cells of a tile in the square of an unturned curve: x and y of index 0 … 65,535. */
interface TileSquare {
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

function tileSquare(curve: Curve): TileSquare {
  const square = { x: new Uint8Array(TILE_CELLS), y: new Uint8Array(TILE_CELLS) };
  for (let index = 0; index < TILE_CELLS; index++) {
    const { x, y } = curveCell(curve, index, TILE_ORDER);
    square.x[index] = x;
    square.y[index] = y;
  }
  return square;
}

const TILE_SQUARES: Readonly<Record<Curve, TileSquare>> = {
  hilbert: tileSquare("hilbert"),
  "z-order": tileSquare("z-order"),
};

/** A tile is a square of the curve, turned: one turn for all of its cells, instead of a walk down the curve for each. */
function paintTile(plane: SquarePlane, canvas: Canvas, tile: Tile): void {
  const order = plane.order - TILE_ORDER;
  const corner = curveCell(plane.layout, tile.index, order);
  const { swap, flip } = curveSquare(plane.layout, corner.x, corner.y, order);
  const square = TILE_SQUARES[plane.layout];
  const left = corner.x << TILE_ORDER;
  const top = corner.y << TILE_ORDER;
  const flips = flip ? 255 : 0;
  const cells = Math.min(TILE_CELLS, plane.cells - tile.index * TILE_CELLS);
  for (let cell = 0; cell < cells; cell++) {
    const u = square.x[cell] ^ flips;
    const v = square.y[cell] ^ flips;
    canvas.cell(left + (swap ? v : u), top + (swap ? u : v), tile.state[cell], tile.a[cell], tile.b[cell]);
  }
}

function paintSmallSquare(plane: PicturePlane, canvas: Canvas, tile: Tile): void {
  for (let cell = 0; cell < plane.cells; cell++) {
    const point = pictureCell(plane, cell);
    if (point) canvas.cell(point.x, point.y, tile.state[cell], tile.a[cell], tile.b[cell]);
  }
}

/** Rows take cells in strip order, so every tile is cut once. */
async function paintRows(plane: PicturePlane, canvas: Canvas, cut: Cut): Promise<void> {
  if (!plane.rows) return;
  let tile: Tile | undefined;
  for (let y = 0; y < plane.rows.height; y++) {
    const row = rasterRow(plane.rows, y);
    for (let x = 0; row && x < row.cells; x++) {
      const index = Math.floor((row.cell + x) / TILE_CELLS);
      if (tile?.index !== index) tile = await cut(index);
      const cell = (row.cell + x) % TILE_CELLS;
      canvas.cell(x, y, tile.state[cell], tile.a[cell], tile.b[cell]);
    }
  }
}
