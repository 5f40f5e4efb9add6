/** The memory map as the way in: by key, by keyboard, by click, and back; what areas mean is said in numbers. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page, Request } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { SnapshotDetail } from "../../shared/api/index.ts";
import { ingest } from "../ingest/temporary-store.ts";
import { matchCells } from "./golden.ts";
import { browser, count, drawn, facts, openWorld, place, samplePath, soon, takeSample } from "./world.ts";

let t1: string;
let nginx: string;
let detail: SnapshotDetail;

openWorld(async (store) => {
  const { snapshot } = await ingest(store, samplePath("podman", "nginx-t0.tar.zst"), "nginx");
  nginx = snapshot.id;
});
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
  detail = (await (await fetch(`${place.url}/api/snapshots/${t1}`)).json()) as SnapshotDetail;
});

function mapOf(page: Page) {
  return page.getByRole("application", { name: /^Memory map/ });
}

function queryOf(page: Page): URLSearchParams {
  return new URL(page.url()).searchParams;
}

const recordedOf = ({ counts }: SnapshotDetail["laid"][number]) => counts.present + counts.zero + counts.inParent;

test("it is filled from the tiles that are here, and says what areas mean", async () => {
  const page = await browser.open(`${place.url}/s/${t1}`);
  await drawn(page);
  await page.waitForLoadState("networkidle");
  const asked: string[] = [];
  page.on("request", (request: Request) => asked.push(request.url()));
  await page.keyboard.press("m");
  const map = page.getByRole("region", { name: "Memory map" });
  const recorded = facts.dumps["app-t1.tar.zst"].recorded;
  const sized = detail.laid.filter((mapping) => recordedOf(mapping) > 0).length;
  const without = detail.laid.length - sized;
  await map
    .getByText(
      `${count(recorded)} recorded pages in ${sized} mappings; shared segments once. ${without} mappings without one are left out.`,
    )
    .waitFor();
  await soon(() => queryOf(page).get("l")).toBe("map");
  await page.waitForLoadState("networkidle");
  expect(asked.filter((url) => new URL(url).pathname.includes("/tiles/"))).toEqual([]);

  await map.getByRole("radio", { name: "Virtual size" }).click();
  const pages = detail.laid.reduce((sum, mapping) => sum + mapping.pages, 0);
  await map
    .getByText(`${(pages / 256).toFixed(1)} MiB in ${detail.laid.length} mappings`.replace(" MiB", "\u00a0MiB"))
    .waitFor();
  await soon(() => queryOf(page).get("size")).toBe("virtual");
  expect(
    (await new AxeBuilder({ page }).analyze()).violations.filter(
      ({ impact }) => impact === "serious" || impact === "critical",
    ),
  ).toEqual([]);
});

test("arrows go from mapping to mapping, Enter opens one in the picture, and the way back leads to the map", async () => {
  const page = await browser.open(`${place.url}/s/${t1}?v=1&l=map`);
  await drawn(page);
  await mapOf(page).focus();
  await page.keyboard.press("Home");
  const largest = detail.laid.toSorted((a, b) => recordedOf(b) - recordedOf(a))[0];
  await page
    .getByRole("application", { name: `${largest.name} ${largest.permissions}, ${count(recordedOf(largest))} pages.` })
    .waitFor();
  await page.keyboard.press("ArrowRight");
  const name = (await mapOf(page).getAttribute("aria-label")) ?? "";
  expect(name).not.toContain(`${count(recordedOf(largest))} pages`);
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.getByRole("application", { name: /^Picture of app t1/ }).waitFor();
  await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(largest.address);
  await soon(() => queryOf(page).get("l")).toBe(null);
  await page.goBack();
  await mapOf(page).waitFor();
});

test("a click goes to the mapping under it, and hover says which one", async () => {
  const page = await browser.open(`${place.url}/s/${t1}?v=1&l=map&ch=provenance`);
  await drawn(page);
  const box = (await mapOf(page).boundingBox())!;
  // The largest process comes first, its largest mapping in its upper left corner.
  const at = [box.x + 60, box.y + 60] as const;
  await page.mouse.move(...at);
  const said = await page
    .getByRole("region", { name: "Memory map" })
    .getByText(/recorded pages? of/)
    .textContent();
  const found = detail.laid.find(
    (mapping) =>
      said?.startsWith(`${mapping.name} ${mapping.permissions}, process `) &&
      said.includes(`: ${count(recordedOf(mapping))} recorded`),
  )!;
  expect(found).toBeDefined();
  await page.mouse.click(...at);
  await page.getByRole("application", { name: /^Picture of app t1/ }).waitFor();
  await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(found.address);
});

test("on the strip of residual pages areas are residual pages", async () => {
  const page = await browser.open(`${place.url}/s/${t1}?v=1&l=map&strip=residual`);
  const left = detail.laid.filter(({ provenance }) => provenance.new > 0);
  await page.getByText(`${count(detail.provenance.new)} residual pages in ${left.length} mappings`).waitFor();
});

test.each(["dark", "light"] as const)(
  "three processes as they were: all of them, one that was chosen, and the mapping that is opened from it (%s)",
  async (theme) => {
    const page = await browser.open(`${place.url}/s/${nginx}?v=1&l=map`, { theme, width: 1024, height: 700 });
    await drawn(page);
    const { processes } = facts.dumps["nginx-t0.tar.zst"];
    const process = page.getByLabel("Process", { exact: true });
    // Of all processes, of each, and of the shared segments.
    expect(await process.locator("option").count()).toBe(1 + processes + 1);
    await matchCells(mapOf(page), `map-${theme}`);
    await process.selectOption({ index: 2 });
    await drawn(page);
    await matchCells(mapOf(page), `map-process-${theme}`);
    await mapOf(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    const picture = page.getByRole("application", { name: /^Picture of nginx/ });
    await picture.waitFor();
    await drawn(page);
    await matchCells(picture, `map-mapping-${theme}`);
  },
);
