/** What the bytes at the cursor mean: numbers with and without sign, text, times, and pointers that can be followed. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { decodeRangeBytes, type SnapshotDetail } from "../../shared/api/index.ts";
import { at, browser, count, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

let t1: string;
let detail: SnapshotDetail;

openWorld();
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
  detail = (await (await fetch(`${place.url}/api/snapshots/${t1}`)).json()) as SnapshotDetail;
});

/** @param address of a page */
async function pageAt(address: bigint): Promise<Buffer> {
  const query = `space=p1&address=0x${address.toString(16)}&length=4096`;
  const answer = await fetch(`${place.url}/api/snapshots/${t1}/bytes?${query}`);
  const range = decodeRangeBytes(new Uint8Array(await answer.arrayBuffer()), 1, 4096);
  if (!range) throw new Error("the answer is no range of bytes");
  return Buffer.from(range.bytes);
}

function value(page: Page, name: string) {
  return page
    .getByLabel("Values at the cursor")
    .locator("div", { has: page.getByText(name, { exact: true }) })
    .locator("dd");
}

test("text, and numbers with their sign", async () => {
  const { address } = facts.planted.secretPage;
  const page = await browser.open(`${place.url}/s/${t1}?v=1&${at(address)}`);
  await drawn(page);
  await soon(() => value(page, "utf-8").textContent()).toMatch(/^AWS_ACCESS_KEY_ID=AKIAFAKE/);
  expect(await value(page, "utf-8").getAttribute("title")).toBe(await value(page, "utf-8").textContent());
  // 19 digits, read to the last one.
  const isWhole = (element: Element) => element.scrollWidth <= element.clientWidth;
  expect(await value(page, "u64").locator("span").evaluate(isWhole)).toBe(true);
  expect(await value(page, "utf-16").textContent()).toBe("–");
  expect(await value(page, "u8").textContent()).toBe("65");
  expect(await value(page, "i16").textContent()).toBe(await value(page, "u16").textContent());
});

test("a pointer that leads into a mapping is named and followed, and what is above it may be no time", async () => {
  // The first word of the data of libc that points into libc.
  const libc = detail.laid.filter(({ name }) => name === "libc.so.6");
  const from = BigInt(Math.min(...libc.map(({ start }) => start))) * 4096n;
  const end = BigInt(Math.max(...libc.map(({ start, pages }) => start + pages))) * 4096n;
  const data = libc.find(({ counts, permissions }) => counts.present > 0 && permissions.startsWith("rw"))!;
  const start = BigInt(data.start) * 4096n;
  const bytes = await pageAt(start);
  const offset = Array.from({ length: 512 }, (_, n) => n * 8).find((n) => {
    const word = bytes.readBigUInt64LE(n);
    return word >= from && word < end;
  })!;
  const target = bytes.readBigUInt64LE(offset);
  const page = await browser.open(`${place.url}/s/${t1}?v=1&${at(`0x${(start + BigInt(offset)).toString(16)}`)}`);
  await drawn(page);
  await soon(() => value(page, "u64").textContent()).toBe(`${count(Number(target))} 0x${target.toString(16)}`);
  expect(await value(page, "time").textContent()).not.toContain("u64");
  const link = value(page, "pointer").getByRole("button");
  expect(await link.textContent()).toMatch(/^libc\.so\.6 \+0x[0-9a-f]+$/);
  await link.click();
  await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(`0x${target.toString(16)}`);
  await page.goBack();
  await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(`0x${(start + BigInt(offset)).toString(16)}`);
});

test("what the cursor's cell shows is told also where it is out of view", async () => {
  const { address } = facts.planted.secretPage;
  const far = detail.laid.find(({ name, counts }) => name === "libc.so.6" && counts.present > 0)!;
  const center = `p1:${(BigInt(far.start) * 4096n).toString(16)}`;
  const page = await browser.open(`${place.url}/s/${t1}?v=1&${at(address)}&c=${center}&z=0.4`);
  await drawn(page);
  await page.getByRole("tab", { name: "Page", exact: true }).click();
  await soon(() => page.getByRole("tabpanel").textContent()).toMatch(/Printable/);
  await soon(() => page.getByRole("tabpanel").textContent()).not.toContain("not here yet");
});
