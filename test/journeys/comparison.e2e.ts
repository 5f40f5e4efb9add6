/** Two snapshots beside each other: from difference to difference, and what is said about them is what is drawn. */
import type { Page } from "playwright-core";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { categoryColors } from "../../shared/palette/index.ts";
import { VERDICT_SIGNS, verdictCode } from "../../shared/provenance/index.ts";
import { differingPixels, shootCells } from "./golden.ts";
import { at, browser, count, drawn, facts, openWorld, pairOf, place, pressAtOnce, soon, takeSample } from "./world.ts";

const pair = pairOf("app-t0.tar.zst", "app-t1.tar.zst");
const { verdicts } = pair;
const compared = pair.recordedInB + verdicts.removed;
/** Zero pages are differences only where the place had content before. */
const differing = verdicts.changed + verdicts.moved + verdicts.added + verdicts.removed + pair.zeroThatWasPresent;
/** `--diff` of the dark theme: what stands under a changed byte. */
const CHANGED = [0x5a, 0x3f, 0x08];

let path: string;

openWorld();
beforeAll(async () => {
  const ids = await takeSample(place);
  path = `${place.url}/compare/${ids.t0}/${ids.t1}`;
});

function bar(page: Page) {
  return page.getByRole("region", { name: "Differences" });
}

test("the counts of each verdict, and F7 from difference to difference, round and round", async () => {
  const page = await browser.open(path);
  await drawn(page);
  const text = await bar(page).textContent();
  expect(text).toContain(`${count(differing)} of ${count(compared)} pages differ`);
  for (const verdict of ["changed", "moved", "added", "removed", "zero", "unchanged"])
    expect(text).toContain(`${verdict} ${count(verdicts[verdict])}`);
  const of = Number(/(\d+) differences/.exec(text ?? "")?.[1]);
  expect(of).toBe(77);

  await page.keyboard.press("F7");
  await bar(page).getByText(`Difference 1 of ${of}`).waitFor();
  // On a byte that differs: the head names it with both values.
  const change = /\+0x([0-9a-f]{3}): ([0-9a-f]{2}) → ([0-9a-f]{2})/;
  const head = page.getByRole("region", { name: "Bytes" }).locator("header");
  await head.getByText(change).waitFor();
  const [, offset, a, b] = change.exec((await head.textContent()) ?? "") ?? [];
  expect(a).not.toBe(b);
  const first = await page.getByLabel("Go to an address").inputValue();
  expect(first.slice(-3)).toBe(offset);
  await page.keyboard.press("F7");
  await bar(page).getByText(`Difference 2 of ${of}`).waitFor();
  await page.keyboard.press("Shift+F7");
  await bar(page).getByText(`Difference 1 of ${of}`).waitFor();
  await page.keyboard.press("Shift+F7");
  await bar(page).getByText(`Difference ${of} of ${of}`).waitFor();
  await bar(page).getByText("First difference. Starting again at the last.").waitFor();
  await page.keyboard.press("F7");
  await bar(page).getByText(`Difference 1 of ${of}`).waitFor();
  await bar(page).getByText("Last difference. Starting again at the first.").waitFor();
  await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(first);

  await pressAtOnce(page, "F7", "F7", "F7", "F7");
  await bar(page).getByText(`Difference 5 of ${of}`).waitFor();

  // Of removed pages there is one run; all the others are filtered out, and it is said how many.
  await bar(page)
    .getByRole("button", { name: /^removed/ })
    .click();
  await page.keyboard.press("F7");
  await page.keyboard.press("F7");
  await bar(page)
    .getByText(/more are filtered out\.$/)
    .waitFor();
});

test("F7 lands on the one byte of the secret that changed, and marks it on both sides", async () => {
  // The last page that changed before the secret; between them nothing differs.
  const before = "0x7fe203e18000";
  const { address } = facts.planted.secretPage;
  const page = await browser.open(`${path}?v=1&${at(before)}`);
  await drawn(page);
  await page.keyboard.press("F7");
  // …KEY_ID=AKIAFAKEDUMPSCOPE001 became …002: the last of 38 characters.
  const place = `0x${(BigInt(address) + 37n).toString(16)}`;
  await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(place);
  const bytes = page.getByRole("region", { name: "Bytes" });
  await bytes.getByText("1 of 4\u202f096 bytes, +0x025: 31 → 32").waitFor();
  await bytes.getByText("~ changed").waitFor();
  const cells = bytes.locator("tr[aria-current=true] td");
  await soon(() => cells.nth(5).textContent()).toBe("31");
  await soon(() => cells.nth(16 + 5).textContent()).toBe("32");

  const shot = await bytes.locator("canvas").screenshot();
  const { data, info } = await sharp(shot).raw().toBuffer({ resolveWithObject: true });
  const marked = [0, 0];
  for (let n = 0; n < data.length; n += info.channels)
    if (CHANGED.every((value, channel) => data[n + channel] === value))
      marked[((n / info.channels) % info.width) * 2 < info.width ? 0 : 1]++;
  // A digit is some pixels high and wide; one byte has two, and its letter.
  expect(Math.min(...marked)).toBeGreaterThan(50);
});

test("the picture difference is that of the two sides as drawn, with layout, channel and level", async () => {
  // Wide enough for both sides at the finest level whose strip is at most 1,024 cells wide.
  const page = await browser.open(`${path}?v=1&ch=class`, { width: 2560, height: 1500 });
  await drawn(page);
  const said = page.getByRole("region", { name: "Picture difference" });
  await said.getByRole("link").waitFor();
  const text = ((await said.textContent()) ?? "").replaceAll("\u00a0", " ");
  const [, number, level] =
    /([\d\u202f]+) pxThe whole strip, not the view: hilbert, Class, (\d+) B per cell/.exec(text) ?? [];
  expect(level).toBe("64");
  const sides = page.getByRole("application");
  const [a, b] = [await shootCells(sides.nth(0)), await shootCells(sides.nth(1))];
  expect((await sharp(a).metadata()).width).toBe(1024);
  expect(number).toBe(count(await differingPixels(a, b)));
});

test("values at the cursor stand beside each other, those that differ with a sign, and V folds them", async () => {
  // The last character of the key: 1 became 2.
  const { address } = facts.planted.secretPage;
  const place = `0x${(BigInt(address) + 37n).toString(16)}`;
  for (const [width, height, isNarrow] of [
    [1024, 700, true],
    [1440, 900, false],
    [1920, 1080, false],
  ] as const) {
    const page = await browser.open(`${path}?v=1&${at(place)}`, { width, height });
    await drawn(page);
    const values = page.getByRole("region", { name: "Values at the cursor" });
    expect(await values.count()).toBe(isNarrow ? 0 : 1);
    if (isNarrow) await page.keyboard.press("v");
    const cells = (name: string) =>
      values
        .getByRole("row", { name: new RegExp(`^${name}( differs)? `) })
        .getByRole("cell")
        .allTextContents();
    await soon(() => cells("u8")).toEqual(["49", "50"]);
    expect(await cells("i8")).toEqual(["49", "50"]);
    expect(await cells("utf-8")).toEqual(["1", "2"]);
    // 31 0a 41 57: the end of the line, and the name of the next one.
    expect(await cells("u32")).toEqual([0x57410a31, 0x57410a32].map(count));
    expect(await cells("pointer")).toEqual(["into no mapping", "into no mapping"]);
    const signs = values.getByRole("img", { name: "differs" });
    expect(await values.getByRole("row", { name: /^u8/ }).getByRole("img", { name: "differs" }).textContent()).toBe(
      "≠",
    );
    expect(
      await values
        .getByRole("row", { name: /^pointer/ })
        .locator(signs)
        .count(),
    ).toBe(0);

    await page.keyboard.press("v");
    await values.waitFor({ state: "detached" });
    await page.keyboard.press("v");
    await values.waitFor();
    // One byte on, both sides hold the same.
    await page.getByRole("grid").press("ArrowRight");
    await soon(() => cells("u8")).toEqual(["10", "10"]);
    expect(await signs.count()).toBe(0);
    await page.context().close();
  }
});

test("the palette offers the values, and says the truth about what is not here", async () => {
  const page = await browser.open(path);
  await drawn(page);
  await page.keyboard.press("Control+K");
  const palette = page.getByRole("dialog");
  await palette.getByRole("combobox").fill("Values at the cursor");
  const option = palette.getByRole("option").first();
  expect(await option.textContent()).not.toContain("only");
  expect(await option.getAttribute("aria-disabled")).not.toBe("true");
  // There are pictures here: nothing is missing for the lack of one.
  await palette.getByRole("combobox").fill("");
  expect((await palette.getByRole("option").allTextContents()).filter((text) => /beside a picture/.test(text))).toEqual(
    [],
  );
  await palette.getByRole("combobox").fill("next residual");
  expect(await palette.getByRole("option").first().textContent()).toContain("only in a snapshot");
});

test("a raster has its row width beside it: typed, found, and changed by key", async () => {
  const { address } = facts.planted.picture;
  const page = await browser.open(`${path}?v=1&${at(address)}&l=raster&ch=value&z=0.1`);
  await drawn(page);
  const panel = page.getByRole("region", { name: "Row width" });
  await panel.getByText("Bytes of A t0 within ±1 of the byte one row above").waitFor();
  const field = panel.getByLabel("Bytes per row");
  expect(await field.inputValue()).toBe("256 B");
  await field.focus();
  await field.fill("300");
  await field.press("Enter");
  await soon(() => field.inputValue()).toBe("300 B");
  await soon(() => new URL(page.url()).searchParams.get("w")).toBe("300");
  // The planted picture has rows of 256 bytes.
  await panel.getByRole("button", { name: "256 B" }).waitFor();
  await page.keyboard.press("=");
  await soon(() => field.inputValue()).toBe("256 B");
  await page.keyboard.press("]");
  await soon(() => field.inputValue()).toBe("257 B");
  await page.keyboard.press("h");
  await panel.waitFor({ state: "detached" });
});

test("in a narrow window too every verdict is told with its swatch, sign, name and count, and what a step has said", async () => {
  const page = await browser.open(path, { width: 1024, height: 700 });
  await drawn(page);
  for (const [verdict, sign] of Object.entries(VERDICT_SIGNS)) {
    const word = bar(page).getByRole("button", { name: new RegExp(`^${verdict} `) });
    expect(await word.isVisible()).toBe(true);
    expect(await word.textContent()).toBe(`${sign} ${verdict} ${count(verdicts[verdict])}`);
    const box = await word.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 1024)).toBeLessThan(1024);
  }
  await page.keyboard.press("Shift+F7");
  await bar(page).getByText("Difference 77 of 77").waitFor();
  await page.keyboard.press("F7");
  await bar(page).getByText("Last difference. Starting again at the first.").waitFor();
});

test("what is filtered out has no tick on the ruler", async () => {
  const ticksOf = async (query: string) => {
    const page = await browser.open(`${path}${query}`);
    await drawn(page);
    const shot = await page.getByRole("img", { name: /^The strip in address order/ }).screenshot();
    await page.context().close();
    const { data, info } = await sharp(shot).raw().toBuffer({ resolveWithObject: true });
    const colors = categoryColors("verdict", "dark");
    const found = new Set<string>();
    for (let n = 26 * info.width * info.channels; n < 27 * info.width * info.channels; n += info.channels)
      for (const verdict of ["changed", "moved", "added", "removed"] as const)
        if (colors[verdictCode(verdict)].every((value, channel) => data[n + channel] === value)) found.add(verdict);
    return [...found].sort();
  };
  expect(await ticksOf("")).toEqual(["added", "changed", "moved", "removed"]);
  expect(await ticksOf("?v=1&f=removed")).toEqual(["removed"]);
});

test("Enter in the bytes of a moved page shows where it was in A", async () => {
  const page = await browser.open(`${path}?v=1&f=moved`);
  await drawn(page);
  await page.keyboard.press("F7");
  const bytes = page.getByRole("region", { name: "Bytes" });
  const origin = bytes.getByRole("button", { name: /^from 0x/ });
  const address = ((await origin.textContent()) ?? "").replace("from ", "");
  await bytes.getByRole("grid").press("Enter");
  await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(address);
});

test("the legend says how many bytes a cell shows, and a difference how many of its bytes differ", async () => {
  const { address } = facts.planted.secretPage;
  const page = await browser.open(`${path}?v=1&${at(address)}&ch=value&z=0.1`);
  await drawn(page);
  const legend = page.getByRole("region", { name: "Legend: Value" });
  await legend.getByText("one byte per cell, no average").waitFor();
  await page.getByRole("list", { name: "Mappings that differ" }).locator("[aria-current=true]").click();
  await page.getByRole("list", { name: "Differences" }).getByText("1 page, 1 byte differs").waitFor();
  await page.keyboard.press("-");
  await legend.getByText("mean of the bytes of a cell").waitFor();
});

test("the notes of both sides are read and gone to, each with the side that holds its page", async () => {
  const ids = path.split("/").slice(-2);
  const { address } = facts.planted.secretPage;
  const write = async (snapshot: string, text: string) => {
    const answer = await fetch(`${place.url}/api/snapshots/${snapshot}/notes`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ space: "p1", address, length: 16, text }),
    });
    expect(answer.ok).toBe(true);
  };
  // The page changed: a note on it stands on one side.
  await write(ids[0], "the key of before");
  await write(ids[1], "the key of now");
  const page = await browser.open(path);
  await drawn(page);
  await page.getByRole("tab", { name: "Notes" }).click();
  const notes = page.getByRole("region", { name: "Notes" });
  await notes.getByRole("heading", { name: "2 notes" }).waitFor();
  for (const [text, side] of [
    ["the key of before", "only in A"],
    ["the key of now", "only in B"],
  ] as const)
    await notes.getByRole("listitem").filter({ hasText: text }).getByText(side).waitFor();
  await notes.getByRole("listitem").filter({ hasText: "the key of now" }).getByRole("button").click();
  await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(address);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("key of before");
  await page.getByRole("option", { name: /the key of before/ }).waitFor();
});

test("highest entropy, zero share and ASCII share are shown of both sides", async () => {
  const page = await browser.open(path);
  await drawn(page);
  for (const [channel, title, rule] of [
    ["zeros", "Zero share", "of the recorded bytes that are 00"],
    ["entropy-max", "Highest entropy", "bits per byte, windows of 256 B"],
    ["ascii", "ASCII share", "of the recorded bytes, with whitespace"],
  ] as const) {
    await page.getByRole("combobox", { name: "More channels" }).selectOption(channel);
    const legend = page.getByRole("region", { name: `Legend: ${title}` });
    await legend.getByText(rule).waitFor();
    await drawn(page);
    await page.getByRole("region", { name: "Picture difference" }).getByText(`hilbert, ${title}, 64`).waitFor();
  }
});
