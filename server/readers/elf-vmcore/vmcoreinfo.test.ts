/** Lines of VMCOREINFO as kernels print them, and as nobody should. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { VmcoreinfoLine } from "../../../shared/snapshot/index.ts";
import { parseVmcoreinfo } from "./vmcoreinfo.ts";

test.each<[string, VmcoreinfoLine]>([
  ["OSRELEASE=6.1.0-56-cloud-amd64", { kind: "value", name: "OSRELEASE", text: "6.1.0-56-cloud-amd64" }],
  ["BUILD-ID=3b43fad5", { kind: "value", name: "BUILD-ID", text: "3b43fad5" }],
  ["SYMBOL(init_top_pgt)=ffffffff9d010000", { kind: "symbol", name: "init_top_pgt", address: "0xffffffff9d010000" }],
  // Digits only, and hexadecimal all the same.
  ["SYMBOL(_stext)=0000000010001000", { kind: "symbol", name: "_stext", address: "0x10001000" }],
  ["OFFSET(page.lru)=8", { kind: "offset", name: "page.lru", value: "8" }],
  ["SIZE(pglist_data)=174208", { kind: "size", name: "pglist_data", value: "174208" }],
  ["LENGTH(mem_section)=2048", { kind: "length", name: "mem_section", value: "2048" }],
  ["NUMBER(KERNEL_IMAGE_SIZE)=1073741824", { kind: "number", name: "KERNEL_IMAGE_SIZE", value: "1073741824" }],
  ["NUMBER(phys_base)=-442499072", { kind: "number", name: "phys_base", value: "-442499072" }],
  // aarch64: with 0x now, without it in old kernels, where digits alone are hexadecimal too.
  ["NUMBER(PHYS_OFFSET)=0x40000000", { kind: "number", name: "PHYS_OFFSET", value: "1073741824" }],
  ["NUMBER(PHYS_OFFSET)=40000000", { kind: "number", name: "PHYS_OFFSET", value: "1073741824" }],
  [
    "NUMBER(kimage_voffset)=ffff7fffc8000000",
    { kind: "number", name: "kimage_voffset", value: String(0xffff7fffc8000000n) },
  ],
  ["NUMBER(VA_BITS)=48", { kind: "number", name: "VA_BITS", value: "48" }],
  ["CONFIG_ARM64_PAGE_SHIFT=y", { kind: "config", name: "ARM64_PAGE_SHIFT", text: "y" }],
  ["KERNELOFFSET=1a600000", { kind: "value", name: "KERNELOFFSET", text: "1a600000" }],
  // Two signs of equality: the first counts.
  ["CRASHHASH=a=b", { kind: "value", name: "CRASHHASH", text: "a=b" }],
  ["SYMBOL(x)=wxyz", { kind: "unread", text: "SYMBOL(x)=wxyz" }],
  ["SYMBOL(x)=", { kind: "unread", text: "SYMBOL(x)=" }],
  ["SYMBOL(x)=10000000000000000", { kind: "unread", text: "SYMBOL(x)=10000000000000000" }],
  ["SIZE(x)=1f", { kind: "unread", text: "SIZE(x)=1f" }],
  ["OFFSET(x)=-1", { kind: "unread", text: "OFFSET(x)=-1" }],
  ["LENGTH(x)=18446744073709551616", { kind: "unread", text: "LENGTH(x)=18446744073709551616" }],
  ["NUMBER(x)=-9223372036854775809", { kind: "unread", text: "NUMBER(x)=-9223372036854775809" }],
  ["no line of it", { kind: "unread", text: "no line of it" }],
])("%s", (line, parsed) => expect(parseVmcoreinfo(`${line}\n`).lines).toEqual([parsed]));

test("the facts of the kernel are those of its first lines by that name; the text stays as it is", () => {
  const text =
    "OSRELEASE=5.10.0\n\nPAGESIZE=65536\nKERNELOFFSET=0\nCRASHTIME=1764336614\nOSRELEASE=6.0\nBUILD-ID=00ff\n";
  expect(parseVmcoreinfo(text)).toMatchObject({
    kernelRelease: "5.10.0",
    buildId: "00ff",
    pageSize: 65_536,
    kernelOffset: "0x0",
    crashedAt: "2025-11-28T13:30:14Z",
    text,
  });
});

test("what is no page size, offset or time is not taken for one", () => {
  const text = "PAGESIZE=0x1000\nKERNELOFFSET=-1\nCRASHTIME=99999999999999999999\n";
  expect(parseVmcoreinfo(text)).toMatchObject({
    kernelRelease: null,
    buildId: null,
    pageSize: null,
    kernelOffset: null,
    crashedAt: null,
  });
});

const name = fc.stringMatching(/^[A-Za-z_][\w.]{0,20}$/);
const unsigned = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const signed = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });

test("what the kernel prints is read back", () => {
  // As the macros of include/linux/vmcore_info.h print: %lx, %lu, %ld.
  const line = fc.oneof(
    fc.record({ kind: fc.constant("symbol" as const), name, value: unsigned }),
    fc.record({ kind: fc.constantFrom("size" as const, "offset" as const, "length" as const), name, value: unsigned }),
    fc.record({ kind: fc.constant("number" as const), name, value: signed }),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const text = lines
        .map(
          ({ kind, name, value }) => `${kind.toUpperCase()}(${name})=${value.toString(kind === "symbol" ? 16 : 10)}\n`,
        )
        .join("");
      const read = parseVmcoreinfo(text).lines.map((each) => {
        if (each.kind === "symbol") return { kind: each.kind, name: each.name, value: BigInt(each.address) };
        if ("value" in each) return { kind: each.kind, name: each.name, value: BigInt(each.value) };
        throw new Error(`${each.kind} was not printed`);
      });
      expect(read).toEqual(lines);
    }),
  );
});

test("any text is read, and kept", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const { lines, text: kept } = parseVmcoreinfo(text);
      expect(kept).toBe(text);
      expect(lines.length).toBe(text.split("\n").filter((line) => line !== "").length);
    }),
  );
});
