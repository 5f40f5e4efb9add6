/** 16 GiB: one changed byte of them is a bright cell on the first screen of the comparison, where a cell covers many KiB. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ingestDump } from "../../server/ingest/index.ts";
import type { Store } from "../../server/store/index.ts";
import { curveCell } from "../../shared/layout/index.ts";
import { VERDICT_COLORS } from "../../shared/palette/index.ts";
import { shootCells } from "./golden.ts";
import { LARGE_CONTENTS, LARGE_PAGES, largeCheckpoint, type PlantedByte, pageOf } from "./large-dump.ts";
import { drawn, type Killable, openBrowser, openKillable, type TestBrowser } from "./world.ts";

const PLANTED: PlantedByte = { content: 2717, offset: 1234 };
const PAGE = 4096;

let place: Killable;
let browser: TestBrowser;

async function takeBoth(store: Store): Promise<void> {
  for (const [name, dump] of [
    ["before", largeCheckpoint()],
    ["after", largeCheckpoint(PLANTED)],
  ] as const) {
    const file = path.join(store.scratch, `${name}.tar`);
    writeFileSync(file, dump);
    const request = { file, container: "large", asRaw: false, base: 0n, keepCut: false };
    await ingestDump(store, request, { signal: new AbortController().signal, onProgress: () => undefined });
  }
}

beforeAll(async () => {
  // A process of its own runs the code as it is: what the tests' tools make of it takes a minute over so many pages.
  place = await openKillable(takeBoth);
  browser = await openBrowser();
});
afterEach(() => browser.closePages());
afterAll(async () => {
  await browser?.close();
  await place?.close();
});

async function snapshotsByName(): Promise<Map<string, string>> {
  const { containers } = await place.library();
  return new Map(containers.flatMap(({ snapshots }) => snapshots.map(({ name, snapshot }) => [name, snapshot])));
}

/** Places of the pixels of one colour. */
async function pixelsOf(png: Buffer, color: readonly number[]): Promise<{ x: number; y: number }[]> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const found: { x: number; y: number }[] = [];
  for (let at = 0; at < data.length; at += 3)
    if (color.every((value, n) => data[at + n] === value))
      found.push({ x: (at / 3) % info.width, y: Math.floor(at / 3 / info.width) });
  return found;
}

test("one byte that changed in 16 GiB is seen on the first screen of the comparison, on both sides", async () => {
  const { containers } = await place.library();
  for (const { pages } of containers.flatMap(({ snapshots }) => snapshots))
    expect(pages.present + pages.zero).toBe(LARGE_PAGES);
  const ids = await snapshotsByName();

  const page = await browser.open(`${place.url}/compare/${ids.get("t0")}/${ids.get("t1")}`);
  await drawn(page);
  const sides = page.getByRole("application");
  for (const side of [sides.nth(0), sides.nth(1)]) {
    const cells = await shootCells(side);
    // The whole strip is in view: a square, of which one cell is many pages.
    const { width = 0, height } = await sharp(cells).metadata();
    expect(height).toBe(width);
    const bytesPerCell = (LARGE_PAGES * PAGE) / width ** 2;
    expect(bytesPerCell).toBeGreaterThanOrEqual(64 * 1024);
    const changed = await pixelsOf(cells, VERDICT_COLORS.dark.changed);
    const cell = Math.floor((PLANTED.content * (LARGE_PAGES / LARGE_CONTENTS) * PAGE) / bytesPerCell);
    expect(changed).toEqual([curveCell("hilbert", cell, Math.log2(width))]);
  }

  // And the key that leads from difference to difference ends on that byte.
  await page.keyboard.press("F7");
  const address = BigInt(pageOf(PLANTED)) * BigInt(PAGE) + BigInt(PLANTED.offset);
  await expect
    .poll(() => page.getByLabel("Go to an address").inputValue(), { timeout: 60_000 })
    .toBe(`0x${address.toString(16)}`);
});

test("a server that shows and compares 16 GiB never has a sixteenth of them in memory", async () => {
  const ids = await snapshotsByName();
  const page = await browser.open(`${place.url}/s/${ids.get("t1")}`);
  await drawn(page);
  await page.goto(`${place.url}/compare/${ids.get("t1")}/${ids.get("t0")}`);
  await drawn(page);
  const peak = place.peakBytes();
  // Columns of 4 bytes a page, and what is kept of tiles; the bytes of pages are read a few at a time.
  if (peak !== undefined) expect(peak).toBeLessThan((LARGE_PAGES * PAGE) / 16);
});
