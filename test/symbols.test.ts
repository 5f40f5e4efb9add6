/** Symbols of mapped files, held against what `readelf` prints of the files. */
import path from "node:path";
import { expect, test } from "vitest";
import { addKnownSet, createKnownSets } from "../server/known-sets/index.ts";
import { elfSample } from "../server/relocation/samples.testing.ts";
import { symbolsOf } from "../server/symbols/index.ts";
import { ingest, temporaryFolder, temporaryStore } from "./ingest/temporary-store.ts";
import { cleanTwin, LIBRARY, LIBRARY_FILE, PROGRAM_FILE, type Twin, writeRoot, writeTwin } from "./two-files.ts";

const options = { signal: new AbortController().signal, onProgress: () => undefined };

async function open(twin: Twin, withRoot = true) {
  const store = temporaryStore();
  if (withRoot) await addKnownSet(store, writeRoot(temporaryFolder()), "root", options);
  const { snapshot } = await ingest(store, writeTwin(twin), path.basename("twin"));
  const known = createKnownSets(store);
  return (name: string, file?: string) => symbolsOf(store, known, snapshot, name, file);
}

test("every symbol that readelf prints of program and library stands where the file is loaded", async () => {
  const find = await open(cleanTwin());
  let count = 0;
  for (const [file, sample, base] of [
    [PROGRAM_FILE.path, "x86-64-executable", 0],
    [LIBRARY_FILE.path, "x86-64-lazy.so", LIBRARY],
  ] as const) {
    for (const { name, section, type, value } of elfSample(sample).printed.symbols) {
      if (name === "" || section === "UND" || section === "ABS" || type === "TLS") continue;
      const found = find(name, file.slice(1)).symbols;
      expect(found.map(({ address }) => address)).toContain(`0x${(Number(value) + base).toString(16)}`);
      for (const symbol of found) expect(symbol).toMatchObject({ name, path: file, pid: 1, space: "p1" });
      count++;
    }
  }
  expect(count).toBeGreaterThan(5);
});

test("what no file defines is found nowhere; a part of a name is no name", async () => {
  const find = await open(cleanTwin());
  const undefinedHere = elfSample("x86-64-lazy.so").printed.symbols.find(
    ({ name, section }) => name !== "" && section === "UND",
  );
  expect(undefinedHere).toBeDefined();
  for (const name of [undefinedHere?.name ?? "", "nowhere", "\u0000", "ä"])
    expect(find(name, "library.so").symbols).toEqual([]);
  const [some] = elfSample("x86-64-lazy.so").printed.symbols.filter(
    ({ name, section }) => name.length > 4 && section !== "UND",
  );
  expect(find(some.name.slice(0, -1)).symbols).toEqual([]);
  expect(find(`${some.name}x`).symbols).toEqual([]);
});

test("files of which no known set has the symbols are named: all without a set, a deleted one with it", async () => {
  const none = (await open(cleanTwin(), false))("main");
  expect(none.symbols).toEqual([]);
  expect(none.without.toSorted()).toEqual([PROGRAM_FILE.path, LIBRARY_FILE.path]);
  const twin = cleanTwin();
  twin.deleted.add(LIBRARY_FILE.id);
  const found = (await open(twin))("main");
  expect(found.without).toEqual([LIBRARY_FILE.path]);
  expect(found.withoutCount).toBe(1);
});
