/** Rectangles of the plane that hold parts of the strip: what views are fitted to. */
import { curveCell, type PicturePlane, pictureCell, rasterEnd } from "../../shared/layout/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { squaresOf } from "./outline.ts";

/** Cells of the plane, half-open. */
export interface PlaneBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The smallest rectangle of the plane that holds the cells [0, end): what *Fit* fits. */
export function boundsOf(plane: PicturePlane): PlaneBox {
  if (plane.rows) return { left: 0, top: 0, right: plane.width, bottom: plane.height };
  const bounds = { left: plane.width, top: plane.height, right: 0, bottom: 0 };
  const visit = (index: number, bits: number) => {
    const from = index * 4 ** bits;
    if (from >= plane.cells) return;
    const side = 2 ** bits;
    const corner = curveCell(plane.layout, index, plane.order - bits);
    const x = corner.x * side;
    const y = corner.y * side;
    if (x >= bounds.left && y >= bounds.top && x + side <= bounds.right && y + side <= bounds.bottom) return;
    if (from + 4 ** bits <= plane.cells || bits === 0) {
      bounds.left = Math.min(bounds.left, x);
      bounds.top = Math.min(bounds.top, y);
      bounds.right = Math.max(bounds.right, x + side);
      bounds.bottom = Math.max(bounds.bottom, y + side);
    } else for (let child = 0; child < 4; child++) visit(index * 4 + child, bits - 1);
  };
  visit(0, plane.order);
  return bounds;
}

/** The rectangle around the pages [from, to) of the strip; all of the plane where none of their cells is in it. */
export function boxOfPositions(plane: PicturePlane, from: number, to: number): PlaneBox {
  const scale = PAGE_SIZE / 4 ** plane.level;
  const first = Math.floor(from * scale);
  const last = Math.max(first, Math.ceil(to * scale) - 1);
  const box = { left: plane.width, top: plane.height, right: 0, bottom: 0 };
  const add = (left: number, top: number, right: number, bottom: number) => {
    box.left = Math.min(box.left, left);
    box.top = Math.min(box.top, top);
    box.right = Math.max(box.right, right);
    box.bottom = Math.max(box.bottom, bottom);
  };
  if (plane.rows) {
    // The last cells may be padding, which has no row.
    const end = rasterEnd(plane.rows, last);
    const cells = [pictureCell(plane, first), pictureCell(plane, end)];
    for (const cell of cells) if (cell) add(0, cell.y, plane.width, cell.y + 1);
  } else
    for (const { x, y, side } of squaresOf(plane.layout, first, last + 1, plane.order)) add(x, y, x + side, y + side);
  return box.right > 0 ? box : { left: 0, top: 0, right: plane.width, bottom: plane.height };
}
