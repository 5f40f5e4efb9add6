/** Alarms of tampering in the browser: what was planted is named, first what is worst, and a click leads to its place. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addKnownSet } from "../../server/known-sets/index.ts";
import { ingest } from "../ingest/temporary-store.ts";
import { cleanTwin, PROGRAM_FILE, SEGMENT, writeRoot, writeTwin } from "../two-files.ts";
import { drawn, openBrowser, openPlace, type Place, soon, type TestBrowser } from "./world.ts";

const READ_EXECUTE = 5;
const hex = (address: number) => `0x${address.toString(16)}`;
/** Where the program's code is mapped. */
const PROGRAM_CODE = 0x40_1000;

let folder: string;
let place: Place;
let browser: TestBrowser;
let ids: Record<"clean" | "planted", string>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  place = await openPlace(async (store) => {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const { digest } = await addKnownSet(store, writeRoot(folder), "root", { ...options, withBytes: true });
    const twin = cleanTwin();
    const clean = await ingest(store, writeTwin(twin, digest ?? "", folder), "clean");
    twin.deleted.add(PROGRAM_FILE.id);
    const segment = twin.areas.findIndex(({ start }) => start === SEGMENT);
    twin.areas[segment] = { ...twin.areas[segment], prot: READ_EXECUTE };
    const planted = await ingest(store, writeTwin(twin, digest ?? "", folder), "planted", { parent: "none" });
    ids = { clean: clean.snapshot.id, planted: planted.snapshot.id };
  });
  browser = await openBrowser();
});
afterEach(() => browser.closePages());
afterAll(async () => {
  await browser?.close();
  await place?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a deleted executable and code in a shared segment are alarms, and each is gone to", async () => {
  const page = await browser.open(`${place.url}/s/${ids.planted}?v=1&tab=stripped`);
  await drawn(page);
  const findings = page.getByRole("region", { name: "Findings" });
  await findings.getByText("2 alarms").waitFor();
  const alarms = findings.getByRole("listitem").filter({ hasText: "alarm: " });
  expect(await alarms.count()).toBe(2);
  const deleted = alarms.filter({ hasText: PROGRAM_FILE.path });
  expect(await deleted.textContent()).toMatch(/deleted/);
  const anonymous = alarms.filter({ hasText: /anonymous|shared/ });

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);

  const address = page.getByLabel("Go to an address");
  const at = () => new URL(page.url()).searchParams.get("at");
  await deleted.getByRole("button", { name: /^Go to 0x/ }).click();
  await soon(() => address.inputValue()).toBe(hex(PROGRAM_CODE));
  await soon(at).toBe(`p1:${PROGRAM_CODE.toString(16)}`);
  await deleted.getByText("Evidence").click();
  await deleted.getByText(PROGRAM_FILE.path).last().waitFor();

  await anonymous
    .last()
    .getByRole("button", { name: /^Go to 0x/ })
    .click();
  // The place is in the segment: at its address there, not where the process maps it.
  await soon(at).toMatch(/^s\d+:/);
});

test("in the clean twin nothing is found, and what was compared is said", async () => {
  const page = await browser.open(`${place.url}/s/${ids.clean}?v=1&tab=stripped`);
  const findings = page.getByRole("region", { name: "Findings" });
  await findings.getByText("nothing found", { exact: true }).waitFor();
  await findings.getByText(/^Nothing found\. 5 recorded pages of 2 files were compared: 2 the same/).waitFor();
});
