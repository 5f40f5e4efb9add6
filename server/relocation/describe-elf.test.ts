/** The description against what readelf prints, and of what is no such file. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeElf } from "./describe-elf.ts";
import { type ElfImage, NO_RELOCATIONS, nameAt, RELOCATION_KINDS, SYMBOL } from "./elf-image.ts";
import { FileView } from "./file-view.ts";
import { decodeRelr } from "./relocation-tables.ts";
import { ELF_SAMPLES, elfSample } from "./samples.testing.ts";

function described(content: Uint8Array): ElfImage {
  const image = describeElf(content);
  if (image === undefined) throw new Error("not described");
  return image;
}

const KIND_OF: readonly (readonly [RegExp, (typeof RELOCATION_KINDS)[number]])[] = [
  [/IRELATIVE$/, "irelative"],
  [/RELATIVE$|^RELR$/, "relative"],
  [/_64$|_ABS64$|GLOB_DAT$/, "symbol"],
  [/JUMP_SLOT$/, "jump-slot"],
  [/COPY$/, "copy"],
  [/DTPMOD(64)?$/, "tls-module"],
  [/_TPOFF64$|_TPREL(64)?$/, "tls-thread-offset"],
  [/DTPOFF64$/, "tls-offset"],
  [/TLSDESC$/, "tls-descriptor"],
];

describe.each(ELF_SAMPLES)("%s", (name) => {
  const { content, printed } = elfSample(name);
  const image = described(content);

  test("has the loads and names that readelf prints", () => {
    const loads = image.loads.map(({ offset, vaddr, filesz, memsz, readable, writable, executable }) => {
      const flags = `${readable ? "R" : " "}${writable ? "W" : " "}${executable ? "E" : " "}`;
      return { offset, vaddr, filesz, memsz, flags };
    });
    // The linker leaves loads without a byte, which map nothing.
    expect(loads).toEqual(printed.loads.filter(({ memsz }) => memsz > 0));
    expect(image.relro === undefined ? null : [image.relro.start, image.relro.end]).toEqual(printed.relro);
    expect([image.soname ?? null, image.needed]).toEqual([printed.soname, printed.needed]);
    expect(image.buildId).toMatch(/^[0-9a-f]{40}$/);
    expect(image.notUnderstood).toBeUndefined();
  });

  test("has the relocations that readelf prints", () => {
    const { relocations, symbols } = image;
    const rows = Array.from({ length: relocations.length }, (_, row) => {
      const symbol = relocations.symbol[row];
      return {
        address: relocations.address[row],
        kind: RELOCATION_KINDS[relocations.kind[row]],
        symbol: symbol === 0 ? null : nameAt(symbols.strings, symbols.name[symbol]),
        addend: relocations.addend[row],
      };
    });
    const view = new DataView(content.buffer);
    const wanted = printed.relocations.map(({ address, type, symbol, addend }) => {
      const load = printed.loads.find(({ vaddr, filesz }) => vaddr <= address && address < vaddr + filesz);
      const inFile = load === undefined ? 0n : view.getBigInt64(load.offset + address - load.vaddr, true);
      const kind = KIND_OF.find(([pattern]) => pattern.test(type))?.[1];
      return { address, kind, symbol, addend: Number(type === "RELR" ? inFile : addend) };
    });
    expect(rows).toEqual(wanted.sort((a, b) => a.address - b.address));
  });

  test("has the dynamic symbols that readelf prints", () => {
    const { symbols } = image;
    const rows = Array.from({ length: symbols.length }, (_, row) => ({
      name: nameAt(symbols.strings, symbols.name[row]),
      value: BigInt(symbols.value[row]),
      size: symbols.size[row],
      defined: (symbols.flags[row] & SYMBOL.defined) !== 0,
      weak: (symbols.flags[row] & SYMBOL.weak) !== 0,
      threadLocal: (symbols.flags[row] & SYMBOL.threadLocal) !== 0,
      indirect: (symbols.flags[row] & SYMBOL.indirect) !== 0,
    }));
    // Sections have names of their own, which stand elsewhere.
    const wanted = printed.symbols.map(({ name: printedName, value, size, type, bind, section }) => ({
      name: type === "SECTION" ? "" : printedName,
      value,
      size,
      defined: section !== "UND",
      weak: bind === "WEAK",
      threadLocal: type === "TLS",
      indirect: type.startsWith("<OS specific>"),
    }));
    expect(rows.slice(1)).toEqual(wanted.filter(({ name: wantedName }) => wantedName !== undefined));
  });

  test("needs section headers only of a static program, and holds no part of the file", () => {
    const file = Buffer.from(content);
    file.fill(0, 40, 48);
    file.fill(0, 58, 64);
    const bare = described(file);
    const wanted = name === "x86-64-static" ? { ...image, relocations: NO_RELOCATIONS } : image;
    expect(bare).toEqual(wanted);
    file.fill(0xff);
    expect(bare).toEqual(wanted);
  });
});

test("versions are those of the library's definitions and the executable's needs", () => {
  expect(described(elfSample("x86-64-lazy.so").content).symbols.versions).toContain("DUMPSCOPE_1");
  const { symbols, relocations } = described(elfSample("x86-64-executable").content);
  expect(Array.from(relocations.symbol, (row) => symbols.versions[symbols.version[row] & 0x7fff])).toEqual([
    "DUMPSCOPE_1",
    "DUMPSCOPE_1",
  ]);
});

describe("what is no executable or shared object", () => {
  test.each([
    ["nothing", new Uint8Array(0)],
    ["a script", Buffer.from(`#!/bin/sh\n${"#".repeat(100)}`)],
    ["a header alone", elfSample("x86-64-lazy.so").content.subarray(0, 64)],
  ])("%s is not described", (_what, content) => {
    expect(describeElf(content)).toBeUndefined();
  });

  test("of another machine the build-id and the loads are known, and it says why no more", () => {
    const { content } = elfSample("x86-64-lazy.so");
    const foreign = Uint8Array.from(content);
    foreign[18] = 243;
    const { loads, buildId, machine, notUnderstood, relocations } = described(foreign);
    const native = described(content);
    expect({ loads, buildId }).toEqual({ loads: native.loads, buildId: native.buildId });
    expect([machine, notUnderstood, relocations.length]).toEqual(["other", "machine 243 is not read", 0]);
  });

  test("a table of relocations outside the file leaves them unknown, and it says so", () => {
    const { content } = elfSample("x86-64-lazy.so");
    const damaged = Uint8Array.from(content);
    const view = new DataView(damaged.buffer);
    const dynamic = described(content).loads.at(-1)!;
    for (let at = dynamic.offset - (dynamic.offset % 8); at < dynamic.offset + dynamic.filesz; at += 8) {
      // DT_RELASZ
      if (view.getBigUint64(at, true) === 8n && view.getBigUint64(at + 8, true) < 4096n) {
        view.setBigUint64(at + 8, 1n << 40n, true);
        break;
      }
    }
    const { notUnderstood, relocations } = described(damaged);
    expect(notUnderstood).toContain("lies outside the file's loads");
    expect(relocations.length).toBe(0);
  });

  test("hostile bytes throw nothing", () => {
    const samples = ELF_SAMPLES.map((name) => elfSample(name).content);
    const change = fc.record({ at: fc.nat(6000), value: fc.constantFrom(0, 1, 8, 0x7f, 0x80, 0xff) });
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { maxLength: 12 }),
        fc.nat(16_000),
        (content, changes, cut) => {
          const hostile = content.slice(0, Math.max(64, cut));
          // Mostly where the headers and the dynamic section are.
          for (const { at, value } of changes) hostile[at % hostile.length] = value;
          const image = describeElf(hostile);
          for (const symbol of image?.relocations.symbol ?? []) {
            expect(symbol === 0 || symbol < (image?.symbols.length ?? 0)).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test("of relocations of one place the last counts, which is how a loader applies them", () => {
  const { content, printed } = elfSample("x86-64-lazy.so");
  const image = described(content);
  const twice = Uint8Array.from(content);
  const view = new DataView(twice.buffer);
  // The first two rows of DT_RELA, found by what readelf prints of the first.
  const [first, second] = printed.relocations;
  let at = 0;
  while (view.getBigUint64(at, true) !== BigInt(first.address) || view.getBigUint64(at + 16, true) !== first.addend)
    at += 8;
  view.setBigUint64(at + 24, BigInt(first.address), true);
  const { relocations } = described(twice);
  expect(relocations.length).toBe(image.relocations.length - 1);
  const row = relocations.address.indexOf(first.address);
  expect(relocations.addend[row]).toBe(Number(second.addend));
});

test("packed relocations unpack to the addresses they were packed from", () => {
  // Dense enough that every bit of a bitmap is met, and far enough apart that several addresses are.
  const word = fc.oneof(fc.nat(200), fc.integer({ min: 1000, max: 1070 }));
  const addresses = fc
    .uniqueArray(word, { minLength: 1, maxLength: 150, size: "max" })
    .map((words) => words.sort((a, b) => a - b).map((one) => one * 8));
  fc.assert(
    fc.property(addresses, (places) => {
      const words = packRelr(places);
      const view = new FileView(new Uint8Array(words.buffer), true);
      expect(decodeRelr(view, 0, words.length, 1e6)).toEqual(places);
    }),
  );
});

test("packed relocations that begin with a bitmap are refused", () => {
  const words = BigUint64Array.of(3n);
  expect(decodeRelr(new FileView(new Uint8Array(words.buffer), true), 0, 1, 10)).toContain("without an address");
});

/** DT_RELR as linkers write it: an address, then bitmaps of 63 words each while any of them is relocated. */
function packRelr(places: readonly number[]): BigUint64Array {
  const words: bigint[] = [];
  for (let i = 0; i < places.length; ) {
    words.push(BigInt(places[i]));
    let base = places[i++] + 8;
    for (;;) {
      let bitmap = 0n;
      for (; i < places.length && places[i] < base + 63 * 8; i++) bitmap |= 1n << BigInt((places[i] - base) / 8 + 1);
      if (bitmap === 0n) break;
      words.push(bitmap | 1n);
      base += 63 * 8;
    }
  }
  return BigUint64Array.from(words);
}
