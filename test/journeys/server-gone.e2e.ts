/** The server ends while somebody looks, and is started again: what is shown goes on without a click. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { at, drawn, facts, type Killable, openBrowser, openKillable, type TestBrowser, takeSample } from "./world.ts";

let place: Killable;
let browser: TestBrowser;

beforeAll(async () => {
  place = await openKillable();
  browser = await openBrowser();
});
afterEach(() => browser.closePages());
afterAll(async () => {
  await browser?.close();
  await place?.close();
});

test("tiles, bytes and panels that had no answer come once the server is back", async () => {
  const { t1 } = await takeSample(place);
  const page = await browser.open(`${place.url}/s/${t1}?v=1&${at(facts.planted.picture.address)}&z=6.1`, {
    expected: /ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|Failed to load resource/,
  });
  await drawn(page);
  await place.kill();

  await page.getByRole("application").focus();
  for (let n = 0; n < 8; n++) await page.keyboard.press("+");
  const secret = facts.planted.secretPage.address;
  await page.getByLabel("Go to an address").fill(secret);
  await page.keyboard.press("Enter");
  await page.getByText(/tiles? failed\./).waitFor();
  await page.getByText("This page could not be read").waitFor();

  await page.getByRole("application").focus();
  await page.keyboard.press("/");
  await page.getByRole("textbox", { name: "Find" }).fill("secret");
  await page.keyboard.press("Enter");
  const failed = page.getByRole("alert").filter({ hasText: "The search failed" });
  await failed.waitFor();
  const said = await failed.textContent();
  expect(said).toContain("The server does not answer. Check that dumpscope is running.");
  expect(said).not.toContain("..");

  await place.restart();
  await drawn(page);
  const row = page.getByRole("grid").locator("tr[aria-current=true]");
  await row.getByText(`${secret.slice(0, -1)}0`).waitFor();
  await page.getByRole("tab", { name: "Page" }).click();
  await page.getByRole("region", { name: "Page", exact: true }).getByText("new", { exact: true }).waitFor();
});
