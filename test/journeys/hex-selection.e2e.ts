/** The bytes pane selects, and shows what is selected, found and noted: in step with picture, panel and address, on every side. */
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { HEX_COLORS } from "../../client/hex/hex-colors.ts";
import type { SnapshotDetail } from "../../shared/api/index.ts";
import { at, browser, count, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

const { address } = facts.planted.secretPage;
const first = BigInt(address);
let ids: { readonly t0: string; readonly t1: string };

/** Chromium's advice on reading a canvas more than once. */
const READ = { expected: /willReadFrequently/ };

openWorld();
beforeAll(async () => {
  ids = await takeSample(place);
});

const gridOf = (page: Page) => page.getByRole("grid", { name: /^Bytes/ });
const headOf = (page: Page) => page.getByRole("region", { name: "Bytes", exact: true }).locator("header");
const status = (page: Page) => page.getByRole("contentinfo");
const hex = (value: bigint) => value.toString(16);
const selectionIn = (page: Page) => new URL(page.url()).searchParams.get("s");

/** CSS pixels of the pane's canvas that have exactly this colour, in each row and side of it. */
async function colored(page: Page, color: string, sides = 1): Promise<number[][]> {
  const canvas = page.getByRole("region", { name: "Bytes", exact: true }).locator("canvas");
  return canvas.evaluate(
    (element, { color, sides }) => {
      const { width, height } = element as HTMLCanvasElement;
      const { data } = (element as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
      // Colours of hits are written as the palette writes them.
      const sample = document.createElement("canvas").getContext("2d")!;
      sample.fillStyle = color;
      sample.fillRect(0, 0, 1, 1);
      const [r, g, b] = sample.getImageData(0, 0, 1, 1).data;
      const counts = Array.from({ length: Math.floor(height / 18) }, () => new Array<number>(sides).fill(0));
      for (let y = 0; y < counts.length * 18; y++) {
        for (let x = 0; x < width; x++) {
          const i = 4 * (y * width + x);
          if (data[i] === r && data[i + 1] === g && data[i + 2] === b)
            counts[Math.floor(y / 18)][Math.floor((x * sides) / width)]++;
        }
      }
      return counts;
    },
    { color, sides },
  );
}

const rowsWith = (counts: number[][], side = 0) => counts.filter((of) => of[side] > 0).length;

/** A byte of a row in view; the head of each row is its address of 12 digits. */
async function pointOf(canvas: Locator, row: number, column: number) {
  const { x, y } = (await canvas.boundingBox())!;
  const char = 7.2;
  const bytes = 20 + 12 * char + 2 * 5 + 22;
  return [x + bytes + column * 3 * char + (column >= 8 ? 1.6 * char : 0) + 4, y + row * 18 + 9] as const;
}

test("Shift and arrows in the bytes select: address, panel, ground and grid have the same bytes", async () => {
  const page = await browser.open(`${place.url}/s/${ids.t1}?v=1&${at(hex(first + 0x12n))}&tab=selection`, READ);
  await drawn(page);
  await gridOf(page).focus();
  await soon(async () => rowsWith(await colored(page, HEX_COLORS.dark.selected))).toBe(0);
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await soon(() => selectionIn(page)).toBe(`p1:${hex(first + 0x12n)}-${hex(first + 0x24n)}`);
  const panel = page.getByRole("region", { name: "Selected", exact: true });
  // Both ends are told as they are selected.
  await soon(() => panel.textContent()).toContain(`0x${hex(first + 0x12n)}to0x${hex(first + 0x23n)}`);
  await panel.getByText("first and their last byte").waitFor();
  await page.getByRole("region", { name: "Size" }).getByText("18\u00a0B").waitFor();
  await headOf(page).getByText("18\u00a0B selected in 1 range").waitFor();
  await soon(async () => rowsWith(await colored(page, HEX_COLORS.dark.selected))).toBe(2);
  // The row of the cursor, the one above and the one below it are read aloud.
  expect(await gridOf(page).locator('[aria-selected="true"]').count()).toBe(18);
  await page.keyboard.press("Escape");
  await soon(() => selectionIn(page)).toBe(null);
  await soon(async () => rowsWith(await colored(page, HEX_COLORS.dark.selected))).toBe(0);
  expect(page.url()).toContain(`at=p1:${hex(first + 0x23n)}`);
});

test("dragging over bytes selects, Shift-click selects from the cursor, a click only moves it", async () => {
  // So wide that bytes stand three characters apart.
  const page = await browser.open(`${place.url}/s/${ids.t1}?v=1&${at(address)}`, { width: 1900 });
  await drawn(page);
  const canvas = page.getByRole("region", { name: "Bytes", exact: true }).locator("canvas");
  await page.mouse.move(...(await pointOf(canvas, 1, 2)));
  await page.mouse.down();
  await page.mouse.move(...(await pointOf(canvas, 1, 9)));
  await page.mouse.move(...(await pointOf(canvas, 3, 5)));
  await page.mouse.up();
  await soon(() => selectionIn(page)).toBe(`p1:${hex(first + 0x12n)}-${hex(first + 0x36n)}`);
  await page.mouse.click(...(await pointOf(canvas, 2, 4)));
  await soon(() => page.url()).toContain(`at=p1:${hex(first + 0x24n)}`);
  expect(selectionIn(page)).toBe(`p1:${hex(first + 0x12n)}-${hex(first + 0x36n)}`);
  await page.keyboard.down("Shift");
  await page.mouse.click(...(await pointOf(canvas, 0, 8)));
  await page.keyboard.up("Shift");
  await soon(() => selectionIn(page)).toBe(`p1:${hex(first + 8n)}-${hex(first + 0x25n)}`);
});

test("what is found is framed from its first byte to its last, and what is selected in an address has its ground", async () => {
  const page = await browser.open(
    `${place.url}/s/${ids.t1}?v=1&${at(address)}&s=p1:${hex(first + 0x40n)}-${hex(first + 0x44n)}`,
    READ,
  );
  await drawn(page);
  await soon(async () => rowsWith(await colored(page, HEX_COLORS.dark.selected))).toBe(1);
  expect(rowsWith(await colored(page, HEX_COLORS.dark.hit))).toBe(0);
  await page.keyboard.press("/");
  await page.keyboard.type("AKIAFAKEDUMPSCOPE00");
  await page.keyboard.press("Enter");
  // 14 bytes to the end of a row, five in the next one.
  await soon(async () => rowsWith(await colored(page, HEX_COLORS.dark.hit))).toBe(2);
  const [long, short] = (await colored(page, HEX_COLORS.dark.hit))
    .map(([pixels]) => pixels)
    .filter((pixels) => pixels > 0);
  expect(long).toBeGreaterThan(2 * short);
  await gridOf(page).focus();
  await page.keyboard.press("n");
  await soon(() => page.url()).toContain(`at=p1:${hex(first + 0x12n)}`);
  await soon(() => gridOf(page).getByText("41, hit").count()).toBe(3);
});

test("a selection without a cursor is told as what it is, its bytes are shown, and S shows it", async () => {
  const page = await browser.open(`${place.url}/s/${ids.t1}?v=1&${at(address)}`, READ);
  await drawn(page);
  const picture = page.getByRole("application", { name: /^Picture of/ });
  await picture.focus();
  await page.keyboard.press("Escape");
  await status(page).getByText("Nothing is selected").waitFor();
  const name = () => picture.getAttribute("aria-label");
  await soon(name).toContain(". Nothing is selected. Arrows");
  await headOf(page).getByText("nothing is selected").waitFor();
  await page.getByText("Click a cell to read its bytes.").waitFor();
  const box = (await picture.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.keyboard.down("Shift");
  await page.mouse.move(x - 20, y);
  await page.mouse.down();
  await page.mouse.move(x, y);
  await page.mouse.move(x + 20, y + 10);
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await page.mouse.move(2, 2);
  const told = /^[\d.,\u202f]+\u00a0([KMG]iB|B) selected in 1 range; S shows it$/;
  await status(page).getByText(told).waitFor();
  await headOf(page).getByText(told).waitFor();
  // The picture has it in its name, too, for who does not see it.
  await soon(name).toContain(`. ${await status(page).getByText(told).textContent()}. Arrows`);
  await page
    .getByRole("tabpanel")
    .getByText(/selected in 1 range; S shows it\. Click one of its bytes/)
    .waitFor();
  await soon(async () => rowsWith(await colored(page, HEX_COLORS.dark.selected))).toBeGreaterThan(0);
  await page.keyboard.press("s");
  await page.getByRole("region", { name: "Size" }).waitFor();
});

test("pages without bytes are selected as pages", async () => {
  const { laid } = (await (await fetch(`${place.url}/api/snapshots/${ids.t1}`)).json()) as SnapshotDetail;
  const image = laid.find(({ counts, pages }) => counts.absent.file === pages && pages > 1)!;
  const [start, end] = [BigInt(image.start) * 4096n, BigInt(image.start + image.pages) * 4096n];
  const page = await browser.open(
    `${place.url}/s/${ids.t1}?v=1&tab=selection&s=${image.space}:${hex(start)}-${hex(end)}`,
  );
  await drawn(page);
  const panel = page.getByRole("region", { name: "Selected", exact: true });
  await panel.getByText(`${count(image.pages)} pages selected, none recorded`).waitFor();
  expect(await panel.textContent()).not.toContain("0\u00a0B");
});

test("in a comparison both sides have the same ground, whichever side is dragged over", async () => {
  const page = await browser.open(
    `${place.url}/compare/${ids.t0}/${ids.t1}?v=1&${at(hex(first + 0x25n))}&tab=selection`,
    READ,
  );
  await drawn(page);
  await gridOf(page).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await soon(() => selectionIn(page)).toBe(`p1:${hex(first + 0x25n)}-${hex(first + 0x28n)}`);
  for (const side of [0, 1])
    await soon(async () => rowsWith(await colored(page, HEX_COLORS.dark.selected, 2), side)).toBe(1);
  await page.getByRole("tabpanel").getByText("1 compared page selected").waitFor();
  const canvas = page.getByRole("region", { name: "Bytes", exact: true }).locator("canvas");
  const { x, y, width } = (await canvas.boundingBox())!;
  // Somewhere in the digits of B, two rows high.
  const left = x + (width - 12) / 2 + 18 + 8 * 6.6 + 5 + 22 + 40;
  await page.mouse.move(left, y + 9);
  await page.mouse.down();
  await page.mouse.move(left, y + 20);
  await page.mouse.move(left, y + 27);
  await page.mouse.up();
  for (const side of [0, 1])
    await soon(async () => rowsWith(await colored(page, HEX_COLORS.dark.selected, 2), side)).toBe(2);
  await soon(() => selectionIn(page)).not.toBe(`p1:${hex(first + 0x25n)}-${hex(first + 0x28n)}`);
});
