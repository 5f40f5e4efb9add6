/** Pictures of the cells alone, compared with what they were: `npm run golden` writes them anew. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import pixelmatch from "pixelmatch";
import type { Locator } from "playwright-core";
import sharp from "sharp";
import { expect } from "vitest";

const folder = path.join(import.meta.dirname, "../golden/journeys");

/**
 * The picture of a viewer without what lies over its cells, and without the empty stage around them.
 *
 * Lines and words lie on a canvas of their own, drawn with the machine's fonts; it is hidden. What remains are cells:
 * whole pixels of colours that the CPU reference knows to the bit. The stage is cut away because its size is that of the
 * window's other parts.
 */
export async function shootCells(picture: Locator): Promise<Buffer> {
  const shown = (visibility: "" | "hidden") =>
    picture.evaluate((element, value) => {
      const over = [...element.querySelectorAll<HTMLElement>("canvas[aria-hidden]")];
      for (const other of element.parentElement?.children ?? [])
        if (other !== element && other instanceof HTMLElement) over.push(other);
      for (const other of over) other.style.visibility = value;
    }, visibility);
  await shown("hidden");
  const shot = await picture.screenshot();
  await shown("");
  return sharp(shot).trim({ threshold: 0 }).png({ compressionLevel: 9 }).toBuffer();
}

/** How many pixels of two pictures of one size differ at all. */
export async function differingPixels(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all([pixels(one), pixels(other)]);
  const size = { width: a.info.width, height: a.info.height };
  expect(size).toEqual({ width: b.info.width, height: b.info.height });
  const options = { threshold: 0, includeAA: true };
  return pixelmatch(a.data, b.data, undefined, size.width, size.height, options);
}

/** Not one pixel may differ: the colours of cells are whole numbers, the same on every machine. */
export async function matchCells(picture: Locator, name: string): Promise<void> {
  const now = await shootCells(picture);
  const file = path.join(folder, `${name}.png`);
  if (process.env.DUMPSCOPE_GOLDEN === "update" || !existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, now);
    return;
  }
  const differing = await differingPixels(now, readFileSync(file));
  if (differing > 0) writeFileSync(path.join(folder, `${name}-changed.png`), now);
  expect(differing).toBe(0);
}

function pixels(png: Buffer) {
  return sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
}
