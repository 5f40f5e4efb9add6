/**
 * Everything over the cells: borders, grid, cursor, selection, marks, names in margins. A second canvas in device pixels,
 * because it changes with the pointer while the picture below does not. Nothing here covers a cell that has bytes but
 * lines and small marks.
 */

import { channelTitle } from "../../shared/channel/index.ts";
import {
  type Curve,
  type PicturePlane,
  pictureCell,
  pictureIndex,
  rasterRow,
  type SquarePlane,
} from "../../shared/layout/index.ts";
import { addressOfPage, PAGE_SIZE } from "../../shared/memory/index.ts";
import { categoryColors, cssColor, isWriteExecute } from "../../shared/palette/index.ts";
import { PROVENANCES, VERDICT_SIGNS, VERDICTS } from "../../shared/provenance/index.ts";
import { BLOCK_PAGES, type LaidMapping, type Strip } from "../../shared/strip/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import { formatCount, formatPlural, formatSize, groupDigits } from "../format/index.ts";
import { ByteGlyphs } from "./byte-glyphs.ts";
import { CHROME, type ChromeColors, MONO, SANS } from "./chrome-colors.ts";
import type { Look, MarkedBytes, PictureMapping, Place, Ringed } from "./contract.ts";
import { GUTTER, MARGIN } from "./coordinates.ts";
import { areCrowded, createHitMarks, type HitMark, type HitMarks, outlinesHits, thinned } from "./hit-marks.ts";
import { type Label, WRITE_EXECUTE_SIGN } from "./labels.ts";
import { createMappingBorders, firstBehind, hasRoom, type MappingBorders, mappingsInView } from "./mapping-borders.ts";
import { mappingRows, outlineOf, runsOutline, type Segment, squaresOf } from "./outline.ts";
import { byteOfPlace, placeOfCell } from "./places.ts";
import { cellsOfRuns, type Run } from "./regions.ts";
import type { Scene } from "./scene.ts";
import type { TileStore } from "./tile-store.ts";
import { drawTracks, hasTracks, TRACKS_WIDTH } from "./tracks.ts";

/** CSS pixels: between a raster and the names of its mappings, and what a name takes at least. */
const NAMES_GAP = 16;
const NAMES_LEAST = 120;
const RECORDED = cellStateCode("recorded");
const FILLED = cellStateCode("filled");

export interface OverlayInput {
  readonly scene: Scene;
  readonly look: Look;
  readonly strip: Strip;
  readonly mappings: readonly PictureMapping[];
  readonly cursor: Place | null;
  /** Index in `mappings`. */
  readonly outlined: number | null;
  /** What is selected, as bytes along the strip. */
  readonly regionSpans: readonly Run[];
  readonly hits: readonly MarkedBytes[];
  /** Those that are ringed where all would be too many. */
  readonly listedHits: readonly MarkedBytes[];
  readonly notes: readonly MarkedBytes[];
  readonly labels: readonly Label[];
  readonly store: TileStore;
  /** Names pages in the margins; `null` when nothing explains them. */
  readonly pageChannel: "provenance" | "verdict" | null;
}

export interface Overlay {
  draw(input: OverlayInput): { readonly ringedHits: Ringed };
}

export function createOverlay(context: CanvasRenderingContext2D): Overlay {
  let borders: { strip: Strip; curve: Curve; order: number; made: MappingBorders } | undefined;
  let marks:
    | { readonly strip: Strip; readonly ofHits: HitMarks; readonly ofListed: HitMarks; readonly ofNotes: HitMarks }
    | undefined;
  const glyphs = new ByteGlyphs();
  let endangered: { readonly scene: Scene; readonly of: readonly number[] } | undefined;

  /** Which of the mappings in view may be written and executed. */
  const endangeredIn = (scene: Scene, strip: Strip, mappings: readonly PictureMapping[]) => {
    if (endangered?.scene !== scene) {
      const of: number[] = [];
      for (const index of mappingsInView(strip, scene))
        if (isWriteExecute(mappings[strip.mappings[index].source].permissions)) of.push(index);
      endangered = { scene, of };
    }
    return endangered.of;
  };

  const bordersOf = (strip: Strip, { layout: curve, order: cellOrder, level }: SquarePlane) => {
    const order = cellOrder + level - 8;
    if (borders?.strip !== strip || borders.curve !== curve || borders.order !== order)
      borders = { strip, curve, order, made: createMappingBorders(strip, curve, order) };
    return borders.made;
  };

  let outline: { readonly of: readonly Run[]; readonly plane: PicturePlane; readonly made: Segment[] } | undefined;

  const regionsOutline = ({ regionSpans: of, scene: { plane } }: OverlayInput) => {
    if (outline?.of !== of || outline.plane !== plane)
      outline = { of, plane, made: runsOutline(plane, cellsOfRuns(of, plane.level)) };
    return outline.made;
  };

  return {
    draw(input) {
      const { scene, look, strip, mappings } = input;
      const { view, plane } = scene;
      const colors = CHROME[look.theme];
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, view.width, view.height);
      const pen = new Pen(context, scene, colors);
      const isFiltered = look.lit !== null || look.litProvenance !== null || look.litWays !== null;

      context.save();
      if (scene.carriesText) {
        const margin = Math.round(MARGIN * view.ratio);
        context.beginPath();
        context.rect(0, margin, view.width, view.height - 2 * margin);
        context.clip();
        glyphs.draw(context, input);
        drawBlocks(pen, input);
      } else if (look.pageGrid) drawPageGrid(pen, input);
      if (look.borders) {
        context.fillStyle = isFiltered ? colors.borderDimmed : colors.border;
        const width = Math.max(1, Math.round(view.ratio));
        if (plane.rows) {
          for (const row of mappingRows(plane.rows, scene.visible.top, scene.visible.bottom))
            pen.line([0, row, plane.width, row], 1, width);
        } else for (const segment of bordersOf(strip, plane).inView(scene)) pen.line(segment, blockSide(plane), width);
        const marked = new Set<string>();
        for (const index of endangeredIn(scene, strip, mappings)) {
          if (!isApart(scene, strip.mappings[index], marked)) continue;
          if (!plane.rows) pen.rails(bordersOf(strip, plane).outline(index), blockSide(plane));
          else for (const outline of rasterRuns(plane, strip.mappings[index])) pen.rails(outline, 1);
        }
      }
      for (const label of input.labels) pen.label(label);
      if (input.outlined !== null) {
        const index = strip.mappings.findIndex((laid) => laid.source === input.outlined);
        if (index >= 0) {
          if (plane.rows) for (const outline of rasterRuns(plane, strip.mappings[index])) pen.frame(outline, 1);
          else pen.frame(bordersOf(strip, plane).outline(index), blockSide(plane));
        }
      }
      if (marks?.strip !== strip) {
        const [ofHits, ofListed, ofNotes] = [createHitMarks(strip), createHitMarks(strip), createHitMarks(strip)];
        marks = { strip, ofHits, ofListed, ofNotes };
      }
      const inView = input.hits.length > 0 ? marks.ofHits.visible(input.hits, scene) : [];
      const ringedHits = !areCrowded(inView, scene) ? "all" : input.listedHits.length > 0 ? "listed" : "one-of-many";
      const ringed = {
        all: () => inView,
        listed: () => marks?.ofListed.visible(input.listedHits, scene) ?? [],
        "one-of-many": () => thinned(inView, scene),
      } as const satisfies Record<Ringed, () => readonly HitMark[]>;
      drawHits(pen, scene, ringed[ringedHits]());
      if (input.regionSpans.length > 0) pen.frame(regionsOutline(input), 1);
      if (input.cursor) drawCursor(pen, input, input.cursor);
      // Over the frame of the page that is looked at, which would hide them.
      if (input.notes.length > 0) drawNotes(pen, input, marks.ofNotes);
      context.restore();

      if (scene.carriesText) drawPageNames(pen, input);
      if (plane.rows) {
        drawRasterHead(pen, input);
        drawGutter(pen, input);
        drawRasterNames(pen, input);
        if (input.pageChannel === "provenance") drawTracks(context, input);
      }
      if (input.cursor && !scene.carriesText) drawTicks(pen, input, input.cursor);
      return { ringedHits };
    },
  };
}

/** Draws in device pixels what is given in units of the plane. */
class Pen {
  readonly context: CanvasRenderingContext2D;
  readonly scene: Scene;
  readonly colors: ChromeColors;
  constructor(context: CanvasRenderingContext2D, scene: Scene, colors: ChromeColors) {
    this.context = context;
    this.scene = scene;
    this.colors = colors;
  }

  get ratio(): number {
    return this.scene.view.ratio;
  }

  /** A CSS pixel in whole device pixels. */
  get one(): number {
    return Math.max(1, Math.round(this.scene.view.ratio));
  }

  x(cells: number): number {
    return Math.floor(this.scene.origin.x + cells * this.scene.zoom.pixels);
  }

  y(cells: number): number {
    return Math.floor(this.scene.origin.y + cells * this.scene.zoom.pixels);
  }

  /** A line over the first pixels of the cells to the right of it or below it. @param unit cells per unit of the segment. */
  line([x0, y0, x1, y1]: Segment, unit: number, width: number): void {
    const { view } = this.scene;
    const left = this.x(x0 * unit);
    const top = this.y(y0 * unit);
    const right = this.x(x1 * unit);
    const bottom = this.y(y1 * unit);
    if (left > view.width || top > view.height || right < -width || bottom < -width) return;
    // Far outside, a rectangle may exceed what a canvas can hold.
    const from = Math.max(-8, x0 === x1 ? top : left);
    if (x0 === x1) this.context.fillRect(left, from, width, Math.min(view.height + 8, bottom) - from);
    else this.context.fillRect(from, top, Math.min(view.width + 8, right) - from, width);
  }

  /** A frame of 2 px with a halo on both sides: around a rectangle, along any other outline. */
  frame(segments: readonly Segment[], unit: number): void {
    if (segments.length === 4) {
      const xs = segments.flatMap(([x0, , x1]) => [x0, x1]);
      const ys = segments.flatMap(([, y0, , y1]) => [y0, y1]);
      const [left, right] = [this.x(Math.min(...xs) * unit), this.x(Math.max(...xs) * unit)];
      const [top, bottom] = [this.y(Math.min(...ys) * unit), this.y(Math.max(...ys) * unit)];
      this.box(left, top, right, bottom);
      return;
    }
    for (const [color, half] of [
      [this.colors.halo, 2 * this.one],
      [this.colors.cursor, this.one],
    ] as const) {
      this.context.fillStyle = color;
      for (const [x0, y0, x1, y1] of segments) {
        const left = Math.max(-16, this.x(x0 * unit));
        const top = Math.max(-16, this.y(y0 * unit));
        const right = Math.min(this.scene.view.width + 16, this.x(x1 * unit));
        const bottom = Math.min(this.scene.view.height + 16, this.y(y1 * unit));
        if (right < left || bottom < top) continue;
        this.context.fillRect(left - half, top - half, right - left + 2 * half, bottom - top + 2 * half);
      }
    }
  }

  /** Two thin lines along an outline: who may be written and executed is marked by more than a colour. */
  rails(segments: readonly Segment[], unit: number): void {
    const { one } = this;
    const { view } = this.scene;
    this.context.fillStyle = this.colors.writeExecute;
    for (const [x0, y0, x1, y1] of segments) {
      const left = Math.max(-16, this.x(x0 * unit));
      const top = Math.max(-16, this.y(y0 * unit));
      const right = Math.min(view.width + 16, this.x(x1 * unit));
      const bottom = Math.min(view.height + 16, this.y(y1 * unit));
      if (right < left || bottom < top) continue;
      for (const beside of [-2 * one, one]) {
        if (x0 === x1) this.context.fillRect(left + beside, top - 2 * one, one, bottom - top + 4 * one);
        else this.context.fillRect(left - 2 * one, top + beside, right - left + 4 * one, one);
      }
    }
  }

  /** A frame around a box of device pixels: 2 px with a halo on both sides, the inner one over the box. */
  box(left: number, top: number, right: number, bottom: number): void {
    const one = this.one;
    const line = 2 * one;
    const ring = (color: string, out: number, thick: number) => {
      this.context.fillStyle = color;
      this.context.fillRect(left - out, top - out, right - left + 2 * out, thick);
      this.context.fillRect(left - out, bottom + out - thick, right - left + 2 * out, thick);
      this.context.fillRect(left - out, top - out, thick, bottom - top + 2 * out);
      this.context.fillRect(right + out - thick, top - out, thick, bottom - top + 2 * out);
    };
    ring(this.colors.halo, line + one, line + 2 * one);
    ring(this.colors.cursor, line, line);
  }

  /** Thin rings around squares of device pixels, in the colour of hits; one path, since there may be thousands. */
  rings(corners: readonly (readonly [left: number, top: number])[], side: number): void {
    const one = this.one;
    const { context } = this;
    for (const [color, out, thick] of [
      [this.colors.halo, 2 * one, 3 * one],
      [this.colors.hit, one, one],
    ] as const) {
      const beyond = out - thick / 2;
      context.beginPath();
      for (const [left, top] of corners)
        context.rect(left - beyond, top - beyond, side + 2 * beyond, side + 2 * beyond);
      context.strokeStyle = color;
      context.lineWidth = thick;
      context.stroke();
    }
  }

  /** Small lozenges around points in device pixels: bytes with notes, as many as there are hits. */
  lozenges(middles: readonly (readonly [x: number, y: number])[]): void {
    const { context, one } = this;
    for (const [color, reach] of [
      [this.colors.halo, 6 * one],
      [this.colors.cursor, 4 * one],
    ] as const) {
      context.beginPath();
      for (const [x, y] of middles) {
        context.moveTo(x, y - reach);
        context.lineTo(x + reach, y);
        context.lineTo(x, y + reach);
        context.lineTo(x - reach, y);
        context.closePath();
      }
      context.fillStyle = color;
      context.fill();
    }
  }

  /** The corner of a cell turned down, as sheets mark a cell with a note. @param side device pixels of the cell */
  corner(left: number, top: number, side: number): void {
    const { context, one } = this;
    const reach = Math.max(3 * one, Math.round(side / 4));
    for (const [color, size] of [
      [this.colors.halo, reach + one],
      [this.colors.cursor, reach],
    ] as const) {
      context.beginPath();
      context.moveTo(left, top);
      context.lineTo(left + size, top);
      context.lineTo(left, top + size);
      context.closePath();
      context.fillStyle = color;
      context.fill();
    }
  }

  /** A thin line along an outline. */
  trace(segments: readonly Segment[], line: string): void {
    const one = this.one;
    for (const [color, half] of [
      [this.colors.halo, one],
      [line, 0],
    ] as const) {
      this.context.fillStyle = color;
      for (const [x0, y0, x1, y1] of segments) {
        const [left, top, right, bottom] = [this.x(x0), this.y(y0), this.x(x1), this.y(y1)];
        if (left > this.scene.view.width || top > this.scene.view.height || right < 0 || bottom < 0) continue;
        this.context.fillRect(left - half, top - half, right - left + one + 2 * half, bottom - top + one + 2 * half);
      }
    }
  }

  font(size: number, family: string, weight = 400): void {
    this.context.font = `${weight} ${size * this.ratio}px ${family}`;
    this.context.textBaseline = "alphabetic";
    this.context.textAlign = "left";
  }

  /** Words in one line at CSS pixels from (x, y) in device pixels; each with its colour and face. @returns width in device pixels. */
  words(
    x: number,
    y: number,
    parts: readonly (readonly [text: string, color: string, family: string, gap?: number])[],
  ): number {
    let at = x;
    for (const [text, color, family, gap = 4] of parts) {
      this.font(family === MONO ? 10.5 : 11, family);
      this.context.fillStyle = color;
      if (family === MONO) {
        // One by one, or the face would join two hyphens to one line.
        const width = this.context.measureText("0").width;
        for (const char of text) {
          this.context.fillText(char, at, y);
          at += width;
        }
      } else {
        this.context.fillText(text, at, y);
        at += this.context.measureText(text).width;
      }
      at += gap * this.ratio;
    }
    return at - x;
  }

  /** An address in groups of four. @returns width in device pixels. */
  address(x: number, y: number, address: bigint, color: string): number {
    // Gaps between groups are space on the screen, never characters.
    const groups = groupDigits(address.toString(16));
    groups[0] = `0x${groups[0]}`;
    return this.words(
      x,
      y,
      groups.map((group, n) => [group, color, MONO, n === groups.length - 1 ? 0 : 3] as const),
    );
  }

  label(label: Label): void {
    const { ratio, colors } = this;
    const { origin } = this.scene;
    const x = origin.x + label.x + 8 * ratio;
    const y = origin.y + label.y;
    this.words(x, y + 16 * ratio, [
      ...label.first.map(([text, isMono]) => [text, isMono ? colors.t3 : colors.t2, isMono ? MONO : SANS] as const),
      ...(label.isWriteExecute ? [[WRITE_EXECUTE_SIGN, colors.writeExecute, SANS] as const] : []),
    ]);
    this.words(x, y + 30 * ratio, [[label.second, colors.t3, SANS]]);
  }
}

/** Device pixels within which marks of mappings without room fall together. */
const MARK_GRID = 8;

/** Whether a mapping is marked by itself: of those without room one in each field of a grid is, so that none is lost. */
function isApart(scene: Scene, { position, size }: LaidMapping, marked: Set<string>): boolean {
  if (hasRoom(scene, size)) return true;
  const { plane, zoom } = scene;
  const cell = pictureCell(plane, Math.floor((position * PAGE_SIZE) / 4 ** plane.level));
  if (!cell) return false;
  const field = `${Math.floor((cell.x * zoom.pixels) / MARK_GRID)} ${Math.floor((cell.y * zoom.pixels) / MARK_GRID)}`;
  const isFirst = !marked.has(field);
  marked.add(field);
  return isFirst;
}

/** The outlines of a mapping's runs on a raster. */
function rasterRuns(plane: PicturePlane, laid: LaidMapping): Segment[][] {
  const scale = PAGE_SIZE / 4 ** plane.level;
  return laid.runs.map((run) => {
    const from = Math.floor((laid.position + run.at) * scale);
    const pages = Math.min(run.blocks * BLOCK_PAGES, laid.pages - run.block * BLOCK_PAGES);
    return outlineOf(plane, from, Math.ceil((laid.position + run.at + pages) * scale));
  });
}

/** Cells along the side of a block of 64 KiB, which is a square of 2^8 bytes a side; below 1 at coarse levels. */
function blockSide(plane: PicturePlane): number {
  return 2 ** (8 - plane.level);
}

/** Cells of the page that holds a byte, [from, to), at the level shown; at least one. */
function pageCells(plane: PicturePlane, byte: number): [number, number] {
  const cellBytes = 4 ** plane.level;
  const page = Math.floor(byte / PAGE_SIZE) * PAGE_SIZE;
  const from = Math.floor(page / cellBytes);
  return [from, Math.max(from + 1, Math.ceil((page + PAGE_SIZE) / cellBytes))];
}

function cursorCell(input: OverlayInput, place: Place): { byte: number; x: number; y: number } | undefined {
  const byte = byteOfPlace(input.strip, place);
  if (byte === undefined) return undefined;
  const cell = pictureCell(input.scene.plane, Math.floor(byte / 4 ** input.scene.zoom.level));
  return cell && { byte, ...cell };
}

function drawHits(pen: Pen, scene: Scene, found: readonly HitMark[]): void {
  const { pixels } = scene.zoom;
  if (outlinesHits(scene)) {
    for (const { from, to } of found) pen.trace(outlineOf(scene.plane, from, to), pen.colors.hit);
    return;
  }
  // A ring is seen around what is at least five pixels wide.
  const side = Math.max(5 * pen.one, Math.ceil(pixels));
  const corner = (at: number) => Math.round(at + pixels / 2 - side / 2);
  pen.rings(
    found.map(({ x, y }) => [corner(pen.x(x)), corner(pen.y(y))] as const),
    side,
  );
}

function drawNotes(pen: Pen, { notes, scene }: OverlayInput, marks: HitMarks): void {
  const { pixels } = scene.zoom;
  const found = marks.visible(notes, scene);
  if (!outlinesHits(scene)) {
    const middle = (at: number) => Math.round(at + pixels / 2);
    pen.lozenges(found.map(({ x, y }) => [middle(pen.x(x)), middle(pen.y(y))] as const));
    return;
  }
  for (const { from, to, x, y } of found) {
    pen.trace(outlineOf(scene.plane, from, to), pen.colors.cursor);
    pen.corner(pen.x(x), pen.y(y), pixels);
  }
}

function drawCursor(pen: Pen, input: OverlayInput, place: Place): void {
  const { scene } = input;
  const found = cursorCell(input, place);
  if (!found) return;
  const { pixels } = scene.zoom;
  if (scene.carriesText) {
    const row = Math.floor(found.byte / 16) * 16;
    pen.frame(outlineOf(scene.plane, row, row + 16), 1);
    const one = pen.one;
    const left = pen.x(found.x);
    const top = pen.y(found.y);
    const { context } = pen;
    context.strokeStyle = pen.colors.cursor;
    context.lineWidth = one;
    context.strokeRect(left + 1.5 * one, top + 1.5 * one, pixels - 3 * one, pixels - 3 * one);
    return;
  }
  const [from, to] = pageCells(scene.plane, found.byte);
  const segments = outlineOf(scene.plane, from, to);
  const width = Math.max(...segments.map(([x0, , x1]) => x1 - x0)) * pixels;
  const smallest = 6 * pen.ratio;
  if (width >= smallest) {
    pen.frame(segments, 1);
    return;
  }
  const middleX = Math.round(pen.x(found.x) + pixels / 2);
  const middleY = Math.round(pen.y(found.y) + pixels / 2);
  const half = Math.round(smallest / 2);
  pen.box(middleX - half, middleY - half, middleX + half, middleY + half);
}

/** Cross-hair ticks in the margins: where the cursor is, also when it is out of sight in the other direction. */
function drawTicks(pen: Pen, input: OverlayInput, place: Place): void {
  const { scene } = input;
  const found = cursorCell(input, place);
  if (!found) return;
  const { view } = scene;
  const [from] = pageCells(scene.plane, found.byte);
  const corner = scene.carriesText ? found : (pictureCell(scene.plane, from) ?? found);
  const side = scene.carriesText || scene.plane.rows ? 1 : Math.max(1, 64 / 2 ** scene.zoom.level);
  const squareX = scene.plane.rows ? found.x : Math.floor(corner.x / side) * side;
  const squareY = scene.plane.rows ? found.y : Math.floor(corner.y / side) * side;
  const x = Math.round(pen.x(squareX + side / 2));
  const y = Math.round(pen.y(squareY + side / 2));
  const one = pen.one;
  const long = 6 * one;
  const margin = 4 * one;
  const tick = (left: number, top: number, width: number, height: number) => {
    pen.context.fillStyle = pen.colors.halo;
    pen.context.fillRect(left - one, top - one, width + 2 * one, height + 2 * one);
    pen.context.fillStyle = pen.colors.cursor;
    pen.context.fillRect(left, top, width, height);
  };
  // A raster has its words above, and goes on below.
  if (!scene.plane.rows && x >= 0 && x < view.width) {
    tick(x - one, margin, 2 * one, long);
    tick(x - one, view.height - margin - long, 2 * one, long);
  }
  if (y >= 0 && y < view.height) {
    const left = scene.plane.rows ? Math.round((GUTTER - 12) * pen.ratio) : margin;
    tick(left, y - one, long, 2 * one);
    const right = scene.plane.rows ? rasterRight(scene) + margin : view.width - margin - long;
    tick(Math.min(right, view.width - margin - long), y - one, long, 2 * one);
  }
}

function drawPageGrid(pen: Pen, { scene, strip }: OverlayInput): void {
  const { plane, zoom, visible } = scene;
  const { context, colors } = pen;
  context.fillStyle = colors.grid;
  if (plane.rows) {
    const cells = PAGE_SIZE / 4 ** zoom.level;
    const rows = cells / plane.width;
    if (rows * zoom.pixels < 8 * pen.ratio) return;
    for (let y = visible.top; y < visible.bottom; y++) {
      const row = rasterRow(plane.rows, y);
      if (!row) continue;
      const into = (cells - (row.cell % cells)) % cells;
      if (into < row.cells) {
        pen.line([into, y, row.cells, y], 1, 1);
        if (into > 0) pen.line([0, y + 1, into, y + 1], 1, 1);
      }
    }
    return;
  }
  const side = 64 / 2 ** zoom.level;
  if (side * zoom.pixels < 8 * pen.ratio) return;
  context.save();
  clipToMappings(pen, plane, strip);
  for (let x = Math.ceil(visible.left / side) * side; x <= visible.right; x += side)
    pen.line([x, visible.top, x, visible.bottom], 1, 1);
  for (let y = Math.ceil(visible.top / side) * side; y <= visible.bottom; y += side)
    pen.line([visible.left, y, visible.right, y], 1, 1);
  context.restore();
}

/** Paths of mappings in view, made once per scene: the pointer moves more often than the camera. */
const mappingPaths = new WeakMap<Scene, Path2D>();

/** Where there is no mapping there are no pages. */
function clipToMappings(pen: Pen, plane: SquarePlane, strip: Strip): void {
  let path = mappingPaths.get(pen.scene);
  if (!path) {
    path = pathOfMappings(pen, plane, strip);
    mappingPaths.set(pen.scene, path);
  }
  pen.context.clip(path);
}

function pathOfMappings(pen: Pen, plane: SquarePlane, strip: Strip): Path2D {
  const { runs, zoom } = pen.scene;
  const unit = blockSide(plane);
  const blocksPerCell = 4 ** plane.level / 4 ** 8;
  const path = new Path2D();
  for (const [from, to] of runs) {
    const first = Math.floor(from * blocksPerCell);
    const last = Math.ceil(to * blocksPerCell);
    for (let n = firstBehind(strip, first * BLOCK_PAGES); n < strip.mappings.length; n++) {
      const { position, size } = strip.mappings[n];
      const start = Math.max(first, position / BLOCK_PAGES);
      if (start >= last) break;
      const end = Math.min(last, (position + size) / BLOCK_PAGES);
      for (const { x, y, side } of squaresOf(plane.layout, start, end, plane.order + plane.level - 8))
        path.rect(pen.x(x * unit), pen.y(y * unit), side * unit * zoom.pixels, side * unit * zoom.pixels);
    }
  }
  return path;
}

/** At byte size: thin gaps between rows of 16 bytes, and a line of 2 px where pages meet. */
function drawBlocks(pen: Pen, { scene }: OverlayInput): void {
  const { plane, visible } = scene;
  const { context, colors } = pen;
  const one = pen.one;
  if (plane.rows) return;
  context.fillStyle = colors.stage;
  for (let x = Math.floor(visible.left / 4) * 4; x <= visible.right; x += 4)
    pen.line([x, visible.top, x, visible.bottom], 1, one);
  for (let y = Math.floor(visible.top / 4) * 4; y <= visible.bottom; y += 4)
    pen.line([visible.left, y, visible.right, y], 1, one);
  context.fillStyle = colors.cursor;
  for (let x = Math.floor(visible.left / 64) * 64; x <= visible.right; x += 64) {
    context.fillRect(pen.x(x) - one, pen.y(visible.top), 2 * one, pen.y(visible.bottom) - pen.y(visible.top));
  }
  for (let y = Math.floor(visible.top / 64) * 64; y <= visible.bottom; y += 64) {
    context.fillRect(pen.x(visible.left), pen.y(y) - one, pen.x(visible.right) - pen.x(visible.left), 2 * one);
  }
}

/** Above and below the picture at byte size: address, mapping and provenance of the pages that touch the edge. */
function drawPageNames(pen: Pen, input: OverlayInput): void {
  const { scene } = input;
  const { plane, visible, view } = scene;
  const margin = Math.round(MARGIN * view.ratio);
  pen.context.fillStyle = pen.colors.stage;
  pen.context.fillRect(0, 0, view.width, margin);
  pen.context.fillRect(0, view.height - margin, view.width, margin);
  if (plane.rows) return;
  const { pixels } = scene.zoom;
  const inner = {
    top: Math.max(visible.top, Math.floor((margin - scene.origin.y) / pixels)),
    bottom: Math.min(visible.bottom, Math.ceil((view.height - margin - scene.origin.y) / pixels)),
  };
  for (const [y, baseline] of [
    [inner.top, margin - 6 * view.ratio],
    [inner.bottom - 1, view.height - margin + 14 * view.ratio],
  ] as const) {
    for (let x = Math.floor(visible.left / 64) * 64; x < visible.right; x += 64) {
      const left = Math.max(pen.x(x), 0) + 8 * view.ratio;
      const right = pen.x(x + 64);
      if (right - left < 60 * view.ratio) continue;
      pen.context.save();
      pen.context.beginPath();
      pen.context.rect(left, 0, right - left - 8 * view.ratio, view.height);
      pen.context.clip();
      namePage(pen, input, Math.max(x, visible.left), y, left, right - 8 * view.ratio, baseline);
      pen.context.restore();
    }
  }
}

function namePage(
  pen: Pen,
  input: OverlayInput,
  x: number,
  y: number,
  left: number,
  right: number,
  baseline: number,
): void {
  const { scene, strip, mappings, store, pageChannel, look } = input;
  const index = indexAt(scene, x, y);
  if (index === undefined) return;
  const pageStart = Math.floor(index / PAGE_SIZE) * PAGE_SIZE;
  const found = placeOfCell(strip, 0, pageStart);
  if (!found) return;
  const mapping = mappings[found.mapping.source];
  let at = left + pen.address(left, baseline, addressOfPage(found.place.page), pen.colors.t1) + 6 * pen.ratio;
  at += pen.words(at, baseline, [
    [mapping.name, pen.colors.t2, SANS],
    [mapping.permissions, pen.colors.t3, MONO, 10],
  ]);
  if (!pageChannel) return;
  const tile = store.get(pageChannel, 0, Math.floor(pageStart / 65_536));
  if (!tile) return;
  const cell = pageStart % 65_536;
  const isVerdict = pageChannel === "verdict";
  const code = tile.a[cell] - (isVerdict ? 1 : 0);
  const isFilled = tile.state[cell] === FILLED;
  if (code < 0 || (!isVerdict && tile.state[cell] !== RECORDED && !isFilled)) return;
  const color = categoryColors(pageChannel, look.theme)[code];
  if (!color) return;
  const box = 9 * pen.ratio;
  const text = isVerdict
    ? `${VERDICT_SIGNS[VERDICTS[code]]} ${VERDICTS[code]}`
    : `${isFilled ? "filled, " : ""}${PROVENANCES[code]}${isFilled ? " from image" : ""}`;
  pen.font(11, SANS);
  // Half a word would say less than none.
  if (at + box + 5 * pen.ratio + pen.context.measureText(text).width > right) return;
  pen.context.fillStyle = cssColor(color);
  pen.context.fillRect(at, baseline - box + pen.ratio, box, box);
  pen.words(at + box + 5 * pen.ratio, baseline, [[text, pen.colors.t1, SANS]]);
}

/** Above a raster: what a row and a cell are. Rows that are scrolled under it are out of view. */
function drawRasterHead(pen: Pen, { scene, look }: OverlayInput): void {
  const { zoom, view, origin } = scene;
  const margin = Math.round(MARGIN * view.ratio);
  pen.context.fillStyle = pen.colors.stage;
  pen.context.fillRect(0, 0, Math.min(view.width, rasterRight(scene) + pen.one), margin);
  const channel = channelTitle(look.channel);
  const row =
    zoom.level === 0
      ? `${formatCount(look.rasterWidth)}\u00a0B rows, ${formatPlural(zoom.pixels, "px", "px")} per byte`
      : `rows of ${formatPlural(look.rasterWidth, "cell")}, ${formatSize(4 ** zoom.level)} per cell`;
  const left = Math.max(origin.x, Math.round(GUTTER * view.ratio));
  pen.words(left, 14 * view.ratio, [[`${channel}, ${row}`, pen.colors.t3, SANS]]);
}

/** Device pixels at which the widest row of a raster ends. */
function rasterRight({ origin, plane, zoom }: Scene): number {
  return origin.x + plane.width * zoom.pixels;
}

/** Left of a raster: the address of each page, where it begins; of each row when rows are high enough for it. */
function drawGutter(pen: Pen, { scene, strip }: OverlayInput): void {
  const { plane, view, visible, zoom } = scene;
  const width = Math.round((GUTTER - 8) * pen.ratio);
  const { context, colors } = pen;
  context.fillStyle = colors.stage;
  if (scene.origin.x < width) context.fillRect(0, 0, width, view.height);
  const isByRow = zoom.pixels >= 16 * pen.ratio;
  const cells = Math.max(1, PAGE_SIZE / 4 ** zoom.level);
  let last = Number.NEGATIVE_INFINITY;
  let lastStretch = -1;
  for (let y = visible.top; y < visible.bottom; y++) {
    const row = rasterRow(plane.rows!, y);
    if (!row) continue;
    const into = (cells - (row.cell % cells)) % cells;
    const isFirst = row.stretch !== lastStretch;
    if (!isByRow && !isFirst && into >= row.cells) continue;
    const top = pen.y(y);
    if (top < MARGIN * pen.ratio) {
      lastStretch = row.stretch;
      continue;
    }
    if (scene.carriesText && top + zoom.pixels > view.height - MARGIN * pen.ratio) continue;
    if (top - last < 15 * pen.ratio) continue;
    const found = placeOfCell(strip, zoom.level, row.cell + (isByRow || isFirst ? 0 : into));
    if (!found) continue;
    lastStretch = row.stretch;
    last = top;
    const { page, offset } = found.place;
    const color = isByRow && into < row.cells ? colors.t1 : colors.t3;
    const baseline = isByRow ? top + zoom.pixels / 2 + 4 * pen.ratio : top + 4 * pen.ratio;
    pen.address(16 * pen.ratio, baseline, addressOfPage(page, isByRow ? offset : 0), color);
    context.fillStyle = colors.t3;
    context.fillRect(width - 8 * pen.ratio, isByRow ? baseline - 4 * pen.ratio : top, 6 * pen.ratio, pen.one);
  }
}

/** Right of a raster and its tracks: the name of each mapping where it begins in view, as far as there is room. */
function drawRasterNames(pen: Pen, { scene, strip, mappings }: OverlayInput): void {
  const { plane, view, visible } = scene;
  if (!plane.rows) return;
  const { colors, ratio } = pen;
  const left = rasterRight(scene) + (hasTracks(scene) ? TRACKS_WIDTH : NAMES_GAP) * ratio;
  if (left + NAMES_LEAST * ratio > view.width) return;
  const taken: number[] = [];
  // What may be written and executed goes first: other names give way to it.
  for (const isFirst of [true, false]) {
    let named = -1;
    for (let y = visible.top; y < visible.bottom; y++) {
      const row = rasterRow(plane.rows, y);
      const index = row ? plane.rows.mapping[row.stretch] : named;
      if (index === named) continue;
      const { name, permissions } = mappings[strip.mappings[index].source];
      const top = Math.max(pen.y(y), Math.round(MARGIN * ratio));
      // A later row of the mapping may have the room that its first one lacks.
      if (isWriteExecute(permissions) !== isFirst || taken.some((one) => Math.abs(one - top) < 15 * ratio)) continue;
      named = index;
      taken.push(top);
      pen.words(left, top + 10 * ratio, [
        [name, colors.t2, SANS],
        [permissions, colors.t3, MONO],
        ...(isFirst ? [[WRITE_EXECUTE_SIGN, colors.writeExecute, SANS] as const] : []),
      ]);
    }
  }
}

function indexAt(scene: Scene, x: number, y: number): number | undefined {
  return x < scene.plane.width && y < scene.plane.height ? pictureIndex(scene.plane, x, y) : undefined;
}
