/** From a key to a hit: a text is found, gone through, seen in the picture and in the bytes, and kept secret until asked. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { SnapshotDetail } from "../../shared/api/index.ts";
import { aroundThree, stepThroughHits } from "./hit-steps.ts";
import { markedPixels } from "./marked-pixels.ts";
import { at, browser, count, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

/** All places in t1, by MANIFEST.md beside the dumps. */
const HITS = ["0x7fe203e1f012", "0x7fe203e79874", "0x7fe203e798c2"];
const RECORDED = 2013;
/** Printable runs of six characters and more. */
const STRINGS = 19_232;

let t1: string;

openWorld();
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
});

/** Pixels over the picture that have the colour of hits. */
async function marked(page: Page, color: string): Promise<number> {
  const [found] = await markedPixels(page, color);
  return found ?? 0;
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

  await stepThroughHits(page, aroundThree(HITS));
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

test("the channel of hits tells what was not searched from what holds no hit, and so do legend, pointer and page", async () => {
  // One page is selected; another that holds the text is looked at.
  const page = await browser.open(
    `${place.url}/s/${t1}?v=1&ch=hits&${at("0x7fe204008a82")}&s=p1:7fe203e1f000-7fe203e20000`,
  );
  await drawn(page);
  const legend = page.getByRole("region", { name: "Legend: Hits" });
  const reading = page.locator("dt", { hasText: /^Hits$/ }).locator("xpath=following-sibling::dd[1]");
  const says = async (reads: RegExp, searched: string, unsearched: string) => {
    await legend.getByText(searched).waitFor();
    expect(await legend.getByRole("button", { name: /^not searched/ }).textContent()).toBe(`not searched${unsearched}`);
    await page.getByRole("tab", { name: "Page" }).click();
    await soon(() => reading.textContent()).toMatch(reads);
  };
  await says(/^not searched: nothing is searched for yet/, "nothing is searched for yet", count(RECORDED));

  const search = async (form: string, text: string, where: string) => {
    await page.getByRole("tab", { name: "Find" }).click();
    await page.getByLabel("What to find").selectOption(form);
    await page.getByLabel("Where to search").selectOption(where);
    const field = page.getByRole("textbox", { name: "Find", exact: true });
    await field.fill(text);
    await field.press("Enter");
  };
  await search("text", "AKIAFAKE", "selection");
  await page.getByText("1 hit in 1 page").waitFor();
  await says(
    /^not searched: outside of where is searched/,
    `1 of ${count(RECORDED)} pages searched`,
    count(RECORDED - 1),
  );

  await search("hex", "00", "everywhere");
  await page.getByText(`The first ${count(10_000)} hits; there are more`).waitFor();
  await soon(() => legend.textContent()).toMatch(/at least 10.000/);
  const pages = Number((await legend.getByText(/pages searched/).textContent())!.match(/^\d+/)?.[0]);
  expect(pages).toBeLessThan(10);
  await says(
    new RegExp(`^not searched: behind the first ${count(10_000)} found`),
    "pages searched",
    count(RECORDED - pages),
  );

  await search("text", "AKIAREAL", "everywhere");
  await page.getByText(`Nothing found in ${count(RECORDED)} pages`).waitFor();
  await says(/^no hit of the search/, `${count(RECORDED)} of ${count(RECORDED)} pages searched`, "0");
});

test("a search is taken away with its marks: by Esc in its fields, by Clear, and by a command with a key", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`);
  await drawn(page);
  const list = page.getByRole("listbox", { name: "Hits" });
  const color = "255,106,213";
  const search = async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("AKIAFAKEDUMPSCOPE002");
    await page.keyboard.press("Enter");
    await page.getByText(`3 hits in ${count(RECORDED)} pages`).waitFor();
    await soon(() => marked(page, color)).toBeGreaterThan(0);
  };
  const isGone = async () => {
    await soon(() => marked(page, color)).toBe(0);
    expect(await list.count()).toBe(0);
  };
  await search();
  await page.keyboard.press("Escape");
  await isGone();
  // What was written stays, to be changed and searched for; the next Esc leaves the field.
  const field = page.getByRole("textbox", { name: "Find", exact: true });
  expect(await field.inputValue()).toBe("AKIAFAKEDUMPSCOPE002");
  await page.keyboard.press("Escape");
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(false);
  await search();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await isGone();
  await search();
  await list.focus();
  await page.keyboard.press("c");
  await isGone();
  await search();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Clear the search");
  await page.keyboard.press("Enter");
  await isGone();
});

test("a search that was cancelled goes on where it stopped, to the answer of one that was not", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`);
  await drawn(page);
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find", exact: true }).fill("the");
  const find = page.getByRole("button", { name: "Find", exact: true });
  const answer = page.getByRole("status").filter({ hasText: /hits/ });
  await find.click();
  await soon(() => answer.textContent()).toMatch(new RegExp(`hits in ${count(RECORDED)} pages$`));
  const whole = await answer.textContent();

  // The second answer comes up to its first hits behind what it has settled, and then no further until it is cancelled.
  await page.evaluate(() => {
    const real = window.fetch;
    window.fetch = async (target, init) => {
      const response = await real(target, init);
      if (!String(target).endsWith("/hits")) return response;
      window.fetch = real;
      const lines = (await response.text()).split("\n");
      const settled = lines.findIndex((line) => line.includes('"progress"'));
      const found = lines.findIndex((line, n) => n > settled && line.includes('"found"'));
      const body = new ReadableStream({
        start(stream) {
          stream.enqueue(new TextEncoder().encode(`${lines.slice(0, found + 1).join("\n")}\n`));
          init?.signal?.addEventListener("abort", () => stream.error(new DOMException("cancelled", "AbortError")));
        },
      });
      return new Response(body);
    };
  });
  await find.click();
  await page.getByText(/^[\d\u202f]+ hits? so far/).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText(/^Cancelled: [\d\u202f]+ hits? in the first [\d\u202f]+ pages$/).waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await soon(() => answer.textContent()).toBe(whole);
  expect(await page.getByRole("button", { name: "Go on" }).count()).toBe(0);
});

test("strings go on behind their limit, between addresses too; as many as hide the picture are not ringed", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`);
  await drawn(page);
  await page.keyboard.press("Control+f");
  await page.getByLabel("What to find").selectOption("strings");
  await page.getByText("Runs of printable characters, ASCII and UTF-16LE, by length and kind").waitFor();
  const find = page.getByRole("button", { name: "Find", exact: true });
  await find.click();
  await page.getByText(`The first ${count(10_000)} strings; there are more`).waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText(`${count(STRINGS)} strings in ${count(RECORDED)} pages`).waitFor();
  expect(await page.getByRole("button", { name: "Go on" }).count()).toBe(0);

  await page.getByText("Only those in view in this list are ringed.").waitFor();
  const listed = await page.getByRole("listbox", { name: "Hits" }).getByRole("option").count();
  // A ring of 7 by 7 pixels has 24 in the colour of hits.
  await soon(() => marked(page, "255,106,213")).toBeLessThanOrEqual(24 * listed);
  // Without the list there is a ring wherever hits are, and not so many that nothing else is seen.
  await page.getByRole("tab", { name: "Page" }).click();
  await page.getByText("Of hits that lie close one is ringed").waitFor();
  await soon(() => marked(page, "255,106,213")).toBeGreaterThan(24 * 32);
  expect(await marked(page, "255,106,213")).toBeLessThanOrEqual(24 * 256);
  await page.getByRole("tab", { name: "Find" }).click();
  await page.getByRole("button", { name: "Show all as a channel" }).click();
  await page
    .getByRole("region", { name: "Legend: Hits" })
    .getByText(`${count(RECORDED)} of`)
    .waitFor();

  await page.getByLabel("Where to search").selectOption("between");
  const [first, behind] = [page.getByLabel("From address"), page.getByLabel("Up to address")];
  await first.fill("0x7fe203e1f000");
  await behind.fill("7fe203e1e000");
  expect(await find.getAttribute("title")).toBe("the range ends before it begins");
  await behind.fill("7fe2 03e2 0000");
  await behind.press("Enter");
  await page.getByText(/^\d+ strings in 1 page$/).waitFor();
  await first.fill("");
  await first.press("Enter");
  await page.getByText(/^The first 10.000 strings; there are more$/).waitFor();
});
