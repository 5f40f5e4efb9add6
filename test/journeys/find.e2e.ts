/** From a key to a hit: a text is found, gone through, seen in the picture and in the bytes, and kept secret until asked. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { SnapshotDetail } from "../../shared/api/index.ts";
import { browser, count, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

/** All places in t1, by MANIFEST.md beside the dumps. */
const HITS = ["0x7fe203e1f012", "0x7fe203e79874", "0x7fe203e798c2"];
const RECORDED = 2013;

let t1: string;

openWorld();
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
});

/** Pixels over the picture that have the colour of hits. */
function marked(page: Page, color: string): Promise<number> {
  return page.evaluate((wanted) => {
    const overlay = document.querySelector<HTMLCanvasElement>("main canvas[aria-hidden]");
    if (!overlay) return 0;
    // Read from a copy: reading from what is drawn on makes it slow, and the browser complains.
    const copy = new OffscreenCanvas(overlay.width, overlay.height);
    const context = copy.getContext("2d", { willReadFrequently: true });
    context?.drawImage(overlay, 0, 0);
    const data = context?.getImageData(0, 0, overlay.width, overlay.height).data ?? [];
    let found = 0;
    for (let i = 0; i < data.length; i += 4) if (`${data[i]},${data[i + 1]},${data[i + 2]}` === wanted) found++;
    return found;
  }, color);
}

test.each([
  ["dark", "255,106,213"],
  ["light", "168,0,110"],
] as const)("a text is found by keys, gone through, and marked at every zoom (%s)", async (theme, color) => {
  const page = await browser.open(`${place.url}/s/${t1}`, { theme });
  await drawn(page);
  expect(await marked(page, color)).toBe(0);
  await page.keyboard.press("/");
  await page.keyboard.type("AKIAFAKEDUMPSCOPE002");
  await page.keyboard.press("Enter");
  await page.getByText(`3 hits in ${count(RECORDED)} pages`).waitFor();
  const list = page.getByRole("listbox", { name: "Hits" });
  expect(await list.getByRole("option").count()).toBe(3);
  await soon(() => list.getByRole("option").nth(0).textContent()).toContain("AWS_ACCESS_KEY_ID=AKIA····");
  expect(await list.textContent()).not.toContain("DUMPSCOPE");
  await soon(() => marked(page, color)).toBeGreaterThan(0);

  const address = page.getByLabel("Go to an address");
  await list.focus();
  await page.keyboard.press("Home");
  await soon(() => address.inputValue()).toBe(HITS[0]);
  for (const [key, hit] of [
    ["n", HITS[1]],
    ["n", HITS[2]],
    ["n", HITS[0]],
    ["Shift+N", HITS[2]],
    ["ArrowUp", HITS[1]],
  ]) {
    await page.keyboard.press(key);
    await soon(() => address.inputValue()).toBe(hit);
  }
  expect(await list.getByRole("option", { selected: true }).getAttribute("aria-posinset")).toBe("2");
  await page.getByRole("button", { name: "Reveal" }).click();
  await soon(() => list.locator("mark").first().textContent()).toBe("AKIAFAKEDUMPSCOPE002");

  await page.getByRole("application").focus();
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press("+");
    await soon(() => marked(page, color)).toBeGreaterThan(0);
  }
  expect(page.url()).not.toContain("AKIA");
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(grave).toEqual([]);
});

test("bytes, expressions, strings and scopes; what cannot be searched for says why", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`, { expected: /400 \(Bad Request\)/ });
  await drawn(page);
  await page.keyboard.press("Control+f");
  const what = page.getByLabel("What to find");
  const field = page.getByRole("textbox", { name: "Find", exact: true });
  const find = async (form: string, text: string) => {
    await what.selectOption(form);
    await field.fill(text);
    await field.press("Enter");
  };
  await find("hex", "41 4b 49 41 46 ?? 4b 45");
  await page.getByText(`6 hits in ${count(RECORDED)} pages`).waitFor();
  await find("regex", "AKIA(FAKE|REAL)[A-Z]+00[12]");
  await page.getByText(`6 hits in ${count(RECORDED)} pages`).waitFor();
  await find("regex", "(a");
  await page.getByText("a group is not closed, at character 1").waitFor();
  await find("text", "nowhere to be found");
  await page.getByText(`Nothing found in ${count(RECORDED)} pages`).waitFor();
  await find("hex", "00");
  await page.getByText(`The first ${count(10_000)} hits; there are more`).waitFor();
  // Of ten thousand only those in view are in the document.
  const list = page.getByRole("listbox", { name: "Hits" });
  expect(await list.getByRole("option").count()).toBeLessThan(40);

  await what.selectOption("strings");
  await page.getByLabel("Kind of string").selectOption("key");
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByText(/^\d+ strings in/).waitFor();
  expect(await list.getByRole("option").first().textContent()).toContain("AWS_ACCESS_KEY_ID=AKIA····");
});

test("where a search could not look is folded below its answer, largest first, and a click goes there", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`);
  await drawn(page);
  await page.keyboard.press("/");
  await page.keyboard.type("nowhere to be found");
  await page.keyboard.press("Enter");
  await page.getByText(`Nothing found in ${count(RECORDED)} pages`).waitFor();
  const { file, excluded } = facts.dumps["app-t1.tar.zst"].alone.pages.absent;
  await page.getByText(`${count(file + excluded)} pages not searched, for want of bytes`).click();
  await page.getByText(`${count(file)} left to files, ${excluded} excluded.`).waitFor();
  const detail = (await (await fetch(`${place.url}/api/snapshots/${t1}`)).json()) as SnapshotDetail;
  const most = detail.laid.toSorted((x, y) => y.counts.absent.file - x.counts.absent.file)[0];
  await page
    .getByRole("button", { name: new RegExp(`^${most.name}\\s*${count(most.counts.absent.file)} left to files$`) })
    .first()
    .click();
  await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(most.address);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
});
