/**
 * A canvas with what draws into it. It outlives its viewer: the next one of the window takes it over with every tile that
 * is on the GPU, so that what is equal in the next snapshot is not uploaded again.
 *
 * Graphics that the browser takes away and keeps are done without: in another canvas, as one that had WebGL2 gives no
 * 2D context. Once they are given back they draw again.
 */
import { createCanvasRenderer } from "./canvas-renderer.ts";
import type { Renderer } from "./picture-frame.ts";
import { createWebglRenderer } from "./webgl-renderer.ts";

export interface Surface {
  /** Another one, of the same style and size and in the same place, after graphics were lost or came back. */
  readonly canvas: HTMLCanvasElement;
  /** `undefined` while the browser has taken the graphics away and may give them back at once. */
  readonly renderer: Renderer | undefined;
  /** Gives it back, out of the document; once. */
  release(): void;
}

interface OwnSurface extends Surface {
  canvas: HTMLCanvasElement;
  renderer: Renderer | undefined;
  onGraphics: () => void;
}

/** Both sides of a comparison. */
const MOST_KEPT = 2;
/** A driver that starts anew gives graphics back in less. */
const GIVEN_BACK_MS = 1000;

const kept: OwnSurface[] = [];

/** @param onGraphics after the renderer has gone, or another has come. */
export function takeSurface(onGraphics: () => void): Surface {
  const surface = kept.pop() ?? createSurface();
  surface.onGraphics = onGraphics;
  return surface;
}

function createSurface(): OwnSurface {
  const first = document.createElement("canvas");
  let timer: number | undefined;
  const surface: OwnSurface = {
    canvas: first,
    renderer: createWebglRenderer(first) ?? createCanvasRenderer(first),
    onGraphics: ignore,
    release() {
      surface.onGraphics = ignore;
      const { canvas } = surface;
      canvas.remove();
      // Drops the pixels: the next viewer never shows this one's picture.
      canvas.width = 0;
      canvas.height = 0;
      if (kept.length < MOST_KEPT) kept.push(surface);
      else {
        window.clearTimeout(timer);
        surface.renderer?.dispose();
      }
    },
  };
  const change = (canvas: HTMLCanvasElement, renderer: Renderer | undefined) => {
    window.clearTimeout(timer);
    if (canvas !== surface.canvas) replace(surface, canvas);
    surface.renderer = renderer;
    // A browser draws its sign of a broken image over a canvas that has lost its context.
    canvas.style.visibility = renderer ? "" : "hidden";
    surface.onGraphics();
  };
  first.addEventListener("webglcontextlost", (event) => {
    event.preventDefault();
    change(first, undefined);
    timer = window.setTimeout(() => {
      const other = document.createElement("canvas");
      change(other, createCanvasRenderer(other));
    }, GIVEN_BACK_MS);
  });
  first.addEventListener("webglcontextrestored", () => change(first, createWebglRenderer(first)));
  return surface;
}

function replace(surface: OwnSurface, canvas: HTMLCanvasElement): void {
  const before = surface.canvas;
  canvas.style.cssText = before.style.cssText;
  canvas.width = before.width;
  canvas.height = before.height;
  before.replaceWith(canvas);
  surface.canvas = canvas;
}

function ignore(): void {}
