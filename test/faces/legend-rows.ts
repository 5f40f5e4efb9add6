/**
 * What the legend of a drawn picture says. Its letters are outlines, so a line is looked for as it would be drawn: words
 * stand on whole pixels, and the number is drawn where they end.
 */
import sharp from "sharp";
import { textPath, textWidth } from "../../server/tiles/lettering.ts";

/** Of the legend in the dark: text of words and of values, and its size. */
const WORDS = "#abb2bb";
const VALUES = "#e7e9ec";
const SIZE = 12;
/** A row's height, and where its baseline is in it. */
const HEIGHT = 14;
const BASELINE = 10;

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

async function pixelsOf(image: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** @param left where the text begins in its picture. */
function drawn(text: string, color: string, left: number, ground: Buffer): Promise<Pixels> {
  const width = Math.max(1, Math.ceil(left + textWidth(text, SIZE)));
  const back = `rgb(${ground.join(",")})`;
  const path = `<path fill="${color}" d="${textPath(text, left, BASELINE, SIZE)}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}"><rect width="100%" height="100%" fill="${back}"/>${path}</svg>`;
  return pixelsOf(Buffer.from(svg));
}

function stands(image: Pixels, text: Pixels, left: number, top: number): boolean {
  if (left + text.width > image.width || top + text.height > image.height) return false;
  for (let y = 0; y < text.height; y++)
    for (let x = 0; x < text.width * 3; x++) {
      const there = image.data[((top + y) * image.width + left) * 3 + x];
      if (Math.abs(there - text.data[y * text.width * 3 + x]) > 12) return false;
    }
  return true;
}

/** @param image a PNG, or an SVG. @returns whether a row of its legend has these words, and this number behind them. */
export async function hasRow(image: Buffer, words: string, value: string): Promise<boolean> {
  const all = await pixelsOf(image);
  const ground = all.data.subarray(0, 3);
  const name = await drawn(words, WORDS, 0, ground);
  const behind = textWidth(words, SIZE) + 8;
  const number = await drawn(value, VALUES, behind % 1, ground);
  for (let top = 0; top + HEIGHT <= all.height; top++)
    for (let left = 0; left < all.width; left++)
      if (stands(all, name, left, top) && stands(all, number, left + Math.floor(behind), top)) return true;
  return false;
}
