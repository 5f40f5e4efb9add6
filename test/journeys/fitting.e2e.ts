/** What is written is read whole, and nothing moves away from under the hand. */
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { at, browser, drawn, facts, openWorld, place, soon, takeSample } from "./world.ts";

const SIZES = [
  { width: 1024, height: 700 },
  { width: 1440, height: 900 },
] as const;

let ids: Awaited<ReturnType<typeof takeSample>>;

openWorld();
beforeAll(async () => {
  ids = await takeSample(place);
});

async function opened(path: string, size: (typeof SIZES)[number]): Promise<Page> {
  const page = await browser.open(`${place.url}${path}`, size);
  await drawn(page);
  return page;
}

test.each(SIZES)("in the help each key stands in its own column, beside what it does: $width", async (size) => {
  const page = await opened(`/s/${ids.t1}`, size);
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  const rows = await dialog.locator("section > div").evaluateAll((all) =>
    all.map((row) => {
      const [words, keys] = [...row.children].map((child) => child.getBoundingClientRect());
      const column = row.getBoundingClientRect();
      const caps = [...row.children[1].children].map((cap) => cap.getBoundingClientRect());
      return {
        text: row.children[0].textContent,
        isApart: words.right <= keys.left,
        isInside: caps.every((cap) => cap.left >= column.left && cap.right <= column.right + 0.5),
        lines: Math.round(words.height / 16),
      };
    }),
  );
  expect(rows.length).toBeGreaterThan(40);
  expect(await dialog.evaluate((element) => element.scrollTop)).toBe(0);
  expect(rows.filter(({ isApart, isInside, lines }) => !isApart || !isInside || lines > 3)).toEqual([]);
});

test.each(SIZES)("at the last difference Next stays under the hand that pressed it: $width", async (size) => {
  const page = await opened(`/compare/${ids.t0}/${ids.t1}`, size);
  const bar = page.getByRole("region", { name: "Differences" });
  const next = bar.getByRole("button", { name: /^Next/ });
  const stage = page.getByRole("region", { name: "Bytes" });
  await page.keyboard.press("Shift+F7");
  await bar.getByText("Difference 77 of 77").waitFor();
  await page.keyboard.press("Shift+F7");
  await bar.getByText("Difference 76 of 77").waitFor();
  const before = [await next.boundingBox(), await stage.boundingBox()];
  await next.click();
  await bar.getByText("Difference 77 of 77").waitFor();
  await next.click();
  await bar.getByText("Last difference. Starting again at the first.").waitFor();
  expect([await next.boundingBox(), await stage.boundingBox()]).toEqual(before);
  // With a filter the most is said.
  await bar.getByRole("button", { name: /^removed/ }).click();
  await page.keyboard.press("F7");
  await page.keyboard.press("F7");
  await bar.getByText(/more are filtered out\.$/).waitFor();
  expect([await next.boundingBox(), await stage.boundingBox()]).toEqual(before);
});

/** Texts of a part that do not fit into the box that hides their end; text that was read from bytes may be of any length. */
function cutIn(part: Locator): Promise<string[]> {
  return part.evaluate((element) =>
    [...element.querySelectorAll("*")]
      .filter((child) => !child.closest("tr")?.textContent?.startsWith("utf"))
      .filter((child) => child.clientWidth > 0 && child.scrollWidth > child.clientWidth)
      .filter((child) => child instanceof HTMLInputElement || getComputedStyle(child).textOverflow === "ellipsis")
      .map((child) => (child instanceof HTMLInputElement ? child.value : (child.textContent ?? ""))),
  );
}

test("in a narrow comparison verdicts, addresses of changes and values of both sides are read whole", async () => {
  const page = await opened(`/compare/${ids.t0}/${ids.t1}?v=1&${at(facts.planted.secretPage.address)}`, SIZES[0]);
  await page.keyboard.press("F7");
  await page.keyboard.press("v");
  const values = page.getByRole("region", { name: "Values at the cursor" });
  await values.getByRole("row", { name: /^f64/ }).waitFor();
  for (const isOpen of [false, true]) {
    if (isOpen) await page.keyboard.press("i");
    await drawn(page);
    expect(await cutIn(values)).toEqual([]);
    // What each reads stands below the head of its side.
    const edges = await values.evaluate((part) =>
      [...part.querySelectorAll("table")].slice(1).map((table) => {
        const cells = [...(table.tBodies[0]?.rows[0]?.cells ?? [])];
        return cells.map((cell) => Math.round(cell.getBoundingClientRect().left));
      }),
    );
    expect(edges[0]).toEqual(edges[1]);
  }
  expect(await cutIn(page.getByRole("region", { name: "Legend: Verdict" }))).toEqual([]);
  const changes = page.getByRole("list", { name: "Mappings that differ" });
  expect(await cutIn(changes)).toEqual([]);
  const rows = await changes.getByRole("button").allTextContents();
  expect(rows.length).toBeGreaterThan(10);
  expect(new Set(rows).size).toBe(rows.length);
});

test("in a narrow window the row width and the sentence on the memory map are read whole", async () => {
  const page = await opened(`/s/${ids.t1}?v=1&l=raster&w=65536`, SIZES[0]);
  const width = page.getByRole("region", { name: "Row width" });
  await soon(() => width.getByRole("textbox").inputValue()).toBe("65536 cells");
  expect(await cutIn(width)).toEqual([]);
  await page.keyboard.press("m");
  const map = page.getByRole("region", { name: "Memory map" });
  await map.getByText(/are left out\.$/).waitFor();
  expect(await cutIn(map)).toEqual([]);
});

test("a notice takes no room from the picture, and is put away", async () => {
  const page = await opened(`/s/${ids.t1}?v=1&foo=1`, SIZES[1]);
  const picture = page.getByRole("application", { name: /^Picture of/ });
  const legend = page.getByRole("region", { name: "Legend: Class" });
  const box = await picture.boundingBox();
  await legend.getByText("64 B per cell").waitFor();
  const notice = page.getByRole("contentinfo").getByRole("status");
  expect(await notice.textContent()).toBe(
    "This link has a key that means nothing here: foo. The rest of it is followed.Dismiss",
  );
  expect(await cutIn(notice)).toEqual([]);
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await soon(() => notice.count()).toBe(0);
  expect(await picture.boundingBox()).toEqual(box);
  await legend.getByText("64 B per cell").waitFor();
});

test("a key that can do nothing says why: the best row width at more than a byte per cell", async () => {
  const page = await opened(`/s/${ids.t1}?v=1&l=raster&w=256`, SIZES[1]);
  const status = page.getByRole("contentinfo");
  await page.keyboard.press("=");
  await status.getByText("Best row width: only at one byte per cell, or with a selection").waitFor();
  await page.keyboard.press("h");
  await page.keyboard.press("=");
  await status.getByText("Best row width: only in the layout Raster").waitFor();
});

test("the digraph names its axes", async () => {
  const page = await opened(`/s/${ids.t1}?v=1&s=p1:7fe203e1f000-7fe203e20000&tab=selection`, SIZES[1]);
  const digraph = page.getByRole("figure").filter({ has: page.getByRole("application", { name: /^Digraph/ }) });
  const canvas = await digraph.getByRole("application").boundingBox();
  const [first, second] = [
    await digraph.getByText("first byte ↓").boundingBox(),
    await digraph.getByText("second byte →").boundingBox(),
  ];
  if (!canvas || !first || !second) throw new Error("the digraph is not drawn");
  expect(first.y + first.height).toBeLessThanOrEqual(canvas.y);
  expect(second.y).toBeGreaterThanOrEqual(canvas.y + canvas.height);
});

test.each([
  { path: () => `/s/${ids.t1}`, region: "Explanation", first: /^image/, last: /^new/, ...SIZES[1] },
  { path: () => `/s/${ids.t1}`, region: "Explanation", first: /^image/, last: /^new/, ...SIZES[0] },
  { path: () => `/s/${ids.t1}`, region: "Legend: Class", first: /^Printable/, last: /^00/, ...SIZES[1] },
  {
    path: () => `/compare/${ids.t0}/${ids.t1}`,
    region: "Differences",
    first: /changed/,
    last: /unchanged/,
    ...SIZES[1],
  },
])(
  "$region is one tab stop, in which arrows go from part to part: $width",
  async ({ path, region, first, last, ...size }) => {
    const page = await opened(path(), size);
    const toolbar = page
      .getByRole("region", { name: region })
      .getByRole(size.width < 1200 && region === "Explanation" ? "group" : "toolbar");
    const buttons = toolbar.getByRole("button");
    const stops = () => buttons.evaluateAll((all) => all.filter(({ tabIndex }) => tabIndex === 0).length);
    expect(await stops()).toBe(1);
    await buttons.first().focus();
    const focused = page.locator(":focus");
    const nameOf = async (button: Locator) =>
      (await button.getAttribute("aria-label")) ?? (await button.textContent())?.trim() ?? "";
    expect(await nameOf(focused)).toMatch(first);
    await page.keyboard.press("ArrowRight");
    expect(await nameOf(focused)).toBe(await nameOf(buttons.nth(1)));
    await page.keyboard.press("End");
    expect(await nameOf(focused)).toMatch(last);
    await page.keyboard.press("ArrowRight");
    expect(await nameOf(focused)).toMatch(last);
    // Tab leaves it, and comes back to where one was.
    await page.keyboard.press("Tab");
    expect(await toolbar.evaluate((element) => element.contains(document.activeElement))).toBe(false);
    await page.keyboard.press("Shift+Tab");
    expect(await nameOf(focused)).toMatch(last);
    expect(await stops()).toBe(1);
  },
);

test("an answer of a search says of what, whatever stands in the form by now", async () => {
  const page = await opened(`/s/${ids.t1}`, SIZES[1]);
  await page.keyboard.press("/");
  const field = page.getByRole("textbox", { name: "Find" });
  await field.fill("AKIA");
  await field.press("Enter");
  const panel = page.getByRole("tabpanel");
  await panel.getByText(/^\d+ hits in/).waitFor();
  await field.fill("");
  await page.getByRole("combobox", { name: "What to find" }).selectOption("hex");
  await panel.getByText(/^\d+ hits in/).waitFor();
  await panel.getByText("Text “AKIA”", { exact: true }).waitFor();
});

test("in a low window hits are scrolled to", async () => {
  const page = await opened(`/s/${ids.t1}`, SIZES[0]);
  await page.keyboard.press("/");
  const field = page.getByRole("textbox", { name: "Find" });
  await field.fill("AKIA");
  await field.press("Enter");
  const hit = page.getByRole("listbox", { name: "Hits" }).getByRole("option").first();
  await hit.waitFor();
  await field.hover();
  await page.mouse.wheel(0, 400);
  const status = await page.getByRole("contentinfo").boundingBox();
  const bottom = async () => {
    const box = await hit.boundingBox();
    return box ? box.y + box.height : Number.POSITIVE_INFINITY;
  };
  await soon(bottom).toBeLessThanOrEqual(status?.y ?? 0);
});
