/** A part of a comparison is selected on both sides at once: its verdicts, and what each side has there. */

import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { beforeAll, expect, test } from "vitest";
import type { Comparison } from "../../shared/api/index.ts";
import { decodeRangeBytes, SelectionFiguresSchema } from "../../shared/api/index.ts";
import { CLASS_OF_BYTE } from "../../shared/summary/index.ts";
import { textsOf } from "../faces/png-texts.ts";
import { at, browser, count, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

let ids: { readonly t0: string; readonly t1: string };
let path: string;
let comparison: Comparison;

openWorld();
beforeAll(async () => {
  ids = await takeSample(place);
  path = `${place.url}/compare/${ids.t0}/${ids.t1}`;
  comparison = (await (await fetch(`${place.url}/api/comparisons/${ids.t0}/${ids.t1}`)).json()) as Comparison;
});

test("the mapping of the secret, by key: one page changed, and its bytes on each side", async () => {
  const { address } = facts.planted.secretPage;
  const page = await browser.open(`${path}?v=1&${at(address)}`);
  await drawn(page);
  await page.keyboard.press("s");
  const panel = page.getByRole("tabpanel");
  const first = Number(BigInt(address) >> 12n);
  const mapping = comparison.joint.find(({ start, pages }) => first >= start && first < start + pages)!;
  const { unresolved: _, ...verdicts } = mapping.verdicts;
  const compared = Object.values(verdicts).reduce((sum, pages) => sum + pages, 0);
  await panel.getByText(`${count(compared)} compared page`).waitFor();
  const told = await panel.getByRole("region", { name: "Verdicts" }).locator("dl").textContent();
  for (const [verdict, pages] of Object.entries(verdicts)) expect(told).toContain(`${verdict}${count(pages)}`);
  await soon(() => new URL(page.url()).searchParams.get("s")).toBe(
    `p1:${(BigInt(mapping.start) * 4096n).toString(16)}-${(BigInt(mapping.start + mapping.pages) * 4096n).toString(16)}`,
  );
  for (const [side, id] of [
    ["A t0", ids.t0],
    ["B t1", ids.t1],
  ] as const) {
    let printable = 0;
    let all = 0;
    for (let n = 0; n < mapping.pages; n++) {
      const query = `space=p1&address=0x${(BigInt(mapping.start + n) * 4096n).toString(16)}&length=4096`;
      const answer = await fetch(`${place.url}/api/snapshots/${id}/bytes?${query}`);
      const range = decodeRangeBytes(new Uint8Array(await answer.arrayBuffer()), 1, 4096)!;
      for (const byte of range.bytes) if (CLASS_OF_BYTE[byte] === 1) printable++;
      all += 4096;
    }
    const classes = panel.getByRole("region", { name: `Byte classes of ${side}` });
    const share = `${((100 * printable) / all).toFixed(1)}\u00a0%`;
    await soon(() => classes.locator("dl").textContent()).toContain(`Printable${share}`);
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
});

/** The page of the secret on a side, whose text differs in one byte. */
async function secretOf(id: string): Promise<Uint8Array> {
  const query = `space=p1&address=${facts.planted.secretPage.address}&length=4096`;
  const answer = await fetch(`${place.url}/api/snapshots/${id}/bytes?${query}`);
  return decodeRangeBytes(new Uint8Array(await answer.arrayBuffer()), 1, 4096)!.bytes;
}

test("the digraph of each side takes the place of the other, and a click finds a pair in the selection on both", async () => {
  const first = BigInt(facts.planted.secretPage.address);
  const page = await browser.open(
    `${path}?v=1&s=p1:${first.toString(16)}-${(first + 4096n).toString(16)}&tab=selection`,
  );
  await drawn(page);
  const panel = page.getByRole("tabpanel");
  await panel.getByRole("application", { name: /^Entropy of A t0 along/ }).waitFor();
  await panel.getByRole("application", { name: /^Entropy of B t1 along/ }).waitFor();
  const [first0, second0] = [0x30, 0x32];
  const found: number[] = [];
  for (const [side, id] of [
    ["A t0", ids.t0],
    ["B t1", ids.t1],
  ] as const) {
    const bytes = await secretOf(id);
    const pairs = bytes.filter((byte, i) => i > 0 && bytes[i - 1] === first0 && byte === second0).length;
    found.push(pairs);
    await panel.getByRole("radio", { name: side }).click();
    const digraph = panel.getByRole("application", { name: new RegExp(`^Digraph of ${side}`) });
    await digraph.scrollIntoViewIfNeeded();
    await digraph.hover({ position: { x: second0 + 0.5, y: first0 + 0.5 } });
    await page.getByText(`30 32 “02”: ${count(pairs)} pair`).waitFor();
  }
  // The byte that differs makes a pair of its own.
  expect(found[1]).toBe(found[0] + 1);
  await panel
    .getByRole("application", { name: /^Digraph of B t1/ })
    .click({ position: { x: second0 + 0.5, y: first0 + 0.5 } });
  await page.getByText(`B t1: ${count(found[1])} hit`).waitFor();
  await page.getByRole("radio", { name: "Only B 1" }).waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
});

test("each side's figures, bytes, picture and legend are exported from its own dump", async () => {
  const first = BigInt(facts.planted.secretPage.address);
  const url = `${path}?v=1&s=p1:${first.toString(16)}-${(first + 4096n).toString(16)}&tab=selection`;
  const page = await browser.open(url, { downloads: true });
  const take = async (side: string, name: string): Promise<Buffer> => {
    const file = page.getByRole("group", { name: side }).getByRole("button", { name });
    const [download] = await Promise.all([page.waitForEvent("download"), file.click()]);
    return readFileSync(await download.path());
  };
  for (const [side, id, dump] of [
    ["A t0", ids.t0, "app-t0.tar.zst"],
    ["B t1", ids.t1, "app-t1.tar.zst"],
  ] as const) {
    const { sha256, figures } = SelectionFiguresSchema.parse(JSON.parse(String(await take(side, "Figures (JSON)"))));
    expect([sha256, figures.bytes]).toEqual([facts.dumps[dump].stored.sha256, 4096]);
    expect((await take(side, "Bytes (tar)")).includes(Buffer.from(await secretOf(id)))).toBe(true);
    // Verdicts are of both sides: a picture of one has the classes of its bytes.
    const texts = textsOf(await take(side, "Picture (PNG)"));
    expect(JSON.parse(texts.Description)).toMatchObject({ sha256, channel: "class", bytes: 4096 });
    expect(String((await take(side, "Legend (SVG)")).subarray(0, 4))).toBe("<svg");
  }
});

test("what is dragged over side B is selected on side A too, and dropped on both", async () => {
  const page = await browser.open(`${path}?v=1&tab=selection`);
  await drawn(page);
  const b = page.getByRole("application", { name: /^Side B/ });
  const box = (await b.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.keyboard.down("Shift");
  await page.mouse.move(x - 30, y);
  await page.mouse.down();
  await page.mouse.move(x, y);
  await page.mouse.move(x + 30, y);
  await page.mouse.up();
  await page.keyboard.up("Shift");
  // The address is of the leading side.
  await soon(() => new URL(page.url()).searchParams.get("s")).toMatch(/^p1:/);
  await page.getByRole("region", { name: "Verdicts" }).waitFor();
  await page.getByRole("button", { name: "Drop" }).click();
  await soon(() => new URL(page.url()).searchParams.get("s")).toBe(null);
  await page.getByText("Both sides select the same.").waitFor();
});
