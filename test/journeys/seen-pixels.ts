/** What a picture shows: its pixels by colour. */
import type { Locator } from "playwright-core";
import sharp from "sharp";
import { shootCells } from "./golden.ts";

/** @returns how many pixels of the cells of a picture have each colour, `r,g,b` */
export async function seenPixels(picture: Locator): Promise<ReadonlyMap<string, number>> {
  const { data, info } = await sharp(await shootCells(picture))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const found = new Map<string, number>();
  for (let i = 0; i < data.length; i += info.channels) {
    const name = `${data[i]},${data[i + 1]},${data[i + 2]}`;
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return found;
}
