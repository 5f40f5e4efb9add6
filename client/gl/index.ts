/** Public face of `gl`: renderers of one picture frame, on the GPU and on the CPU. */
export { renderPixels } from "./canvas-renderer.ts";
export type {
  FrameLayout,
  PictureFrame,
  Renderer,
  RendererKind,
  RowView,
  SquareLayout,
  TilePlace,
  TileView,
} from "./picture-frame.ts";
export { cellShader } from "./shade.ts";
export { type Surface, takeSurface } from "./surface.ts";
export { cellInTile } from "./tile-cells.ts";
export { createWebglRenderer, type WebglRenderer } from "./webgl-renderer.ts";
