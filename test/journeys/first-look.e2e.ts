/** From an empty store to one byte: the sample, its picture, a place, and the way back to it by its address. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { matchCells } from "./golden.ts";
import { at, browser, count, drawn, facts, openWorld, pairOf, place, pressAtOnce, soon } from "./world.ts";

const t0 = facts.dumps["app-t0.tar.zst"];
const t1 = facts.dumps["app-t1.tar.zst"];
const pair = pairOf("app-t0.tar.zst", "app-t1.tar.zst");
/** Explained and left: what is recorded, and what is left to files. */
const all = t1.recorded + t1.alone.pages.absent.file;
const left = pair.provenance.new;

let ids: Record<"t0" | "t1", string>;

openWorld();

function canvasOf(page: Page) {
  return page.getByRole("application");
}

async function goTo(page: Page, address: string): Promise<void> {
  const field = page.getByLabel("Go to an address");
  await field.fill(address);
  await field.press("Enter");
}

test("an empty library offers the sample; opened, it says what is left and shows the picture of it", async () => {
  const page = await browser.open(place.url);
  await page.getByRole("heading", { name: "Drop a memory dump here" }).waitFor();
  await page.getByText("Store").first().waitFor();
  await page.getByRole("button", { name: "Open the sample" }).click();

  const row = page.getByRole("region", { name: "app", exact: true });
  await row.getByRole("link", { name: "Open t1" }).waitFor();
  const [first, second] = (await place.library()).containers[0].snapshots;
  ids = { t0: first.snapshot, t1: second.snapshot };
  expect(await row.textContent()).toContain(`${left} pages left of ${count(all)}`);
  expect(await row.getByRole("button", { name: /^app t0,/ }).getAttribute("aria-label")).toContain(
    `${count(t0.alone.provenance.new)} pages left of ${count(t0.recorded + t0.alone.pages.absent.file)}`,
  );
  // Two containers of pages that are stored once: the digest of each file as it arrived.
  const received = await page.getByRole("region", { name: "Received" }).textContent();
  expect(received).toContain(t0.stored.sha256.slice(0, 16));
  expect(received).toContain(t1.stored.sha256.slice(0, 16));

  await row.getByRole("link", { name: "Open t1" }).click();
  await drawn(page);
  const bar = page.getByRole("region", { name: "Explanation" });
  expect(await bar.textContent()).toContain(`${left} pages left of ${count(all)}`);
  for (const part of ["unchanged", "zero", "moved", "new"] as const)
    expect(await bar.getByRole("button", { name: new RegExp(`^${part} `) }).textContent()).toBe(
      `${part} ${count(pair.provenance[part])}`,
    );
  await matchCells(canvasOf(page), "app-t1-class");
  expect(new URL(page.url()).pathname).toBe(`/s/${ids.t1}`);
});

describe("one byte whose value is known", () => {
  // Covered by the second disc in t1: the one pixel whose value the two snapshots do not share by chance.
  const [{ address, ...value }] = facts.planted.picture.pixels.filter((pixel) => pixel.t0 !== pixel.t1);

  test("gone to, it is drawn, clicked, and read in all panels", async () => {
    const page = await browser.open(`${place.url}/s/${ids.t1}`);
    await drawn(page);
    await canvasOf(page).focus();
    // One step at a time, until cells are single bytes that carry their value.
    for (let steps = 0; !/[?&]z=0\.(1[2-9]|[2-9]\d)/.test(page.url()); steps++) {
      expect(steps).toBeLessThan(30);
      const before = page.url();
      await page.keyboard.press("+");
      await soon(() => page.url()).not.toBe(before);
    }
    // Out of view by now, so it comes to the middle.
    await goTo(page, address);
    await page.locator("footer").getByText(`Byte ${address}`).waitFor();
    await drawn(page);
    await page.keyboard.press("Escape");
    await page.getByText("Nothing is selected", { exact: true }).waitFor();
    expect(await page.getByLabel("Go to an address").inputValue()).toBe("");

    await clickOn(page, address);
    await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(address);
    expect(await readByte(page)).toEqual({ row: `${address.slice(0, -1)}0`, hex: hex(value.t1), u8: String(value.t1) });
  });

  test("a link to the same place in the other snapshot reads the other value", async () => {
    const page = await browser.open(`${place.url}/s/${ids.t0}?v=1&${at(address)}&z=0.24&l=raster&ch=value`);
    await drawn(page);
    expect(await readByte(page)).toEqual({ row: `${address.slice(0, -1)}0`, hex: hex(value.t0), u8: String(value.t0) });
  });
});

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}

/** Looks for the cell of a byte near the middle of the view by asking the status line, and clicks it. */
async function clickOn(page: Page, address: string): Promise<void> {
  const canvas = canvasOf(page);
  const box = await canvas.boundingBox();
  if (!box) throw new Error("the picture has no size");
  const status = page.locator("footer");
  for (const [dx, dy] of [
    [0, 0],
    [-8, 0],
    [8, 0],
    [0, -8],
    [0, 8],
    [-8, -8],
    [8, 8],
  ]) {
    const at = { x: Math.round(box.x + box.width / 2) + dx, y: Math.round(box.y + box.height / 2) + dy };
    await page.mouse.move(at.x, at.y);
    await status.getByText("4 × 4 cells are one row of 16 bytes").waitFor();
    if (!(await status.textContent())?.includes(address)) continue;
    await page.mouse.click(at.x, at.y);
    return;
  }
  throw new Error(`no cell in the middle of the view is ${address}`);
}

/** What the bytes pane says at the cursor: its row, the byte in hex, and as a number. */
async function readByte(page: Page): Promise<{ row: string | null; hex: string | null; u8: string | null }> {
  const row = page.getByRole("grid").locator("tr[aria-current=true]");
  const grid = page.getByRole("grid");
  await soon(() => row.locator("td[id]").textContent()).toMatch(/^[0-9a-f]{2}$/);
  expect(await grid.getAttribute("aria-activedescendant")).toBe(await row.locator("td[id]").getAttribute("id"));
  const values = page.getByLabel("Values at the cursor");
  return {
    row: await row.getByRole("rowheader").textContent(),
    hex: await row.locator("td[id]").textContent(),
    u8: await values
      .locator("div", { has: page.getByText("u8", { exact: true }) })
      .locator("dd")
      .textContent(),
  };
}

describe("what is on the screen is in its address", () => {
  test("reloading restores layout, channel, place, zoom and what is dimmed; back and forward walk the jumps", async () => {
    const page = await browser.open(`${place.url}/s/${ids.t1}`);
    await drawn(page);
    await goTo(page, facts.planted.secretPage.address);
    await page.keyboard.press("w");
    await page.keyboard.press("4");
    await page.keyboard.press("r");
    await canvasOf(page).focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press("+");
    await drawn(page);
    const secret = facts.planted.secretPage.address.slice(2);
    await soon(() => page.url()).toMatch(/z=\d+\.\d+&l=raster&ch=provenance&r=1$/);
    expect(page.url()).toContain(`at=p1:${secret}`);
    const before = await stateOf(page);
    await page.reload();
    await drawn(page);
    expect(await stateOf(page)).toEqual(before);
    expect(before).toEqual({
      url: before.url,
      layout: "Raster",
      channel: "Provenance",
      address: facts.planted.secretPage.address,
      residual: "true",
    });

    const { picture } = facts.planted;
    await goTo(page, picture.address);
    await soon(() => page.url()).toContain(`at=p1:${picture.address.slice(2)}`);
    await page.goBack();
    await soon(() => stateOf(page)).toEqual(before);
    await page.goForward();
    await soon(async () => (await stateOf(page)).address).toBe(picture.address);
  });
});

async function stateOf(page: Page) {
  const pressed = (name: string) => page.getByLabel(name, { exact: true }).locator("[aria-checked=true]").textContent();
  return {
    url: page.url(),
    layout: await pressed("Layout"),
    channel: await pressed("Channel"),
    address: await page.getByLabel("Go to an address").inputValue(),
    residual: await page.getByRole("switch", { name: "Residual only" }).getAttribute("aria-checked"),
  };
}

describe("by keys alone", () => {
  test("palette, help, channels, layouts, residual, next page that is left", async () => {
    const page = await browser.open(`${place.url}/s/${ids.t1}`);
    await drawn(page);
    const channel = page.getByLabel("Channel", { exact: true }).locator("[aria-checked=true]");
    for (const [key, name] of [
      ["2", "Value"],
      ["3", "Entropy"],
      ["4", "Provenance"],
      ["1", "Class"],
    ]) {
      await page.keyboard.press(key);
      await soon(() => channel.textContent()).toBe(name);
    }
    const layout = page.getByLabel("Layout", { exact: true }).locator("[aria-checked=true]");
    await page.keyboard.press("w");
    await soon(() => layout.textContent()).toBe("Raster");
    await page.keyboard.press("h");
    await soon(() => layout.textContent()).toBe("Hilbert");
    const residual = page.getByRole("switch", { name: "Residual only" });
    await page.keyboard.press("r");
    await soon(() => residual.getAttribute("aria-checked")).toBe("true");
    const address = page.getByLabel("Go to an address");
    const opened = await address.inputValue();
    await page.keyboard.press(".");
    await soon(() => address.inputValue()).not.toBe(opened);
    await page.getByRole("region", { name: "Page", exact: true }).getByText("new", { exact: true }).waitFor();
    const residualPage = await address.inputValue();
    await pressAtOnce(page, ".", ".", ".", ",", ",", ",");
    await soon(() => address.inputValue()).toBe(residualPage);
    await page.keyboard.press("r");
    await soon(() => residual.getAttribute("aria-checked")).toBe("false");

    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    await help.getByText("Next difference").waitFor();
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });

    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Search, go to, run" });
    await page.keyboard.type("next diff");
    // What cannot be done here stays listed, with the reason.
    await palette.getByRole("option", { name: /Next difference.*only in a comparison/ }).waitFor();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(facts.planted.picture.address);
    await palette.getByRole("option", { name: `Go to ${facts.planted.picture.address}` }).waitFor();
    await page.keyboard.press("Enter");
    await palette.waitFor({ state: "detached" });
    await soon(() => page.getByLabel("Go to an address").inputValue()).toBe(facts.planted.picture.address);
  });

  test("an address in a hole is answered with the nearest, and followed only when asked again", async () => {
    const page = await browser.open(`${place.url}/s/${ids.t1}`);
    await drawn(page);
    await page.keyboard.press("g");
    await page.keyboard.type("0xb00000");
    await page.keyboard.press("Enter");
    await page.getByText("0xb00000 is in no mapping of t1. Nearest: [anon] 0xa7f000").waitFor();
    expect(page.url()).not.toContain("at=");
    await page.keyboard.press("Enter");
    await soon(() => page.url()).toContain("at=p1:");
  });
});

test("a place without room in the picture is gone to when asked again, and its page says why it has no bytes", async () => {
  const page = await browser.open(`${place.url}/s/${ids.t1}`);
  await drawn(page);
  await page.keyboard.press("g");
  await page.keyboard.type("0xffffffffff600000");
  await page.keyboard.press("Enter");
  await page
    .getByText(/^0xffffffffff600000 is in \[vsyscall\], of which nothing is recorded;.*\sEiB below\.$/)
    .waitFor();
  await page.keyboard.press("Enter");
  await soon(() => page.url()).toContain("at=p1:ffffffffff600000");
  await page.getByRole("region", { name: "Page", exact: true }).getByText("The dumper left it out.").waitFor();
});

test("nothing that keeps people out: no serious finding on library, snapshot and comparison", async () => {
  for (const theme of ["dark", "light"] as const)
    for (const path of [
      "/",
      `/s/${ids.t1}?v=1&${at(facts.planted.secretPage.address)}`,
      `/compare/${ids.t0}/${ids.t1}?v=1&d=1`,
    ]) {
      const page = await browser.open(`${place.url}${path}`, { theme });
      if (path === "/") await page.getByRole("region", { name: "app", exact: true }).waitFor();
      else await drawn(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${theme} ${path}: ${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      expect(grave).toEqual([]);
    }
});

test("no time of the axis lies under the legend, in any window", async () => {
  const page = await browser.open(`${place.url}/`);
  const legend = page.getByRole("list", { name: "Parts of a change bar, from below" });
  const axis = page.locator("[data-axis]");
  for (const width of [1024, 1060, 1100, 1140, 1200, 1440]) {
    await page.setViewportSize({ width, height: 700 });
    await soon(async () => (await axis.locator("span").count()) > 0).toBe(true);
    // The axis is laid out again with its new width, which is measured in a frame of its own.
    await soon(async () => {
      const first = await legend.locator("li").first().boundingBox();
      const ends = await axis.locator("span").evaluateAll((ticks) => ticks.map((t) => t.getBoundingClientRect().right));
      return first !== null && Math.max(...ends) <= first.x;
    }).toBe(true);
    // In one line: below it stands the first row.
    const lines = await legend.locator("li").evaluateAll((items) =>
      items.map((item) => {
        const words = document.createRange();
        words.selectNodeContents(item.lastChild ?? item);
        return words.getClientRects().length;
      }),
    );
    expect(lines.filter((count) => count !== 1)).toEqual([]);
  }
});
