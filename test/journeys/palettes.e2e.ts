/** Palettes of a channel: chosen in its legend or by command, seen in picture, legend, link and PNG, and asked of nobody. */
import type { Page, Request } from "playwright-core";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { cellColor, type Palette } from "../../shared/palette/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import { shootCells } from "./golden.ts";
import { browser, drawn, openWorld, place, soon, takeSample } from "./world.ts";

const RECORDED = cellStateCode("recorded");

let t1: string;

openWorld();
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
});

/** Pixels by colour, `r,g,b`. */
function coloursOf({ data, info }: { data: Buffer; info: { channels: number } }): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let at = 0; at < data.length; at += info.channels) {
    const name = `${data[at]},${data[at + 1]},${data[at + 2]}`;
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return found;
}

async function seen(page: Page): Promise<ReadonlyMap<string, number>> {
  const shot = await shootCells(page.getByRole("application"));
  return coloursOf(await sharp(shot).raw().toBuffer({ resolveWithObject: true }));
}

/** Colours of entropy from 0.1 to 8 bits per byte. */
function scale(palette: Palette): string[] {
  return Array.from({ length: 250 }, (_, n) =>
    cellColor("entropy", RECORDED, n + 5, 0, 6, "dark", "full", palette).join(),
  );
}

const pixelsIn = (colours: ReadonlyMap<string, number>, among: readonly string[]) =>
  [...new Set(among)].reduce((sum, name) => sum + (colours.get(name) ?? 0), 0);

test("the palette of entropy is chosen in its legend: picture, ramp and link follow, and no tile is asked for", async () => {
  const page = await browser.open(`${place.url}/s/${t1}?v=1&ch=entropy`);
  await drawn(page);
  await page.waitForLoadState("networkidle");
  const asked: string[] = [];
  page.on("request", (request: Request) => {
    if (new URL(request.url()).pathname.includes("/tiles/")) asked.push(request.url());
  });
  const legend = page.getByRole("region", { name: "Legend: Entropy" });
  const choice = legend.getByRole("combobox", { name: "Palette" });
  expect(await choice.inputValue()).toBe("viridis");
  expect(await choice.locator("option").allTextContents()).toEqual(["Viridis", "Magma", "Cividis", "Grey"]);
  const before = await seen(page);
  const inViridis = pixelsIn(before, scale("viridis"));
  expect(inViridis).toBeGreaterThan(10_000);

  await choice.selectOption("magma");
  await soon(() => new URL(page.url()).searchParams.get("p")).toBe("magma");
  await drawn(page);
  const after = await seen(page);
  expect(pixelsIn(after, scale("magma"))).toBe(inViridis);
  expect(pixelsIn(after, scale("viridis"))).toBe(0);
  // Its last part is the middle of the last eighth of a bit.
  const ramp = legend.getByRole("img", { name: /^Entropy from 0 to 8/ }).locator("rect[fill]");
  expect(await ramp.last().getAttribute("fill")).toBe("#fcf9bb");

  expect(asked).toEqual([]);

  // Another channel has its own palettes; back in entropy the chosen one is there again.
  await page.keyboard.press("4");
  await page.getByRole("region", { name: "Legend: Provenance" }).waitFor();
  await soon(() => new URL(page.url()).searchParams.get("p")).toBe(null);
  expect(await page.getByRole("combobox", { name: "Palette" }).count()).toBe(0);
  await page.keyboard.press("3");
  await soon(() => new URL(page.url()).searchParams.get("p")).toBe("magma");
  await drawn(page);
  expect(await seen(page)).toEqual(after);

  // The link brings it back.
  const again = await browser.open(page.url());
  await drawn(again);
  expect(await seen(again)).toEqual(after);
});

test("commands choose palettes, say where there is none, and the PNG has the colours of the screen", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`);
  await drawn(page);
  const run = async (words: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /Search/ }).fill(words);
    return page.getByRole("option", { name: new RegExp(words) }).first();
  };
  const none = await run("Palette: Magma");
  expect(await none.textContent()).toContain("Class has no such palette");
  await page.keyboard.press("Escape");
  await (await run("Palette: Classic")).click();
  await soon(() => new URL(page.url()).searchParams.get("p")).toBe("classic");
  await drawn(page);
  const legend = page.getByRole("region", { name: "Legend: Class" });
  const swatch = legend
    .getByRole("button", { name: /^High 80–FE/ })
    .locator("span")
    .first();
  expect(await swatch.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe("rgb(228, 26, 28)");

  const answer = await fetch(`${place.url}/api/snapshots/${t1}/picture.png?palette=classic`);
  expect(answer.status).toBe(200);
  const png = await sharp(Buffer.from(await answer.arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const red = cellColor("class", RECORDED, 4, 255, 3, "dark", "full", "classic").join();
  expect(red).toBe("228,26,28");
  expect(coloursOf(png).get(red)).toBeGreaterThan(100);
  const refused = await fetch(`${place.url}/api/snapshots/${t1}/picture.png?palette=magma`);
  expect([refused.status, (await refused.json()) as unknown]).toMatchObject([
    400,
    { detail: "Class has no palette magma; it has safe, classic" },
  ]);
});
