/** What is written is read whole, and nothing moves away from under the hand. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { browser, drawn, openWorld, place, takeSample } from "./world.ts";

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
