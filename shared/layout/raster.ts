/**
 * The raster: rows of contiguous memory. A row begins anew at every mapping and wherever blocks are folded away, so no
 * row crosses a mapping's end, and within a row addresses are without a gap; padding and gaps of the strip take no row.
 * The surprise: cells that cover the end of one stretch and the start of the next belong to the first one.
 */
import { PAGE_SIZE } from "../memory/index.ts";
import { BLOCK_PAGES, type Strip } from "../strip/index.ts";

/** One row per stretch of contiguous cells, in strip order; equal lengths. Rows may exceed 2^31, so all are doubles. */
export interface RasterPlane {
  readonly width: number;
  readonly height: number;
  /** First cell of the stretch, counted along the strip. */
  readonly firstCell: Float64Array;
  readonly cells: Float64Array;
  readonly firstRow: Float64Array;
  /** Index of the stretch's mapping in `strip.mappings`. */
  readonly mapping: Int32Array;
}

/**
 * @param level 4^level bytes per cell.
 * @param width cells per row, at least 1.
 */
export function rasterPlane(strip: Strip, level: number, width: number): RasterPlane {
  const cellBytes = 4 ** level;
  const firstCell: number[] = [];
  const cells: number[] = [];
  const firstRow: number[] = [];
  const mapping: number[] = [];
  let nextCell = 0;
  let nextRow = 0;
  strip.mappings.forEach((laid, index) => {
    for (const run of laid.runs) {
      const pages = Math.min(run.blocks * BLOCK_PAGES, laid.pages - run.block * BLOCK_PAGES);
      const start = (laid.position + run.at) * PAGE_SIZE;
      const first = Math.max(nextCell, Math.floor(start / cellBytes));
      const count = Math.ceil((start + pages * PAGE_SIZE) / cellBytes) - first;
      if (count <= 0) continue;
      firstCell.push(first);
      cells.push(count);
      firstRow.push(nextRow);
      mapping.push(index);
      nextCell = first + count;
      nextRow += Math.ceil(count / width);
    }
  });
  return {
    width,
    height: nextRow,
    firstCell: Float64Array.from(firstCell),
    cells: Float64Array.from(cells),
    firstRow: Float64Array.from(firstRow),
    mapping: Int32Array.from(mapping),
  };
}

/** The stretch whose start (in `starts`, ascending) is the last one not above `value`; −1 before the first. */
function lastNotAbove(starts: Float64Array, value: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The plane point of a cell; `undefined` for cells of gaps and padding. */
export function rasterCell(plane: RasterPlane, index: number): { x: number; y: number } | undefined {
  const stretch = lastNotAbove(plane.firstCell, index);
  if (stretch < 0) return undefined;
  const within = index - plane.firstCell[stretch];
  if (within >= plane.cells[stretch]) return undefined;
  return { x: within % plane.width, y: plane.firstRow[stretch] + Math.floor(within / plane.width) };
}

/** The last cell that has a place and does not lie behind `index`. */
export function rasterEnd(plane: RasterPlane, index: number): number {
  const stretch = Math.max(0, lastNotAbove(plane.firstCell, index));
  return Math.min(index, plane.firstCell[stretch] + plane.cells[stretch] - 1);
}

/** A row: its first cell, how many cells it has, and its stretch; `undefined` outside the plane. */
export function rasterRow(
  plane: RasterPlane,
  row: number,
): { readonly cell: number; readonly cells: number; readonly stretch: number } | undefined {
  if (row < 0 || row >= plane.height) return undefined;
  const stretch = lastNotAbove(plane.firstRow, row);
  const within = (row - plane.firstRow[stretch]) * plane.width;
  return {
    cell: plane.firstCell[stretch] + within,
    cells: Math.min(plane.width, plane.cells[stretch] - within),
    stretch,
  };
}

/** Inverse of `rasterCell`; `undefined` behind a row's last cell. */
export function rasterIndex(plane: RasterPlane, x: number, y: number): number | undefined {
  const row = rasterRow(plane, y);
  return row && x >= 0 && x < row.cells ? row.cell + x : undefined;
}
