/** Layouts and strips of a snapshot: the same tiles laid otherwise, other pages laid, and all panels in step with it. */
import type { Page, Request } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { type ApiStrip, decodeRangeBytes, type SnapshotDetail } from "../../shared/api/index.ts";
import { matchCells } from "./golden.ts";
import { at, browser, count, drawn, facts, openWorld, pairOf, place, soon, takeSample } from "./world.ts";

const recorded = facts.dumps["app-t1.tar.zst"].recorded;
const left = pairOf("app-t0.tar.zst", "app-t1.tar.zst").provenance.new;

let t1: string;

openWorld();
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
});

function tilesAsked(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request: Request) => {
    if (new URL(request.url()).pathname.includes("/tiles/")) asked.push(request.url());
  });
  return asked;
}

async function askedOf<T>(route: string): Promise<T> {
  return (await (await fetch(`${place.url}/api/snapshots/${t1}${route}`)).json()) as T;
}

test("the same tiles are laid in every layout: changing it asks for none", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`);
  await drawn(page);
  await page.waitForLoadState("networkidle");
  const asked = tilesAsked(page);
  await page.keyboard.press("z");
  await page.getByRole("radio", { name: "Z-order", checked: true }).waitFor();
  await soon(() => new URL(page.url()).searchParams.get("l")).toBe("z-order");
  await drawn(page);
  await matchCells(page.getByRole("application"), "app-t1-z-order");
  await page.keyboard.press("h");
  await page.getByRole("radio", { name: "Hilbert", checked: true }).waitFor();
  await drawn(page);
  await page.waitForLoadState("networkidle");
  expect(asked).toEqual([]);
});

test("a strip of fewer pages moves them; what is folded away is counted, and the selection does not get lost", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`);
  await drawn(page);
  const strip = page.getByRole("region", { name: "Strip" });
  const detail = await askedOf<SnapshotDetail>("");
  const { file } = facts.dumps["app-t1.tar.zst"].alone.pages.absent;
  await strip.getByText(`${count(recorded + file)} pages recorded or left to files; `).waitFor();

  for (const [name, choice, pages] of [
    ["Recorded", "recorded", recorded],
    ["Residual", "residual", left],
  ] as const) {
    await strip.getByRole("radio", { name }).click();
    const { shown } = await askedOf<ApiStrip>(`/strips/${choice}`);
    const shownPages = (blocks: readonly (readonly (readonly [number, number])[])[]) =>
      blocks.reduce(
        (sum, ranges, i) =>
          ranges.reduce((all, [from, to]) => all + Math.min(to * 16, detail.laid[i].pages) - from * 16, sum),
        0,
      );
    const inBlocks = shownPages(shown);
    const folded = shownPages(detail.laid.map((mapping) => mapping.shown)) - inBlocks;
    await strip
      .getByText(
        `${count(pages)} ${choice} pages; ${count(inBlocks)} shown in blocks of 16 and ${count(folded)} folded away.`,
      )
      .waitFor();
    await soon(() => new URL(page.url()).searchParams.get("strip")).toBe(choice);
    await drawn(page);
    await matchCells(page.getByRole("application"), `app-t1-${choice}`);
  }

  // Code of Python is left to its file: no residual page stands near it.
  const image = detail.laid.find(({ counts, provenance }) => counts.absent.file > 100 && provenance.new === 0)!;
  const field = page.getByLabel("Go to an address");
  await field.fill(image.address);
  await field.press("Enter");
  await page.getByText("which the strip of residual pages leaves out").waitFor();
  await field.press("Escape");

  await page.getByRole("radio", { name: "All" }).click();
  await field.fill(image.address);
  await field.press("Enter");
  await page.locator("footer").getByText(`Byte ${image.address}`).waitFor();
  await page.getByRole("radio", { name: "Residual" }).click();
  await strip.getByText("The selected page is not on it.").waitFor();
  await strip.getByRole("button", { name: "Show all" }).click();
  await strip.getByText("The selected page is not on it.").waitFor({ state: "detached" });
});

test("bytes of a page that is folded away are read all the same", async () => {
  const { laid } = await askedOf<SnapshotDetail>("");
  const { shown } = await askedOf<ApiStrip>("/strips/recorded");
  // All of its pages are explained, so none of them is on the strip of residual pages.
  const index = laid.findIndex(({ counts, provenance }) => counts.present > 0 && provenance.new === 0);
  const address = BigInt(laid[index].address) + BigInt(shown[index][0][0]) * 65_536n;
  const read = await fetch(
    `${place.url}/api/snapshots/${t1}/bytes?space=${laid[index].space}&address=0x${address.toString(16)}&length=65536`,
  );
  const range = decodeRangeBytes(new Uint8Array(await read.arrayBuffer()), 16, 65_536)!;
  const offset = range.bytes.findIndex((byte) => byte !== 0);
  expect(offset).toBeGreaterThanOrEqual(0);
  const at = (address + BigInt(offset)).toString(16);
  const page = await browser.open(`${place.url}/s/${t1}?v=1&strip=residual&at=${laid[index].space}:${at}`);
  await drawn(page);
  await page.getByRole("region", { name: "Strip" }).getByText("The selected page is not on it.").waitFor();
  const cell = page.getByRole("grid").locator("tr[aria-current=true] td[id]");
  await soon(() => cell.textContent()).toBe(range.bytes[offset].toString(16).padStart(2, "0"));
});

test("a link leads to the strip that it names", async () => {
  const page = await browser.open(`${place.url}/s/${t1}?v=1&strip=residual&l=z-order`);
  await drawn(page);
  expect(await page.getByRole("radio", { name: "Residual" }).getAttribute("aria-checked")).toBe("true");
  expect(new URL(page.url()).searchParams.get("strip")).toBe("residual");
  expect(new URL(page.url()).searchParams.get("l")).toBe("z-order");
});

test("the width of a raster goes by one byte, by 16, and to where rows are most alike", async () => {
  const { address } = facts.planted.picture;
  const page = await browser.open(`${place.url}/s/${t1}?v=1&l=raster&ch=value&z=0.2&w=200&${at(address)}`);
  await drawn(page);
  const width = page.getByLabel("Bytes per row");
  for (const [key, shown] of [
    ["]", 201],
    ["[", 200],
    ["[", 199],
    ["}", 215],
    ["{", 199],
  ] as const) {
    await page.keyboard.press(key);
    await soon(() => width.inputValue()).toBe(`${shown} B`);
  }
  // The planted picture has rows of 256 bytes; the list of widths says when they are compared.
  await page.getByRole("region", { name: "Row width" }).getByRole("button", { name: "256 B" }).waitFor();
  await page.keyboard.press("=");
  await soon(() => width.inputValue()).toBe("256 B");
  await width.click();
  await page.keyboard.type("300");
  await page.keyboard.press("Enter");
  await soon(() => width.inputValue()).toBe("300 B");
  // Rows of more than a byte per cell have so many cells, and no width is found there.
  await page.keyboard.press("-");
  await page.keyboard.press("-");
  await page.getByLabel("Cells per row").waitFor();
  const widths = page.getByRole("region", { name: "Row width" });
  await widths.getByText("Widths are compared at one byte per cell, or of a selection.").waitFor();
  // Of what is selected they are found at every zoom.
  await page.keyboard.press("s");
  await widths.getByText(/\d pages? of the selection/).waitFor();
  await widths.getByRole("button", { name: "256 B" }).waitFor();
});
