/** The small picture of the whole strip: its frame is what is in view, and a hand on it moves the view. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { browser, drawn, openWorld, place, soon, takeSample } from "./world.ts";

let t1: string;

openWorld();
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
});

const minimap = (page: Page) => page.getByRole("img", { name: "The whole strip; the frame is what is in view." });

/** Middle and size of the white frame, in CSS pixels of the minimap. */
function frame(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  return minimap(page).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext("2d", { willReadFrequently: true });
    context?.drawImage(canvas, 0, 0);
    const data = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const isWhite = (x: number, y: number) =>
      [0, 1, 2].every((part) => data[(y * canvas.width + x) * 4 + part] === 255);
    const box = { left: canvas.width, top: canvas.height, right: 0, bottom: 0 };
    // A line of the frame is white for as long as it goes; a white cell is not.
    for (let y = 0; y < canvas.height; y++)
      for (let x = 0; x + 4 < canvas.width; x++) {
        if (![0, 1, 2, 3, 4].every((step) => isWhite(x + step, y))) continue;
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x + 5);
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y + 1);
      }
    return {
      x: (box.left + box.right) / 2,
      y: (box.top + box.bottom) / 2,
      width: box.right - box.left,
      height: box.bottom - box.top,
    };
  });
}

test("the frame grows smaller with each zoom, and goes where the hand goes, with the view and its address", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`);
  await drawn(page);
  const whole = await frame(page);
  await page.getByRole("application").focus();
  await page.keyboard.press("Escape");
  for (let step = 0; step < 3; step++) await page.keyboard.press("+");
  await soon(async () => (await frame(page)).width).toBeLessThan(whole.width / 4);
  const small = await frame(page);

  const box = await minimap(page).boundingBox();
  if (!box) throw new Error("there is no minimap");
  const to = { x: 30, y: 38 };
  await page.mouse.move(box.x + small.x, box.y + small.y);
  await page.mouse.down();
  await page.mouse.move(box.x + (small.x + to.x) / 2, box.y + (small.y + to.y) / 2);
  await page.mouse.move(box.x + to.x, box.y + to.y);
  await page.mouse.up();
  await soon(async () => Math.abs((await frame(page)).x - to.x)).toBeLessThanOrEqual(2);
  await soon(async () => Math.abs((await frame(page)).y - to.y)).toBeLessThanOrEqual(2);
  await soon(() => page.url()).toMatch(/[?&]c=p1:/);
  const link = page.url();
  // What is in view is what the frame shows: the same address has the same frame.
  const other = await browser.open(link);
  await drawn(other);
  const there = await frame(page);
  await soon(() => frame(other)).toEqual(there);
  // A click goes back.
  await minimap(page).click({ position: { x: small.x, y: small.y } });
  await soon(() => page.url()).not.toBe(link);
  expect(Math.abs((await frame(page)).x - small.x)).toBeLessThanOrEqual(2);
});
