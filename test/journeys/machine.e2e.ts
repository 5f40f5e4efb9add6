/** A machine's dump: its processors unfold in the facts, and the registers are there to be read and copied. */
import { AxeBuilder } from "@axe-core/playwright";
import { beforeAll, expect, test } from "vitest";
import { openStore } from "../../server/store/index.ts";
import { ingest } from "../ingest/temporary-store.ts";
import { browser, drawn, openWorld, place, samplePath, soon } from "./world.ts";

let snapshot: string;

openWorld();
beforeAll(async () => {
  const store = openStore(place.folder);
  snapshot = (await ingest(store, samplePath("machine", "bare64.elf.zst"), "bare64")).snapshot.id;
  store.close();
});

test.each(["dark", "light"] as const)("a processor unfolds to its registers, by key too (%s)", async (theme) => {
  const page = await browser.open(`${place.url}/s/${snapshot}?v=1`, { theme });
  await page.getByRole("tab", { name: "Facts" }).click();
  const machine = page.getByRole("region", { name: "Machine" });
  const summary = machine.locator("summary", { hasText: "Processor 0" });
  expect(await summary.textContent()).toBe("Processor 0rip 0x1001c9");
  expect(await machine.getByText("NT_PRSTATUS note").count()).toBe(0);
  await summary.press("Enter");
  const register = machine.locator("dl > div", { hasText: /^r15/ }).first();
  expect(await register.locator("dd").textContent()).toBe("0xd0d0cafe12345678");
  const segment = machine.getByRole("row", { name: /^cs / });
  expect(await segment.locator("td").allTextContents()).toEqual(["0x8", "0x0", "0xffffffff", "0xaf9a00"]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(grave).toEqual([]);
});

test("values at the cursor in physical memory are all in view, with why a pointer is not followed", async () => {
  const page = await browser.open(`${place.url}/s/${snapshot}?v=1&at=physical:0`);
  await drawn(page);
  const values = page.getByLabel("Values at the cursor");
  const pointer = values.locator("div", { has: page.getByText("pointer", { exact: true }) }).locator("dd");
  await soon(() => pointer.textContent()).toBe("physical: not followed");
  expect(await values.evaluate((list) => list.scrollHeight - list.clientHeight)).toBe(0);
});
