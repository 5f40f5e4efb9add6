/**
 * The plane of a strip at one level, whatever its layout: what viewer, PNG and tests ask which cell lies where.
 * Square layouts are pure functions of the index (`plane.ts`); a raster needs the strip, because its rows end with
 * the mappings (`raster.ts`).
 */
import type { Strip } from "../strip/index.ts";
import type { Curve } from "./curve.ts";
import { type Layout, planeCell, planeIndex, planeShape } from "./plane.ts";
import { type RasterPlane, rasterCell, rasterIndex, rasterPlane } from "./raster.ts";

interface Extent {
  readonly level: number;
  readonly width: number;
  readonly height: number;
  /** Cells of the strip at this level. */
  readonly cells: number;
}

export interface SquarePlane extends Extent {
  readonly layout: Curve;
  /** The whole square has 2^order cells a side. */
  readonly order: number;
  readonly rows: undefined;
}

export interface RowsPlane extends Extent {
  readonly layout: "raster";
  readonly rows: RasterPlane;
}

export type PicturePlane = SquarePlane | RowsPlane;

/** @param rasterWidth cells per row of a raster; ignored by square layouts. */
export function picturePlane(strip: Strip, layout: Layout, level: number, rasterWidth: number): PicturePlane {
  const shape = planeShape(layout, strip.end, level, rasterWidth);
  if (layout !== "raster") return { ...shape, layout, level, rows: undefined };
  const rows = rasterPlane(strip, level, rasterWidth);
  return { layout, level, width: rows.width, height: rows.height, cells: shape.cells, rows };
}

/** The plane point of a cell; `undefined` where the layout has no place for it (gaps in a raster). */
export function pictureCell(plane: PicturePlane, index: number): { x: number; y: number } | undefined {
  return plane.rows ? rasterCell(plane.rows, index) : planeCell(plane, index);
}

/** The cell at a plane point; `undefined` outside the plane. In a square layout it may lie behind the strip's end. */
export function pictureIndex(plane: PicturePlane, x: number, y: number): number | undefined {
  return plane.rows ? rasterIndex(plane.rows, x, y) : planeIndex(plane, x, y);
}
