/** Which runs of the strip are in view: for the brackets on the ruler and for the minimap. */
import { curveCell, type PicturePlane, rasterRow } from "../../shared/layout/index.ts";
import type { Run } from "./regions.ts";
import type { VisibleCells } from "./scene.ts";

/** @returns runs of cells [from, to), ascending. Squares smaller than a 32nd of the view are taken whole. */
export function visibleRuns(plane: PicturePlane, visible: VisibleCells): readonly Run[] {
  const runs: [from: number, to: number][] = [];
  const add = (from: number, to: number) => {
    const last = runs.at(-1);
    if (last && last[1] >= from) last[1] = Math.max(last[1], to);
    else if (to > from) runs.push([from, to]);
  };
  if (visible.right <= visible.left || visible.bottom <= visible.top) return runs;
  if (plane.rows) {
    for (let y = visible.top; y < visible.bottom; y++) {
      const row = rasterRow(plane.rows, y);
      if (row) add(row.cell, row.cell + row.cells);
    }
    return runs;
  }
  const finest = Math.max(1, Math.max(visible.right - visible.left, visible.bottom - visible.top) / 32);
  const visit = (index: number, bits: number) => {
    const side = 2 ** bits;
    const from = index * 4 ** bits;
    if (from >= plane.cells) return;
    const corner = curveCell(plane.layout, index, plane.order - bits);
    const x = corner.x * side;
    const y = corner.y * side;
    if (x >= visible.right || y >= visible.bottom || x + side <= visible.left || y + side <= visible.top) return;
    const isInside = x >= visible.left && y >= visible.top && x + side <= visible.right && y + side <= visible.bottom;
    if (isInside || side <= finest || bits === 0) add(from, Math.min(plane.cells, from + 4 ** bits));
    else for (let child = 0; child < 4; child++) visit(index * 4 + child, bits - 1);
  };
  visit(0, plane.order);
  return runs;
}
