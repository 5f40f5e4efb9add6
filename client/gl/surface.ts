/**
 * A canvas with what draws into it. It outlives its viewer: the next one of the window takes it over with every tile that
 * is on the GPU, so that what is equal in the next snapshot is not uploaded again.
 */
import { createCanvasRenderer } from "./canvas-renderer.ts";
import type { Renderer } from "./picture-frame.ts";
import { createWebglRenderer } from "./webgl-renderer.ts";

export interface Surface {
  readonly canvas: HTMLCanvasElement;
  /** `undefined` while the browser has taken the graphics away. */
  readonly renderer: Renderer | undefined;
  /** Gives it back, out of the document; once. */
  release(): void;
}

interface OwnSurface extends Surface {
  renderer: Renderer | undefined;
  onGraphics: () => void;
}

/** Both sides of a comparison. */
const MOST_KEPT = 2;

const kept: OwnSurface[] = [];

/** @param onGraphics after the renderer has gone, or another has come. */
export function takeSurface(onGraphics: () => void): Surface {
  const surface = kept.pop() ?? createSurface();
  surface.onGraphics = onGraphics;
  return surface;
}

function createSurface(): OwnSurface {
  const canvas = document.createElement("canvas");
  const makeRenderer = () => createWebglRenderer(canvas) ?? createCanvasRenderer(canvas);
  const surface: OwnSurface = {
    canvas,
    renderer: makeRenderer(),
    onGraphics: ignore,
    release() {
      surface.onGraphics = ignore;
      canvas.remove();
      // Drops the pixels: the next viewer never shows this one's picture.
      canvas.width = 0;
      canvas.height = 0;
      if (kept.length < MOST_KEPT) kept.push(surface);
      else surface.renderer?.dispose();
    },
  };
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault();
    surface.renderer = undefined;
    surface.onGraphics();
  });
  canvas.addEventListener("webglcontextrestored", () => {
    surface.renderer = makeRenderer();
    surface.onGraphics();
  });
  return surface;
}

function ignore(): void {}
