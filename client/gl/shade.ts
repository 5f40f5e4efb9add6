/**
 * The colour of one device pixel, on the CPU: the definition that the shader repeats step by step, and what the
 * Canvas2D renderer draws. Colours come packed for little-endian RGBA memory.
 */

import {
  coarseMark,
  FAILED_MARK,
  failedMark,
  filledMark,
  hatchMark,
  paletteTable,
  placeTable,
  STAGE,
  verdictMark,
} from "../../shared/palette/index.ts";
import { CELL_STATES, LEFT_TO_FILE, TILE_CELLS } from "../../shared/tile/index.ts";
import type { PictureFrame, TilePlace } from "./picture-frame.ts";
import { cellInTile } from "./tile-cells.ts";

const RECORDED = CELL_STATES.indexOf("recorded");
const IMAGE = CELL_STATES.indexOf("image");
const FILLED = CELL_STATES.indexOf("filled");

function pack(red: number, green: number, blue: number): number {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

type CellShader = (place: TilePlace, cell: number, hatchX: number, hatchY: number) => number;

/** A function from a cell of a place, drawn at a device pixel, to packed colour. */
export function cellShader(frame: PictureFrame): CellShader {
  const palette = paletteTable(frame.channel, frame.theme, frame.level, frame.palette);
  const places = placeTable(frame.theme);
  const stage = pack(...STAGE[frame.theme]);
  const failed = pack(...FAILED_MARK[frame.theme]);
  const isVerdict = frame.channel === "verdict";
  const isProvenance = frame.channel === "provenance";
  const texel = (data: Uint8Array, at: number) => pack(data[at], data[at + 1], data[at + 2]);
  const data = (strength: number, a: number, b: number) => {
    const row = palette.scale === null ? Math.min(a, palette.rows - 1) : 0;
    return texel(palette.data, ((strength * palette.rows + row) * 256 + (palette.scale === "a" ? a : b)) * 4);
  };

  return (place, cell, hx, hy) => {
    if (place.failed && failedMark(hx, hy)) return failed;
    const { view } = place;
    if (!view) return stage;
    if (view.shift > 0 && coarseMark(hx, hy)) return stage;
    const at = view.base + (cell >>> view.shift);
    const state = view.tile.state[at];
    const a = view.tile.a[at];
    const isRecorded = state === RECORDED;
    const isFilled = state === FILLED;
    const isMarked = isVerdict && a > 0 && !isRecorded;
    let dim = isRecorded || isFilled || isMarked ? frame.lit[a] === 0 : !frame.litPlaces;
    if (frame.litFilter !== null) {
      const { filter } = place;
      const filterCell = filter ? filter.base + (cell >>> filter.shift) : 0;
      // Until it is known what a page is, nothing lights up only to go out again.
      const isLit = filter !== null && frame.litFilter[filter.tile.a[filterCell]] !== 0;
      const isLeftToFile = state === IMAGE || isFilled;
      if (frame.isFilterOfWays) {
        const isLitLeft = filter !== null && (frame.litLeft & filter.tile.b[filterCell]) !== 0;
        if (isRecorded || isLeftToFile) dim ||= !isLit && !isLitLeft;
      } else if (isRecorded) dim ||= isProvenance ? frame.litFilter[a] === 0 : !isLit;
      else if (isLeftToFile) {
        // Of a page that an image fills plane `b` says something else; it is of no deleted file.
        const own = isFilled ? LEFT_TO_FILE : view.tile.b[at];
        const leftTo = isProvenance ? own : filter ? filter.tile.b[filterCell] : 0;
        dim ||= (frame.litLeft & leftTo) === 0;
      }
    }
    const strength = (frame.faint ? 2 : 0) + (dim ? 1 : 0);
    if (isRecorded || (isFilled && !filledMark(hx, hy))) return data(strength, a, view.tile.b[at]);
    if (isMarked && verdictMark(hx, hy)) return data(strength & 1, a, 255);
    return texel(places, ((strength * 2 + (hatchMark(state, hx, hy) ? 1 : 0)) * 8 + state) * 4);
  };
}

/** A function from device pixel to packed colour; `x` to the right, `y` down. */
export function shader(frame: PictureFrame): (x: number, y: number) => number {
  const colorOf = cellShader(frame);
  const stage = pack(...STAGE[frame.theme]);
  const { layout, pixels } = frame;
  return (x, y) => {
    if (y < frame.marginY || y >= frame.height - frame.marginY) return stage;
    const px = x - frame.originX;
    const py = y - frame.originY;
    if (px < 0 || py < 0) return stage;
    const column = Math.floor(px / pixels);
    const row = Math.floor(py / pixels);
    const hx = x + frame.hatchX;
    const hy = y + frame.hatchY;
    if (layout.kind === "square") {
      const tileX = column >> layout.order;
      const tileY = row >> layout.order;
      const at = tileY * layout.columns + tileX;
      if (tileX >= layout.columns || at >= frame.places.length) return stage;
      const place = frame.places[at];
      const side = (1 << layout.order) - 1;
      return colorOf(place, cellInTile(layout, place.turn, column & side, row & side), hx, hy);
    }
    const found = layout.rows[row];
    if (!found || column >= found.cells) return stage;
    const cell = found.offset + column;
    return colorOf(frame.places[found.place + Math.floor(cell / TILE_CELLS)], cell % TILE_CELLS, hx, hy);
  };
}
