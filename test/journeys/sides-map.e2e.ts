/** The memory maps of both sides: the same rectangles on both, what areas mean in numbers, and the way into the picture. */
import { AxeBuilder } from "@axe-core/playwright";
import { beforeAll, expect, test } from "vitest";
import type { Comparison } from "../../shared/api/index.ts";
import { browser, count, drawn, openWorld, pairOf, place, soon, takeSample } from "./world.ts";

const pair = pairOf("app-t0.tar.zst", "app-t1.tar.zst");
const { verdicts } = pair;
const differing = verdicts.changed + verdicts.moved + verdicts.added + verdicts.removed + pair.zeroThatWasPresent;

let path: string;
let comparison: Comparison;

openWorld();
beforeAll(async () => {
  const ids = await takeSample(place);
  path = `${place.url}/compare/${ids.t0}/${ids.t1}`;
  comparison = (await (await fetch(`${place.url}/api/comparisons/${ids.t0}/${ids.t1}`)).json()) as Comparison;
});

test("areas are the pages that differ, or were compared, or all; the address keeps which", async () => {
  const page = await browser.open(path);
  await drawn(page);
  await page.keyboard.press("m");
  const map = page.getByRole("region", { name: "Memory map" });
  const differ = new Set(comparison.differences.map(({ mapping }) => mapping)).size;
  const without = comparison.joint.length - differ;
  await map
    .getByText(
      `${differing} differing pages in ${differ} mappings; shared segments once. ${without} mappings without one are left out.`,
    )
    .waitFor();
  await soon(() => new URL(page.url()).search).toContain("l=map");
  expect(new URL(page.url()).searchParams.get("size")).toBe(null);
  await map.getByRole("radio", { name: "Compared pages" }).click();
  const compared = pair.recordedInB + verdicts.removed;
  await map.getByText(`${count(compared)} compared pages in`).waitFor();
  await soon(() => new URL(page.url()).searchParams.get("size")).toBe("recorded");
  await map.getByRole("radio", { name: "Virtual size" }).click();
  await map.getByText(`in ${comparison.joint.length} mappings`).waitFor();
  expect(
    (await new AxeBuilder({ page }).analyze()).violations.filter(
      ({ impact }) => impact === "serious" || impact === "critical",
    ),
  ).toEqual([]);
});

test("a mapping has the same rectangle on both sides, is named under the pointer, and opens in the picture", async () => {
  const page = await browser.open(`${path}?v=1&l=map`);
  await drawn(page);
  const map = page.getByRole("region", { name: "Memory map" });
  const maps = page.getByRole("application", { name: /^Side [AB]: memory map/ });
  const [a, b] = [(await maps.nth(0).boundingBox())!, (await maps.nth(1).boundingBox())!];
  expect([a.width, a.height, a.y]).toEqual([b.width, b.height, b.y]);
  const said: (string | null)[] = [];
  for (const at of [0.1, 0.3, 0.5, 0.7, 0.9])
    for (const box of [a, b]) {
      await page.mouse.move(box.x + box.width * at, box.y + box.height * at);
      said.push(await map.locator("p").first().textContent());
    }
  for (let i = 0; i < said.length; i += 2) expect(said[i]).toBe(said[i + 1]);
  expect(new Set(said).size).toBeGreaterThan(2);

  // The mapping of the most pages that differ comes first.
  const pages = comparison.joint.map((_, index) =>
    comparison.differences.reduce((sum, one) => sum + (one.mapping === index ? one.pages : 0), 0),
  );
  const most = pages.indexOf(Math.max(...pages));
  await page.mouse.click(b.x + 40, b.y + 40);
  await page.getByRole("application", { name: /^Side A: picture of/ }).waitFor();
  const first = await page.getByLabel("Go to an address").inputValue();
  const { start, pages: size } = comparison.joint[most];
  const at = Number(BigInt(first) >> 12n);
  expect(at >= start && at < start + size).toBe(true);
  await soon(() => new URL(page.url()).searchParams.get("l")).toBe(null);
  await page.goBack();
  await maps.nth(0).waitFor();
});

test("while it blinks one map is seen, at the place of the other", async () => {
  const page = await browser.open(`${path}?v=1&l=map&m=blink`);
  await drawn(page);
  const maps = page.getByRole("application", { name: /^Side [AB]: memory map/ });
  await soon(() => maps.count()).toBe(1);
});
