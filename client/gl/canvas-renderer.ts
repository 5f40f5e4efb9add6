/** Draws a picture without a GPU: where WebGL2 is missing, and as the reference in tests. */
import type { PictureFrame, Renderer } from "./picture-frame.ts";
import { shader } from "./shade.ts";

/** The picture as RGBA bytes, row by row. */
export function renderPixels(frame: PictureFrame): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(frame.width * frame.height);
  const colorAt = shader(frame);
  let at = 0;
  for (let y = 0; y < frame.height; y++) for (let x = 0; x < frame.width; x++) pixels[at++] = colorAt(x, y);
  return new Uint8ClampedArray(pixels.buffer);
}

export function createCanvasRenderer(canvas: HTMLCanvasElement): Renderer {
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new Error("This browser offers neither WebGL2 nor a 2D canvas");
  return {
    kind: "canvas2d",
    draw(frame) {
      if (frame.width === 0 || frame.height === 0) return;
      context.putImageData(new ImageData(renderPixels(frame), frame.width, frame.height), 0, 0);
    },
    dispose() {},
  };
}
