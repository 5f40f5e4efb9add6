/** Draws the picture of a whole strip for people: PNG, whole pixels per cell, with its legend below. */
import sharp from "sharp";
import type { DrawnChannel } from "../../shared/channel/index.ts";
import type { Layout } from "../../shared/layout/index.ts";
import type { Palette, Theme } from "../../shared/palette/index.ts";
import type { Strip } from "../../shared/strip/index.ts";
import { drawLegend, type LegendNumbers } from "./legend.ts";
import { Canvas, fittingLevel, type PictureSubject, pictureExtent, picturePixels } from "./picture-pixels.ts";

/** The legend needs this much, however small the picture is. */
const LEAST_WIDTH = 512;
const MARGIN = 16;

export interface PictureRequest extends PictureSubject {
  readonly strip: Strip;
  readonly layout: Layout;
  readonly channel: DrawnChannel;
  /** The channel's own without one. */
  readonly palette?: Palette | undefined;
  /** Pixels across, without margins: the strip is drawn at the finest level at which it is at most so wide. */
  readonly width: number;
  /** Name of the snapshot first, then what a reader must know: SHA-256 of the dump, time, counts. */
  readonly title: readonly string[];
  readonly numbers: LegendNumbers;
  readonly theme: Theme;
  readonly signal?: AbortSignal | undefined;
}

/** @returns a PNG. The same request gives the same bytes. */
export async function drawPicture(request: PictureRequest): Promise<Buffer> {
  const { strip, layout, channel, palette, width, title, numbers, theme, signal } = request;
  const level = fittingLevel(strip, layout, width);
  const view = { strip, layout, level, rasterWidth: width };
  // Below a byte there is no level: a small strip gets several pixels per cell.
  const scale = Math.max(1, Math.floor(width / pictureExtent(view).width));
  const pixels = await picturePixels(request, view, channel, theme, scale, signal, palette);
  const across = Math.max(LEAST_WIDTH, pixels.width + 2 * MARGIN);
  const legend = drawLegend({ channel, palette, layout, level, scale, theme, width: across, title, numbers });
  const height = MARGIN + pixels.height + legend.height;
  const page = new Canvas(across, height, 1, channel, theme, level, palette).rgba;
  copyRows(page, across, MARGIN, MARGIN, pixels.rgba, pixels.width);
  copyRows(page, across, 0, MARGIN + pixels.height, legend.rgba, legend.width);
  return sharp(page, { raw: { width: across, height, channels: 4 } })
    .composite([{ input: Buffer.from(legend.svg), left: 0, top: MARGIN + pixels.height }])
    .removeAlpha()
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** The legend that the picture has below it, alone: swatches as pixels, letters as outlines. */
export async function legendSvg(request: PictureRequest): Promise<string> {
  const { strip, layout, channel, palette, width, title, numbers, theme } = request;
  const level = fittingLevel(strip, layout, width);
  const extent = pictureExtent({ strip, layout, level, rasterWidth: width });
  const scale = Math.max(1, Math.floor(width / extent.width));
  const across = Math.max(LEAST_WIDTH, extent.width * scale + 2 * MARGIN);
  const { height, rgba, svg } = drawLegend({
    channel,
    palette,
    layout,
    level,
    scale,
    theme,
    width: across,
    title,
    numbers,
  });
  const png = await sharp(rgba, { raw: { width: across, height, channels: 4 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  const image = `<image width="${across}" height="${height}" href="data:image/png;base64,${png.toString("base64")}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${across}" height="${height}">${image}${svg}</svg>\n`;
}

/** Puts an image of four bytes a pixel into a wider one. */
function copyRows(
  page: Uint8Array,
  pageWidth: number,
  left: number,
  top: number,
  rgba: Uint8Array,
  width: number,
): void {
  for (let y = 0; y * width * 4 < rgba.byteLength; y++) {
    page.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), ((top + y) * pageWidth + left) * 4);
  }
}
