/** Symbols of mapped files, held against what `readelf` prints of the files. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readBytes } from "../server/inspect/index.ts";
import { addKnownSet, createKnownSets } from "../server/known-sets/index.ts";
import { elfSample } from "../server/relocation/samples.testing.ts";
import { symbolsOf } from "../server/symbols/index.ts";
import { FoundSymbolsSchema } from "../shared/api/index.ts";
import type { Space } from "../shared/snapshot/index.ts";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "./ingest/temporary-store.ts";
import {
  cleanTwin,
  LIBRARY,
  LIBRARY_FILE,
  PROGRAM_FILE,
  record,
  type Twin,
  writeRoot,
  writeTwin,
} from "./two-files.ts";

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

test("without a known set the symbols of a file are those that the dump has recorded of it", async () => {
  const twin = cleanTwin();
  // The page with its headers, its names and their table.
  record(twin, LIBRARY);
  const find = await open(twin, false);
  let count = 0;
  for (const { name, section, type, value } of elfSample("x86-64-lazy.so").printed.symbols) {
    if (name === "" || section === "UND" || section === "ABS" || type === "TLS") continue;
    const { symbols, without } = find(name, "library.so");
    expect(symbols.map(({ address }) => address)).toContain(`0x${(Number(value) + LIBRARY).toString(16)}`);
    expect(without).toEqual([]);
    count++;
  }
  expect(count).toBeGreaterThan(5);
  expect(find("nowhere").without).toEqual([PROGRAM_FILE.path]);
});

test("a core of a Python process has the symbols of its libraries, where its own pointers lead", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("cores", "py-t0.core.zst"), "py");
  const known = createKnownSets(store);
  const { symbols } = symbolsOf(store, known, snapshot, "_IO_2_1_stdout_", "libc.so.6");
  const [{ space, address, version }] = symbols;
  expect(version).toBe("GLIBC_2.2.5");
  // libc's variable `stdout` points to it, as the program has left it.
  const [stdout] = symbolsOf(store, known, snapshot, "stdout", "libc.so.6").symbols;
  const { bytes } = readBytes(store, snapshot, stdout.space as Space, BigInt(stdout.address), 8);
  expect(`0x${new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true).toString(16)}`).toBe(address);
  expect(space).toBe(`p${store.manifest(snapshot).facts.processes[0].pid}`);
  // The core leaves code out, mappings and all: the place is told all the same.
  const [malloc] = symbolsOf(store, known, snapshot, "malloc", "libc.so.6").symbols;
  expect(BigInt(malloc.address)).toBeGreaterThan(0x7f27c1876000n);
  expect(BigInt(malloc.address)).toBeLessThan(0x7f27c1a1f000n);
});

test("the command tells the same, and the files of which no symbols are known", async () => {
  const store = temporaryStore();
  await ingest(store, writeTwin(cleanTwin()), "twin");
  const without = [PROGRAM_FILE.path, LIBRARY_FILE.path];
  const run = async (...more: string[]) => {
    const launcher = path.join(import.meta.dirname, "../scripts/dumpscope.mjs");
    const env = { ...process.env, DUMPSCOPE_DATA: store.directory };
    const args = [launcher, "symbol", "twin/t0", "main", ...more];
    return (await promisify(execFile)(process.execPath, args, { env })).stdout;
  };
  expect(FoundSymbolsSchema.parse(JSON.parse(await run("--json")))).toEqual({
    symbols: [],
    symbolCount: 0,
    without,
    withoutCount: 2,
  });
  expect(await run("--file", "library.so")).toBe(
    "no file whose symbols are known defines main\nno symbols are known of 1 mapped file: /lib/library.so\n",
  );
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
