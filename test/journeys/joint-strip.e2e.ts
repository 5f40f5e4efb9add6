/** The strips of a comparison: chosen for both sides at once, named and counted beside the legend, kept in the address. */
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import type { SnapshotDetail } from "../../shared/api/index.ts";
import { differingPixels, shootCells } from "./golden.ts";
import { browser, count, drawn, facts, openWorld, pairOf, place, soon, takeSample } from "./world.ts";

const pair = pairOf("app-t0.tar.zst", "app-t1.tar.zst");
const { verdicts } = pair;
const differing = verdicts.changed + verdicts.moved + verdicts.added + verdicts.removed + pair.zeroThatWasPresent;

let path: string;
let t1: string;

openWorld();
beforeAll(async () => {
  const ids = await takeSample(place);
  t1 = ids.t1;
  path = `${place.url}/compare/${ids.t0}/${ids.t1}`;
});

test("each strip is counted on both sides, and tiles of both are asked for by its name", async () => {
  const page = await browser.open(path);
  await drawn(page);
  const strip = page.getByRole("region", { name: "Strip" });
  const [allInA, allInB] = ["app-t0.tar.zst", "app-t1.tar.zst"].map(
    (name) => facts.dumps[name].recorded + facts.dumps[name].alone.pages.absent.file,
  );
  await strip.getByText(`${count(allInA)} pages recorded or left to files in t0, ${count(allInB)} in t1; `).waitFor();
  const asked = new Set<string>();
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname.includes("/tiles/")) asked.add(`${searchParams.get("side")} ${searchParams.get("strip")}`);
  });
  await strip.getByRole("radio", { name: "Recorded" }).click();
  const [recordedInA, recordedInB] = ["app-t0.tar.zst", "app-t1.tar.zst"].map((name) => facts.dumps[name].recorded);
  await strip.getByText(`${count(recordedInA)} pages recorded in t0, ${count(recordedInB)} in t1; `).waitFor();
  await drawn(page);
  expect([...asked].sort()).toEqual(["a recorded", "b recorded"]);
  await soon(() => new URL(page.url()).searchParams.get("strip")).toBe("recorded");

  await strip.getByRole("radio", { name: "Residual" }).click();
  const left = facts.dumps["app-t0.tar.zst"].alone.provenance.new;
  await strip
    .getByText(
      `${count(differing)} pages that differ, ${count(left)} residual in t0, ${count(pair.provenance.new)} in t1; `,
    )
    .waitFor();
  await drawn(page);
  // Every difference is on it.
  await page.keyboard.press("F7");
  await page.getByRole("region", { name: "Differences" }).getByText("Difference 1 of").waitFor();
  expect(await strip.getByText("The selected page is not on it.").count()).toBe(0);
});

test("both sides stay under one camera when the strip changes, and the picture difference is that of the strip", async () => {
  const page = await browser.open(`${path}?v=1&z=2.1&ch=class&strip=residual`, { width: 2560, height: 2900 });
  await drawn(page);
  const said = page.getByRole("region", { name: "Picture difference" });
  await said.getByRole("link").waitFor();
  const text = ((await said.textContent()) ?? "").replaceAll("\u00a0", " ");
  const [, number, level] =
    /([\d\u202f]+) pxThe whole strip, not the view: hilbert, Class, (\d+) B per cell/.exec(text) ?? [];
  const sides = page.getByRole("application");
  // Drawn at the level that was counted.
  expect(level).toBe("16");
  const [a, b] = [await shootCells(sides.nth(0)), await shootCells(sides.nth(1))];
  expect((await sharp(a).metadata()).width).toBe((await sharp(b).metadata()).width);
  expect(number).toBe(count(await differingPixels(a, b)));

  // Zoomed in at a difference, a change of the strip keeps it in the middle of both.
  await page.keyboard.press("F7");
  await page.getByRole("region", { name: "Differences" }).getByText("Difference 1 of").waitFor();
  await page.getByRole("application", { name: /^Side A/ }).press("Enter");
  const before = await page.getByLabel("Go to an address").inputValue();
  const center = () => new URL(page.url()).searchParams.get("c");
  const zoom = () => new URL(page.url()).searchParams.get("z");
  await soon(zoom).not.toBe(null);
  const [seen, at] = [center(), zoom()];
  await page.getByRole("radio", { name: "Recorded" }).click();
  await drawn(page);
  await soon(() => new URL(page.url()).searchParams.get("strip")).toBe("recorded");
  expect([center(), zoom(), await page.getByLabel("Go to an address").inputValue()]).toEqual([seen, at, before]);
});

test("the bytes pane knows of both sides also what a strip has folded away", async () => {
  const detail = (await (await fetch(`${place.url}/api/snapshots/${t1}`)).json()) as SnapshotDetail;
  const code = detail.laid.find(({ name, permissions }) => name === "libc.so.6" && permissions === "r-x")!;
  const page = await browser.open(
    `${path}?v=1&strip=residual&at=${code.space}:${(BigInt(code.start) * 4096n).toString(16)}`,
  );
  await drawn(page);
  await soon(() => page.getByRole("grid").textContent()).toContain(
    `${count(code.pages)} pages left to the file; the dump has no bytes here`,
  );
});
