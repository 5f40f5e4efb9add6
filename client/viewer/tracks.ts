/** Right of a raster: for each row its entropy, as a bar on the scale of the legend, and its highest provenance. */
import { rasterRow } from "../../shared/layout/index.ts";
import { categoryColors, cellColor, cssColor } from "../../shared/palette/index.ts";
import { cellStateCode, TILE_CELLS } from "../../shared/tile/index.ts";
import { CHROME, SANS } from "./chrome-colors.ts";
import { MARGIN } from "./coordinates.ts";
import type { OverlayInput } from "./overlay.ts";
import type { Scene } from "./scene.ts";

const RECORDED = cellStateCode("recorded");
const NONE = 255;
/** CSS pixels. */
const GAP = 16;
const ENTROPY_WIDTH = 90;
const PROVENANCE_WIDTH = 10;
export const TRACKS_WIDTH = GAP + ENTROPY_WIDTH + GAP + PROVENANCE_WIDTH + GAP;

/** Whether there is room for tracks beside the rows. */
export function hasTracks(scene: Scene): boolean {
  const { plane, view, origin, zoom } = scene;
  if (!plane.rows) return false;
  return origin.x + plane.width * zoom.pixels + TRACKS_WIDTH * view.ratio <= view.width;
}

interface RowTracks {
  /** Mean code of entropy of the row's recorded cells, 0 = all zero, 255 = none. */
  readonly entropy: Float32Array;
  /** Highest provenance, 255 = none. */
  readonly provenance: Uint8Array;
}

/** Rows are counted once per scene and set of tiles, not once per frame of the pointer. */
const kept = new WeakMap<Scene, RowTracks>();

function tracksOf({ scene, store }: OverlayInput): RowTracks {
  const known = kept.get(scene);
  if (known) return known;
  const { plane, visible, zoom } = scene;
  const count = visible.bottom - visible.top;
  const entropy = new Float32Array(count).fill(NONE);
  const provenance = new Uint8Array(count).fill(NONE);
  for (let n = 0; n < count; n++) {
    const row = rasterRow(plane.rows!, visible.top + n);
    if (!row) continue;
    let sum = 0;
    let cells = 0;
    let highest = -1;
    for (let cell = row.cell; cell < row.cell + row.cells; ) {
      const index = Math.floor(cell / TILE_CELLS);
      const end = Math.min(row.cell + row.cells, (index + 1) * TILE_CELLS);
      const bits = store.get("entropy", zoom.level, index);
      const why = store.get("provenance", zoom.level, index);
      for (; cell < end; cell++) {
        const at = cell % TILE_CELLS;
        if (bits && bits.state[at] === RECORDED) {
          sum += bits.a[at];
          cells++;
        }
        if (why && why.state[at] === RECORDED) highest = Math.max(highest, why.a[at]);
      }
    }
    if (cells > 0) entropy[n] = sum / cells;
    if (highest >= 0) provenance[n] = highest;
  }
  const made = { entropy, provenance };
  kept.set(scene, made);
  return made;
}

export function drawTracks(context: CanvasRenderingContext2D, input: OverlayInput): void {
  const { scene, look } = input;
  if (!hasTracks(scene)) return;
  const { plane, view, origin, zoom, visible } = scene;
  const colors = CHROME[look.theme];
  const { ratio } = view;
  const px = (css: number) => Math.round(css * ratio);
  const left = origin.x + plane.width * zoom.pixels + px(GAP);
  const right = left + px(ENTROPY_WIDTH);
  const provenanceLeft = right + px(GAP);
  const { entropy, provenance } = tracksOf(input);
  const palette = categoryColors("provenance", look.theme).map(cssColor);
  for (let n = 0; n < entropy.length; n++) {
    const y = origin.y + (visible.top + n) * zoom.pixels;
    if (entropy[n] !== NONE) {
      const code = Math.round(entropy[n]);
      context.fillStyle = cssColor(cellColor("entropy", RECORDED, code, 0, zoom.level, look.theme));
      context.fillRect(
        left,
        y,
        Math.max(1, Math.round((Math.max(0, entropy[n] - 1) / 254) * (right - left))),
        zoom.pixels,
      );
    }
    if (provenance[n] !== NONE) {
      context.fillStyle = palette[provenance[n]];
      context.fillRect(provenanceLeft, y, px(PROVENANCE_WIDTH), zoom.pixels);
    }
  }
  const top = Math.max(0, origin.y);
  const bottom = Math.min(view.height, origin.y + plane.height * zoom.pixels);
  context.fillStyle = colors.border;
  for (const bits of [0, 4, 8]) context.fillRect(left + Math.round((bits / 8) * (right - left)), top, 1, bottom - top);
  context.fillStyle = colors.stage;
  context.fillRect(left - px(6), 0, px(TRACKS_WIDTH), px(MARGIN));
  context.font = `400 ${11 * ratio}px ${SANS}`;
  context.fillStyle = colors.t3;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillText("0", left, px(14));
  context.fillText("8", right - px(7), px(14));
  context.textAlign = "center";
  context.fillText("bits per byte", (left + right) / 2, px(14));
  context.textAlign = "left";
  context.fillText("prov.", provenanceLeft - px(6), px(14));
}
