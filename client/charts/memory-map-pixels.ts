/**
 * The cells of mappings in the rectangles of the memory map: rows of cells in the order of the strip, which fill a
 * rectangle evenly. Nothing is averaged and no cell is left out: where several share a pixel the highest rank wins.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { BLOCK_PAGES, type LaidMapping } from "../../shared/strip/index.ts";
import type { StripCells } from "../viewer/index.ts";

/** Cells of the strip, [from, to). */
export type CellRange = readonly [from: number, to: number];

/** The cells of a mapping; the padding behind its last page is left out. */
export function cellsOfMapping({ position, size, pages, runs }: LaidMapping, level: number): CellRange {
  const last = runs[runs.length - 1];
  const padding = Math.max(0, (last.block + last.blocks) * BLOCK_PAGES - pages);
  const cellBytes = 4 ** level;
  const from = Math.floor((position * PAGE_SIZE) / cellBytes);
  return [from, Math.max(from + 1, Math.ceil(((position + size - padding) * PAGE_SIZE) / cellBytes))];
}

export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The cells that a pixel of a rectangle of `width` × `height` stands for, [from, to), counted from the first one. */
export function cellsOfPixel(count: number, { width, height }: PixelBox, x: number, y: number): CellRange {
  const rows = Math.max(1, Math.min(height, count, Math.round(Math.sqrt((count * height) / width))));
  const row = Math.floor((y * rows) / height);
  const from = Math.floor((row * count) / rows);
  const cells = Math.floor(((row + 1) * count) / rows) - from;
  const first = from + Math.floor((x * cells) / width);
  return [first, Math.max(first + 1, from + Math.floor(((x + 1) * cells) / width))];
}

/** @param pixels packed, rows of `stride`. */
export function paintCells(
  pixels: Uint32Array,
  stride: number,
  box: PixelBox,
  range: CellRange,
  cells: StripCells,
): void {
  const [from, to] = range;
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const [first, end] = cellsOfPixel(to - from, box, x, y);
      let shown = from + first;
      for (let cell = shown + 1, most = end - first > 1 ? cells.rank(shown) : 0; cell < from + end; cell++) {
        const rank = cells.rank(cell);
        if (rank <= most) continue;
        most = rank;
        shown = cell;
      }
      pixels[(box.top + y) * stride + box.left + x] = cells.color(shown, box.left + x, box.top + y);
    }
  }
}
