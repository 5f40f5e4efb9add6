/** From one snapshot to the next in one window: what is equal is on the GPU already. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { browser, drawn, openWorld, place, takeSample } from "./world.ts";

let ids: { readonly t0: string; readonly t1: string };

openWorld();
beforeAll(async () => {
  ids = await takeSample(place);
});

declare const uploaded: string[];

/** Loads it again, so that each plane that is given to a texture array is named by its bytes. */
async function watchUploads(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const names: string[] = [];
    Object.assign(globalThis, { uploaded: names });
    const gl = WebGL2RenderingContext.prototype;
    const { texSubImage3D } = gl;
    gl.texSubImage3D = function (this: WebGL2RenderingContext, ...given: unknown[]) {
      let hash = 0;
      for (const byte of given[10] as Uint8Array) hash = (Math.imul(hash, 31) + byte) | 0;
      names.push(String(hash));
      (texSubImage3D as (...all: unknown[]) => void).apply(this, given);
    } as typeof texSubImage3D;
  });
  await page.reload();
}

/** The tiles that were uploaded since it was last asked, each by the names of its three planes. */
async function tilesUploaded(page: Page): Promise<string[]> {
  const planes = await page.evaluate(() => uploaded.splice(0));
  return Array.from({ length: planes.length / 3 }, (_, n) => planes.slice(n * 3, n * 3 + 3).join(" "));
}

/** As a click on a link of the application goes there: in the same document. */
async function goOn(page: Page, to: string): Promise<void> {
  await page.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, to);
  await page.waitForURL(`**${to}**`);
}

test("the next snapshot, and coming back, upload no tile that the window has drawn before", async () => {
  const page = await browser.open(place.url);
  await watchUploads(page);
  await goOn(page, `/s/${ids.t0}`);
  await drawn(page);
  const first = await tilesUploaded(page);
  expect(first.length).toBeGreaterThan(2);
  await goOn(page, `/s/${ids.t1}`);
  await drawn(page);
  const next = await tilesUploaded(page);
  expect(next.filter((tile) => first.includes(tile))).toEqual([]);
  // Some did change: the picture is that of the next snapshot.
  expect(next.length).toBeGreaterThan(0);
  await goOn(page, "/");
  await page.getByRole("application").waitFor({ state: "detached" });
  await goOn(page, `/s/${ids.t0}`);
  await drawn(page);
  expect(await tilesUploaded(page)).toEqual([]);
});
