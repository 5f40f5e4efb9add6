/** What no sample core has: segments inside pages, out of order, over one another; notes that lie. */
import { describe, expect, test } from "vitest";
import { checkDescription } from "../../../test/readers/check-description.ts";
import { type CoreShape, makeCore, ntFile, prpsinfo } from "../../../test/readers/make-core.ts";
import { type DumpDescription, MemorySource, RUN_KINDS, recogniseDump } from "../index.ts";

const PROCESS = prpsinfo(7, "task", "./task -x ");
const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

async function read(file: Uint8Array, keepCut = false): Promise<DumpDescription> {
  const source = new MemorySource(file);
  const reader = await recogniseDump(source, { asRaw: false });
  const description = await reader.read(source, { keepCut, base: 0n });
  checkDescription(source, description);
  return description;
}

/** Rows as `kind first+count[from,to)=byte`. */
async function rowsOf(shape: CoreShape | Uint8Array, keepCut = false): Promise<string[]> {
  const file = shape instanceof Uint8Array ? shape : makeCore({ notes: [PROCESS], ...shape });
  const { runs } = await read(file, keepCut);
  return Array.from({ length: runs.length }, (_, row) => {
    const kind = RUN_KINDS[runs.kind[row]];
    const part = runs.to[row] - runs.from[row] < 4096 ? `[${runs.from[row]},${runs.to[row]})` : "";
    return `${kind} ${runs.page[row]}+${runs.count[row]}${part}${kind === "bytes" ? `=${file[runs.offset[row]]}` : ""}`;
  });
}

describe("segments", () => {
  test("that begin and end inside a page give parts of pages", async () => {
    const segments = [{ vaddr: 0x10800n, memsz: 0x2000, content: filled(0x2000, 5) }];
    expect(await rowsOf({ segments })).toEqual(["bytes 16+1[2048,4096)=5", "bytes 17+1=5", "bytes 18+1[0,2048)=5"]);
  });

  test("inside one page give one part", async () => {
    const segments = [{ vaddr: 0x10100n, memsz: 16, content: filled(16, 5) }];
    expect(await rowsOf({ segments })).toEqual(["bytes 16+1[256,272)=5"]);
  });

  test("that share a page and follow one another in the file are joined", async () => {
    const segments = [
      { vaddr: 0x10000n, memsz: 0x800, content: filled(0x800, 5) },
      { vaddr: 0x10800n, memsz: 0x1800, content: filled(0x1800, 6) },
    ];
    expect(await rowsOf({ segments })).toEqual(["bytes 16+2=5"]);
  });

  test("that share a page apart from one another: the longer part counts, and it is told", async () => {
    const segments = [
      { vaddr: 0x10000n, memsz: 0x100, content: filled(0x100, 5) },
      { vaddr: 0x10800n, memsz: 0x800, content: filled(0x800, 6) },
    ];
    expect(await rowsOf({ segments })).toEqual(["bytes 16+1[2048,4096)=6"]);
    const { facts } = await read(makeCore({ segments, notes: [PROCESS] }));
    expect(facts.notes.join()).toContain("Page 0x10000 is stored in pieces");
  });

  test("out of order are sorted", async () => {
    const segments = [
      { vaddr: 0x20000n, memsz: 0x1000, content: filled(0x1000, 6) },
      { vaddr: 0x10000n, memsz: 0x1000, content: filled(0x1000, 5) },
    ];
    expect(await rowsOf({ segments })).toEqual(["bytes 16+1=5", "bytes 32+1=6"]);
  });

  test("over one another count once, and it is told", async () => {
    const segments = [
      { vaddr: 0x10000n, memsz: 0x3000, content: filled(0x3000, 5) },
      { vaddr: 0x11000n, memsz: 0x3000, content: filled(0x3000, 6) },
    ];
    expect(await rowsOf({ segments })).toEqual(["bytes 16+3=5", "bytes 19+1=6"]);
    expect((await read(makeCore({ segments, notes: [PROCESS] }))).facts.notes.join()).toContain(
      "One segment describes",
    );
  });

  test("what is not stored of one is no zero: it has no row", async () => {
    const segments = [{ vaddr: 0x10000n, memsz: 0x10_0000_0000n, content: filled(0x1000, 0) }];
    expect(await rowsOf({ segments })).toEqual(["bytes 16+1=0"]);
  });

  test("at the top of the address space end there", async () => {
    const segments = [{ vaddr: 0xffff_ffff_ffff_f000n, memsz: 0x1000, content: filled(0x1000, 5) }];
    expect(await rowsOf({ segments })).toEqual([`bytes ${2 ** 52 - 1}+1=5`]);
    const beyond = [{ vaddr: 0xffff_ffff_ffff_f000n, memsz: 0x2000, content: filled(0x1000, 5) }];
    await expect(read(makeCore({ segments: beyond, notes: [PROCESS] }))).rejects.toMatchObject({
      code: "dump-damaged",
    });
    expect(await rowsOf({ segments: beyond }, true)).toEqual([`bytes ${2 ** 52 - 1}+1=5`]);
  });

  test("that store more than their memory are damage", async () => {
    const segments = [{ vaddr: 0x10000n, memsz: 0x1000, content: filled(0x2000, 5) }];
    await expect(read(makeCore({ segments, notes: [PROCESS] }))).rejects.toMatchObject({ code: "dump-damaged" });
    expect(await rowsOf({ segments }, true)).toEqual(["bytes 16+1=5"]);
  });

  test("outside the file are a cut; kept, their pages are lost", async () => {
    const segments = [
      { vaddr: 0x10000n, memsz: 0x1000, content: filled(0x1000, 5) },
      { vaddr: 0x20000n, memsz: 0x3000, offset: 1n << 60n, filesz: 0x3000n },
    ];
    await expect(read(makeCore({ segments, notes: [PROCESS] }))).rejects.toMatchObject({
      code: "dump-cut",
      facts: { segment: 2, address: "0x20000", needed: "12288", there: "0" },
    });
    expect(await rowsOf({ segments }, true)).toEqual(["bytes 16+1=5", "lost 32+3"]);
  });
});

describe("classes and byte orders", () => {
  test.each([
    ["64-bit little-endian", { wide: true, littleEndian: true }],
    ["64-bit big-endian", { wide: true, littleEndian: false }],
    ["32-bit little-endian", { wide: false, littleEndian: true }],
    ["32-bit big-endian", { wide: false, littleEndian: false }],
  ])("%s", async (_what, order) => {
    const segments = [{ vaddr: 0x10000n, memsz: 0x2000, content: filled(0x1000, 5) }];
    const file = makeCore({ segments, ...order });
    expect(await rowsOf(file)).toEqual(["bytes 16+1=5"]);
    const { facts, mappings } = await read(file);
    expect(facts.byteOrder).toBe(order.littleEndian ? "little" : "big");
    expect(mappings).toMatchObject([{ range: { start: 16, end: 18 }, permissions: "rw-" }]);
  });

  test("a count of headers in section 0; a cut file loses it, and the table's end is found by looking", async () => {
    const segments = [1, 2, 3].map((n) => ({
      vaddr: BigInt(n) << 16n,
      memsz: 0x1000,
      content: filled(0x1000, n),
    }));
    const file = makeCore({ segments, notes: [PROCESS], extendedCount: true });
    expect(await rowsOf(file)).toEqual(["bytes 16+1=1", "bytes 32+1=2", "bytes 48+1=3"]);
    const cut = file.subarray(0, file.length - 1000);
    await expect(read(cut)).rejects.toMatchObject({ code: "dump-cut" });
    expect(await rowsOf(cut, true)).toEqual(["bytes 16+1=1", "bytes 32+1=2", "bytes 48+1[0,3160)=3"]);
  });
});

describe("notes", () => {
  test("name files by address, in units", async () => {
    const segments = [
      { vaddr: 0x10000n, memsz: 0x1000 },
      { vaddr: 0x11000n, memsz: 0x2000 },
      { vaddr: 0x20000n, memsz: 0x1000 },
    ];
    for (const [unit, offset] of [
      [4096n, 3n],
      [1n, 0x3000n],
      [65_536n, 0n],
    ]) {
      const notes = [PROCESS, ntFile(unit, [[0x10000n, 0x13000n, offset, "/lib/a b (deleted)"]])];
      const { mappings } = await read(makeCore({ segments, notes }));
      const start = Number(unit * offset);
      expect(mappings).toMatchObject([
        { path: "/lib/a b", deleted: true, offset: start, absent: "file" },
        { path: "/lib/a b", deleted: true, offset: start + 0x1000, absent: "file" },
        { path: null, deleted: false, absent: "excluded" },
      ]);
    }
  });

  test.each([
    ["that claim more files than there is room for", ntFile(4096n, []).content.fill(0xff, 0, 7)],
    ["whose names end early", ntFile(1n, [[0n, 1n, 0n, "name"]]).content.subarray(0, 44)],
    ["too short to have a count", new Uint8Array(8)],
  ])("%s are damage", async (_what, content) => {
    const notes = [PROCESS, { name: "CORE", type: 0x46494c45, content }];
    const file = makeCore({ segments: [{ vaddr: 0x10000n, memsz: 0x1000 }], notes });
    await expect(read(file)).rejects.toMatchObject({ code: "dump-damaged" });
    expect((await read(file, true)).lost.length).toBe(1);
  });

  test("that reach beyond their segment are damage", async () => {
    const file = makeCore({ segments: [{ vaddr: 0x10000n, memsz: 0x1000 }], notes: [PROCESS] });
    // descsz of the first note, behind header and two program headers.
    file.writeUInt32LE(0xffff_fff0, 64 + 2 * 56 + 4);
    await expect(read(file)).rejects.toMatchObject({ code: "dump-damaged", facts: { offset: 176 } });
  });

  test("of a machine make it a machine's dump: addresses are physical, virtual-only segments are not in it", async () => {
    const segments = [
      { vaddr: 0xffff_8000_0000_0000n, paddr: 0x1000n, memsz: 0x1000, content: filled(0x1000, 5) },
      { vaddr: 0xffff_ffff_8000_0000n, paddr: 0xffff_ffff_ffff_ffffn, memsz: 0x1000, content: filled(0x1000, 6) },
    ];
    const notes = [{ name: "VMCOREINFO", type: 0, content: Buffer.from("OSRELEASE=6.1.0\nPAGESIZE=4096\n") }];
    const file = makeCore({ segments, notes });
    expect(await rowsOf(file)).toEqual(["bytes 1+1=5"]);
    const { format, spaces, facts } = await read(file);
    expect([format, spaces, facts.machine?.vmcoreinfo?.kernelRelease]).toEqual(["elf-vmcore", ["physical"], "6.1.0"]);
  });

  test("of a machine may stand behind those of all its processors", async () => {
    const segments = [{ vaddr: 0x1000n, paddr: 0x1000n, memsz: 0x1000 }];
    const status = { name: "CORE", type: 1, content: new Uint8Array(336) };
    const notes = [...new Array(1000).fill(status), { name: "QEMU", type: 0, content: new Uint8Array(440) }];
    expect((await read(makeCore({ segments, notes }))).format).toBe("elf-vmcore");
  });
});

test("a process core without notes is a process without a name", async () => {
  const { facts, spaces } = await read(makeCore({ segments: [{ vaddr: 0x10000n, memsz: 0x1000 }] }));
  expect([spaces, facts.processes]).toEqual([["p0"], []]);
});
