/** Pages as a loader leaves them, made by a model that shares nothing with what is tested; and what a hook makes of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeElf } from "./describe-elf.ts";
import { type ElfImage, type Load, NO_RELOCATIONS, NO_SYMBOLS, RELOCATION_KINDS } from "./elf-image.ts";
import { filePageOffset, loadAt, placeImage } from "./placement.ts";
import { modelMemory, type PrintedLoad, type PrintedRelocation } from "./readelf.testing.ts";
import { type ELF_SAMPLES, elfSample, mappingOf, mappingsOf } from "./samples.testing.ts";
import { Scope, type ScopeMember } from "./scope.ts";
import { expectedPage, type PageCheck, verifyPage, type WordEvidence } from "./verify-page.ts";
import { type MappedPage, symbolName } from "./words.ts";

const BASE = 0x7f12_3456_7000;
const EXECUTABLE = elfSample("x86-64-executable");
/** What answers the library's calls: the executable, and a loader of which only the addresses matter. */
const LOADER_CODE = 0x7fff_0000_0000;
const HEAP = 0x5555_0000_0000;
const VDSO = 0x7fff_ffff_0000;
/** Behind what the loader writes. */
const LOADER_BSS = LOADER_CODE + 0x5000;

interface Process {
  readonly image: ElfImage;
  readonly content: Uint8Array;
  readonly scope: Scope;
  page(vaddr: number): MappedPage;
  /** As the model of the loader leaves it. */
  loaded(vaddr: number): Uint8Array;
  /** Addresses of words that the model leaves as in the file. */
  readonly open: ReadonlySet<number>;
}

function processOf(name: (typeof ELF_SAMPLES)[number]): Process {
  const { content, printed } = elfSample(name);
  const image = describeElf(content)!;
  const executable = describeElf(EXECUTABLE.content)!;
  const library = `/lib/${name}`;
  const mappings = [
    ...mappingsOf(executable, 0, "/bin/executable"),
    ...mappingsOf(image, BASE, library),
    mappingOf(LOADER_CODE, LOADER_CODE + 0x4000, "r-xp", { path: "/lib/ld.so" }),
    mappingOf(LOADER_CODE + 0x4000, LOADER_BSS, "rw-p", { path: "/lib/ld.so", offset: 0x4000 }),
    mappingOf(LOADER_BSS, LOADER_BSS + 0x1000, "rw-p", { kind: "anonymous" }),
    mappingOf(HEAP, HEAP + 0x4000, "rw-p", { kind: "heap" }),
    mappingOf(VDSO, VDSO + 0x2000, "r-xp", { kind: "vdso" }),
  ];
  const base = name === "x86-64-executable" ? 0 : BASE;
  const members: ScopeMember[] = [
    { image: executable, base: 0, path: "/bin/executable" },
    { image, base, path: library },
  ];
  const answers = (symbol: string): bigint | null => {
    if (symbol === "missing") return 0n;
    const own = EXECUTABLE.printed.symbols.find(({ name: own, section }) => own === symbol && section !== "UND");
    if (own !== undefined) return own.value;
    const found = printed.symbols.find(({ name: other, section }) => other === symbol && section !== "UND");
    // What the resolver of an indirect function chose is anybody's guess.
    if (found === undefined || found.type.startsWith("<")) return null;
    return found.type === "TLS" ? found.value : found.value + BigInt(base);
  };
  const memory = modelMemory(printed, content, base, "to the page's end", answers);
  return {
    image,
    content,
    scope: new Scope(members, mappings),
    page(vaddr) {
      const load = loadAt(image, vaddr)!;
      const offset = filePageOffset(load, vaddr);
      return { image, base, address: base + vaddr, filePage: content.subarray(offset, offset + 4096) };
    },
    loaded: (vaddr) => Uint8Array.from(memory.pages.get(base + vaddr)!),
    open: memory.open,
  };
}

function writableData(image: ElfImage): { readonly load: Load; readonly first: number; readonly pages: number[] } {
  const load = image.loads.find(({ writable }) => writable)!;
  const first = load.vaddr - (load.vaddr % 4096);
  const pages: number[] = [];
  for (let at = first; at < load.vaddr + load.filesz; at += 4096) pages.push(at);
  return { load, first, pages };
}

/** A word at an address of the page. */
function setWord(page: Uint8Array, at: number, value: number): void {
  new DataView(page.buffer).setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
}

function addressOf(process: Process, kind: (typeof RELOCATION_KINDS)[number], nth = 0): number {
  const { relocations } = process.image;
  const rows = [...relocations.kind.keys()].filter((row) => RELOCATION_KINDS[relocations.kind[row]] === kind);
  return relocations.address[rows[nth]];
}

describe.each(["x86-64-lazy.so", "x86-64-packed.so", "x86-64-descriptors.so", "aarch64-lazy.so"] as const)(
  "%s",
  (name) => {
    const process = processOf(name);
    const data = writableData(process.image);

    test("is expected as the loader leaves it, but for the words that nobody can tell", () => {
      for (const vaddr of data.pages) {
        const page = process.page(vaddr);
        const { bytes, open } = expectedPage(page, process.scope);
        const loaded = process.loaded(vaddr);
        for (const { at } of open) loaded.set(bytes.subarray(at, at + 8), at);
        expect(Buffer.from(bytes).equals(loaded)).toBe(true);
        const left = [...process.open].filter((one) => one >= page.address && one < page.address + 4096);
        const listed = open.filter(({ relocation }) => relocation !== "loader").map(({ at }) => page.address + at);
        expect(left.filter((one) => !listed.includes(one))).toEqual([]);
      }
    });

    test("is relocated once its open words hold something of their kind, and says how many of each there are", () => {
      let relative = 0;
      for (const vaddr of data.pages) {
        const recorded = fillOpen(process, vaddr);
        const check = verifyPage(recorded, process.page(vaddr), process.scope);
        expect(check.outcome).toBe("relocated");
        if (check.outcome === "relocated") relative += check.words.relative;
      }
      expect(relative).toBe(7);
    });

    test("the page before .data, which shares its file page, holds the file's bytes unrelocated", () => {
      const code = process.image.loads.find(({ executable }) => executable)!;
      const last = code.vaddr + code.filesz - 1;
      const page = process.page(last - (last % 4096));
      const asFile = new Uint8Array(4096);
      asFile.set(page.filePage);
      expect(verifyPage(asFile, page, process.scope)).toEqual({ outcome: "same" });
      asFile[5] ^= 0xff;
      expect(rangesOf(verifyPage(asFile, page, process.scope))).toEqual(["[5,6) executable"]);
    });

    test("a hooked pointer, a patched byte and a written .bss differ, each where it is", () => {
      const relative = addressOf(process, "relative");
      const vaddr = relative - (relative % 4096);
      const hooked = fillOpen(process, vaddr);
      setWord(hooked, relative - vaddr, HEAP + 0x100);
      expect(rangesOf(verifyPage(hooked, process.page(vaddr), process.scope))).toEqual([
        `[${relative - vaddr},${relative - vaddr + 8}) ${process.image.relro === undefined ? "data" : "relro"} relative`,
      ]);
      const last = data.pages.at(-1)!;
      const bss = data.load.vaddr + data.load.filesz - last;
      const written = fillOpen(process, last);
      written[bss + 1] = 9;
      expect(rangesOf(verifyPage(written, process.page(last), process.scope))).toEqual([`[${bss + 1},${bss + 2}) bss`]);
    });
  },
);

/** The page as the model leaves it, its open words holding what a loader could have put there. */
function fillOpen(process: Process, vaddr: number): Uint8Array {
  const page = process.page(vaddr);
  const recorded = process.loaded(vaddr);
  const { relocations } = process.image;
  const code = process.image.loads.find(({ executable }) => executable)!;
  for (let row = 0; row < relocations.length; row++) {
    const at = relocations.address[row] - vaddr;
    if (at < 0 || at >= 4096 || !process.open.has(page.address + at)) continue;
    switch (RELOCATION_KINDS[relocations.kind[row]]) {
      case "tls-module":
        setWord(recorded, at, 2);
        break;
      case "tls-thread-offset":
        setWord(recorded, at, process.image.machine === "x86-64" ? -16 : 16);
        break;
      case "tls-descriptor":
        setWord(recorded, at, LOADER_CODE + 0x10);
        setWord(recorded, at + 8, -16);
        break;
      case "jump-slot":
        // Not called yet: the base added to what the file has.
        setWord(recorded, at, page.base + Number(new DataView(recorded.buffer).getBigUint64(at, true)));
        break;
      default:
        setWord(recorded, at, page.base + code.vaddr + 4);
    }
  }
  return recorded;
}

function rangesOf(check: PageCheck): readonly string[] {
  if (check.outcome !== "differs") return [check.outcome];
  return check.ranges.map(
    ({ from, to, part, relocation }) => `[${from},${to}) ${part}${relocation === undefined ? "" : ` ${relocation}`}`,
  );
}

describe("a word of a function", () => {
  const process = processOf("x86-64-lazy.so");
  const slot = addressOf(process, "jump-slot");
  const vaddr = slot - (slot % 4096);
  const kindsOf = (value: number): readonly string[] => {
    const recorded = fillOpen(process, vaddr);
    setWord(recorded, slot - vaddr, value);
    const kinds: WordEvidence[] = [];
    const check = verifyPage(recorded, process.page(vaddr), process.scope, (word) => kinds.push(word));
    if (check.outcome === "differs") return rangesOf(check);
    return kinds.filter(({ at }) => at === slot - vaddr).map(({ kind, symbol }) => `${kind} ${symbol}`);
  };

  test("is the definition's address, or the base and what the file has", () => {
    const target = EXECUTABLE.printed.symbols.find(({ name }) => name === "call_elsewhere")!.value;
    expect(kindsOf(Number(target))).toEqual(["symbol call_elsewhere"]);
    const inFile = new DataView(process.content.buffer).getBigUint64(
      filePageOffset(loadAt(process.image, vaddr)!, vaddr) + slot - vaddr,
      true,
    );
    expect(kindsOf(BASE + Number(inFile))).toEqual(["lazy call_elsewhere"]);
  });

  test.each([
    [
      "one byte beside the definition",
      Number(EXECUTABLE.printed.symbols.find(({ name }) => name === "call_elsewhere")!.value) + 1,
    ],
    ["the heap", HEAP],
    ["code of an unknown file, while the definition is known", LOADER_CODE],
    ["zero", 0],
  ])("is a difference at %s", (_what, value) => {
    expect(kindsOf(value)).toEqual([`[${slot - vaddr},${slot - vaddr + 8}) data jump-slot`]);
  });

  test.each([
    ["a file that is not known", LOADER_CODE + 0x20, "relocated"],
    // What an IFUNC of that file chose.
    ["the vdso", VDSO + 0x20, "relocated"],
    // Variables lie there, which nobody calls.
    [".bss of a file that is not known", LOADER_BSS + 0x20, "differs"],
    ["the heap", HEAP, "differs"],
  ])("that nobody is known to define, in %s: %s", (_where, value, outcome) => {
    const call = addressOf(process, "jump-slot", 1);
    const recorded = fillOpen(process, vaddr);
    setWord(recorded, call - vaddr, value);
    const check = verifyPage(recorded, process.page(vaddr), process.scope);
    expect(check.outcome).toBe(outcome);
    // The other is IRELATIVE.
    expect(check).toMatchObject({ words: { open: outcome === "relocated" ? 2 : 1 } });
  });

  test("in the vdso is a difference where its definition is known, and where every file is", () => {
    expect(kindsOf(VDSO + 0x20)).toEqual([`[${slot - vaddr},${slot - vaddr + 8}) data jump-slot`]);
    const call = addressOf(process, "jump-slot", 1);
    const recorded = fillOpen(process, vaddr);
    setWord(recorded, call - vaddr, VDSO + 0x20);
    const alone = new Scope(process.scope.members, [mappingOf(VDSO, VDSO + 0x2000, "r-xp", { kind: "vdso" })]);
    expect(verifyPage(recorded, process.page(vaddr), alone).outcome).toBe("differs");
  });

  test("of an IFUNC symbol is any code of its file, and is never called a symbol", () => {
    const indirect = addressOf(process, "jump-slot", 2);
    const code = process.image.loads.find(({ executable }) => executable)!;
    const recorded = fillOpen(process, vaddr);
    setWord(recorded, indirect - vaddr, BASE + code.vaddr + 9);
    const kinds: WordEvidence[] = [];
    verifyPage(recorded, process.page(vaddr), process.scope, (word) => kinds.push(word));
    expect(kinds.find(({ at }) => at === indirect - vaddr)).toMatchObject({ kind: "ifunc", symbol: "selected" });
    // As of gettimeofday, whose resolver answers with the kernel's.
    setWord(recorded, indirect - vaddr, VDSO + 0x10);
    expect(verifyPage(recorded, process.page(vaddr), process.scope)).toMatchObject({
      // The other is the pointer to it.
      words: { ifunc: 2 },
    });
    setWord(recorded, indirect - vaddr, BASE + code.vaddr + code.filesz);
    expect(verifyPage(recorded, process.page(vaddr), process.scope).outcome).toBe("differs");
  });
});

test("a definition that is not the first in the scope is legitimate, counted, and named", () => {
  const process = processOf("x86-64-lazy.so");
  const { relocations, symbols } = process.image;
  const own = EXECUTABLE.printed.symbols.find(({ name }) => name === "counter")!.value;
  // The executable has a copy of the library's variable, so both define it.
  const row = [...relocations.symbol.keys()].find(
    (one) =>
      RELOCATION_KINDS[relocations.kind[one]] === "symbol" &&
      symbolName(process.image, relocations.symbol[one]) === "counter",
  )!;
  const place = relocations.address[row];
  const vaddr = place - (place % 4096);
  const tell = (value: number) => {
    const recorded = fillOpen(process, vaddr);
    setWord(recorded, place - vaddr, value);
    const found: WordEvidence[] = [];
    const check = verifyPage(recorded, process.page(vaddr), process.scope, (word) => found.push(word));
    const later = check.outcome === "relocated" ? check.words.laterDefinition : "none";
    return [later, found.find(({ at }) => at === place - vaddr)?.definedIn?.path];
  };
  expect(tell(Number(own))).toEqual([0, "/bin/executable"]);
  expect(tell(BASE + symbols.value[relocations.symbol[row]])).toEqual([1, "/lib/x86-64-lazy.so"]);
});

describe("an open word is accepted only with a value of its kind, or the file's, which is 0 here but for code", () => {
  const lazy = processOf("x86-64-lazy.so");
  const arm = processOf("aarch64-lazy.so");
  const descriptors = processOf("x86-64-descriptors.so");
  const codeOf = ({ image }: Process) => BASE + image.loads.find(({ executable }) => executable)!.vaddr;
  test.each([
    ["irelative", lazy, 0, [codeOf(lazy), codeOf(lazy) + 100], [HEAP, LOADER_CODE, 0, BASE]],
    ["tls-module", lazy, 0, [1, 40, 0], [-1, 65_536, HEAP]],
    ["tls-thread-offset", lazy, 0, [-4, -(2 ** 31)], [4, -(2 ** 31) - 1, HEAP]],
    ["tls-thread-offset", arm, 0, [16, 2 ** 31 - 1], [-4, 2 ** 31, HEAP]],
    ["tls-descriptor", descriptors, 0, [LOADER_CODE, LOADER_CODE + 0x3fff, 0], [HEAP, codeOf(descriptors)]],
    ["tls-descriptor", descriptors, 8, [-16, 64, HEAP], [2 ** 31, LOADER_CODE]],
  ] as const)("%s", (kind, process, word, plausible, implausible) => {
    const place = addressOf(process, kind) + word;
    const vaddr = place - (place % 4096);
    const outcomeOf = (value: number) => {
      const recorded = fillOpen(process, vaddr);
      setWord(recorded, place - vaddr, value);
      return verifyPage(recorded, process.page(vaddr), process.scope).outcome;
    };
    expect(plausible.map(outcomeOf)).toEqual(plausible.map(() => "relocated"));
    expect(implausible.map(outcomeOf)).toEqual(implausible.map(() => "differs"));
  });
});

describe("the loader's own words", () => {
  const process = processOf("x86-64-lazy.so");
  const { got, pointers } = process.image.loader;
  const table = got - (got % 4096);

  test.each([
    ["GOT[1] in writable memory", 8, HEAP + 0x40, "relocated"],
    ["GOT[1] in code", 8, LOADER_CODE, "differs"],
    ["GOT[2] in the loader's code", 16, LOADER_CODE + 0x40, "relocated"],
    ["GOT[2] in the heap", 16, HEAP, "differs"],
    ["GOT[0], which is nobody's", 0, HEAP, "differs"],
  ])("%s: %s", (_what, word, value, outcome) => {
    const recorded = fillOpen(process, table);
    setWord(recorded, got + word - table, value);
    expect(verifyPage(recorded, process.page(table), process.scope).outcome).toBe(outcome);
  });

  test("pointers of the dynamic section are the file's, or have the base added", () => {
    const page = pointers[0] - (pointers[0] % 4096);
    const recorded = fillOpen(process, page);
    const asInFile = verifyPage(recorded, process.page(page), process.scope);
    for (const place of pointers) {
      const value = Number(new DataView(recorded.buffer).getBigUint64(place - page, true));
      setWord(recorded, place - page, BASE + value);
    }
    const adjusted = verifyPage(recorded, process.page(page), process.scope);
    expect([asInFile, adjusted]).toMatchObject([
      { outcome: "relocated", words: { loader: 0 } },
      { outcome: "relocated", words: { loader: pointers.length } },
    ]);
    setWord(recorded, pointers[0] - page, HEAP);
    expect(verifyPage(recorded, process.page(page), process.scope).outcome).toBe("differs");
  });
});

test("a variable that the executable holds for a library may have any small value, and is open", () => {
  const process = processOf("x86-64-executable");
  const copied = addressOf(process, "copy");
  const vaddr = copied - (copied % 4096);
  const recorded = fillOpen(process, vaddr);
  setWord(recorded, copied - vaddr, 7);
  recorded.fill(0, copied - vaddr + 4, copied - vaddr + 8);
  expect(verifyPage(recorded, process.page(vaddr), process.scope)).toMatchObject({
    outcome: "relocated",
    words: { open: 1 },
  });
  // It has four bytes; the next is nobody's.
  recorded[copied - vaddr + 4] = 1;
  expect(rangesOf(verifyPage(recorded, process.page(vaddr), process.scope))).toEqual([
    `[${copied - vaddr + 4},${copied - vaddr + 5}) bss`,
  ]);
});

describe("where .bss ends inside the last file page", () => {
  const { content } = elfSample("x86-64-lazy.so");
  const described = describeElf(content)!;
  const load = described.loads.find(({ writable }) => writable)!;
  // A .bss of 8 bytes; file bytes follow it.
  const image = { ...described, loads: [{ ...load, memsz: load.filesz + 8 }] };
  const last = load.vaddr + load.filesz - ((load.vaddr + load.filesz) % 4096);
  const end = load.vaddr + load.filesz + 8 - last;
  const filePage = new Uint8Array(4096).fill(0x11);
  const page = {
    image: { ...image, relocations: { ...image.relocations, length: 0 }, loader: { debug: -1, got: -1, pointers: [] } },
    base: BASE,
    address: BASE + last,
    filePage,
  };
  const scope = new Scope([], []);

  test.each([
    ["zeros to the page's end, as the kernel maps it", 4096, "relocated"],
    ["the file's bytes behind it, as the loader maps it", end, "relocated"],
    ["zeros that go on a little", end + 16, `[${end},${end + 16}) beside`],
    ["the file's bytes at the page's end alone", 4090, "[4090,4096) beside"],
  ])("%s: %s", (_what, to, outcome) => {
    const recorded = Uint8Array.from(filePage).fill(0, load.vaddr + load.filesz - last, to);
    const check = verifyPage(recorded, page, scope);
    expect(rangesOf(check)).toEqual([outcome]);
    if (check.outcome === "relocated") expect(check.bssFrom).toBe(load.vaddr + load.filesz - last);
  });
});

test("parts of a page go by what may be written there, also outside the load", () => {
  const load = {
    offset: 0x1100,
    vaddr: 0x3100,
    filesz: 0x1f00,
    memsz: 0x1f00,
    readable: true,
    writable: true,
    executable: false,
  };
  const code = {
    offset: 0,
    vaddr: 0,
    filesz: 0x1080,
    memsz: 0x1080,
    readable: true,
    writable: false,
    executable: true,
  };
  const image: ElfImage = {
    ...describeElf(elfSample("x86-64-lazy.so").content)!,
    loads: [code, load],
    relocations: NO_RELOCATIONS,
    loader: { debug: -1, got: -1, pointers: [] },
    // The first page whole, from the load's start; the second one in part, so it stays writable.
    relro: { start: 0x3100, end: 0x4800 },
  };
  const partAt = (vaddr: number) => {
    const recorded = new Uint8Array(4096);
    recorded[vaddr % 4096] = 1;
    const page = { image, base: BASE, address: BASE + vaddr - (vaddr % 4096), filePage: new Uint8Array(4096) };
    return rangesOf(verifyPage(recorded, page, new Scope([], []))).map((range) => range.replace(/.* /, ""));
  };
  expect([0x107f, 0x1fff, 0x3000, 0x3fff, 0x4000].map(partAt)).toEqual([
    ["executable"],
    ["executable"],
    ["relro"],
    ["relro"],
    ["data"],
  ]);
});

/** A file of some pages, loads over it, and relative relocations anywhere: aligned or not, over page borders, twice at one place. */
const nearBorder = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(8)).map(([page, back]) => page * 4096 - back);
const file = fc
  .record({
    code: fc.integer({ min: 1, max: 9000 }),
    gap: fc.integer({ min: 0, max: 3 }),
    data: fc.integer({ min: 1, max: 9000 }),
    bss: fc.nat(9000),
    seed: fc.uint8Array({ minLength: 16, maxLength: 64 }),
    relocations: fc.array(fc.record({ at: fc.oneof(fc.nat(18_000), nearBorder), addend: fc.integer() }), {
      maxLength: 60,
    }),
    base: fc.integer({ min: 1, max: 2 ** 31 - 1 }).map((page) => page * 4096),
  })
  .map(({ code, gap, data, bss, seed, relocations, base }) => {
    const content = Uint8Array.from({ length: code + data + 500 }, (_, i) => seed[i % seed.length] + i);
    const loads: readonly PrintedLoad[] = [
      { offset: 0, vaddr: 0, filesz: code, memsz: code, flags: "R E" },
      // Its bytes follow in the file at once, so both loads share a file page.
      {
        offset: code,
        vaddr: (Math.floor(code / 4096) + 1 + gap) * 4096 + (code % 4096),
        filesz: data,
        memsz: data + bss,
        flags: "RW ",
      },
    ];
    const rows: readonly PrintedRelocation[] = relocations
      .map(({ at, addend }) => ({ address: at, type: "R_X86_64_RELATIVE", symbol: null, addend: BigInt(addend) }))
      .sort((a, b) => a.address - b.address)
      // An image has one a place.
      .filter((row, i, all) => row.address !== all[i + 1]?.address);
    return { content, loads, rows, base };
  });

test("whatever is relocated where, pages are expected as a byte-by-byte model has them, and one changed byte is found", () => {
  fc.assert(
    fc.property(file, fc.nat(4095), ({ content, loads, rows, base }, changed) => {
      const image: ElfImage = {
        machine: "x86-64",
        machineNumber: 62,
        fixed: false,
        loads: loads.map(({ flags, ...load }) => ({
          ...load,
          readable: true,
          writable: flags.includes("W"),
          executable: flags.includes("E"),
        })),
        relro: undefined,
        buildId: undefined,
        soname: undefined,
        interpreter: undefined,
        needed: [],
        tlsSize: 0,
        relocations: {
          length: rows.length,
          address: Float64Array.from(rows, ({ address }) => address),
          kind: new Uint8Array(rows.length),
          symbol: new Uint32Array(rows.length),
          addend: Float64Array.from(rows, ({ addend }) => Number(addend)),
        },
        symbols: NO_SYMBOLS,
        loader: { debug: -1, got: -1, pointers: [] },
        notUnderstood: undefined,
      };
      const scope = new Scope([{ image, base, path: "/file" }], mappingsOf(image, base, "/file"));
      for (const [address, bytes] of modelMemory(
        { loads, relocations: rows },
        content,
        base,
        "to the page's end",
        () => null,
      ).pages) {
        const offset = filePageOffset(loadAt(image, address - base)!, address - base);
        const page = { image, base, address, filePage: content.subarray(offset, offset + 4096) };
        expect(Buffer.from(expectedPage(page, scope).bytes).equals(bytes)).toBe(true);
        expect(verifyPage(bytes, page, scope).outcome).not.toBe("differs");
        const tampered = Uint8Array.from(bytes);
        tampered[changed] ^= 0x40;
        const check = verifyPage(tampered, page, scope);
        // Overlapping words of hostile files may each be legitimate alone; real ones do not overlap.
        if (overlap(rows)) continue;
        expect(
          check.outcome === "differs" && check.ranges.some(({ from, to }) => from <= changed && changed < to),
        ).toBe(true);
      }
    }),
  );
});

function overlap(rows: readonly PrintedRelocation[]): boolean {
  return rows.some(({ address }, i) => i > 0 && address < rows[i - 1].address + 8);
}

test("a library is found at its base by its mappings, split as the loader splits them", () => {
  const { image } = processOf("x86-64-packed.so");
  const { first } = writableData(image);
  const whole = mappingsOf(image, BASE, "/lib/x.so");
  const offset = whole[1].offset;
  const split = [
    whole[0],
    mappingOf(BASE + first, BASE + first + 4096, "r--p", { offset }),
    mappingOf(BASE + first + 4096, BASE + first + 8192, "rw-p", { offset: offset + 4096 }),
  ];
  expect(placeImage(image, split)).toEqual([{ base: BASE, mappings: [0, 1, 2], executes: true }]);
});
