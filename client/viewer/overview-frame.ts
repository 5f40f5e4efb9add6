/** What is in view, as a rectangle of the minimap. */
import { type PicturePlane, pictureCell } from "../../shared/layout/index.ts";
import type { Overview } from "./contract.ts";
import type { Scene } from "./scene.ts";

/**
 * @param square the minimap's plane: of the scene's curve, where that has one
 * @param pixels of the minimap per cell of its plane
 */
export function overviewFrame(
  { plane, visible, runs }: Scene,
  square: PicturePlane,
  pixels: number,
): Overview["frame"] {
  if (!plane.rows) {
    const scale = 2 ** (plane.level - square.level) * pixels;
    return {
      x: visible.left * scale,
      y: visible.top * scale,
      width: (visible.right - visible.left) * scale,
      height: (visible.bottom - visible.top) * scale,
    };
  }
  const box = { left: Number.POSITIVE_INFINITY, top: Number.POSITIVE_INFINITY, right: 0, bottom: 0 };
  const scale = 4 ** plane.level / 4 ** square.level;
  for (const [from, to] of runs) {
    for (let index = Math.floor(from * scale); index < to * scale; index++) {
      const cell = pictureCell(square, index);
      if (!cell) continue;
      box.left = Math.min(box.left, cell.x);
      box.top = Math.min(box.top, cell.y);
      box.right = Math.max(box.right, cell.x + 1);
      box.bottom = Math.max(box.bottom, cell.y + 1);
    }
  }
  if (box.right === 0) return null;
  return {
    x: box.left * pixels,
    y: box.top * pixels,
    width: (box.right - box.left) * pixels,
    height: (box.bottom - box.top) * pixels,
  };
}
