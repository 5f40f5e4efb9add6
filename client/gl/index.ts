/** Public face of `gl`: renderers of one picture frame, on the GPU and on the CPU. */
export { createCanvasRenderer, renderPixels } from "./canvas-renderer.ts";
export { HILBERT_CELLS, turnCode } from "./hilbert-table.ts";
export type {
  FrameLayout,
  PictureFrame,
  Renderer,
  RendererKind,
  RowView,
  TilePlace,
  TileView,
} from "./picture-frame.ts";
export { createWebglRenderer, type WebglRenderer } from "./webgl-renderer.ts";
