/** Channels beyond the main four: each pixel has the colour of its row in the legend, as often as the row says, and can be asked why. */
import type { Page, Request } from "playwright-core";
import sharp from "sharp";
import { expect, test } from "vitest";
import { addBaseline } from "../../server/known-sets/index.ts";
import type { ChannelCodes } from "../../shared/api/index.ts";
import {
  type AnyChannel,
  type Channel,
  channelTitle,
  HIT_CODES,
  hitCode,
  PAGE_CHANNELS,
  type PageChannel,
} from "../../shared/channel/index.ts";
import { categoryColors, cellColor } from "../../shared/palette/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import { ingest } from "../ingest/temporary-store.ts";
import { seenPixels } from "./seen-pixels.ts";
import { browser, count, drawn, openWorld, place, samplePath, soon } from "./world.ts";

const RECORDED = cellStateCode("recorded");

let t2: string;
let recorded: number;

openWorld(async (store) => {
  const { snapshot } = await ingest(store, samplePath("podman", "redis-t0.tar.zst"), "redis");
  await addBaseline(store, snapshot, "clean");
  await ingest(store, samplePath("podman", "redis-t1.tar.zst"), "redis");
  const last = (await ingest(store, samplePath("podman", "redis-t2.tar.zst"), "redis")).snapshot;
  t2 = last.id;
  recorded = last.pages.present + last.pages.zero + last.pages.inParent;
});

const seen = (page: Page) => seenPixels(page.getByRole("application"));

function legendOf(page: Page, channel: AnyChannel) {
  return page.getByRole("region", { name: `Legend: ${channelTitle(channel)}` });
}

async function codesOf(channel: PageChannel): Promise<ChannelCodes["codes"]> {
  const answer = await fetch(`${place.url}/api/snapshots/${t2}/channels/${channel}`);
  return ((await answer.json()) as ChannelCodes).codes;
}

const colorOf = (channel: Channel, code: number) => cellColor(channel, RECORDED, code, 255, 3, "dark").join();

test.each(Object.keys(PAGE_CHANNELS) as PageChannel[])(
  "%s: the legend counts every recorded page, and as many are in its colours",
  async (channel) => {
    const page = await browser.open(`${place.url}/s/${t2}`);
    await drawn(page);
    await page.getByRole("combobox", { name: "More channels" }).selectOption(channel);
    await soon(() => new URL(page.url()).searchParams.get("ch")).toBe(channel);
    await drawn(page);
    const legend = legendOf(page, channel);
    const codes = await codesOf(channel);
    expect(codes.length).toBeGreaterThan(1);
    expect(codes.reduce((sum, { pages }) => sum + pages, 0)).toBe(recorded);
    const pixels = await seen(page);
    const level = Math.log2(Number.parseInt((await legend.getByText(/B per cell/).textContent()) ?? "", 10)) / 2;
    for (const { code, title, pages } of codes) {
      await legend
        .getByRole("button")
        .filter({ hasText: `${title}${count(pages)}` })
        .waitFor();
      expect(pixels.get(colorOf(channel, code))).toBe(pages * 4 ** (6 - level));
    }

    // A row lights its pages alone; the link keeps it.
    const [first, second] = codes;
    await legend
      .getByRole("button")
      .filter({ hasText: `${first.title}${count(first.pages)}` })
      .click();
    await soon(() => new URL(page.url()).searchParams.get("f")).toBe(first.name);
    await drawn(page);
    const lit = await seen(page);
    expect(lit.get(colorOf(channel, first.code))).toBe(first.pages * 4 ** (6 - level));
    expect(lit.get(colorOf(channel, second.code))).toBe(undefined);
    const again = await browser.open(page.url());
    await drawn(again);
    expect(await seen(again)).toEqual(lit);
  },
);

test("the pointer and the panel of the page say why a cell has its colour", async () => {
  const page = await browser.open(`${place.url}/s/${t2}?v=1&ch=changes`);
  await drawn(page);
  // The page that opens is residual: in this sample it has changed each time.
  const panel = page.getByRole("region", { name: "Page", exact: true });
  await panel.getByText("changed 2 times over the container's snapshots").waitFor();
  await page.keyboard.press("9");
  await panel.getByText("first seen in t2").waitFor();
  await page.keyboard.press("5");
  await panel.getByText("rw-, writable").waitFor();
  await page.keyboard.press("6");
  await legendOf(page, "kind").waitFor();
  await drawn(page);
  for (const { code, title } of await codesOf("kind")) {
    await pointAt(page, colorOf("kind", code));
    await soon(() => page.locator("footer").textContent()).toMatch(new RegExp(`^Cell.*${title}`));
  }
});

/** Moves the pointer over a pixel of the picture that has the colour. */
async function pointAt(page: Page, color: string): Promise<void> {
  const canvas = page.getByRole("application");
  const { data, info } = await sharp(await canvas.screenshot())
    .raw()
    .toBuffer({ resolveWithObject: true });
  const box = (await canvas.boundingBox())!;
  for (let at = 0; at < info.width * info.height; at++) {
    if (data.subarray(at * info.channels, at * info.channels + 3).join() !== color) continue;
    const ratio = info.width / box.width;
    await page.mouse.move(box.x + (at % info.width) / ratio, box.y + Math.floor(at / info.width) / ratio);
    return;
  }
  throw new Error(`no pixel is ${color}`);
}

test("highest entropy and the share of zeros are drawn from tiles that are here", async () => {
  const page = await browser.open(`${place.url}/s/${t2}?v=1&ch=entropy`);
  await drawn(page);
  await page.waitForLoadState("networkidle");
  const asked: string[] = [];
  page.on("request", (request: Request) => {
    if (new URL(request.url()).pathname.startsWith("/api/")) asked.push(request.url());
  });
  const mean = await seen(page);
  const more = page.getByRole("combobox", { name: "More channels" });
  await more.selectOption("entropy-max");
  await legendOf(page, "entropy-max").getByText("bits per byte").waitFor();
  await drawn(page);
  // At 64 bytes a cell both are of the one window that holds it.
  expect(await seen(page)).toEqual(mean);
  expect(asked).toEqual([]);
  await page.keyboard.press("1");
  await legendOf(page, "class").waitFor();
  await drawn(page);
  await page.waitForLoadState("networkidle");
  const zero = (await seen(page)).get(cellColor("class", RECORDED, 0, 0, 3, "dark").join());
  asked.length = 0;
  await more.selectOption("zeros");
  await legendOf(page, "zeros").getByText("of the recorded bytes that are 00").waitFor();
  await drawn(page);
  expect((await seen(page)).get(cellColor("zeros", RECORDED, 0, 0, 3, "dark").join())).toBe(zero);
  expect(asked).toEqual([]);
});

test("hits are a channel that asks for nothing: one in a cell is enough, and the search is in no address", async () => {
  const page = await browser.open(`${place.url}/s/${t2}`);
  await drawn(page);
  await page.getByRole("combobox", { name: "More channels" }).selectOption("hits");
  const legend = legendOf(page, "hits");
  await legend.getByText("nothing is searched for yet").waitFor();
  const colours = categoryColors("hits", "dark").map((color) => color.join());
  await drawn(page);
  const [none, unsearched, hit] = HIT_CODES.map((name) => colours[hitCode(name)]);
  // Nothing is said to hold no hit before it was searched.
  expect((await seen(page)).get(hit)).toBe(undefined);
  expect((await seen(page)).get(none)).toBe(undefined);
  expect((await seen(page)).get(unsearched)).toBeGreaterThan(0);

  const tiles: string[] = [];
  page.on("request", (request: Request) => {
    if (new URL(request.url()).pathname.includes("/tiles/")) tiles.push(request.url());
  });
  await page.keyboard.press("/");
  const field = page.getByRole("textbox", { name: "Find", exact: true });
  await field.fill("redis-server");
  await field.press("Enter");
  await soon(() => legend.getByRole("button").first().textContent()).toMatch(/^hits\d/);
  await drawn(page);
  const all = await seen(page);
  // At 64 bytes a cell each hit of 12 bytes touches one or two cells, and some share one.
  const count = Number.parseInt((await legend.getByRole("button").first().textContent())!.replace(/\D/g, ""), 10);
  expect(all.get(hit)).toBeGreaterThan(0);
  expect(all.get(hit)).toBeLessThanOrEqual(2 * count);
  expect(all.get(none)).toBeGreaterThan(0);
  expect(all.get(unsearched)).toBe(undefined);
  expect(tiles).toEqual([]);
  expect(page.url()).not.toContain("redis");
  await soon(() => new URL(page.url()).searchParams.get("ch")).toBe("hits");
});
