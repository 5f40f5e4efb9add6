/** Every way to name a place, typed in the address field and in the palette: addresses, mappings, bytes of files, symbols. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addKnownSet } from "../../server/known-sets/index.ts";
import { elfSample } from "../../server/relocation/samples.testing.ts";
import { ingest, temporaryFolder } from "../ingest/temporary-store.ts";
import { cleanTwin, LIBRARY, LIBRARY_FILE, writeRoot, writeTwin } from "../two-files.ts";
import { drawn, openBrowser, openPlace, type Place, soon, type TestBrowser } from "./world.ts";

let place: Place;
let browser: TestBrowser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(async () => {
  await browser.closePages();
  await place?.close();
});
afterAll(() => browser?.close());

/** @returns the address of its screen */
async function open(withRoot: boolean): Promise<string> {
  place = await openPlace(async (store) => {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    if (withRoot) await addKnownSet(store, writeRoot(temporaryFolder()), "root", options);
    await ingest(store, writeTwin(cleanTwin()), "twin");
  });
  const [container] = (await place.library()).containers;
  return `${place.url}/s/${container.snapshots[0].snapshot}`;
}

const hex = (address: number) => `0x${address.toString(16)}`;

/** A function of the library. */
function definedSymbol() {
  const symbol = elfSample("x86-64-lazy.so").printed.symbols.find(
    ({ name, section, type }) => name !== "" && type === "FUNC" && section !== "UND" && section !== "ABS",
  );
  if (!symbol) throw new Error("the library defines no function");
  return symbol;
}

test("a name with an offset, a byte of a file, a process's address and a symbol are gone to", async () => {
  const page = await browser.open(await open(true));
  const symbol = definedSymbol();
  const defined = LIBRARY + Number(symbol.value);
  const field = page.getByLabel("Go to an address");
  for (const [text, address] of [
    ["library.so+0x2010", LIBRARY + 0x2010],
    ["/bin/program", 0x40_0000],
    ["library.so@0x3008", LIBRARY + 0x3008],
    ["1:402010", 0x40_2010],
    [symbol.name, defined],
    [`library.so!${symbol.name}+0x4`, defined + 4],
  ] as const) {
    await page.keyboard.press("g");
    await field.fill(text);
    await field.press("Enter");
    await soon(() => field.inputValue()).toBe(hex(address));
  }
  await page
    .getByText(new RegExp(`${symbol.name}(@\\S+)? in library\\.so`))
    .first()
    .waitFor();
  await page.keyboard.press("Alt+ArrowLeft");
  await soon(() => field.inputValue()).toBe(hex(defined));

  // What is in a hole says so, and is followed only when asked again.
  await page.keyboard.press("g");
  await field.fill("library.so+0x9000");
  await field.press("Enter");
  await page.getByText(`${hex(LIBRARY + 0x9000)} is in no mapping of process 1. Nearest: [anon]`).waitFor();
  await field.press("Escape");
  await soon(() => field.inputValue()).toBe(hex(defined));

  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type(symbol.name);
  await page.getByRole("option", { name: `Go to the symbol “${symbol.name}”` }).click();
  await soon(() => field.inputValue()).toBe(hex(defined));
});

test("a symbol that is nowhere says so, and names the files whose symbols are not here", async () => {
  const page = await browser.open(await open(false));
  const field = page.getByLabel("Go to an address");
  await page.keyboard.press("g");
  await field.fill("malloc");
  await field.press("Enter");
  await page
    .getByText(
      "No mapped file that is known defines “malloc”. The symbols of program, library.so are not here: add the image of the container as a known set.",
    )
    .waitFor();
  await field.fill("no name at all");
  await field.press("Enter");
  await page.getByText("“no name at all” is no address and no name here").waitFor();
});

test("going to a place gives the keys back to the picture, which stays as it is when it shows the place", async () => {
  const page = await browser.open(await open(true));
  await drawn(page);
  const before = new URL(page.url()).searchParams.get("z");
  await page.keyboard.press("g");
  const field = page.getByLabel("Go to an address");
  await field.fill("1:402010");
  await field.press("Enter");
  await soon(() => field.inputValue()).toBe(hex(0x40_2010));
  expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("application");
  await page.keyboard.press("ArrowRight");
  await soon(() => field.inputValue()).not.toBe(hex(0x40_2010));
  // Fitted as it was: the address names no zoom.
  expect(new URL(page.url()).searchParams.get("z")).toBe(before);
});

test("what the hand points at on the ruler stands in the status line", async () => {
  const page = await browser.open(await open(true));
  await drawn(page);
  await page.getByRole("img", { name: /^The strip in address order/ }).hover({ position: { x: 30, y: 12 } });
  await soon(() => page.locator("footer").textContent()).toMatch(
    /^(program|library\.so|\[\w+\]) [r-][w-][x-].*0x[0-9a-f]+–[0-9a-f]+, \d+ pages?, /,
  );
});

test("in a comparison a symbol is that of B, else that of A, and one that is nowhere says so", async () => {
  const withoutLibrary = cleanTwin();
  withoutLibrary.areas = withoutLibrary.areas.filter(({ shmid }) => shmid !== LIBRARY_FILE.id);
  for (const address of [LIBRARY + 0x2000, LIBRARY + 0x3000]) withoutLibrary.recorded.delete(address);
  place = await openPlace(async (store) => {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    await addKnownSet(store, writeRoot(temporaryFolder()), "root", options);
    await ingest(store, writeTwin(cleanTwin()), "twin");
    await ingest(store, writeTwin(withoutLibrary), "twin");
  });
  const snapshots = (await place.library()).containers[0].snapshots;
  const idOf = (name: string) => snapshots.find((snapshot) => snapshot.name === name)?.snapshot;
  const symbol = definedSymbol();
  const defined = hex(LIBRARY + Number(symbol.value));
  for (const [a, b, said] of [
    ["t0", "t1", new RegExp(`${symbol.name}(@\\S+)? in library\\.so, only in t0`)],
    ["t1", "t0", new RegExp(`${symbol.name}(@\\S+)? in library\\.so$`)],
  ] as const) {
    const page = await browser.open(`${place.url}/compare/${idOf(a)}/${idOf(b)}`);
    const field = page.getByLabel("Go to an address");
    await field.waitFor();
    await page.keyboard.press("g");
    await field.fill(symbol.name);
    await field.press("Enter");
    await soon(() => field.inputValue()).toBe(defined);
    await page.getByRole("contentinfo").getByText(said).waitFor();
    await page.keyboard.press("g");
    await field.fill("no_such_symbol");
    await field.press("Enter");
    await page.getByText("No mapped file that is known defines “no_such_symbol”.").waitFor();
    await field.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.keyboard.type(symbol.name);
    await page.getByRole("option", { name: `Go to the symbol “${symbol.name}”` }).click();
    await soon(() => field.inputValue()).toBe(defined);
    await page.context().close();
  }
});
