import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDumpError } from "../../shared/errors/index.ts";
import { describeElf } from "./describe-elf.ts";
import { type ElfImage, MACHINES, RELOCATION_KINDS } from "./elf-image.ts";
import { decodeElfImage, encodeElfImage } from "./encoding.ts";
import { ELF_SAMPLES, elfSample } from "./samples.testing.ts";

const vaddr = fc.maxSafeInteger().map((value) => Math.abs(value) % 2 ** 51);
const text = fc.option(fc.string({ unit: "grapheme" }), { nil: undefined });
const range = fc.option(fc.record({ start: vaddr, end: vaddr }), { nil: undefined });
const load = fc
  .record({ page: fc.nat(1000), vaddr, filesz: fc.nat(10_000), more: fc.nat(10_000), flags: fc.nat(7) })
  .map(({ page, vaddr: start, filesz, more, flags }) => ({
    offset: page * 4096 + (start % 4096),
    vaddr: start,
    filesz,
    memsz: filesz + more,
    readable: (flags & 4) !== 0,
    writable: (flags & 2) !== 0,
    executable: (flags & 1) !== 0,
  }));
const symbols = fc
  .record({
    rows: fc.array(fc.tuple(fc.nat(0xffff_ffff), vaddr, vaddr, fc.nat(255), fc.nat(0xffff)), { minLength: 1 }),
    versions: fc.array(text),
    strings: fc.uint8Array(),
  })
  .map(({ rows, versions, strings }) => ({
    length: rows.length,
    name: Uint32Array.from(rows, (row) => row[0]),
    value: Float64Array.from(rows, (row) => row[1]),
    size: Float64Array.from(rows, (row) => row[2]),
    flags: Uint8Array.from(rows, (row) => row[3]),
    version: Uint16Array.from(rows, (row) => row[4]),
    versions,
    strings,
  }));
const relocationRow = fc.tuple(vaddr, fc.nat(RELOCATION_KINDS.length - 1), fc.nat(), fc.integer(), fc.boolean());
const image: fc.Arbitrary<ElfImage> = fc
  .record({
    machine: fc.constantFrom(...MACHINES),
    machineNumber: fc.nat(0xffff),
    fixed: fc.boolean(),
    loads: fc.array(load, { maxLength: 4 }),
    relro: range,
    buildId: text,
    soname: text,
    interpreter: text,
    needed: fc.array(fc.string()),
    tlsSize: vaddr,
    symbols,
    rows: fc.uniqueArray(relocationRow, { selector: ([address]) => address }),
    loader: fc.record({ debug: fc.nat(), got: fc.constantFrom(-1, 0, 9), pointers: fc.array(vaddr) }),
    notUnderstood: text,
  })
  .map(({ rows, ...rest }) => {
    const sorted = rows.toSorted((a, b) => a[0] - b[0]);
    const relocations = {
      length: rows.length,
      address: Float64Array.from(sorted, (row) => row[0]),
      kind: Uint8Array.from(sorted, (row) => row[1]),
      symbol: Uint32Array.from(sorted, (row) => row[2] % rest.symbols.length),
      // Up to the limit of an addend, either sign.
      addend: Float64Array.from(sorted, (row) => (row[4] ? row[3] : Math.sign(row[3]) * (2 ** 52 - 1))),
    };
    return { ...rest, relocations };
  });

test("what was encoded is decoded", () => {
  fc.assert(
    fc.property(image, (one) => {
      expect(decodeElfImage(encodeElfImage(one))).toEqual(one);
    }),
  );
});

test.each(ELF_SAMPLES)("%s is decoded as it was described", (name) => {
  const described = describeElf(elfSample(name).content)!;
  expect(decodeElfImage(Buffer.from(encodeElfImage(described)))).toEqual(described);
});

describe("bytes that no encoder wrote", () => {
  const encoded = encodeElfImage(describeElf(elfSample("x86-64-packed.so").content)!);

  test("cut anywhere are refused", () => {
    for (let length = 0; length < encoded.length; length++) {
      expect(() => decodeElfImage(encoded.subarray(0, length))).toThrow(
        expect.objectContaining({ code: "store-damaged" }),
      );
    }
  });

  test("whose relocation names a symbol behind the last one are refused", () => {
    const { relocations, ...rest } = decodeElfImage(encoded);
    const symbol = relocations.symbol.with(0, rest.symbols.length);
    const beyond = encodeElfImage({ ...rest, relocations: { ...relocations, symbol } });
    expect(() => decodeElfImage(beyond)).toThrow("relocation 0 is none");
  });

  test("with more behind them are refused", () => {
    expect(() => decodeElfImage(Buffer.concat([encoded, encoded]))).toThrow("follow its end");
  });

  test("changed anywhere are refused or give an image whose columns hold together", () => {
    fc.assert(
      fc.property(fc.nat(encoded.length - 1), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(encoded);
        changed[at] = value;
        try {
          const { relocations, symbols: decoded } = decodeElfImage(changed);
          const { length, address, symbol, kind } = relocations;
          for (let row = 0; row < length; row++) {
            expect(row === 0 || address[row - 1] < address[row]).toBe(true);
            expect(symbol[row] === 0 || symbol[row] < decoded.length).toBe(true);
            expect(kind[row]).toBeLessThan(RELOCATION_KINDS.length);
          }
        } catch (error) {
          if (!isDumpError(error) || error.code !== "store-damaged") throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
