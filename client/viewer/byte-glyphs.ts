/**
 * Two hex digits in each cell, from 256 sprites in the colour of the byte's class: text is laid out once per size, then
 * copied. A screen of 1440 × 900 at 12 px has 3,500 cells.
 */

import { pictureIndex } from "../../shared/layout/index.ts";
import { classTextColor, cssColor } from "../../shared/palette/index.ts";
import { CLASS_OF_BYTE } from "../../shared/summary/index.ts";
import { CELL_STATES, TILE_CELLS } from "../../shared/tile/index.ts";
import { MONO } from "./chrome-colors.ts";
import type { Theme } from "./contract.ts";
import { isMonoHere } from "./fonts.ts";
import type { OverlayInput } from "./overlay.ts";

const RECORDED = CELL_STATES.indexOf("recorded");
const FILLED = CELL_STATES.indexOf("filled");

export class ByteGlyphs {
  #key = "";
  #sprites: HTMLCanvasElement | undefined;

  draw(context: CanvasRenderingContext2D, { scene, look, store }: OverlayInput): void {
    const { plane, visible, origin, zoom, view } = scene;
    const sprites = this.#spritesOf(zoom.pixels, look.theme, isMonoHere());
    const size = zoom.pixels;
    let tile: ReturnType<typeof store.get>;
    let tileIndex = -1;
    for (let y = visible.top; y < visible.bottom; y++) {
      const top = origin.y + y * size;
      if (top + size < 0 || top > view.height) continue;
      for (let x = visible.left; x < visible.right; x++) {
        const index = pictureIndex(plane, x, y);
        if (index === undefined) continue;
        const wanted = Math.floor(index / TILE_CELLS);
        if (wanted !== tileIndex) {
          tileIndex = wanted;
          tile = store.get("value", 0, wanted);
        }
        if (!tile) continue;
        const cell = index % TILE_CELLS;
        if (tile.state[cell] !== RECORDED && tile.state[cell] !== FILLED) continue;
        const byte = tile.a[cell];
        context.drawImage(
          sprites,
          (byte & 15) * size,
          (byte >> 4) * size,
          size,
          size,
          origin.x + x * size,
          top,
          size,
          size,
        );
      }
    }
  }

  #spritesOf(size: number, theme: Theme, isMono: boolean): HTMLCanvasElement {
    const key = `${size} ${theme} ${isMono}`;
    if (this.#sprites && this.#key === key) return this.#sprites;
    const canvas = document.createElement("canvas");
    canvas.width = 16 * size;
    canvas.height = 16 * size;
    const context = canvas.getContext("2d")!;
    // A digit of the mono face is 0.6 em wide: two of them, with a pixel of air on each side.
    const fontSize = Math.min(Math.floor(size * 0.5), Math.floor((size - 2) / 1.2));
    context.font = `400 ${Math.max(7, fontSize)}px ${MONO}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let byte = 0; byte < 256; byte++) {
      context.fillStyle = cssColor(classTextColor(CLASS_OF_BYTE[byte], theme));
      const x = (byte & 15) * size + size / 2;
      const y = (byte >> 4) * size + size / 2 + 1;
      context.fillText(byte.toString(16).padStart(2, "0"), x, y);
    }
    this.#key = key;
    this.#sprites = canvas;
    return canvas;
  }
}
