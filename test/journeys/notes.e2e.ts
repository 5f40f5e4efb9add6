/** A note that is written in one snapshot stands on the same page in the next one: in the picture, the panels, the palette. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { SnapshotNotesSchema } from "../../shared/api/index.ts";
import { PAGE_STATES, type PageState } from "../../shared/snapshot/index.ts";
import { browser, drawn, openWorld, place, soon, takeSample } from "./world.ts";

let t0: string;
let t1: string;

openWorld();
beforeAll(async () => {
  ({ t0, t1 } = await takeSample(place));
});

/** The heap of the service begins with a page that is the same in t0 and t1. */
async function samePage(): Promise<bigint> {
  const detail = (await (await fetch(`${place.url}/api/snapshots/${t1}`)).json()) as {
    laid: { name: string; space: string; start: number; pages: number }[];
  };
  const heap = detail.laid.find(({ name }) => name === "[heap]");
  for (let page = heap?.start ?? 0; page < (heap?.start ?? 0) + (heap?.pages ?? 0); page++) {
    const address = BigInt(page) * 4096n;
    const found = await inspect(t1, address);
    if (found.provenance === "unchanged") return address;
  }
  throw new Error("no page of the heap is unchanged");
}

async function inspect(snapshot: string, address: bigint): Promise<{ state: PageState; provenance: string | null }> {
  const answer = await fetch(`${place.url}/api/snapshots/${snapshot}/page?space=p1&address=0x${address.toString(16)}`);
  return (await answer.json()) as { state: PageState; provenance: string | null };
}

const urlAt = (snapshot: string, address: bigint, more = "") =>
  `${place.url}/s/${snapshot}?v=1&at=p1:${address.toString(16)}${more}`;

/** White pixels over the picture; without a cursor only notes have them. */
function white(page: Page): Promise<number> {
  return page.evaluate(() => {
    const overlay = document.querySelector<HTMLCanvasElement>("main canvas[aria-hidden]");
    if (!overlay) return 0;
    const copy = new OffscreenCanvas(overlay.width, overlay.height);
    const context = copy.getContext("2d", { willReadFrequently: true });
    context?.drawImage(overlay, 0, 0);
    const data = context?.getImageData(0, 0, overlay.width, overlay.height).data ?? [];
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === 255 && data[i + 1] === 255 && data[i + 2] === 255 && data[i + 3] === 255) count++;
    return count;
  });
}

test("written by key in t0 it stands in t1 at every zoom, in its panel and on its page; what it says is text", async () => {
  const address = await samePage();
  const at = address + 0x25n;
  const written = "the arena begins <img src=x onerror=alert(1)>";
  const page = await browser.open(urlAt(t0, at));
  await drawn(page);
  await page.keyboard.press("t");
  await soon(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe("Text of the note");
  await page.keyboard.type(written);
  await page.getByText(`On 1 byte at 0x${at.toString(16)}`).waitFor();
  // What is written stays while one looks at something else.
  await page.getByRole("tab", { name: "Facts" }).click();
  await page.getByRole("tab", { name: "Notes" }).click();
  expect(await page.getByLabel("Text of the note").inputValue()).toBe(written);
  await page.getByLabel("Text of the note").press("Control+Enter");
  await page.getByText("1 note", { exact: true }).waitFor();
  await page.getByText("Made here").waitFor();
  expect(await page.getByLabel("Text of the note").inputValue()).toBe("");

  const later = await browser.open(urlAt(t1, at, "&tab=notes"));
  await drawn(later);
  await later.getByText("Made in app/t0").waitFor();
  await later.getByText(written, { exact: true }).first().waitFor();
  expect(await later.locator("img[src=x]").count()).toBe(0);
  const picture = later.getByRole("application", { name: /^Picture of/ });
  for (const zoom of ["3.1", "1.1", "0.4"]) {
    await later.goto(urlAt(t1, at, `&z=${zoom}&tab=notes`));
    await drawn(later);
    await later.getByText("Made in app/t0").waitFor();
    await picture.focus();
    await later.keyboard.press("Escape");
    await soon(() => later.getByLabel("Go to an address").inputValue()).toBe("");
    await soon(() => white(later)).toBeGreaterThan(0);
  }
  const link = later.getByRole("region", { name: "Notes" }).getByRole("button", { name: /^0x/ });
  await link.click();
  await soon(() => later.getByLabel("Go to an address").inputValue()).toBe(`0x${at.toString(16)}`);
  await later.getByRole("tab", { name: "Page" }).click();
  await later.getByRole("region", { name: "Notes on the page" }).getByText(written).waitFor();
  const { violations } = await new AxeBuilder({ page: later }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id)).toEqual(
    [],
  );

  // The palette finds it by a word of its.
  await later.keyboard.press("Control+k");
  await later.keyboard.type("arena");
  await later.getByRole("option", { name: /the arena begins/ }).waitFor();
  await later.keyboard.press("Escape");

  await later.getByRole("tab", { name: "Notes" }).click();
  await later.getByRole("button", { name: "Change", exact: true }).click();
  const field = later.getByRole("region", { name: "Notes" }).getByLabel("Text of the note");
  await field.fill("");
  await later.getByRole("button", { name: "Save" }).click();
  await later.getByRole("region", { name: "Notes" }).getByText("Bookmark", { exact: true }).waitFor();
  await later.getByRole("button", { name: "Remove…" }).click();
  await later.getByText("It goes from every snapshot.").waitFor();
  await later.getByRole("button", { name: "Remove it" }).click();
  await later.getByText("No page of this snapshot carries a note.").waitFor();
  await later.keyboard.press("Escape");
  await soon(() => white(later)).toBe(0);
  // The other window follows.
  await page.getByText("No page of this snapshot carries a note.").waitFor();
});

test("a page without content of its own is refused, with the reason and what to do", async () => {
  const detail = (await (await fetch(`${place.url}/api/snapshots/${t1}`)).json()) as {
    laid: { space: string; start: number; pages: number; counts: { zero: number; absent: { file: number } } }[];
  };
  const search = async (state: PageState, has: (mapping: (typeof detail.laid)[number]) => boolean) => {
    for (const mapping of detail.laid.filter(has))
      for (let page = mapping.start; page < mapping.start + mapping.pages; page++)
        if ((await inspect(t1, BigInt(page) * 4096n)).state === state) return BigInt(page) * 4096n;
    throw new Error(`no page is ${state} of ${PAGE_STATES.length}`);
  };
  const zero = await search("zero", ({ counts }) => counts.zero > 0);
  const file = await search("absent-file", ({ counts }) => counts.absent.file > 0);
  for (const [address, why] of [
    [zero, /is all zero: a note is bound to what its page holds, and would stand on every zero page\./],
    [file, /The dump has no bytes of the page at 0x[0-9a-f]+: a note is bound to what its page holds\./],
  ] as const) {
    const page = await browser.open(urlAt(t1, address, "&tab=notes"), { expected: /409 \(Conflict\)/ });
    await page.getByText("No page of this snapshot carries a note.").waitFor();
    await page.getByRole("button", { name: /^Bookmark/ }).click();
    await page.getByText("No note was made").waitFor();
    await page.getByText(why).waitFor();
    await page.getByText("Put the note on a page that the dump records and that is not all zero.").waitFor();
  }
  const answer = await fetch(`${place.url}/api/snapshots/${t1}/notes`);
  expect(SnapshotNotesSchema.parse(await answer.json()).notes).toEqual([]);
});
