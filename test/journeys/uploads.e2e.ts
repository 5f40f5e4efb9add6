/** Files on their way in: seen, dropped, side by side, cancelled, interrupted, refused, kept all the same. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { holdThreads } from "../held-threads.ts";
import { cutDump, rawDump, renamedDump } from "./dumps.ts";
import {
  count,
  drawn,
  facts,
  openBrowser,
  openKillable,
  openPlace,
  type Place,
  pairOf,
  samplePath,
  soon,
  type TestBrowser,
  takeSample,
  uploadsIn,
} from "./world.ts";

vi.mock("../../server/threads/index.ts", async (original) =>
  (await import("../held-threads.ts")).heldThreads(await original()),
);

const KIB = 1024;
/** So slow that no upload of these journeys ends before its test would. */
const CRAWLING = 8 * KIB;

let browser: TestBrowser;
let files: string;
let place: Place;

beforeAll(async () => {
  browser = await openBrowser();
  files = mkdtempSync(path.join(tmpdir(), "dumpscope-files-"));
});
afterEach(async () => {
  await browser.closePages();
  await place.close();
});
afterAll(async () => {
  await browser?.close();
  rmSync(files, { recursive: true, force: true });
});

function choose(page: Page, ...chosen: string[]): Promise<void> {
  return page.getByTestId("dumps").setInputFiles(chosen);
}

/** As a slow line would, so that the bytes are seen to go. Each call sets the line of this page anew. */
async function lineOf(page: Page): Promise<(bytesPerSecond: number | null) => Promise<void>> {
  // The slowest of all sessions counts: there must be one only.
  const session = await page.context().newCDPSession(page);
  return async (bytesPerSecond) => {
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond ?? -1,
    });
  };
}

/** Every file of a store with its size; the database's own files grow with receipts. */
function filesOf(store: string): string[] {
  return readdirSync(store, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("catalog.sqlite") && statSync(path.join(store, name)).isFile())
    .map((name) => `${name} ${statSync(path.join(store, name)).size}`)
    .sort();
}

describe("beside the sample", () => {
  beforeEach(async () => {
    place = await openPlace();
  });

  test("chosen files are seen arriving, and explained in the order of their choice", async () => {
    const page = await browser.open(place.url);
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    const line = await lineOf(page);
    await line(CRAWLING);
    await choose(page, samplePath("podman", "app-t0.tar.zst"));
    const row = page.getByRole("region", { name: "app-t0.tar.zst", exact: true });
    await row.getByText(/app-t0\.tar\.zst is being uploaded: [\d.]+\s([KM]iB |B )?of 1\.4\sMiB/).waitFor();
    await row.getByRole("progressbar", { name: "app-t0.tar.zst" }).waitFor();
    await page.getByRole("link", { name: /^1 upload/ }).waitFor();
    await line(null);

    const app = page.getByRole("region", { name: "app", exact: true });
    await app.getByRole("link", { name: "Open t0" }).waitFor();
    await choose(page, samplePath("podman", "app-t1.tar.zst"));
    await app.getByRole("link", { name: "Open t1" }).waitFor();
    const pair = pairOf("app-t0.tar.zst", "app-t1.tar.zst");
    expect(await app.textContent()).toContain(`${pair.provenance.new} pages left`);
    await soon(() => uploadsIn(place.folder)).toEqual([]);

    await app.getByRole("link", { name: "Compare t0 → t1" }).click();
    await drawn(page);
    await page.keyboard.press("F7");
    const bar = page.getByRole("region", { name: "Differences" });
    await bar.getByText(/^Difference 1 of \d+$/).waitFor();
    await page.getByRole("region", { name: "Bytes" }).getByText("~ changed").waitFor();
  });

  test("a file dropped anywhere in the window is taken in", async () => {
    const page = await browser.open(place.url);
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    const transfer = await page.evaluateHandle(
      ([name, text]) => {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const made = new DataTransfer();
        made.items.add(new File([bytes], name));
        return made;
      },
      ["tiny-t0.tar", readFileSync(samplePath("podman", "tiny-t0.tar")).toString("base64")],
    );
    // The window listens some time after the first words are on it.
    await soon(async () => {
      await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
      return page.locator("[data-over=true]").count();
    }).toBe(1);
    for (const type of ["dragover", "drop"]) await page.dispatchEvent("body", type, { dataTransfer: transfer });
    await page.getByRole("link", { name: "Open t0" }).click();
    await drawn(page);
    const { recorded, alone, mappings } = facts.dumps["tiny-t0.tar"];
    expect(await page.getByRole("region", { name: "Explanation" }).textContent()).toContain(
      `${alone.provenance.new} pages left of ${recorded + alone.pages.absent.file}`,
    );
    expect(await page.locator("header").first().textContent()).toContain(`${mappings} mappings`);
  });

  test("two at once have the right counts each", async () => {
    const page = await browser.open(place.url);
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    await choose(page, samplePath("podman", "redis-t0.tar.zst"), samplePath("podman", "nginx-t0.tar.zst"));
    for (const name of ["redis", "nginx"]) {
      const row = page.getByRole("region", { name, exact: true });
      await row.getByRole("link", { name: "Open t0" }).waitFor();
      const { recorded, alone } = facts.dumps[`${name}-t0.tar.zst`];
      expect(await row.getByRole("button", { name: new RegExp(`^${name} t0,`) }).getAttribute("aria-label")).toContain(
        `of ${count(recorded + alone.pages.absent.file)}`,
      );
    }
    const snapshots = (await place.library()).containers.flatMap((container) => container.snapshots);
    expect(snapshots.map(({ container, sha256, pages }) => ({ container, sha256, zero: pages.zero }))).toEqual(
      expect.arrayContaining(
        ["redis", "nginx"].map((container) => {
          const { stored, alone } = facts.dumps[`${container}-t0.tar.zst`];
          return { container, sha256: stored.sha256, zero: alone.pages.zero };
        }),
      ),
    );
    await soon(() => uploadsIn(place.folder)).toEqual([]);
  });

  test("a cancelled upload and a cancelled read leave nothing", async () => {
    const before = filesOf(place.folder);
    const page = await browser.open(place.url);
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    const large = path.join(files, "cancelled.raw");
    rawDump(large, 4000);
    const line = await lineOf(page);
    await line(CRAWLING);
    await choose(page, large);
    const row = page.getByRole("region", { name: "cancelled.raw", exact: true });
    await row.getByText("cancelled.raw is being uploaded").waitFor();
    await soon(() => uploadsIn(place.folder).length).toBeGreaterThan(0);
    await row.getByRole("button", { name: "Cancel cancelled.raw" }).click();
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    await soon(() => filesOf(place.folder)).toEqual(before);

    await line(null);
    await choose(page, large);
    const goOn = holdThreads();
    await page.getByRole("button", { name: "Keep as raw bytes" }).click();
    await page.getByText(/pages so far/).waitFor();
    const cancelled = page.waitForResponse((response) => response.request().method() === "DELETE");
    await page.getByRole("button", { name: "Cancel cancelled.raw" }).click();
    expect((await cancelled).status()).toBe(200);
    goOn();
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    await soon(() => filesOf(place.folder)).toEqual(before);
    // Nothing but the log of what arrived.
    await page
      .getByRole("region", { name: "Received" })
      .getByRole("cell", { name: "cancelled", exact: true })
      .waitFor();
    const { containers, receipts } = await place.library();
    expect(containers).toEqual([]);
    expect(receipts.map(({ result }) => result)).toContain("cancelled");
  });
});

test("a container is renamed, a snapshot explained against none, and made a baseline, from the menu of its bar", async () => {
  place = await openPlace();
  const { t1 } = await takeSample(place);
  const page = await browser.open(place.url, { expected: /409/ });
  const menuOf = (name: string) =>
    page.getByRole("button", { name: new RegExp(`^${name},`) }).click({ button: "right" });
  await menuOf("app t1");
  await page.getByRole("menuitem", { name: "Rename app…" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename a container" });
  await dialog.getByLabel("Name").fill("web shop");
  await page.keyboard.press("Enter");
  const row = page.getByRole("region", { name: "web shop", exact: true });
  expect(await row.getByRole("link", { name: "Open t1" }).getAttribute("href")).toBe(`/s/${t1}`);

  await menuOf("web shop t1");
  await page.getByRole("menuitem", { name: "Explain t1 against…" }).click();
  const question = page.getByRole("dialog", { name: "Explain against another snapshot" });
  await question.getByLabel("Explain against").selectOption("no snapshot");
  await question.getByRole("button", { name: "Explain against no snapshot" }).click();
  await row.getByRole("link", { name: "Open t2" }).waitFor();

  await menuOf("web shop t0");
  await page.getByRole("menuitem", { name: "Make t0 a baseline…" }).click();
  await page
    .getByRole("dialog", { name: "Make a baseline" })
    .getByRole("button", { name: "Add web shop t0 clean" })
    .click();
  await page
    .getByRole("row", { name: /web shop t0 clean/ })
    .getByText("snapshot web shop/t0")
    .waitFor();
  await menuOf("web shop t0");
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete web shop t0" }).click();
  await page.getByText(/web shop.t0 is the baseline of the known set web shop t0 clean/).waitFor();
  await row.getByRole("link", { name: "Open t2" }).click();
  await drawn(page);
  const { provenance } = pairOf("app-t0.tar.zst", "app-t1.tar.zst");
  expect(await page.getByRole("region", { name: "Explanation" }).textContent()).toContain(
    `${provenance.new} pages left`,
  );
});

test("an upload that the server's end interrupted goes on after its start, from where it was", async () => {
  const killable = await openKillable();
  place = killable;
  const page = await browser.open(killable.url, {
    expected: /ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to load resource/,
  });
  await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
  const large = path.join(files, "interrupted.raw");
  const pages = 10_000;
  const { sha256, zero } = rawDump(large, pages);
  const line = await lineOf(page);
  // At this rate it would go on longer than this test may.
  await line(256 * KIB);
  const offsets: number[] = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
  });
  const bytesOf = (upload: string) => statSync(path.join(killable.folder, "uploads", upload)).size;
  await choose(page, large);
  await soon(() => uploadsIn(killable.folder).map(bytesOf)[0]).toBeGreaterThan(0);
  await killable.kill();
  await page.getByText(/interrupted\.raw: upload stopped at/).waitFor();
  const [upload] = uploadsIn(killable.folder);
  const arrived = bytesOf(upload);

  offsets.length = 0;
  await killable.restart();
  await page.getByRole("button", { name: "Continue" }).click();
  await soon(() => offsets[0]).toBe(arrived);
  // And once more, now the page is gone too: the same file, chosen again, goes on.
  await soon(() => bytesOf(upload)).toBeGreaterThan(arrived);
  await killable.kill();
  // Gone before the server is back, or it would go on by itself.
  await page.goto("about:blank");
  const later = bytesOf(upload);
  offsets.length = 0;
  await killable.restart();
  await line(null);
  await page.goto(killable.url);
  await choose(page, large);
  await soon(() => offsets[0]).toBe(later);

  await page.getByText("interrupted.raw was refused: no known format").waitFor();
  await page.getByRole("button", { name: "Keep as raw bytes" }).click();
  await page.getByRole("link", { name: "Open t0" }).waitFor();
  const [{ snapshots }] = (await killable.library()).containers;
  expect(snapshots.map((snapshot) => snapshot.sha256)).toEqual([sha256]);
  expect(snapshots[0].pages).toMatchObject({ present: pages - zero, zero });
  await soon(() => uploadsIn(killable.folder)).toEqual([]);
});

describe("refused", () => {
  beforeEach(async () => {
    place = await openPlace();
  });

  test("a cut archive says what, where, and what is left; what is there can be kept", async () => {
    const file = path.join(files, "cut.tar");
    const { missing, bytes, member } = cutDump(file);
    const page = await browser.open(place.url);
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    const before = filesOf(place.folder);
    await choose(page, file);
    const row = page.getByRole("region", { name: "cut.tar was not taken" });
    await row.getByRole("heading", { name: "cut.tar was refused: the archive is cut" }).waitFor();
    const text = (await row.textContent()) ?? "";
    expect(text).toContain(member);
    expect(text.replaceAll("\u202f", "")).toContain(String(bytes));
    expect(text).toContain("Nothing of it was stored, and the library is as it was.");
    for (const next of ["Send the rest", "Upload again…", "Keep what is there", "Copy details", "Dismiss"])
      await row.getByRole("button", { name: next }).waitFor();
    expect(filesOf(place.folder).filter((name) => !name.startsWith("uploads/"))).toEqual(before);

    await row.getByRole("button", { name: "Keep what is there" }).click();
    const tiny = page.getByRole("region", { name: "tiny", exact: true });
    await tiny.getByText(`${missing} pages missing`).waitFor();
    await row.waitFor({ state: "detached" });
    await tiny.getByRole("link", { name: "Open t0" }).click();
    await drawn(page);
    await page.getByRole("region", { name: "Explanation" }).getByText(`${missing} pages missing`).waitFor();
    await soon(() => uploadsIn(place.folder)).toEqual([]);
  });

  test("the rest of a cut archive is sent alone, when the file begins with what is kept", async () => {
    const file = path.join(files, "cut.tar");
    const { bytes } = cutDump(file);
    const page = await browser.open(place.url);
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    await choose(page, file);
    const row = page.getByRole("region", { name: "cut.tar was not taken" });
    await row.waitFor();
    const offsets: number[] = [];
    page.on("request", (request) => {
      if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
    });
    const sendRest = async (chosen: string) => {
      const chooser = page.waitForEvent("filechooser");
      await row.getByRole("button", { name: "Send the rest" }).click();
      await (await chooser).setFiles(chosen);
    };
    await sendRest(samplePath("podman", "tiny-t0.tar"));
    const other = page.getByRole("region", { name: "tiny-t0.tar was not taken" });
    await other.getByRole("heading", { name: "it is not the rest of what is kept" }).waitFor();
    expect(((await other.textContent()) ?? "").replaceAll("\u202f", "")).toContain(
      `The first ${bytes} bytes of tiny-t0.tar are not those that are kept.`,
    );
    expect(offsets).toEqual([]);

    await sendRest(samplePath("podman", "tiny-t1.tar"));
    const tiny = page.getByRole("region", { name: "tiny", exact: true });
    await tiny.getByRole("link", { name: "Open t0" }).waitFor();
    await row.waitFor({ state: "detached" });
    expect(offsets).toEqual([bytes]);
    const { stored } = facts.dumps["tiny-t1.tar"];
    expect((await place.library()).containers[0].snapshots).toMatchObject([stored]);
    await soon(() => uploadsIn(place.folder)).toEqual([]);

    // The other file was chosen for a reason; it is still at hand.
    await other.getByRole("button", { name: "Upload it whole" }).click();
    await tiny.getByRole("link", { name: "Open t1" }).waitFor();
    expect(offsets).toEqual([bytes, 0]);
  });

  test("dismissed, a refused file is gone with its upload", async () => {
    const file = path.join(files, "cut.tar");
    cutDump(file);
    const page = await browser.open(place.url);
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    await choose(page, file);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    await page.getByRole("region", { name: "Received" }).getByRole("cell", { name: "cut.tar" }).waitFor();
    await soon(() => uploadsIn(place.folder)).toEqual([]);
  });

  test("what is here already can be opened, or added again", async () => {
    await takeSample(place);
    const page = await browser.open(place.url);
    const app = page.getByRole("region", { name: "app", exact: true });
    await app.getByRole("link", { name: "Open t1" }).waitFor();
    await choose(page, samplePath("podman", "app-t1.tar.zst"));
    const row = page.getByRole("region", { name: "app-t1.tar.zst was not taken" });
    await row.getByRole("heading", { name: "app-t1.tar.zst: same SHA-256 as app t1" }).waitFor();
    expect(await row.textContent()).toContain("Nothing was added; the library is as it was.");
    await row.getByRole("button", { name: "Open app t1" }).click();
    await drawn(page);
    expect(new URL(page.url()).pathname).toMatch(/^\/s\//);
    await page.goBack();
    await row.getByRole("button", { name: "Add again" }).click();
    await app.getByRole("link", { name: "Open t2" }).waitFor();
    expect(await app.textContent()).toContain("0 pages left");
    await soon(() => uploadsIn(place.folder)).toEqual([]);
  });

  test("names that are markup stay text on every screen", async () => {
    const markup = `<img src=x onerror="document.title='run'"><b>`;
    const file = path.join(files, "<svg onload=alert(1)>.tar");
    renamedDump(file, markup);
    const page = await browser.open(place.url);
    await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
    await choose(page, file);
    const row = page.getByRole("region", { name: markup, exact: true });
    await row.getByRole("heading", { name: markup }).waitFor();
    await page.getByRole("cell", { name: "<svg onload=alert(1)>.tar" }).waitFor();
    await row.getByRole("link", { name: "Open t0" }).click();
    await drawn(page);
    await page.getByRole("tab", { name: "Facts" }).click();
    await page.getByText(markup).first().waitFor();
    const { snapshot } = (await place.library()).containers[0].snapshots[0];
    await page.goto(`${place.url}/compare/${snapshot}/${snapshot}`);
    await drawn(page);
    for (const path of ["/", `/s/${snapshot}`, `/compare/${snapshot}/${snapshot}`]) {
      await page.goto(place.url + path);
      await page.getByText(markup).first().waitFor();
      expect(await page.locator("img[src=x], svg[onload], body b b").count()).toBe(0);
      expect(await page.title()).toBe("Dumpscope");
    }
  });
});
