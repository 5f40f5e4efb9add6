/** The system taken away, and what looks tampered with: what is found when the panel is opened, and that the picture shows it without a reload. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addKnownSet } from "../../server/known-sets/index.ts";
import { ingest } from "../ingest/temporary-store.ts";
import { browser, count, drawn, facts, openWorld, place, samplePath, soon } from "./world.ts";

const nginx = facts.dumps["nginx-t0.tar.zst"];
const left = nginx.alone.pages.absent.file;
/** Counted by the measurement of docs/likeness.md, beside redis. */
const ALIKE = 324;
const SHARED = 7;

let ids: Record<"redis" | "nginx" | "tiny", string>;
/** While it is held nothing is stripped. */
const lock = new DisposableStack();

openWorld(async (store) => {
  const redis = await ingest(store, samplePath("podman", "redis-t0.tar.zst"), "redis");
  const { snapshot } = await ingest(store, samplePath("podman", "nginx-t0.tar.zst"), "nginx");
  await addKnownSet(store, samplePath("images", "tiny-oci.tar"), "tiny", {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    withBytes: false,
  });
  const tiny = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  ids = { redis: redis.snapshot.id, nginx: snapshot.id, tiny: tiny.snapshot.id };
  lock.use(await store.lock("ingest"));
});

function way(page: Page, title: string) {
  return page.getByRole("list", { name: "Ways" }).getByRole("button", { name: new RegExp(`^${title}\\b`) });
}

function bar(page: Page) {
  return page.getByRole("region", { name: "Explanation" });
}

test("until it is stripped all that counts says so; then library, bar, legend and picture follow, in the same view", async () => {
  const all = nginx.recorded + left;
  const library = await browser.open(place.url);
  const row = library.getByRole("region", { name: "nginx", exact: true });
  await soon(() => row.textContent()).toContain(`at most ${nginx.recorded - SHARED} pages left of ${count(all)}`);
  const page = await browser.open(`${place.url}/s/${ids.nginx}?v=1&ch=provenance`);
  await drawn(page);
  expect(await bar(page).textContent()).toContain(`at most ${nginx.recorded - SHARED} pages left of ${count(all)}`);
  const legend = page.getByRole("region", { name: "Legend: Provenance" });
  expect(await legend.textContent()).toContain("alikenot yet looked for");
  expect(await legend.textContent()).toContain("relocatednot yet looked for");
  const colours = () => coloursOf(page);
  const before = await colours();
  const shown = page.url();
  await page.evaluate(() => document.body.setAttribute("data-same-document", "yes"));

  lock.dispose();
  await soon(() => legend.textContent()).toContain(`alike${ALIKE}`);
  expect(await legend.textContent()).not.toContain("not yet looked for");
  await soon(() => bar(page).textContent()).toContain(`alike ${ALIKE}`);
  expect(await bar(page).textContent()).not.toContain("at most");
  expect(await bar(page).textContent()).toContain(`${nginx.recorded - SHARED - ALIKE} pages left of ${count(all)}`);
  await soon(colours).not.toEqual(before);
  await soon(() => row.textContent()).toContain(`${nginx.recorded - SHARED - ALIKE} pages left of ${count(all)}`);
  expect(await row.textContent()).not.toContain("at most");
  expect(page.url()).toBe(shown);
  expect(await page.evaluate(() => document.body.getAttribute("data-same-document"))).toBe("yes");
});

test("the panel says in which ways pages belong to the system", async () => {
  lock.dispose();
  const page = await browser.open(`${place.url}/s/${ids.nginx}?v=1&ch=provenance`);
  await page.getByRole("tab", { name: "Stripped" }).click();
  await page.getByText(`${count(left + ALIKE)} of ${count(nginx.recorded + left)} pages stripped`).waitFor();
  expect(await way(page, "alike").textContent()).toBe(`alike${ALIKE} pages,${ALIKE} counted once`);
  expect(await way(page, "left to file").textContent()).toBe(
    `left to file${count(left)} pages,${count(left)} counted once`,
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
});

test("a way lights all its pages and no others, also those whose colour has another name; R brings all back", async () => {
  lock.dispose();
  const page = await browser.open(`${place.url}/s/${ids.tiny}?v=1&ch=provenance&tab=stripped`);
  await drawn(page);
  const everything = await coloursOf(page);
  const same = way(page, "same");
  await same.click();
  await soon(() => new URL(page.url()).searchParams.get("y")).toBe("same");
  const pages = Number(/(\d+) pages/.exec((await same.textContent()) ?? "")?.[1]);
  expect(pages).toBeGreaterThan(0);
  await soon(() => bar(page).textContent()).toContain(`${pages} pages shown of`);
  await drawn(page);
  expect(await coloursOf(page)).not.toEqual(everything);
  await same.press("ArrowUp");
  await page.keyboard.press("Shift+Enter");
  await soon(() => new URL(page.url()).searchParams.get("y")).toMatch(/^same,/);

  await page.keyboard.press("r");
  await soon(() => new URL(page.url()).searchParams.get("r")).toBe("1");
  expect(new URL(page.url()).searchParams.get("y")).toBeNull();
  await page.keyboard.press("r");
  await soon(() => new URL(page.url()).searchParams.get("r")).toBeNull();
  await drawn(page);
  await soon(() => coloursOf(page)).toEqual(everything);
});

test("a file, a mapping or a process alone is lit and counted, as its address says too", async () => {
  lock.dispose();
  const page = await browser.open(`${place.url}/s/${ids.nginx}?v=1&ch=provenance&tab=stripped`);
  await drawn(page);
  const everything = await coloursOf(page);
  await page.getByRole("radio", { name: "Process" }).click();
  const processes = page.getByRole("list", { name: "Stripped by process" });
  await processes.getByRole("button", { name: /^Only .*process 2$/ }).click();
  await soon(() => new URL(page.url()).searchParams.get("in")).toMatch(/^\d+-\d+$/);
  const ways = page.getByRole("region", { name: "Ways to belong to the system" });
  await ways.getByText(/^process 2, nginx: \d+ mappings$/).waitFor();
  const row = processes.getByRole("listitem").filter({ hasText: "process 2" });
  const [, stripped, all] =
    /([\d\u202f]+) of ([\d\u202f]+)/.exec((await row.getByText(/\d of \d/).textContent()) ?? "") ?? [];
  expect(await ways.getByRole("heading").textContent()).toBe(`${stripped} of ${all} pages stripped`);
  await soon(() => bar(page).textContent()).toContain(`${all} pages shown of`);
  await drawn(page);
  const lit = await coloursOf(page);
  expect(lit).not.toEqual(everything);

  const again = await browser.open(page.url());
  await drawn(again);
  await soon(() => coloursOf(again)).toEqual(lit);
  await way(page, "alike").click();
  await soon(() => new URL(page.url()).searchParams.get("y")).toBe("alike");
  await ways.getByRole("button", { name: "Whole snapshot" }).click();
  await soon(() => new URL(page.url()).searchParams.get("in")).toBeNull();
  await soon(() => bar(page).textContent()).toContain(`${ALIKE} pages shown of`);

  await page.getByRole("radio", { name: "Mapping" }).click();
  const mappings = page.getByRole("list", { name: "Stripped by mapping" });
  await mappings
    .getByRole("button", { name: /^Only / })
    .first()
    .click();
  await ways.getByText(/ at 0x[0-9a-f]+, [r-][w-][x-][ps]?$/).waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
});

test("without a known set it says so; files are gone to, and the other snapshot is a click away", async () => {
  lock.dispose();
  const page = await browser.open(`${place.url}/s/${ids.nginx}?v=1&tab=stripped`);
  await page.getByText("No known set has these files: add the image").waitFor();
  await page.getByTestId("stripped-image").setInputFiles(samplePath("images", "tiny-oci.tar"));
  await page.getByRole("dialog", { name: "Add a known set" }).getByRole("button", { name: "Cancel" }).click();

  const files = page.getByRole("list", { name: "Stripped by file" });
  const crypto = files.getByRole("button", { name: /^libcrypto\.so\.3/ });
  await crypto.click();
  await soon(() => crypto.getAttribute("aria-current")).toBe("true");
  const gone = () => new URL(page.url()).searchParams.get("at");
  const first = await gone();
  await crypto.click();
  await soon(gone).not.toBe(first);

  await page.getByRole("radio", { name: "Process" }).click();
  await page
    .getByRole("list", { name: "Stripped by process" })
    .getByRole("button", { name: /process 1/ })
    .first()
    .click();
  await page.getByText(/^Mappings of process \d\.$/).waitFor();

  const alike = page.getByRole("region", { name: "Alike to" });
  expect(await alike.textContent()).toContain(`redis t0${ALIKE} pages`);
  await alike.getByRole("link", { name: "redis t0" }).click();
  await soon(() => new URL(page.url()).pathname).toBe(`/s/${ids.redis}`);
});

test("findings come first: a note with its place and evidence, and with the image what was compared", async () => {
  lock.dispose();
  const page = await browser.open(`${place.url}/s/${ids.redis}?v=1&tab=stripped`);
  const findings = page.getByRole("region", { name: "Findings" });
  // Only the image says that this is another name of the same program.
  await findings.getByText(/redis-server.*redis-check-rdb/).waitFor();
  await findings.getByText("1 note").waitFor();
  await findings.getByText("No recorded page of a mapped file could be compared with its file.").waitFor();
  const note = findings.getByRole("listitem").first();
  await note.getByText("Evidence").click();
  await note.getByText("/usr/bin/redis-check-rdb", { exact: true }).first().waitFor();
  await note.getByRole("button", { name: /^Go to 0x/ }).click();
  await soon(() => page.getByLabel("Go to an address").inputValue()).toMatch(/^0x55/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);

  const other = await browser.open(`${place.url}/s/${ids.tiny}?v=1&tab=stripped`);
  // Two processes of one file: its code as it was, and pages where it writes (docs/tampering.md).
  await other.getByText(/^Nothing found\. 8 recorded pages of 1 file were compared: 2 the same/).waitFor();
  await other.getByText("2 pages that the dumper itself touches").waitFor();
});

/** How many pixels of the picture have each colour; those of the lines and of the selection are there too. */
async function coloursOf(page: Page): Promise<readonly (readonly [string, number])[]> {
  const png = await page.getByRole("application").screenshot();
  return page.evaluate(
    async (bytes) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d");
      if (!context) return [];
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const pixels = new Map<string, number>();
      for (let at = 0; at < data.length; at += 4) {
        const colour = `${data[at]},${data[at + 1]},${data[at + 2]}`;
        pixels.set(colour, (pixels.get(colour) ?? 0) + 1);
      }
      return [...pixels].sort((a, b) => b[1] - a[1]).slice(0, 8);
    },
    [...png],
  );
}
