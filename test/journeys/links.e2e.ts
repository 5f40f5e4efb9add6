/** A copied link brings everything back, also a rectangle of more parts than an address has room for. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { browser, drawn, openWorld, place, soon, takeSample } from "./world.ts";

let t1: string;

openWorld();
beforeAll(async () => {
  ({ t1 } = await takeSample(place));
});

async function copiedLink(page: Page): Promise<string> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.keyboard.press("l");
  await page.getByText("Link copied").first().waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** What is counted of the selection. */
async function selected(page: Page): Promise<string | null> {
  await page.getByRole("region", { name: "Size" }).waitFor();
  const parts = await page.getByText(/^[\d\u202f]+ ranges in 1 space$/).textContent();
  return `${parts} ${await page.getByRole("region", { name: "Size" }).textContent()}`;
}

test("a rectangle of hundreds of parts is in the link by an id, and comes back with the rest", async () => {
  const page = await browser.open(`${place.url}/s/${t1}?v=1&l=z-order&ch=entropy&tab=selection`);
  await drawn(page);
  const box = await page.getByRole("application", { name: /^Picture of/ }).boundingBox();
  if (!box) throw new Error("there is no picture");
  await page.keyboard.press("+");
  await drawn(page);
  await page.keyboard.down("Shift");
  await page.keyboard.down("Alt");
  await page.mouse.move(box.x + box.width * 0.21, box.y + box.height * 0.23);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await page.mouse.move(box.x + box.width * 0.77, box.y + box.height * 0.71);
  await page.mouse.up();
  await page.keyboard.up("Alt");
  await page.keyboard.up("Shift");
  const before = await selected(page);
  // Nobody has copied a link: the address brings it back all the same.
  await soon(() => page.url()).toMatch(/[?&]s=~[A-Za-z0-9_-]{16}(&|$)/);
  await page.reload();
  await drawn(page);
  expect(await selected(page)).toBe(before);

  const link = await copiedLink(page);
  expect(link).toMatch(/[?&]s=~[A-Za-z0-9_-]{16}(&|$)/);
  expect(link.length).toBeLessThan(300);
  expect(link).toBe(page.url());
  const other = await browser.open(link);
  await drawn(other);
  expect(await selected(other)).toBe(before);
  await soon(() => other.url()).toBe(link);
  // The same state, the same link; and it stays in the address while one moves.
  expect(await copiedLink(other)).toBe(link);
  await other.keyboard.press("+");
  await soon(() => other.url()).not.toBe(link);
  expect(other.url()).toContain(/[?&](s=~[A-Za-z0-9_-]{16})/.exec(link)?.[1]);
});

test("a short state is copied as it is, and an id that nobody keeps is told", async () => {
  const page = await browser.open(`${place.url}/s/${t1}?v=1&tab=facts&s=~AAAAAAAAAAAAAAAA`, {
    expected: /404 \(Not Found\)/,
  });
  await page
    .getByText("What this link selects is not kept on this server, so nothing is selected. The rest of it is followed.")
    .waitFor();
  await drawn(page);
  const link = await copiedLink(page);
  expect(link).toMatch(/\?v=1&.*tab=facts$/);
  expect(link).not.toContain("~");
});

test("an address that names no screen is answered by the application, with a way to the library", async () => {
  const page = await browser.open(`${place.url}/nowhere`, { expected: /404 \(Not Found\)/ });
  await page.getByText("This address names no screen of Dumpscope.").waitFor();
  await page.getByRole("link", { name: "Open the library" }).click();
  await page.getByText("app", { exact: true }).first().waitFor();
  expect(new URL(page.url()).pathname).toBe("/");
});
