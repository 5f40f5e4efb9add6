/** The legend tells the numbers of the snapshot, or of what is selected in it, and says which. */
import { beforeAll, expect, test } from "vitest";
import { decodeRangeBytes, type InspectedPage } from "../../shared/api/index.ts";
import { PAGE_STATES } from "../../shared/snapshot/index.ts";
import { BYTE_CLASSES, CLASS_OF_BYTE } from "../../shared/summary/index.ts";
import { browser, count, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

/** 97 pages from the planted secrets on. */
const START = BigInt(facts.planted.secretPage.address);
const PAGES = 97;

let t1: string;

openWorld();
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
});

test("classes and provenance of the selection stand in the legend, counted from its bytes and pages", async () => {
  const classes = BYTE_CLASSES.map(() => 0);
  const provenance = new Map<string, number>();
  for (let page = 0; page < PAGES; page++) {
    const query = `space=p1&address=0x${(START + BigInt(page) * 4096n).toString(16)}`;
    const answer = await fetch(`${place.url}/api/snapshots/${t1}/bytes?${query}&length=4096`);
    const range = decodeRangeBytes(new Uint8Array(await answer.arrayBuffer()), 1, 4096)!;
    const state = PAGE_STATES[range.states[0]];
    if (state === "data" || state === "zero") for (const byte of range.bytes) classes[CLASS_OF_BYTE[byte]]++;
    const inspected = await fetch(`${place.url}/api/snapshots/${t1}/page?${query}`);
    const { provenance: why } = (await inspected.json()) as Partial<InspectedPage>;
    if (why) provenance.set(why, (provenance.get(why) ?? 0) + 1);
  }
  const end = START + BigInt(PAGES) * 4096n;
  const page = await browser.open(`${place.url}/s/${t1}?v=1&s=p1:${START.toString(16)}-${end.toString(16)}`);
  await drawn(page);
  const legend = page.getByRole("region", { name: "Legend: Class" });
  const whole = await legend.getByRole("button", { name: /^Printable/ }).textContent();
  await legend.getByText("share of recorded bytes").waitFor();
  await legend.getByRole("radio", { name: "Selection" }).click();
  await legend.getByText("share of the selected bytes").waitFor();
  await legend.getByText(/ selected$/).waitFor();
  const all = classes.reduce((sum, bytes) => sum + bytes, 0);
  const percent = `${((100 * classes[1]) / all).toFixed(1)}\u00a0%`;
  await soon(() => legend.getByRole("button", { name: /^Printable/ }).textContent()).toBe(`Printable${percent}`);
  expect(whole).not.toContain(percent);

  await page.getByRole("radio", { name: "Provenance" }).click();
  const why = page.getByRole("region", { name: "Legend: Provenance" });
  for (const name of ["new", "unchanged", "moved"])
    await soon(() => why.getByRole("button", { name: new RegExp(`^${name}`) }).textContent()).toBe(
      `${name}${count(provenance.get(name) ?? 0)}`,
    );
  await why.getByRole("radio", { name: "Snapshot" }).click();
  await soon(() => why.getByRole("button", { name: /^unchanged/ }).textContent()).toBe(`unchanged${count(1737)}`);
  // Without a selection there is nothing to choose, and nothing moves.
  const panels = page.getByRole("tablist", { name: "Panels" });
  const before = await panels.boundingBox();
  await page.keyboard.press("Escape");
  await soon(() => why.getByRole("radio", { name: "Selection", disabled: true }).count()).toBe(1);
  expect(await panels.boundingBox()).toEqual(before);
});
