/**
 * The plane of a picture: cells of one level, laid out by a layout. A plane point is a cell; x to the right, y down.
 * A square layout covers 4^order cells, of which an upper half that suffices is taken alone (2 : 1).
 * The raster here runs over the bare strip, gaps included; pictures take theirs from `picture-plane.ts`.
 */
import { CURVES, type Curve, curveCell, curveIndex } from "./curve.ts";

export const LAYOUTS = [...CURVES, "raster"] as const;
export type Layout = (typeof LAYOUTS)[number];

export function isCurve(layout: Layout): layout is Curve {
  return layout !== "raster";
}

export interface PlaneShape {
  readonly layout: Layout;
  /** Cells of the strip at this level. */
  readonly cells: number;
  readonly width: number;
  readonly height: number;
  /** Square layouts: the square is 2^order cells wide. 0 for a raster. */
  readonly order: number;
}

/**
 * @param end of the strip in pages.
 * @param level 4^level bytes per cell.
 * @param rasterWidth cells per row of a raster; ignored by square layouts.
 */
export function planeShape(layout: Layout, end: number, level: number, rasterWidth: number): PlaneShape {
  const cells = Math.ceil((end * 4096) / 4 ** level);
  if (layout === "raster") {
    return { layout, cells, width: rasterWidth, height: Math.max(1, Math.ceil(cells / rasterWidth)), order: 0 };
  }
  // The order is taken at byte level, so that all levels of a strip share one curve.
  let byteOrder = 0;
  while (4 ** byteOrder < end * 4096) byteOrder++;
  const order = Math.max(0, byteOrder - level);
  const side = 2 ** order;
  const upperHalf = order > 0 && end * 4096 <= 4 ** byteOrder / 2;
  return { layout, cells, width: side, height: upperHalf ? side / 2 : side, order };
}

/** The plane point of the cell `index` (counted along the strip). */
export function planeCell(shape: PlaneShape, index: number): { x: number; y: number } {
  if (shape.layout === "raster") return { x: index % shape.width, y: Math.floor(index / shape.width) };
  return curveCell(shape.layout, index, shape.order);
}

/** The cell at a plane point, or `undefined` outside the plane. It may lie behind the end of the strip. */
export function planeIndex(shape: PlaneShape, x: number, y: number): number | undefined {
  if (x < 0 || y < 0 || x >= shape.width || y >= shape.height) return undefined;
  if (shape.layout === "raster") return y * shape.width + x;
  return curveIndex(shape.layout, x, y, shape.order);
}
