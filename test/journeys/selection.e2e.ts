/** A part of a snapshot is selected by hand and by keys; its figures are those of its bytes; its pairs are found in it. */
import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { decodeRangeBytes, SelectionFiguresSchema } from "../../shared/api/index.ts";
import { PAGE_STATES } from "../../shared/snapshot/index.ts";
import { at, browser, count, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

let t1: string;

openWorld();
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
});

/** Bytes that the dump holds between two addresses, page by page; a page without bytes is a hole. */
async function memory(start: bigint, end: bigint): Promise<(number | undefined)[]> {
  const found: (number | undefined)[] = [];
  for (let from = start; from < end; from += 65_536n) {
    const length = Number(end - from < 65_536n ? end - from : 65_536n);
    const answer = await fetch(
      `${place.url}/api/snapshots/${t1}/bytes?space=p1&address=0x${from.toString(16)}&length=${length}`,
    );
    const pages = Math.ceil((Number(from & 4095n) + length) / 4096);
    const range = decodeRangeBytes(new Uint8Array(await answer.arrayBuffer()), pages, length);
    for (let i = 0; i < length; i++) {
      const state = PAGE_STATES[range?.states[Math.floor((Number(from & 4095n) + i) / 4096)] ?? 255];
      found.push(state === "data" || state === "zero" ? range?.bytes[i] : undefined);
    }
  }
  return found;
}

function selectedOf(page: Page): [bigint, bigint] {
  const [, start, end] = /[?&]s=p1:([0-9a-f]+)-([0-9a-f]+)/.exec(page.url()) ?? [];
  return [BigInt(`0x${start ?? 0}`), BigInt(`0x${end ?? 0}`)];
}

/** From and to are CSS pixels from the middle of the picture. */
async function drag(page: Page, from: readonly [number, number], to: readonly [number, number], ...held: string[]) {
  const box = await page.getByRole("application", { name: /^Picture of/ }).boundingBox();
  const { x: left, y: top, width, height } = box ?? { x: 0, y: 0, width: 0, height: 0 };
  const point = ([x, y]: readonly [number, number]) => [left + width / 2 + x, top + height / 2 + y] as const;
  for (const key of held) await page.keyboard.down(key);
  await page.mouse.move(...point(from));
  await page.mouse.down();
  await page.mouse.move(...point([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...point(to));
  await page.mouse.up();
  for (const key of held) await page.keyboard.up(key);
}

const size = (page: Page) => page.getByRole("region", { name: "Size" });

test("a dragged part has the figures of its bytes, and its pairs are found where they are", async () => {
  const page = await browser.open(
    `${place.url}/s/${t1}?v=1&${at(facts.planted.secretPage.address)}&z=3.1&tab=selection`,
  );
  await drawn(page);
  await page.getByText("drag over the picture selects along its curve").waitFor();
  await drag(page, [-3, -20], [30, 24], "Shift");
  await soon(() => page.url()).toContain("&s=p1:");
  // The camera is where it was.
  expect(page.url()).not.toMatch(/[?&]c=/);
  const [start, end] = selectedOf(page);
  const bytes = await memory(start, end);
  const known = bytes.filter((byte) => byte !== undefined);
  expect(known.length).toBeGreaterThan(4096);
  await size(page)
    .getByText(`${count(known.length)}\u00a0B`)
    .waitFor();
  const printable = known.filter((byte) => byte >= 0x21 && byte <= 0x7e).length;
  const classes = page.getByRole("region", { name: "Byte classes" });
  expect(await classes.locator("dd").first().getAttribute("title")).toBe(`${count(printable)}\u00a0B`);

  const pairs = bytes.filter((byte, i) => byte === 0x65 && bytes[i + 1] === 0x72).length;
  expect(pairs).toBeGreaterThan(0);
  const digraph = page.getByRole("application", { name: /^Digraph/ });
  await digraph.scrollIntoViewIfNeeded();
  await digraph.hover({ position: { x: 0x72 + 0.5, y: 0x65 + 0.5 } });
  await page.getByText(`65 72 “er”: ${count(pairs)} pair`).waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id)).toEqual(
    [],
  );
  await digraph.click({ position: { x: 0x72 + 0.5, y: 0x65 + 0.5 } });
  await page.getByText(new RegExp(`^${count(pairs)} hits? in `)).waitFor();
  expect(await page.getByRole("textbox", { name: "Find", exact: true }).inputValue()).toBe("65 72");
  expect(await page.getByLabel("Where to search").inputValue()).toBe("selection");

  await page.getByRole("application", { name: /^Picture of/ }).focus();
  await page.keyboard.press("Escape");
  await soon(() => page.url()).not.toContain("s=p1");
  await drag(page, [-60, -30], [20, 40]);
  await soon(() => page.url()).toContain("c=p1:");
  expect(page.url()).not.toContain("s=p1");
});

test("keys select cell by cell, the mapping and the process, and an address brings it back", async () => {
  const { address } = facts.planted.secretPage;
  const page = await browser.open(`${place.url}/s/${t1}?v=1&${at(address)}&z=3.1&tab=selection`);
  await drawn(page);
  await page.getByRole("application", { name: /^Picture of/ }).focus();
  await page.keyboard.press("Shift+ArrowRight");
  // From the cell of the cursor to the one beside it, along the curve.
  await size(page)
    .getByText(/^(128|[1-9]\d{2,3})\u00a0B$/)
    .waitFor();
  await page.keyboard.press("s");
  await soon(() => selectedOf(page)[0] <= BigInt(address)).toBe(true);
  await soon(() => selectedOf(page)[1] % 4096n).toBe(0n);
  await page.keyboard.press("Shift+S");
  await soon(() => page.url()).toMatch(/[?&]s=p1(&|$)/);
  const { recorded } = facts.dumps["app-t1.tar.zst"];
  await size(page)
    .getByText(`${count(recorded * 4096)}\u00a0B`)
    .waitFor();
  const again = await browser.open(page.url());
  await size(again)
    .getByText(`${count(recorded * 4096)}\u00a0B`)
    .waitFor();
  await again.getByText("all of process 1").waitFor();
});

test("the figures are exported as they are shown", async () => {
  const page = await browser.open(`${place.url}/s/${t1}?v=1&tab=selection&s=p1`, { downloads: true });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Figures (JSON)" }).click(),
  ]);
  const file = SelectionFiguresSchema.parse(JSON.parse(readFileSync(await download.path(), "utf8")));
  await size(page)
    .getByText(`${count(file.figures.bytes)}\u00a0B`)
    .waitFor();
  expect(file.sha256).toBe(facts.dumps["app-t1.tar.zst"].stored.sha256);
});
