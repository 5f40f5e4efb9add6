/** The viewer in a real browser: what the GPU draws is what the CPU reference says, and pictures stay as they are. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Viewer } from "../../client/viewer/index.ts";
import { pictureCell, pictureIndex, picturePlane } from "../../shared/layout/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { pageAtPosition, positionOfPage } from "../../shared/strip/index.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";
import type { Compared } from "./page/frames.ts";
import { type Synthetic, synthetic } from "./synthetic.ts";

declare const viewer: Viewer;
declare const made: Synthetic;
declare const lose: WEBGL_lose_context;
declare function compareFrames(): Promise<Compared>;

const golden = join(import.meta.dirname, "..", "golden", "viewer");
let browser: TestBrowser;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  expect(browser?.errors).toEqual([]);
});

async function openViewer(query = ""): Promise<Page> {
  const page = await browser.open(`index.html${query}`);
  await page.waitForFunction(() => "viewer" in window);
  return page;
}

/** Until fonts and tiles are here, names are placed, and nothing has been drawn for a while. */
async function rest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    // What was asked for is wanted from the next frame on, which a busy machine draws late.
    for (let n = 0; n < 2; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
    await pause(50);
    for (let frames = -1; viewer.status.open > 0 || viewer.measures.frames !== frames; ) {
      frames = viewer.measures.frames;
      await pause(300);
    }
  });
}

/**
 * Compares with the golden picture; the one that differs is saved beside it as `-changed`.
 * @param most pixels that may differ: 0 for cells; text may differ by machine, so pictures with names allow 0.3 %.
 */
async function matchGolden(page: Page, name: string, most = 0.003): Promise<void> {
  const shot = await page.screenshot();
  const path = join(golden, `${name}.png`);
  if (process.env.DUMPSCOPE_GOLDEN === "update" || !existsSync(path)) {
    mkdirSync(golden, { recursive: true });
    writeFileSync(path, await sharp(shot).png({ compressionLevel: 9, palette: false }).toBuffer());
    return;
  }
  const raw = async (bytes: Buffer) => sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const now = await raw(shot);
  const then = await raw(readFileSync(path));
  expect(now.info.width).toBe(then.info.width);
  expect(now.info.height).toBe(then.info.height);
  const differing = pixelmatch(now.data, then.data, undefined, now.info.width, now.info.height, {
    threshold: 0,
    includeAA: true,
  });
  if (differing > most * now.info.width * now.info.height) writeFileSync(path.replace(".png", "-changed.png"), shot);
  expect(differing).toBeLessThanOrEqual(most * now.info.width * now.info.height);
}

test("every frame is the same bytes on the GPU and on the CPU", async () => {
  const page = await browser.open("frames.html");
  await page.waitForFunction(() => "compareFrames" in window);
  const { results, uploads, uploadsAgain } = await page.evaluate(() => compareFrames());
  expect(results.filter(({ differing }) => differing > 0)).toEqual([]);
  // A case that shows nothing would prove nothing.
  expect(results.filter(({ name, colors }) => colors < 2 && name !== "nothing has come")).toEqual([]);
  expect(results.length).toBeGreaterThan(55);
  // More than the cache has room for at first: it grows, and what it holds is not uploaded again.
  expect(uploads).toBeGreaterThan(128);
  expect(uploadsAgain).toBe(0);
  await page.close();
});

test("on the least GPU that WebGL2 allows every frame is still the same bytes", async () => {
  const page = await browser.open("frames.html");
  await page.addInitScript(() => {
    const least = new Map<number, number>([
      [WebGL2RenderingContext.MAX_TEXTURE_SIZE, 2048],
      [WebGL2RenderingContext.MAX_ARRAY_TEXTURE_LAYERS, 256],
    ]);
    const real = WebGL2RenderingContext.prototype;
    const { getParameter, texStorage3D, texImage2D } = real;
    const demand = (...sides: number[]) => {
      if (Math.max(...sides) > 2048) throw new Error(`a texture of ${sides.join(" × ")}`);
    };
    real.getParameter = function (name) {
      return least.get(name) ?? getParameter.call(this, name);
    };
    real.texStorage3D = function (target, levels, format, width, height, depth) {
      demand(width, height, depth * 8);
      texStorage3D.call(this, target, levels, format, width, height, depth);
    };
    real.texImage2D = function (this: WebGL2RenderingContext, ...given: unknown[]) {
      demand(given[3] as number, given[4] as number);
      (texImage2D as (...given: unknown[]) => void).apply(this, given);
    } as typeof texImage2D;
  });
  await page.reload();
  await page.waitForFunction(() => "compareFrames" in window);
  const { results } = await page.evaluate(() => compareFrames());
  expect(results.filter(({ differing }) => differing > 0)).toEqual([]);
  expect(results.length).toBeGreaterThan(35);
  await page.close();
});

describe("pictures", () => {
  const looks = {
    "hilbert-class": () => viewer.setLook({ channel: "class" }),
    "hilbert-entropy": () => viewer.setLook({ channel: "entropy" }),
    "hilbert-residual": () =>
      // The page has no imports: moved, shared and new.
      viewer.setLook({ channel: "provenance", litProvenance: new Set([4, 5, 7]), litLeft: 0 }),
    "hilbert-light": () => viewer.setLook({ theme: "light" }),
  } as const;
  for (const [name, change] of Object.entries(looks))
    test(name, async () => {
      const page = await openViewer();
      await page.evaluate(change);
      await rest(page);
      await matchGolden(page, name);
      await page.close();
    });

  const zooms = {
    fitted: null,
    "64 bytes per cell": { level: 3, pixels: 1 },
    "four pixels per byte": { level: 0, pixels: 4 },
  } as const;
  for (const layout of ["hilbert", "z-order", "raster"] as const)
    for (const [title, zoom] of Object.entries(zooms))
      test(`${layout}, ${title}`, async () => {
        const page = await openViewer();
        await page.evaluate(
          ({ layout, zoom }) => {
            viewer.setLook({ layout, pageGrid: true });
            const mapping = made.strip.mappings.find(({ source }) => source === 10)!;
            const place = { space: mapping.space, page: mapping.start, offset: 0x25 };
            if (zoom) viewer.setZoom(zoom, place);
          },
          { layout, zoom },
        );
        await rest(page);
        await matchGolden(page, `${layout}-${zoom ? `${zoom.level}.${zoom.pixels}` : "fit"}`);
        await page.close();
      });

  test("bytes, with the row of the cursor", async () => {
    const page = await openViewer();
    await page.evaluate(() => {
      const mapping = made.strip.mappings.find(({ source }) => source === 4)!;
      const place = { space: mapping.space, page: mapping.start, offset: 0x25 };
      viewer.setCursor(place);
      viewer.setZoom({ level: 0, pixels: 24 }, place);
    });
    await rest(page);
    // Two digits in each of a thousand cells: text is a fifth of the picture.
    await matchGolden(page, "bytes", 0.05);
    await page.close();
  });

  test("a bitmap in a raster of its width", async () => {
    const page = await openViewer();
    await page.evaluate(() => {
      const mapping = made.strip.mappings.find(({ source }) => source === 5)!;
      const place = { space: mapping.space, page: mapping.start, offset: 0 };
      viewer.setLook({ layout: "raster", channel: "value", rasterWidth: 256 });
      viewer.setCursor(place);
      viewer.setZoom({ level: 0, pixels: 2 }, place);
    });
    await rest(page);
    await matchGolden(page, "raster-bitmap");
    await page.close();
  });
});

describe("hands", () => {
  test("a click selects the byte under it, and hover says what it is", async () => {
    const page = await openViewer();
    const place = await page.evaluate(() => {
      const mapping = made.strip.mappings.find(({ source }) => source === 4)!;
      const place = { space: mapping.space, page: mapping.start, offset: 0x25 };
      viewer.setZoom({ level: 0, pixels: 24 }, place);
      return place;
    });
    await rest(page);
    await page.mouse.move(532, 276);
    await page.mouse.click(532, 276);
    await page.waitForTimeout(100);
    const seen = await page.evaluate(() => ({
      cursor: viewer.cursor,
      hovered: viewer.hovered,
      byte: made.bytesAt(viewer.positionOf(viewer.cursor!)!)![viewer.cursor!.offset],
    }));
    expect(seen.cursor).toEqual(place);
    expect(seen.hovered).toMatchObject({ place, bytes: 1, mapping: 4, cell: { state: 6 } });
    await page.close();
  });

  test("the wheel zooms by whole steps around the pointer, a drag pans, and the URL's place leads back", async () => {
    const page = await openViewer();
    await rest(page);
    await page.mouse.move(400, 200);
    await page.waitForTimeout(100);
    const before = await page.evaluate(() => ({ zoom: viewer.zoom, hovered: viewer.hovered }));
    for (let notch = 0; notch < 3; notch++) await page.mouse.wheel(0, -100);
    await rest(page);
    const after = await page.evaluate(() => ({ zoom: viewer.zoom, hovered: viewer.hovered }));
    expect(after.zoom).toEqual({ level: before.zoom.level - 3, pixels: 1 });
    expect(after.hovered!.place.page).toBe(before.hovered!.place.page);
    const center = await page.evaluate(() => viewer.center!);
    await page.mouse.down();
    await page.mouse.move(300, 260, { steps: 4 });
    await page.mouse.up();
    const moved = await page.evaluate(() => ({ center: viewer.center!, cursor: viewer.cursor }));
    expect(moved.center).not.toEqual(center);
    expect(moved.cursor).toBeNull();
    await page.evaluate((place) => viewer.setZoom({ level: 3, pixels: 1 }, place), center);
    const back = await page.evaluate(() => viewer.center!);
    expect(back.page).toBe(center.page);
    await page.close();
  });

  test("a rectangle is what was drawn, also when the hand ends where there is no memory", async () => {
    const page = await openViewer();
    await rest(page);
    const [from, to] = [
      { x: 600, y: 300 },
      { x: 800, y: 440 },
    ];
    await page.mouse.move(to.x, to.y);
    await rest(page);
    expect(await page.evaluate(() => viewer.hovered)).toBeNull();
    await page.mouse.move(from.x, from.y);
    await rest(page);
    const { hovered, zoom } = await page.evaluate(() => ({ hovered: viewer.hovered!, zoom: viewer.zoom }));
    await page.keyboard.down("Shift");
    await page.keyboard.down("Alt");
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await rest(page);
    const regions = await page.evaluate(() => viewer.regions);

    const { strip } = synthetic();
    const plane = picturePlane(strip, "hilbert", zoom.level, 256);
    const cellBytes = 4 ** zoom.level;
    const byteOf = (space: string, address: number) => {
      const at = positionOfPage(strip, space as Space, Math.floor(address / 4096) as PageAddress);
      return at === undefined ? undefined : at * 4096 + (address % 4096);
    };
    const start = pictureCell(
      plane,
      Math.floor(byteOf(hovered.place.space, hovered.place.page * 4096 + hovered.place.offset)! / cellBytes),
    )!;
    const end = { x: start.x + (to.x - from.x) / zoom.pixels, y: start.y + (to.y - from.y) / zoom.pixels };
    let inside = 0;
    for (let y = 0; y < plane.height; y++) {
      for (let x = 0; x < plane.width; x++) {
        const index = pictureIndex(plane, x, y);
        const found = index === undefined ? undefined : pageAtPosition(strip, Math.floor((index * cellBytes) / 4096));
        if (index === undefined || !found) continue;
        const address = BigInt(found.page) * 4096n + BigInt((index * cellBytes) % 4096);
        const isSelected = regions.some(
          (region) => region.space === found.mapping.space && region.start <= address && address < region.end,
        );
        const isDrawn = x >= start.x && x <= end.x && y >= start.y && y <= end.y;
        if (isSelected !== isDrawn) throw new Error(`cell ${x}, ${y}: drawn ${isDrawn}, selected ${isSelected}`);
        if (isDrawn) inside++;
      }
    }
    expect(inside).toBeGreaterThan(100);
    await page.close();
  });

  test("keys move by cells and over gaps", async () => {
    const page = await openViewer();
    await rest(page);
    const moved = await page.evaluate(() => {
      const mapping = made.strip.mappings[0];
      viewer.setCursor({ space: mapping.space, page: mapping.start, offset: 0 });
      viewer.moveCursor(1, 0);
      return viewer.cursor!;
    });
    expect(moved).not.toBeNull();
    expect(moved.offset + moved.page).toBeGreaterThan(0x400);
    await page.close();
  });

  test("changing the layout keeps the place in the middle", async () => {
    const page = await openViewer();
    await rest(page);
    const places = await page.evaluate(() => {
      const mapping = made.strip.mappings.find(({ source }) => source === 11)!;
      const place = { space: mapping.space, page: mapping.start, offset: 0 };
      viewer.setZoom({ level: 1, pixels: 1 }, place);
      const first = viewer.center!;
      viewer.setLook({ layout: "raster" });
      const raster = viewer.center!;
      viewer.setLook({ layout: "hilbert" });
      return { first, raster, again: viewer.center! };
    });
    expect(Math.abs(places.raster.page - places.first.page)).toBeLessThanOrEqual(1);
    expect(Math.abs(places.again.page - places.first.page)).toBeLessThanOrEqual(1);
    await page.close();
  });
});

test("while tiles are on their way the coarser ones stand in, never the background", async () => {
  const page = await openViewer("?delay=1500");
  await rest(page);
  await page.evaluate(() => {
    const { space, start } = made.strip.mappings[4];
    viewer.setZoom({ level: 1, pixels: 1 }, { space, page: start, offset: 0 });
  });
  const shot = await page.screenshot({ clip: { x: 540, y: 284, width: 120, height: 120 } });
  expect(await page.evaluate(() => viewer.status.open)).toBeGreaterThan(0);
  const pixels = await sharp(shot).removeAlpha().raw().toBuffer();
  let background = 0;
  for (let at = 0; at < pixels.length; at += 3) if (pixels[at] === 0x0b && pixels[at + 1] === 0x0c) background++;
  // The hatch that marks a coarse tile is every fourth diagonal.
  const share = background / (pixels.length / 3);
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.45);
  await page.close();
});

test("a lost context comes back with the same picture", async () => {
  const page = await openViewer();
  await rest(page);
  const before = await page.screenshot();
  await page.evaluate(() => {
    const gl = document.querySelector<HTMLCanvasElement>("#picture canvas")!.getContext("webgl2")!;
    const lose = gl.getExtension("WEBGL_lose_context")!;
    lose.loseContext();
    setTimeout(() => lose.restoreContext(), 200);
  });
  await page.waitForFunction(() => viewer.graphics === "lost");
  await page.waitForFunction(() => viewer.graphics === "webgl2");
  await rest(page);
  expect(Buffer.compare(await page.screenshot(), before)).toBe(0);
  await page.close();
});

test("graphics that are not given back are done without: the same cells, in a canvas of their own", async () => {
  const page = await openViewer();
  await rest(page);
  const before = await page.screenshot();
  await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("#picture canvas")!;
    Object.assign(window, { lose: canvas.getContext("webgl2")!.getExtension("WEBGL_lose_context")! });
    lose.loseContext();
  });
  await page.waitForFunction(() => viewer.graphics === "lost");
  // What a browser shows in a lost canvas is never seen.
  expect(
    await page.evaluate(() => document.querySelector<HTMLCanvasElement>("#picture canvas")!.style.visibility),
  ).toBe("hidden");
  await page.waitForFunction(() => viewer.graphics === "canvas2d");
  await rest(page);
  expect(Buffer.compare(await page.screenshot(), before)).toBe(0);
  await page.setViewportSize({ width: 900, height: 500 });
  await page.evaluate(() => viewer.zoomBy(2));
  await rest(page);
  const without = await page.screenshot();

  await page.evaluate(() => lose.restoreContext());
  await page.waitForFunction(() => viewer.graphics === "webgl2");
  await rest(page);
  expect(Buffer.compare(await page.screenshot(), without)).toBe(0);
  expect(await page.evaluate(() => document.querySelectorAll("#picture canvas").length)).toBe(2);
  await page.close();
});

test("nothing is drawn while nothing changes", async () => {
  const page = await openViewer();
  await rest(page);
  await page.waitForTimeout(300);
  const frames = await page.evaluate(async () => {
    const first = viewer.measures.frames;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return viewer.measures.frames - first;
  });
  expect(frames).toBe(0);
  await page.close();
});
