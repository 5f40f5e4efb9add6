import { describe, expect, test } from "vitest";
import { type ElfImage, NO_RELOCATIONS, SYMBOL } from "./elf-image.ts";
import { mappingOf } from "./samples.testing.ts";
import { Scope } from "./scope.ts";

interface Row {
  readonly name: string;
  readonly value?: number;
  readonly flags?: number;
  /** Index into the versions; with bit 15, hidden. */
  readonly version?: number;
}

const DEFINED = SYMBOL.public | SYMBOL.defined;

function library(soname: string, rows: readonly Row[], needed: readonly string[] = []): ElfImage {
  const all = [{ name: "" }, ...rows] as readonly Row[];
  const names = all.map(({ name }) => `${name}\0`);
  const offsets = names.map((_, i) => names.slice(0, i).join("").length);
  return {
    machine: "x86-64",
    machineNumber: 62,
    fixed: false,
    loads: [],
    relro: undefined,
    buildId: undefined,
    soname,
    interpreter: soname === "program" ? "/lib64/ld.so" : undefined,
    needed,
    tlsSize: 0,
    relocations: NO_RELOCATIONS,
    symbols: {
      length: all.length,
      name: Uint32Array.from(offsets),
      value: Float64Array.from(all, ({ value }) => value ?? 0x10),
      size: new Float64Array(all.length),
      flags: Uint8Array.from(all, ({ flags, name }) => (name === "" ? 0 : (flags ?? DEFINED))),
      version: Uint16Array.from(all, ({ version }) => version ?? 1),
      versions: [undefined, undefined, "V_1", "V_2"],
      strings: new TextEncoder().encode(names.join("")),
    },
    loader: { debug: -1, got: -1, pointers: [] },
    notUnderstood: undefined,
  };
}

const scopeOf = (...images: readonly ElfImage[]) =>
  new Scope(
    images.map((image, i) => ({ image, base: 0x1000 * (i + 1), path: `/lib/${image.soname}` })),
    [],
  );
const f = { name: "f", version: undefined, threadLocal: false, call: false };

test("members stand in the order in which a loader searches them: breadth first, later ones behind", () => {
  const scope = scopeOf(
    library("program", [], ["b", "a"]),
    library("a", [], ["c"]),
    library("later", []),
    library("c", []),
    library("b", [], ["d", "program"]),
    library("d", []),
  );
  expect(scope.members.map(({ image }) => image.soname)).toEqual(["program", "b", "a", "d", "c", "later"]);
});

test("every definition of a name answers, in that order", () => {
  const scope = scopeOf(
    library("program", [{ name: "f" }], ["b"]),
    library("a", [{ name: "f" }]),
    library("b", [{ name: "f", value: 0x20 }]),
  );
  expect(scope.definitions(f).map(({ value, member }) => `${member.image.soname} ${value.toString(16)}`)).toEqual([
    "program 1010",
    "b 3020",
    "a 2010",
  ]);
});

describe("versions", () => {
  const scope = scopeOf(
    library("program", [
      { name: "f", value: 0x100, version: 2 },
      { name: "f", value: 0x200, version: 3 | 0x8000 },
      { name: "f", value: 0x300, version: 1 },
      { name: "f", value: 0x400, version: 1 | 0x8000 },
    ]),
  );
  test.each([
    ["V_1", [0x1100, 0x1300]],
    ["V_2", [0x1200, 0x1300]],
    ["V_3", [0x1300]],
    [undefined, [0x1100, 0x1300]],
  ])("%s is answered by what has it, and by what has none and is not hidden", (version, values) => {
    expect(scope.definitions({ ...f, version }).map(({ value }) => value)).toEqual(values);
  });
});

describe("what answers nobody outside, or not everybody", () => {
  test.each([
    ["a local symbol", { name: "f", flags: SYMBOL.defined }, { symbol: 0, call: 0, threadLocal: 0 }],
    ["an undefined symbol", { name: "f", flags: SYMBOL.public, value: 0 }, { symbol: 0, call: 0, threadLocal: 0 }],
    [
      "a program's stand-in for a function",
      { name: "f", flags: SYMBOL.public },
      { symbol: 1, call: 0, threadLocal: 0 },
    ],
    [
      "thread-local storage",
      { name: "f", flags: DEFINED | SYMBOL.threadLocal, value: 0 },
      { symbol: 0, call: 0, threadLocal: 1 },
    ],
    ["a definition", { name: "f" }, { symbol: 1, call: 1, threadLocal: 0 }],
  ])("%s", (_what, row, answers) => {
    const scope = scopeOf(library("program", [row]));
    const count = (more: object) => scope.definitions({ ...f, ...more }).length;
    expect({ symbol: count({}), call: count({ call: true }), threadLocal: count({ threadLocal: true }) }).toEqual(
      answers,
    );
  });
});

test("absolute values and offsets in thread-local storage have no base", () => {
  const scope = scopeOf(
    library("program", [
      { name: "f", value: 7, flags: DEFINED | SYMBOL.absolute },
      { name: "t", value: 8, flags: DEFINED | SYMBOL.threadLocal },
    ]),
  );
  expect(scope.definitions(f)[0].value).toBe(7);
  expect(scope.definitions({ ...f, name: "t", threadLocal: true })[0].value).toBe(8);
});

test("the loader is the executable's interpreter, by soname or by file name", () => {
  expect(scopeOf(library("program", []), library("ld.so", [])).loader?.image.soname).toBe("ld.so");
  const image = library("libc.musl.so", []);
  const musl = new Scope(
    [
      { image: library("program", []), base: 0, path: "/p" },
      { image, base: 0, path: "/lib/ld.so" },
    ],
    [],
  );
  expect(musl.loader?.image).toBe(image);
  expect(scopeOf(library("program", [])).loader).toBeUndefined();
});

test.each([
  [
    "by another file that names its interpreter, where the executable is not described",
    [
      library("a", []),
      { ...library("libc.so.6", []), interpreter: "/lib64/ld-linux.so.2" },
      library("ld-linux.so.2", []),
    ],
    "ld-linux.so.2",
  ],
  [
    "by its own name, where no file names it",
    [library("a", []), library("ld-linux-x86-64.so.2", [])],
    "ld-linux-x86-64.so.2",
  ],
  ["not by a name that only begins alike", [library("a", []), library("ldap.so", [])], undefined],
])("the loader is found %s", (_how, images, soname) => {
  expect(scopeOf(...images).loader?.image.soname).toBe(soname);
});

describe(".bss of a file that is not described", () => {
  const file = (start: number, more: object = {}) =>
    mappingOf(start, start + 0x1000, "rw-p", { path: "/unknown", offset: 0x1000, ...more });
  const memory = (start: number, more: object = {}) =>
    mappingOf(start, start + 0x1000, "rw-p", { kind: "anonymous", ...more });
  const known = file(0x1000, { path: "/known" });
  test.each([
    ["is memory directly behind its last mapping", [file(0x1000), memory(0x2000)], "/unknown"],
    [
      "also where the file is mapped again from its beginning",
      [file(0x1000), memory(0x2000), file(0x5000, { offset: 0 })],
      "/unknown",
    ],
    ["is not behind a mapping of it that others follow", [file(0x1000), memory(0x2000), file(0x3000)], undefined],
    ["is not behind a gap", [file(0x1000), memory(0x3000)], undefined],
    ["is not behind other memory", [file(0x1000), memory(0x2000), memory(0x3000)], undefined],
    ["is not before it", [memory(0x1000), file(0x2000)], undefined],
    ["is not behind a file that is described", [known, memory(0x2000)], undefined],
    ["is not behind a mapping that nobody writes", [file(0x1000, { permissions: "r--p" }), memory(0x2000)], undefined],
    ["is not behind a shared mapping", [file(0x1000, { shared: true }), memory(0x2000)], undefined],
    ["is not shared", [file(0x1000), memory(0x2000, { shared: true })], undefined],
    ["is not run", [file(0x1000), memory(0x2000, { permissions: "rwxp" })], undefined],
    ["is no heap", [file(0x1000), memory(0x2000, { kind: "heap" })], undefined],
  ])("%s", (_claim, mappings, path) => {
    const scope = new Scope([{ image: library("program", []), base: 0, path: "/known" }], mappings.toReversed());
    const place = mappings.findLast(({ kind }) => kind !== "file")!.range.start * 4096;
    expect(scope.bssOfUnknownFile(place + 0x10)?.path).toBe(path);
    expect(scope.bssOfUnknownFile(place + 0x1000)).toBeUndefined();
  });
});

test("addresses are told by the mapping they lie in", () => {
  const scope = new Scope(
    [{ image: library("program", []), base: 0, path: "/known" }],
    [
      mappingOf(0x9000, 0xa000, "r-xp", { kind: "vdso" }),
      mappingOf(0x1000, 0x3000, "rw-p", { path: "/known" }),
      mappingOf(0x5000, 0x6000, "r-xp", { path: "/unknown" }),
    ],
  );
  expect([scope.hasUnknownFile, scopeOf(library("program", [])).hasUnknownFile]).toEqual([true, false]);
  const tell = (address: number) => [scope.isWritable(address), scope.isOfUnknownFile(address), scope.isVdso(address)];
  expect([0xfff, 0x1000, 0x2fff, 0x3000, 0x5000, 0x9fff].map(tell)).toEqual([
    [false, false, false],
    [true, false, false],
    [true, false, false],
    [false, false, false],
    [false, true, false],
    [false, false, true],
  ]);
});
