/** A page of which the dump holds only a part: what it lacks is said to be lacking, and is never zeros. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { zstdDecompressSync } from "node:zlib";
import type { Page } from "playwright-core";
import { beforeAll, expect, test, vi } from "vitest";
import { openStore } from "../../server/store/index.ts";
import { expected, ingest } from "../ingest/temporary-store.ts";
import { browser, drawn, openWorld, place, samplePath, soon } from "./world.ts";

/** In the middle of a page that is full of bytes other than zero. */
const CUT_AT = 0x11800;
const FIRST_UNKNOWN = 0x2000_0040_1800n;
const WHOLE = "known64.core.zst";
const { pid } = expected<{ dumps: Record<string, { pid: number }> }>("cores").dumps[WHOLE];

let ids: Record<"whole" | "cut", string>;

openWorld();
beforeAll(async () => {
  const store = openStore(place.folder);
  const whole = await ingest(store, samplePath("cores", WHOLE), "known");
  const file = path.join(place.folder, "..", "cut.core");
  writeFileSync(file, zstdDecompressSync(readFileSync(samplePath("cores", WHOLE))).subarray(0, CUT_AT));
  const cut = await ingest(store, file, "known", { keepCut: true });
  store.close();
  ids = { whole: whole.snapshot.id, cut: cut.snapshot.id };
  await vi.waitFor(async () => expect((await place.library()).containers[0].snapshots).toHaveLength(2), 10_000);
});

function rowAtCursor(page: Page) {
  return page.getByRole("region", { name: "Bytes" }).locator("tr[aria-current=true] td");
}

function at(address: bigint): string {
  return `at=p${pid}:${address.toString(16)}`;
}

test("a byte that the dump does not hold is no number in the bytes pane, and has no values", async () => {
  const page = await browser.open(`${place.url}/s/${ids.cut}?v=1&${at(FIRST_UNKNOWN - 4n)}`);
  await drawn(page);
  await soon(() => rowAtCursor(page).first().textContent()).toMatch(/^[0-9a-f]{2}$/);
  const values = page.getByLabel("Values at the cursor");
  await soon(() =>
    values
      .locator("div", { has: page.getByText("u32", { exact: true }) })
      .locator("dd")
      .textContent(),
  ).not.toBe("–");
  expect(
    await values
      .locator("div", { has: page.getByText("u64", { exact: true }) })
      .locator("dd")
      .textContent(),
  ).toBe("–");
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await soon(() => rowAtCursor(page).first().textContent()).toBe("not in the dump");
  expect(
    await values
      .locator("div", { has: page.getByText("u8", { exact: true }) })
      .locator("dd")
      .textContent(),
  ).toBe("–");
});

test("in a comparison an unknown byte is no difference", async () => {
  const page = await browser.open(`${place.url}/compare/${ids.whole}/${ids.cut}?v=1&${at(FIRST_UNKNOWN)}`);
  await drawn(page);
  await soon(() => rowAtCursor(page).count()).toBeGreaterThan(16);
  const cells = await rowAtCursor(page).allTextContents();
  const side = cells.length / 2;
  expect(cells.slice(0, side).every((cell) => /^[0-9a-f]{2}$/.test(cell))).toBe(true);
  expect(new Set(cells.slice(side))).toEqual(new Set(["not in the dump"]));
  const head = page.getByRole("region", { name: "Bytes" }).locator("header");
  await soon(() => head.textContent()).toContain("~ changed0 of 2\u202f048 bytes that both dumps hold");
});
