/** Channels of whole pages in a comparison: each side has its own pages in the colours of one legend, which counts both. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addBaseline } from "../../server/known-sets/index.ts";
import type { ComparedCodes } from "../../shared/api/index.ts";
import { channelTitle, PAGE_CHANNELS, type PageChannel } from "../../shared/channel/index.ts";
import { cellColor } from "../../shared/palette/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import { ingest } from "../ingest/temporary-store.ts";
import { seenPixels } from "./seen-pixels.ts";
import { at, browser, count, drawn, facts, openWorld, place, samplePath, soon } from "./world.ts";

const RECORDED = cellStateCode("recorded");
const SIDES = ["a", "b"] as const;
const FILES = { a: "app-t0.tar.zst", b: "app-t1.tar.zst" } as const;

let path: string;

openWorld(async (store) => {
  const a = (await ingest(store, samplePath("podman", FILES.a), "app")).snapshot;
  await addBaseline(store, a, "clean");
  const b = (await ingest(store, samplePath("podman", FILES.b), "app")).snapshot;
  path = `${a.id}/${b.id}`;
});

const seen = (page: Page, side: "a" | "b") => seenPixels(page.getByRole("application").nth(side === "a" ? 0 : 1));
const colorOf = (channel: PageChannel, code: number) => cellColor(channel, RECORDED, code, 255, 4, "dark").join();

async function codesOf(channel: PageChannel): Promise<ComparedCodes["codes"]> {
  const answer = await fetch(`${place.url}/api/comparisons/${path}/channels/${channel}`);
  return ((await answer.json()) as ComparedCodes).codes;
}

test.each((Object.keys(PAGE_CHANNELS) as PageChannel[]).map((channel, index) => [channel, String(index + 5)] as const))(
  "%s, by the key %s: as many pages of each side are in each colour as the legend says, absent ones in none",
  async (channel, key) => {
    const page = await browser.open(`${place.url}/compare/${path}`);
    await drawn(page);
    await page.keyboard.press(key);
    await soon(() => new URL(page.url()).searchParams.get("ch")).toBe(channel);
    const legend = page.getByRole("region", { name: `Legend: ${channelTitle(channel)}` });
    await legend.getByText(/^recorded pages of A \| B;/).waitFor();
    await drawn(page);
    const codes = await codesOf(channel);
    const level = Math.log2(Number.parseInt((await legend.getByText(/B per cell/).textContent()) ?? "", 10)) / 2;
    for (const side of SIDES) {
      expect(codes.reduce((sum, { pages }) => sum + pages[side], 0)).toBe(facts.dumps[FILES[side]].recorded);
      const pixels = await seen(page, side);
      for (const { code, pages } of codes)
        expect(pixels.get(colorOf(channel, code)) ?? 0).toBe(pages[side] * 4 ** (6 - level));
    }
    for (const { title, pages } of codes)
      await legend
        .getByRole("button")
        .filter({ hasText: `${title}${count(pages.a)} | ${count(pages.b)}` })
        .waitFor();

    // A row lights its pages alone, on both sides; the picture difference is of the channel.
    const [first, second] = codes;
    if (second) {
      await legend.getByRole("button").first().click();
      await soon(() => new URL(page.url()).searchParams.get("f")).toBe(first.name);
      await drawn(page);
      for (const side of SIDES) {
        const lit = await seen(page, side);
        expect(lit.get(colorOf(channel, first.code)) ?? 0).toBe(first.pages[side] * 4 ** (6 - level));
        expect(lit.get(colorOf(channel, second.code))).toBe(undefined);
      }
    }
    await page
      .getByRole("region", { name: "Picture difference" })
      .getByText(`hilbert, ${channelTitle(channel)}, 64`)
      .waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  },
);

test("the panel of the page says what the channel shows of it", async () => {
  const page = await browser.open(
    `${place.url}/compare/${path}?v=1&ch=first-seen&tab=page&${at(facts.planted.secretPage.address)}`,
  );
  await drawn(page);
  const panel = page.getByRole("tabpanel");
  await panel.getByText("first seen in t1").waitFor();
  await page.keyboard.press("8");
  await panel.getByText("changed once over the container's snapshots").waitFor();
  await page.keyboard.press("7");
  await panel.getByText("in no known file").waitFor();
});
