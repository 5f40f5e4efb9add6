/** What people see of mistakes that other tools make: see docs/mistakes.md. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { at, browser, count, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

let ids: { readonly t0: string; readonly t1: string };

openWorld();
beforeAll(async () => {
  ids = await takeSample(place);
});

/** Names of the sides that can be seen, and whatever would let one shine through the other. */
function sidesOf(page: Page) {
  return page.getByRole("application", { includeHidden: true }).evaluateAll((canvases) => {
    const shown: string[] = [];
    const fades: string[] = [];
    for (const canvas of canvases) {
      if (getComputedStyle(canvas).visibility === "visible") shown.push((canvas.ariaLabel ?? "").slice(0, 6));
      for (let element: Element | null = canvas; element; element = element.parentElement) {
        const { opacity, transitionDuration, animationName } = getComputedStyle(element);
        if (opacity !== "1" || transitionDuration !== "0s" || animationName !== "none") fades.push(element.className);
      }
    }
    return { shown, fades };
  });
}

test("blinking shows one side whole, then the other, under the same camera; differences are listed with place and length", async () => {
  const page = await browser.open(`${place.url}/compare/${ids.t0}/${ids.t1}`);
  await drawn(page);
  const changes = page.getByRole("list", { name: "Mappings that differ" });
  await changes.getByRole("button").first().click();
  const listed = changes.getByRole("list", { name: "Differences" }).getByRole("button").first();
  await soon(() => listed.textContent()).toMatch(/[0-9a-f]{4,} ?.*\d+ pages?(, \d+ bytes? differ)?$/);
  await page.getByText("2\u202f021 of 2\u202f021 pages compared, 7.9\u00a0MiB").waitFor();

  // By the button: the key, held for long by a slow machine, would blink only while it is held. Less motion is wanted
  // here, so nothing switches by itself; each press of the key does.
  await page.getByLabel("View", { exact: true }).getByText("Blink").click();
  await soon(() => sidesOf(page)).toEqual({ shown: ["Side A"], fades: [] });
  await drawn(page);
  const url = page.url();
  const shoot = () => page.locator("[data-region=picture]").screenshot();
  const first = await shoot();
  await page.keyboard.press("k");
  await soon(() => sidesOf(page)).toEqual({ shown: ["Side B"], fades: [] });
  await drawn(page);
  expect(Buffer.compare(await shoot(), first)).not.toBe(0);
  await page.keyboard.press("k");
  await soon(() => sidesOf(page)).toEqual({ shown: ["Side A"], fades: [] });
  await drawn(page);
  expect(Buffer.compare(await shoot(), first)).toBe(0);
  expect(page.url()).toBe(url);
});

test("each channel has a legend with unit or rule, bytes per cell, and a row for every place without bytes", async () => {
  const page = await browser.open(`${place.url}/s/${ids.t1}?v=1&${at(facts.planted.secretPage.address)}`);
  await drawn(page);
  const { excluded } = facts.dumps["app-t1.tar.zst"].alone.pages.absent;
  expect(excluded).toBeGreaterThan(0);
  for (const [key, title, rule] of [
    ["1", "Class", "share of recorded bytes"],
    ["2", "Value", "mean of the bytes of a cell"],
    ["3", "Entropy", "bits per byte, windows of 256 B"],
    ["4", "Provenance", "pages; the highest in a cell wins"],
    ["5", "Permissions", "recorded pages; the most dangerous in a cell wins"],
    ["6", "Kind of mapping", "recorded pages; that of most in a cell"],
    ["7", "Known file", "recorded pages; that of most in a cell"],
    ["8", "Change count", "recorded pages; the most in a cell wins"],
    ["9", "First seen", "recorded pages; the latest in a cell wins"],
  ]) {
    await page.keyboard.press(key);
    const legend = page.getByRole("region", { name: `Legend: ${title}` });
    await legend.getByText(rule).waitFor();
    await soon(() => legend.textContent()).toMatch(/\d+\sB per cell/);
    const places = await legend.getByRole("list").getByRole("listitem").allTextContents();
    const named = ["left to file", "untouched", "gap", `excluded ${count(excluded)}`].map((name) =>
      places.some((text) => text.startsWith(name)),
    );
    expect(named).toEqual([true, true, true, true]);
  }
  // The bytes pane draws its rows; the document has those around the cursor, here the mapping's first.
  expect(await page.getByRole("grid").getByRole("row").count()).toBe(2);
});

test("tiles that fail once come all the same; those that fail for good are told, and can be asked for again", async () => {
  const page = await browser.open(place.url, { expected: /503/ });
  const failed = new Set<string>();
  let isBroken = false;
  await page.route("**/tiles/**", async (route) => {
    const url = new URL(route.request().url());
    const tiles = (url.searchParams.get("tiles") ?? "").split(",");
    const keys = tiles.map((tile) => `${url.pathname} ${url.searchParams.get("level")} ${tile}`);
    const isNew = keys.some((key) => !failed.has(key));
    for (const key of keys) failed.add(key);
    if (isBroken || isNew) await route.fulfill({ status: 503, body: "" });
    else await route.continue();
  });
  await page.goto(`${place.url}/s/${ids.t1}`);
  await drawn(page);
  expect(failed.size).toBeGreaterThan(0);

  isBroken = true;
  await page.keyboard.press("3");
  await page.getByText(/\d+ tiles? failed\./).waitFor();
  isBroken = false;
  await page.getByRole("button", { name: "Retry" }).click();
  await drawn(page);
});
