/** One pattern in both sides of a comparison: on both, on one alone, gone through by key, seen on each side's picture. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { FindEvent } from "../../shared/api/index.ts";
import { aroundThree, stepThroughHits } from "./hit-steps.ts";
import { markedPixels } from "./marked-pixels.ts";
import { browser, count, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

/** Places in t1, by MANIFEST.md beside the dumps; the first one says 001 in t0. */
const HITS = ["0x7fe203e1f012", "0x7fe203e79874", "0x7fe203e798c2"];
const HIT_COLOR = "255,106,213";
const RECORDED = { t0: facts.dumps["app-t0.tar.zst"].recorded, t1: facts.dumps["app-t1.tar.zst"].recorded };

let ids: { readonly t0: string; readonly t1: string };
let path: string;

openWorld();
beforeAll(async () => {
  ids = await takeSample(place);
  path = `${place.url}/compare/${ids.t0}/${ids.t1}`;
});

/** Pixels of rings over each picture. */
const marked = (page: Page) => markedPixels(page, HIT_COLOR);

async function find(page: Page, form: string, text: string): Promise<void> {
  await page.getByRole("tab", { name: "Find" }).click();
  await page.getByLabel("What to find").selectOption(form);
  const field = page.getByRole("textbox", { name: "Find", exact: true });
  await field.fill(text);
  await field.press("Enter");
}

/** Of pages of t1 those that a search reads which was made in t0 before. */
async function readInT1(text: string): Promise<number> {
  let read = 0;
  for (const id of [ids.t0, ids.t1]) {
    const body = JSON.stringify({ pattern: { form: "text", text } });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${place.url}/api/snapshots/${id}/hits`, { method: "POST", headers, body });
    const last = JSON.parse((await answer.text()).trim().split("\n").at(-1) ?? "") as FindEvent;
    if (last.kind !== "done") throw new Error(`the search in ${id} ended with ${JSON.stringify(last)}`);
    read = last.pagesRead;
  }
  return read;
}

test("a text is found on both sides by key, gone through, filtered by side, and ringed on each at every zoom", async () => {
  const read = await readInT1("a text that nobody looks for again");
  expect(read).toBeLessThan(RECORDED.t1 / 5);
  const page = await browser.open(path);
  await drawn(page);
  expect(await marked(page)).toEqual([0, 0]);
  await page.keyboard.press("/");
  await page.keyboard.type("AKIAFAKEDUMPSCOPE002");
  await page.keyboard.press("Enter");
  await page.getByText(`A t0: 2 hits in ${count(RECORDED.t0)} pages`).waitFor();
  await page
    .getByText(`B t1: 3 hits in ${count(RECORDED.t1)} pages, ${count(RECORDED.t1 - read)} searched before`)
    .waitFor();
  const list = page.getByRole("listbox", { name: "Hits" });
  const rows = () => list.getByRole("option").allTextContents();
  await soon(async () => (await rows()).map((row) => /only [AB]|both/.exec(row)?.[0])).toEqual([
    "only B",
    "both",
    "both",
  ]);
  await soon(async () => (await rows())[0]).toContain("AWS_ACCESS_KEY_ID=AKIA····");
  await soon(async () => (await marked(page)).every((pixels) => pixels > 0)).toBe(true);
  const [onA, onB] = await marked(page);
  expect(onB).toBeGreaterThan(onA);

  const address = page.getByLabel("Go to an address");
  await stepThroughHits(page, aroundThree(HITS));
  await page.getByRole("radio", { name: "Only B 1" }).click();
  await soon(() => list.getByRole("option").count()).toBe(1);
  await list.focus();
  await page.keyboard.press("n");
  await soon(() => address.inputValue()).toBe(HITS[0]);
  await page.getByRole("radio", { name: "Both 2" }).click();
  await soon(() => list.getByRole("option").count()).toBe(2);
  await page.keyboard.press("n");
  await soon(() => address.inputValue()).toBe(HITS[1]);

  await page.getByRole("application").first().focus();
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press("+");
    await soon(async () => (await marked(page)).every((pixels) => pixels > 0)).toBe(true);
  }
  expect(page.url()).not.toContain("AKIA");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  await page.keyboard.press("c");
  await soon(() => marked(page)).toEqual([0, 0]);
  expect(await list.count()).toBe(0);
});

test("what an expression finds at one place may differ: the row says so, with the bytes of both sides", async () => {
  const page = await browser.open(path);
  await drawn(page);
  await find(page, "regex", "AKIAFAKEDUMPSCOPE00[12]");
  await page.getByText(`B t1: 6 hits in ${count(RECORDED.t1)} pages`).waitFor();
  await page.getByRole("radio", { name: "Both 6" }).waitFor();
  await page.getByRole("button", { name: "Reveal" }).click();
  const first = page.getByRole("listbox", { name: "Hits" }).getByRole("option").first();
  await first.getByText("both, bytes differ").waitFor();
  await soon(() => first.locator("mark").allTextContents()).toEqual(["AKIAFAKEDUMPSCOPE001", "AKIAFAKEDUMPSCOPE002"]);
  await soon(() => page.getByText("both, bytes differ").count()).toBe(1);
});

test("a search that meets its limit goes on for both; where one side was not searched nothing is said of it", async () => {
  const page = await browser.open(path);
  await drawn(page);
  await find(page, "hex", "00 00 00 ?1");
  for (const side of ["A t0", "B t1"])
    await page.getByText(`${side}: The first ${count(10_000)} hits; there are more`).waitFor();
  await page.getByText(/on one side where the other is not searched: only in All/).waitFor();
  await page.getByRole("button", { name: "Show all as a channel" }).click();
  const legend = page.getByRole("region", { name: "Legend: Hits" });
  await soon(() => legend.getByRole("button", { name: /^hits/ }).textContent()).toBe(
    `hits≥ ${count(10_000)} | ≥ ${count(10_000)}`,
  );
  await soon(() => new URL(page.url()).searchParams.get("ch")).toBe("hits");
  await page.getByRole("button", { name: "Go on" }).click();
  for (const side of ["A t0", "B t1"])
    await page.getByText(`${side}: The first ${count(20_000)} hits; there are more`).waitFor();
  await find(page, "text", "AKIAREAL");
  await page.getByText(`B t1: Nothing found in ${count(RECORDED.t1)} pages`).waitFor();
  await legend
    .getByText(
      `A: ${count(RECORDED.t0)} of ${count(RECORDED.t0)} pages searched; B: ${count(RECORDED.t1)} of ${count(RECORDED.t1)} pages searched`,
    )
    .waitFor();
  expect(await legend.getByRole("button", { name: /^not searched/ }).textContent()).toBe("not searched0 | 0");
});

test("cancelled, it is cancelled for both; where could not be looked is told for each side", async () => {
  const page = await browser.open(path);
  await drawn(page);
  const hits = new RegExp(`/api/snapshots/${ids.t1}/hits$`);
  let isAsked = false;
  await page.route(hits, () => {
    isAsked = true;
  });
  const gone = page.waitForEvent("requestfailed", (request) => hits.test(request.url()));
  await find(page, "text", "AKIAFAKEDUMPSCOPE002");
  await page.getByText(`A t0: 2 hits in ${count(RECORDED.t0)} pages`).waitFor();
  await soon(() => isAsked).toBe(true);
  // B has said nothing: what is on A alone is not known yet.
  await soon(() => page.getByText("A; B not searched").count()).toBe(2);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("B t1: Cancelled before a page was searched").waitFor();
  await gone;
  await page.unroute(hits);
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByRole("radio", { name: "Both 2" }).waitFor();
  const { file, excluded } = facts.dumps["app-t1.tar.zst"].alone.pages.absent;
  await page.getByText(`B t1: ${count(file + excluded)} pages not searched, for want of bytes`).click();
  await page.getByText(`${count(file)} left to files, ${excluded} excluded.`).waitFor();
});

test("a search in the selected mapping looks there on both sides alone", async () => {
  const page = await browser.open(`${path}?v=1&at=p1:7fe203e1f000`);
  await drawn(page);
  await page.keyboard.press("s");
  await page.getByRole("tab", { name: "Find" }).click();
  await page.getByLabel("Where to search").selectOption("selection");
  await find(page, "text", "AKIAFAKEDUMPSCOPE00");
  await page.getByText(/A t0: 1 hit in \d+ pages?$/).waitFor();
  await page.getByText(/B t1: 1 hit in \d+ pages?/).waitFor();
  await page.getByRole("radio", { name: "Both 1" }).waitFor();
});
