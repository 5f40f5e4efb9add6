/**
 * The picture difference: how many pixels of two drawn sides differ. Every pixel counts, however little it differs and
 * whatever stands around it: threshold 0, and what pixelmatch would take for anti-aliasing is counted, because one
 * cell is one pixel here and nothing is smoothed.
 */
import pixelmatch from "pixelmatch";
import sharp from "sharp";
import type { DrawnChannel } from "../../shared/channel/index.ts";
import type { Layout } from "../../shared/layout/index.ts";
import { STAGE, VERDICT_COLORS } from "../../shared/palette/index.ts";
import type { Strip } from "../../shared/strip/index.ts";
import { fittingLevel, type PictureSubject, picturePixels } from "./picture-pixels.ts";

/** A strip is drawn at most this wide when no level is asked for. */
export const DIFFERENCE_WIDTH = 1024;

export interface PictureDifferenceRequest {
  readonly a: PictureSubject;
  readonly b: PictureSubject;
  /** The joint strip of both. */
  readonly strip: Strip;
  readonly layout: Layout;
  readonly channel: DrawnChannel;
  /** Without one: the finest at which the strip is at most 1,024 cells wide. */
  readonly level?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DrawnDifference {
  /** Pixels that differ. */
  readonly pixels: number;
  readonly width: number;
  readonly height: number;
  readonly level: number;
  /** Every pixel that differs in the colour of a change, over what is left of the first side's. */
  png(): Promise<Buffer>;
}

/** Both sides dark, one pixel per cell, without overlays. @throws DumpError `bad-request` at a level too fine to draw. */
export async function pictureDifference(request: PictureDifferenceRequest): Promise<DrawnDifference> {
  const { a, b, strip, layout, channel, signal } = request;
  const level = request.level ?? fittingLevel(strip, layout, DIFFERENCE_WIDTH);
  const view = { strip, layout, level, rasterWidth: DIFFERENCE_WIDTH };
  const left = await picturePixels(a, view, channel, "dark", 1, signal);
  const right = await picturePixels(b, view, channel, "dark", 1, signal);
  const { width, height } = left;
  const options = { threshold: 0, includeAA: true };
  return {
    pixels: pixelmatch(left.rgba, right.rgba, null, width, height, options),
    width,
    height,
    level,
    png: async () => {
      const mask = new Uint8Array(left.rgba.byteLength);
      pixelmatch(left.rgba, right.rgba, mask, width, height, { ...options, diffMask: true });
      return sharp(differenceRgb(left.rgba, mask), { raw: { width, height, channels: 3 } })
        .png({ compressionLevel: 9 })
        .toBuffer();
    },
  };
}

/** What a side keeps of its strength under the difference. */
const REST = 0.25;

/** @param mask four bytes a pixel, transparent where nothing differs. @returns three bytes a pixel. */
function differenceRgb(rgba: Uint8Array, mask: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    for (let c = 0; c < 3; c++) {
      const rest = Math.round(STAGE.dark[c] + (rgba[from + c] - STAGE.dark[c]) * REST);
      rgb[to + c] = mask[from + 3] === 0 ? rest : VERDICT_COLORS.dark.changed[c];
    }
  }
  return rgb;
}
