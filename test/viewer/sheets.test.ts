/**
 * What the GPU draws of each channel in each layout, and of each palette on each channel that has it, at three zooms, as
 * it was: small pictures, kept as one sheet each. Cells are whole numbers of colours, so not one pixel may differ.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Look } from "../../client/viewer/index.ts";
import { CHANNELS } from "../../shared/channel/index.ts";
import { LAYOUTS } from "../../shared/layout/index.ts";
import { PALETTES, palettesOf } from "../../shared/palette/index.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";

declare function drawSheet(looks: readonly Partial<Look>[], width: number, height: number): Promise<string[]>;

const golden = join(import.meta.dirname, "..", "golden", "sheets");
/** Of one picture. */
const WIDTH = 128;
const HEIGHT = 80;
const ZOOMS = 3;

let browser: TestBrowser;
let page: Page;
beforeAll(async () => {
  browser = await startBrowser();
  page = await browser.open("frames.html");
  await page.waitForFunction(() => "drawSheet" in window);
});
afterAll(async () => {
  await browser?.close();
  expect(browser?.errors).toEqual([]);
});

interface Sheet {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A row for each look, a column for each zoom. */
async function draw(looks: readonly Partial<Look>[]): Promise<Sheet> {
  const pictures = await page.evaluate(({ looks, width, height }) => drawSheet(looks, width, height), {
    looks,
    width: WIDTH,
    height: HEIGHT,
  });
  const width = ZOOMS * WIDTH;
  const data = new Uint8Array(width * looks.length * HEIGHT * 4);
  pictures.forEach((text, n) => {
    const rgba = Buffer.from(text, "base64");
    expect(rgba.length).toBe(WIDTH * HEIGHT * 4);
    const left = (n % ZOOMS) * WIDTH;
    const top = Math.floor(n / ZOOMS) * HEIGHT;
    for (let y = 0; y < HEIGHT; y++)
      data.set(rgba.subarray(y * WIDTH * 4, (y + 1) * WIDTH * 4), ((top + y) * width + left) * 4);
  });
  return { data, width, height: looks.length * HEIGHT };
}

/** Compares with the sheet that is kept; the one that differs is saved beside it as `-changed`. */
async function matchSheet(sheet: Sheet, name: string): Promise<void> {
  const file = join(golden, `${name}.png`);
  const { data, width, height } = sheet;
  const png = () =>
    sharp(data, { raw: { width, height, channels: 4 } })
      .removeAlpha()
      .png({ compressionLevel: 9 })
      .toBuffer();
  if (process.env.DUMPSCOPE_GOLDEN === "update" || !existsSync(file)) {
    mkdirSync(golden, { recursive: true });
    writeFileSync(file, await png());
    return;
  }
  const kept = await sharp(readFileSync(file)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([kept.info.width, kept.info.height]).toEqual([width, height]);
  const differing = pixelmatch(data, kept.data, undefined, width, height, { threshold: 0, includeAA: true });
  if (differing > 0) writeFileSync(file.replace(".png", "-changed.png"), await png());
  expect(differing).toBe(0);
}

test.each([...CHANNELS, "verdict", "hits"] as const)(
  "the channel %s in each layout at three zooms",
  async (channel) => {
    await matchSheet(await draw(LAYOUTS.map((layout) => ({ channel, layout }))), channel);
  },
);

test.each(PALETTES)("the palette %s on each channel that has it at three zooms", async (palette) => {
  const channels = [...CHANNELS, "verdict" as const].filter((channel) => palettesOf(channel).includes(palette));
  expect(channels.length).toBeGreaterThan(0);
  await matchSheet(await draw(channels.map((channel) => ({ channel, palette }))), `palette-${palette}`);
});

test("the light theme of each channel at three zooms", async () => {
  await matchSheet(
    await draw([...CHANNELS, "verdict" as const].map((channel) => ({ channel, theme: "light" as const }))),
    "light",
  );
});

test("a sheet that differs in one pixel is told", async () => {
  const [one, other] = [await draw([{ channel: "kind" }]), await draw([{ channel: "kind" }])];
  other.data[5] ^= 1;
  const { width, height } = one;
  expect(pixelmatch(one.data, other.data, undefined, width, height, { threshold: 0, includeAA: true })).toBe(1);
});
