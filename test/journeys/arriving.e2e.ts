/** A dump is watched while it comes: half of it, all of it, its snapshot at the same view; or why there is none. */
import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { differingPixels, matchCells, shootCells } from "./golden.ts";
import { drawn, facts, openBrowser, openPlace, type Place, samplePath, soon, type TestBrowser } from "./world.ts";

const TUS = { "Tus-Resumable": "1.0.0" };

let browser: TestBrowser;
let place: Place;

beforeAll(async () => {
  browser = await openBrowser();
});
beforeEach(async () => {
  place = await openPlace();
});
afterEach(async () => {
  await browser.closePages();
  await place.close();
});
afterAll(() => browser?.close());

interface Held {
  readonly id: string;
  /** Sends what comes next, up to a byte. */
  sendTo(end: number): Promise<void>;
  ingest(): Promise<void>;
}

/** An upload whose bytes come when the journey says so. */
async function hold(name: string, bytes: Uint8Array): Promise<Held> {
  const metadata = `filename ${Buffer.from(name).toString("base64")}`;
  const made = await fetch(`${place.url}/api/uploads`, {
    method: "POST",
    headers: { ...TUS, "Upload-Length": String(bytes.length), "Upload-Metadata": metadata },
  });
  const id = made.headers.get("location")?.split("/").at(-1) ?? "";
  let at = 0;
  return {
    id,
    async sendTo(end) {
      const headers = { ...TUS, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" };
      const body = new Uint8Array(bytes.subarray(at, end));
      expect((await fetch(`${place.url}/api/uploads/${id}`, { method: "PATCH", headers, body })).status).toBe(204);
      at = end;
    },
    async ingest() {
      const headers = { "Content-Type": "application/json" };
      await fetch(`${place.url}/api/ingests`, { method: "POST", headers, body: JSON.stringify({ upload: id }) });
    },
  };
}

test("the picture grows while its dump comes, and goes over to its snapshot at the same view", async () => {
  const bytes = readFileSync(samplePath("podman", "tiny-t0.tar"));
  const { recorded } = facts.dumps["tiny-t0.tar"];
  const held = await hold("tiny-t0.tar", bytes);
  const page = await browser.open(`${place.url}/arriving/${held.id}`);
  await page.getByText("Nothing of it is here yet.").waitFor();

  await held.sendTo(200_000);
  const bar = page.getByRole("region", { name: "Arrival" });
  const title = page.locator("header").first();
  await bar.getByText(/^\d+ pages so far of/).waitFor();
  await soon(() => title.textContent()).toContain("195.3 of 258.5");
  await drawn(page);
  const here = Number.parseInt((await bar.textContent()) ?? "", 10);
  expect(here).toBeGreaterThan(0);
  expect(here).toBeLessThan(recorded);
  const legend = page.getByRole("region", { name: "Legend: Class" });
  await legend.getByText(`not here yet ${recorded - here}`).waitFor();
  const canvas = page.getByRole("application");
  await matchCells(canvas, "tiny-t0-half");

  // A page that is not here says so; what needs a snapshot is not offered.
  expect(await page.getByRole("radio", { name: "Provenance" }).getAttribute("title")).toContain("is known when");
  await page.keyboard.press("4");
  expect(await page.getByRole("radio", { name: "Class" }).getAttribute("aria-checked")).toBe("true");
  expect(await page.getByRole("button", { name: "Compare…" }).count()).toBe(0);
  await page.getByRole("tab", { name: "Mappings" }).click();
  await page
    .getByRole("list", { name: "Mappings" })
    .getByText(/^\d+ of \d+$/)
    .first()
    .waitFor();
  await page.getByRole("tab", { name: "Page" }).click();

  await held.sendTo(bytes.length);
  await bar.getByText(`${recorded} pages so far`).waitFor();
  await legend.getByText(/not here yet/).waitFor({ state: "detached" });
  await drawn(page);
  await page.keyboard.press("+");
  await soon(() => page.url()).toContain("z=");
  await drawn(page);
  const before = { url: new URL(page.url()), cells: await shootCells(canvas) };

  await held.ingest();
  await page.waitForURL(/\/s\//);
  // Not for one frame without its cells: they are the viewer's from before.
  await page.getByRole("region", { name: "Explanation" }).waitFor();
  expect(new URL(page.url()).searchParams.get("z")).toBe(before.url.searchParams.get("z"));
  await drawn(page);
  expect(await differingPixels(before.cells, await shootCells(canvas))).toBe(0);
  await page.getByRole("radio", { name: "Provenance" }).click();
  await drawn(page);
  await page.getByRole("region", { name: "Legend: Provenance" }).waitFor();
  // The dump on its way has no place in the history any more.
  await page.goBack();
  expect(page.url()).toBe("about:blank");
});

test.each(["dark", "light"] as const)("in %s it can be read and used by everyone", async (theme) => {
  const held = await hold("tiny-t0.tar", readFileSync(samplePath("podman", "tiny-t0.tar")));
  await held.sendTo(200_000);
  const page = await browser.open(`${place.url}/arriving/${held.id}?v=1&tab=mappings`, { theme });
  await drawn(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(grave).toEqual([]);
});

test("the library leads there, by a link and its key, and a refused dump says what to do next", async () => {
  const bytes = readFileSync(samplePath("podman", "tiny-t0.tar")).subarray(0, 200_000);
  const held = await hold("tiny-cut.tar", bytes);
  await held.sendTo(bytes.length);
  const page = await browser.open(place.url, { expected: /status of 4/ });
  await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
  const session = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 8 * 1024 };
  await session.send("Network.emulateNetworkConditions", slow);
  await page.getByTestId("dumps").setInputFiles(samplePath("podman", "app-t0.tar.zst"));
  const link = page.getByRole("link", { name: "Watch app-t0.tar.zst grow" });
  await link.waitFor();
  const href = await link.getAttribute("href");
  await page.keyboard.press("a");
  await soon(() => new URL(page.url()).pathname).toBe(href);
  await page.getByText("app-t0.tar.zst", { exact: false }).first().waitFor();

  await page.goto(`${place.url}/arriving/${held.id}`);
  await page.getByText(/pages so far of/).waitFor();
  await held.ingest();
  await page.getByText("tiny-cut.tar was refused").waitFor();
  await page.getByText(/Copy the file again/).waitFor();
  await page.getByRole("link", { name: "Open the library" }).click();
  await page.getByRole("button", { name: "Keep what is there" }).waitFor();
});
