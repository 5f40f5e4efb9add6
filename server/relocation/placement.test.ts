import { describe, expect, test } from "vitest";
import { describeElf } from "./describe-elf.ts";
import type { ElfImage } from "./elf-image.ts";
import { filePageOffset, loadAt, pagesToKeep, placeImage } from "./placement.ts";
import { elfSample, mappingOf, mappingsOf } from "./samples.testing.ts";

const BASE = 0x7f00_0000_0000;
const image = describeElf(elfSample("x86-64-packed.so").content)!;
const executable = describeElf(elfSample("x86-64-executable").content)!;

describe("load bases", () => {
  test("of a library are where its mappings agree", () => {
    expect(placeImage(image, mappingsOf(image, BASE, "/x"))).toEqual([
      { base: BASE, mappings: [0, 1], executes: true },
    ]);
  });

  test("of an executable at fixed addresses are 0, or none", () => {
    expect(placeImage(executable, mappingsOf(executable, 0, "/x"))).toMatchObject([{ base: 0, executes: true }]);
    expect(placeImage(executable, mappingsOf(executable, 0x1000, "/x"))).toEqual([]);
  });

  test("are several for a file that is mapped twice, and one that is only read runs nothing", () => {
    const data = mappingOf(0x1000_0000, 0x1000_1000, "r--p", { offset: 0 });
    expect(placeImage(image, [data, ...mappingsOf(image, BASE, "/x")])).toEqual([
      { base: BASE, mappings: [1, 2], executes: true },
      { base: 0x1000_0000, mappings: [0], executes: false },
    ]);
  });

  test("are none for what fits no load", () => {
    expect(placeImage(image, [mappingOf(0x1000, 0x2000, "r--p", { offset: 0x10_0000 })])).toEqual([]);
  });
});

test("a file page in which one load ends and the next begins is found at both addresses", () => {
  const [code, data] = image.loads;
  expect([code.offset % 4096, Math.floor(data.offset / 4096)]).toEqual([0, 0]);
  const places = [0, 0x1000, 0x2000, 0x3000].map((vaddr) => {
    const load = loadAt(image, vaddr);
    return load === undefined ? "none" : `${load.writable ? "data" : "code"} ${filePageOffset(load, vaddr)}`;
  });
  // The last page of memory is .bss alone.
  expect(places).toEqual(["code 0", "data 0", "data 4096", "none"]);
});

describe("pages to keep", () => {
  test("are those of writable loads, each once", () => {
    expect([...pagesToKeep(image)]).toEqual([0, 1]);
    expect([...pagesToKeep(executable)]).toEqual([2, 3]);
  });

  test("are also those that a relocation of read-only memory touches, on both sides of a page's border", () => {
    const load = {
      offset: 0,
      vaddr: 0x10_0000,
      filesz: 0x5000,
      memsz: 0x5000,
      readable: true,
      writable: false,
      executable: true,
    };
    const address = Float64Array.of(0x10_0ffc, 0x10_3000, 0x10_9000);
    const rows = {
      length: 3,
      address,
      kind: new Uint8Array(3),
      symbol: new Uint32Array(3),
      addend: new Float64Array(3),
    };
    const text: ElfImage = { ...image, loads: [load], relocations: rows };
    expect([...pagesToKeep(text)]).toEqual([0, 1, 3]);
  });
});
