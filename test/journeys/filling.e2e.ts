/** Pages left to files, filled: hatched in the picture, in the bytes and in hits, counted apart, and gone with the switch. */
import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeAll, expect, test, vi } from "vitest";
import { addKnownSet } from "../../server/known-sets/index.ts";
import { openStore } from "../../server/store/index.ts";
import { filesOf } from "../faces/archive.ts";
import { GHOST } from "../filling/ghost.ts";
import { ingest } from "../ingest/temporary-store.ts";
import { browser, count, drawn, facts, openWorld, place, samplePath, soon } from "./world.ts";

const app = facts.dumps["app-t0.tar.zst"];
const left = app.alone.pages.absent.file;

let ids: Record<"app" | "tiny", string>;
/** First page of app's mapping of /tmp/ghost.bin. */
let ghostPage: number;
/** Of tiny's first mapping of its program. */
let programPage: number;

openWorld();
beforeAll(async () => {
  const store = openStore(place.folder);
  const { snapshot } = await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  const tiny = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  await addKnownSet(store, samplePath("images", "tiny-oci.tar"), "tiny image", {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    withBytes: true,
  });
  const startOf = (record: typeof snapshot, path: string) =>
    store.manifest(record).laid.find(({ mapping }) => mapping.path === path)?.mapping.spaceStart ?? 0;
  ghostPage = startOf(snapshot, "/tmp/ghost.bin");
  programPage = startOf(tiny.snapshot, "/tiny");
  store.close();
  ids = { app: snapshot.id, tiny: tiny.snapshot.id };
  // The server strips both meanwhile, and then says of no count any more that it is at most that.
  const isStripped = async () => {
    const { containers } = await place.library();
    return containers.flatMap(({ snapshots }) => snapshots.map((one) => one.isStripped));
  };
  await vi.waitFor(async () => expect(await isStripped()).toEqual([true, true]), 60_000);
});

const at = (page: number, offset = 0) => `at=p1:${(page * 4096 + offset).toString(16)}`;

function filled(page: Page) {
  return page.getByRole("region", { name: "Filling" });
}

function bytesAtCursor(page: Page): Promise<string[]> {
  return page.getByRole("region", { name: "Bytes" }).locator("tr[aria-current=true] td").allTextContents();
}

/** Colours of the picture, with how many pixels have each. */
async function coloursOf(page: Page): Promise<ReadonlyMap<string, number>> {
  const png = await page.getByRole("application").screenshot();
  const pixels = await page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8ClampedArray();
      const found: Record<string, number> = {};
      for (let i = 0; i < data.length; i += 4) {
        const colour = `${data[i]},${data[i + 1]},${data[i + 2]}`;
        found[colour] = (found[colour] ?? 0) + 1;
      }
      return found;
    },
    [...png],
  );
  return new Map(Object.entries(pixels));
}

/** Ground and diagonals of a place left to its file, in the dark. */
const IMAGE_GROUND = "19,28,36";
const IMAGE_MARK = "36,70,95";

test("the switch fills the picture between the diagonals, and no number of what is recorded changes", async () => {
  const page = await browser.open(`${place.url}/s/${ids.tiny}?v=1`);
  await drawn(page);
  const legend = page.getByRole("region", { name: "Legend: Class" });
  const rows = () => legend.getByRole("button").allTextContents();
  const bar = () => page.getByRole("region", { name: "Explanation" }).textContent();
  const [numbers, explained] = [await rows(), await bar()];
  await soon(() => filled(page).textContent()).toContain("known, from image 12");
  expect(await filled(page).textContent()).toContain("of 12 pages left to files, none recorded");
  const empty = await coloursOf(page);

  await page.keyboard.press("y");
  await soon(() => new URL(page.url()).searchParams.get("fill")).toBe("1");
  await drawn(page);
  await soon(async () => (await coloursOf(page)).get(IMAGE_GROUND) ?? 0).toBeLessThan(empty.get(IMAGE_GROUND) ?? 0);
  const full = await coloursOf(page);
  // Of every four pixels of a place left to its file three were ground and one the mark; now it is one of eight each.
  const [marks, before] = [full.get(IMAGE_MARK) ?? 0, empty.get(IMAGE_MARK) ?? 0];
  expect(marks).toBeGreaterThan(0);
  expect(Math.abs(marks * 2 - before)).toBeLessThan(before / 8);
  expect([await rows(), await bar()]).toEqual([numbers, explained]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);

  await filled(page).getByRole("switch", { name: "Filled" }).click();
  await soon(() => new URL(page.url()).searchParams.has("fill")).toBe(false);
  await drawn(page);
  await soon(() => coloursOf(page)).toEqual(empty);
});

test("what was left to a deleted file is no image's: a part of its own in the bar and the legend, lit alone", async () => {
  const page = await browser.open(`${place.url}/s/${ids.app}?v=1&ch=provenance`);
  await drawn(page);
  const explanation = page.getByRole("region", { name: "Explanation" });
  const legend = page.getByRole("region", { name: "Legend: Provenance" });
  await legend.getByText("left to deleted file 3", { exact: true }).waitFor();
  await legend.getByText(`left to file ${count(left - 3)}`, { exact: true }).waitFor();
  await explanation.getByRole("button", { name: /^left to deleted file 3/ }).click();
  await soon(() => explanation.locator("strong").first().textContent()).toMatch(/^3 pages shown/);
  await soon(() => page.url()).toContain("r=deleted");
});

test("in the legend of a selection, too, what was left to a deleted file is no image's", async () => {
  const selected = `s=p1:${(ghostPage * 4096).toString(16)}-${((ghostPage + 4) * 4096).toString(16)}`;
  const page = await browser.open(`${place.url}/s/${ids.app}?v=1&ch=provenance&tab=selection&${selected}`);
  await drawn(page);
  const legend = page.getByRole("region", { name: "Legend: Provenance" });
  await legend.getByRole("radio", { name: "Selection" }).click();
  await legend.getByText("left to file 0", { exact: true }).waitFor();
  await legend.getByText("left to deleted file 3", { exact: true }).waitFor();
  await page.getByRole("region", { name: "Size" }).getByText("3 left to deleted files").waitFor();
});

test("a deleted file's bytes are those of the dump's ghost file: in the bytes, in the page's reason, and never as recorded", async () => {
  const page = await browser.open(`${place.url}/s/${ids.app}?v=1&${at(ghostPage)}`);
  await drawn(page);
  await soon(() => filled(page).textContent()).toContain("from the dump's ghost file 3");
  expect(await filled(page).textContent()).toContain(`of ${count(left)} pages left to files, none recorded`);
  await soon(() => bytesAtCursor(page)).toEqual(["3 pages left to the file; the dump has no bytes here"]);
  await page
    .getByText(/The file was deleted; the dump carries its content\. Filled from the dump's ghost file/)
    .waitFor();

  await filled(page).getByRole("switch", { name: "Filled" }).click();
  const row = Array.from(GHOST.subarray(0, 16), (byte) => `${byte.toString(16).padStart(2, "0")}, filled`);
  await soon(() => bytesAtCursor(page)).toEqual(row);
  const bytes = page.getByRole("region", { name: "Bytes" });
  await bytes.getByText("not in the dump; from the dump's ghost file: /tmp/ghost.bin at 0x0").waitFor();
  expect(await page.getByRole("region", { name: "Page", exact: true }).textContent()).toContain(
    "Stateleft to deleted file",
  );

  // In provenance nothing explains them, and the picture leaves them to their file; the bytes are the same.
  await page.goto(`${place.url}/s/${ids.app}?v=1&fill=1&ch=provenance&${at(ghostPage)}`);
  await drawn(page);
  await soon(() => bytesAtCursor(page)).toEqual(row);
  await filled(page).getByText("Pages of ghost files have no provenance").waitFor();

  // A channel of pages is of recorded ones: the switch says that the picture stays as it is, and it does.
  await page.goto(`${place.url}/s/${ids.app}?v=1&fill=1&ch=permissions&${at(ghostPage)}`);
  await drawn(page);
  await filled(page).getByText("This channel colours recorded pages: filling changes the bytes, not the").waitFor();
  await soon(() => bytesAtCursor(page)).toEqual(row);
  const before = await coloursOf(page);
  await page.keyboard.press("y");
  await soon(() => bytesAtCursor(page)).not.toEqual(row);
  await drawn(page);
  expect(await coloursOf(page)).toEqual(before);
});

test("the pointer is told file, offset, set and layer; when the set goes its bytes go", async () => {
  const page = await browser.open(`${place.url}/s/${ids.tiny}?v=1&fill=1&z=0.16&${at(programPage, 1)}`);
  await drawn(page);
  const picture = page.getByRole("application");
  const box = await picture.boundingBox();
  if (!box) throw new Error("there is no picture");
  await page.mouse.move(box.x + box.width / 2 + 4, box.y + box.height / 2 + 4);
  const text = /not in the dump, filled: known, from image: \/tiny at 0x0, in tiny image, layer [0-9a-f]{12}/;
  await page.getByRole("contentinfo").getByText(text).waitFor();
  // The cursor stands there too, and its page is told the same.
  await page.getByRole("region", { name: "Page", exact: true }).getByText(text).waitFor();
  await soon(() => bytesAtCursor(page)).toContain("45, filled");

  expect((await fetch(`${place.url}/api/known/tiny%20image`, { method: "DELETE" })).status).toBe(200);
  await soon(() => filled(page).textContent()).toContain("nothing here has bytes for 12 pages left to files");
  await soon(() => bytesAtCursor(page)).toEqual([
    expect.stringMatching(/left to the file; the dump has no bytes here$/),
  ]);
});

test("what is selected is exported as it is shown: filled bytes with their list, and none when the switch is off", async () => {
  const selected = `s=p1:${(ghostPage * 4096 - 4096).toString(16)}-${((ghostPage + 3) * 4096).toString(16)}`;
  const page = await browser.open(`${place.url}/s/${ids.app}?v=1&fill=1&tab=selection&${selected}`, {
    downloads: true,
  });
  await drawn(page);
  const files = page.getByRole("region", { name: "Export" });
  const bytesOf = async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      files.getByRole("button", { name: "Bytes (tar)" }).click(),
    ]);
    return filesOf(readFileSync(await download.path()));
  };
  await files.getByText("Filled bytes go along, marked as not the dump's.").waitFor();
  const filledFiles = await bytesOf();
  expect(filledFiles.get("bytes.raw")?.subarray(-GHOST.length).equals(GHOST)).toBe(true);
  const { filled: listed } = JSON.parse(String(filledFiles.get("bytes.raw.filled.json")));
  expect(listed).toMatchObject([{ bytes: GHOST.length, source: { kind: "ghost", path: "/tmp/ghost.bin" } }]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);

  // Residual pages are recorded ones.
  const residual = page.getByRole("switch", { name: "Residual pages only" });
  await residual.click();
  await soon(() => files.getByText("Filled bytes").count()).toBe(0);
  await residual.click();
  await files.getByText("Filled bytes").waitFor();

  await filled(page).getByRole("switch", { name: "Filled" }).click();
  await soon(() => files.getByText("Filled bytes").count()).toBe(0);
  const plainFiles = await bytesOf();
  expect([...plainFiles.keys()]).toEqual(["selection.json", "bytes.raw", "SHA256SUMS"]);
  expect(plainFiles.get("bytes.raw")?.length).toBe((filledFiles.get("bytes.raw")?.length ?? 0) - GHOST.length);
});

test("a hit in filled bytes says so, and only while pages are filled", async () => {
  const page = await browser.open(`${place.url}/s/${ids.app}?v=1&fill=1&tab=find`);
  await drawn(page);
  const pattern = GHOST.subarray(4096 - 8, 4096 + 8).toString("hex");
  await page.getByRole("combobox", { name: "What to find" }).selectOption("hex");
  await page.getByRole("textbox", { name: "Find" }).fill(pattern);
  await page.getByRole("button", { name: "Find", exact: true }).click();
  const hits = page.getByRole("listbox", { name: "Hits" });
  const inFilled = hits.getByRole("option").filter({ hasText: "ghost.bin · filled, from the dump's ghost file" });
  await inFilled.waitFor();
  const all = await hits.getByRole("option").count();
  await page.keyboard.press("Escape");
  await filled(page).getByRole("switch", { name: "Filled" }).click();
  await page.getByRole("button", { name: "Find", exact: true }).click();
  const found = page.getByRole("tabpanel").getByText(/^(Nothing found|\d+ hits?\b)/);
  await soon(() => found.first().textContent()).toContain(all === 1 ? "Nothing found" : `${all - 1} hit`);
  expect(await inFilled.count()).toBe(0);
});
