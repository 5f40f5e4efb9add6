/** Memory that several processes share, and places of which a dump has no bytes: each is told as what it is. */
import type { Page } from "playwright-core";
import { beforeAll, test } from "vitest";
import type { SnapshotDetail } from "../../shared/api/index.ts";
import { ingest, samplePath } from "../ingest/temporary-store.ts";
import { browser, drawn, openWorld, place, soon } from "./world.ts";

let nginx: string;
let detail: SnapshotDetail;

openWorld(async (store) => {
  nginx = (await ingest(store, samplePath("podman", "nginx-t0.tar.zst"), "nginx")).snapshot.id;
});
beforeAll(async () => {
  detail = (await (await fetch(`${place.url}/api/snapshots/${nginx}`)).json()) as SnapshotDetail;
});

/** What three processes map, each at the same address. */
const SEGMENT = "s1064";
const ADDRESS = "7f3a4193b000";

async function open(at: string): Promise<Page> {
  const page = await browser.open(`${place.url}/s/${nginx}?v=1&at=${at}`);
  await drawn(page);
  return page;
}

function pointer(page: Page) {
  return page
    .getByLabel("Values at the cursor")
    .locator("div", { has: page.getByText("pointer", { exact: true }) })
    .locator("dd");
}

test("an address of a process in shared memory is that of the segment, in links and typed", async () => {
  const page = await open(`p1:${ADDRESS}`);
  await soon(() => page.getByRole("region", { name: "Bytes" }).first().textContent()).toContain("in [shared]");
  await page.getByRole("tab", { name: "Page", exact: true }).click();
  const panel = page.getByRole("tabpanel");
  const sharers = detail.maps.filter(({ space }) => space === SEGMENT);
  for (const { pid } of sharers) await soon(() => panel.textContent()).toContain(`${pid} nginx, at 0x${ADDRESS}`);
  const field = page.getByLabel("Go to an address");
  await page.keyboard.press("g");
  await field.fill(`p3:${ADDRESS}`);
  await field.press("Enter");
  await soon(() => new URL(page.url()).searchParams.get("at")).toBe(`${SEGMENT}:0`);
});

test("pointers lead into shared memory and within it, and offsets in it are none", async () => {
  // The manifest of the sample tells this word of the heap of process 3.
  const heap = await open("p3:5557e42820d0");
  await soon(() => pointer(heap).textContent()).toBe("[shared] +0x0");
  await pointer(heap).getByRole("button").click();
  await soon(() => new URL(heap.url()).searchParams.get("at")).toBe(`${SEGMENT}:0`);
  const within = await open(`${SEGMENT}:20`);
  await soon(() => pointer(within).textContent()).toBe("[shared] +0x2c0");
});

test.each([
  ["vsyscall", "that the dumper left out"],
  ["vvar", "that the dumper left out"],
])("%s is said to be what it is", async (name, words) => {
  const mapping = detail.laid.find((one) => one.name === `[${name}]`)!;
  const page = await open(`${mapping.space}:${(BigInt(mapping.start) * 4096n).toString(16)}`);
  const grid = page.getByRole("grid");
  await soon(() => grid.textContent()).toContain(words);
});
