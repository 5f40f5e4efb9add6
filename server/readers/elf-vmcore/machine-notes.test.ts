/** Processors of dumps of machines: layouts that the sample machines do not have, and notes that lie. */
import { describe, expect, test } from "vitest";
import type { Facts, MachineFacts } from "../../../shared/snapshot/index.ts";
import { withDump } from "../../../test/readers/count-pages.ts";
import { type CoreNote, type CoreShape, makeCore } from "../../../test/readers/make-core.ts";
import { NT_PRSTATUS, readElfHeader, readNotes, readSegments } from "../elf/index.ts";
import { MemorySource, recogniseDump } from "../index.ts";
import { Losses } from "../losses.ts";

const SAMPLES = new URL("../../../dumps/samples/", import.meta.url).pathname;
const VMCOREINFO: CoreNote = { name: "VMCOREINFO", type: 0, content: Buffer.from("OSRELEASE=6.1.0\nPAGESIZE=4096\n") };

async function factsOf(notes: readonly CoreNote[], shape: Partial<CoreShape> = {}): Promise<Facts> {
  const segments = [{ vaddr: 0n, paddr: 0x1000n, memsz: 0x1000 }];
  const source = new MemorySource(makeCore({ segments, notes, ...shape }));
  const reader = await recogniseDump(source, { asRaw: false });
  return (await reader.read(source, { keepCut: false, base: 0n })).facts;
}

async function machineOf(notes: readonly CoreNote[], shape: Partial<CoreShape> = {}): Promise<MachineFacts> {
  const { machine } = await factsOf(notes, shape);
  if (machine === null) throw new Error("facts of no machine");
  return machine;
}

/** The first NT_PRSTATUS of a sample core: what kernels write of a process they write of a processor too. */
function statusOf(core: string): Promise<CoreNote> {
  return withDump(`${SAMPLES}cores/${core}`, async ({ source }) => {
    const losses = new Losses(false);
    const header = await readElfHeader(source);
    if (header === null) throw new Error(`${core} is no ELF file`);
    const segments = await readSegments(source, header, losses);
    for await (const { name, type, offset, length } of readNotes(source, header, segments, losses))
      if (type === NT_PRSTATUS) return { name, type, content: await source.read(offset, length) };
    throw new Error(`${core} has no NT_PRSTATUS`);
  });
}

/** An NT_PRSTATUS of x86-64 with a pid and nothing else. */
function status(pid: number, length = 336): CoreNote {
  const content = Buffer.alloc(length);
  if (length >= 36) content.writeInt32LE(pid, 32);
  return { name: "CORE", type: NT_PRSTATUS, content };
}

/** A QEMU note of `length` bytes whose 64-bit words hold their own offsets. */
function qemu(length: number, { version = 1, size = length } = {}): CoreNote {
  const content = Buffer.alloc(length);
  for (let at = 8; at + 8 <= length; at += 8) content.writeBigUInt64LE(BigInt(at), at);
  if (length >= 8) {
    content.writeUInt32LE(version, 0);
    content.writeUInt32LE(size, 4);
  }
  return { name: "QEMU", type: 0, content };
}

describe("NT_PRSTATUS", () => {
  // Values: gdb `info registers` over the sample, and `od -t x8` of the note where gdb does not know the machine.
  test.each([
    [
      "known64.core.zst",
      { wide: true, machine: 62 },
      13_249,
      27,
      {
        ...{ rdi: "0x33c1", rbp: "0x7f2eed78f740", rsp: "0x7ffe0374e350", r9: "0x78", r13: "0x200000600000" },
        ...{ r15: "0x5572e61d0279", rip: "0x7f2eed81ceec", eflags: "0x246", cs: "0x33", ss: "0x2b", orig_rax: "0xea" },
      },
    ],
    [
      "known32.core.zst",
      { wide: false, machine: 3 },
      13_254,
      17,
      {
        ...{ edi: "0xf7f21540", eip: "0xf7f285e9", eflags: "0x246", cs: "0x23", ss: "0x2b", ds: "0x2b" },
        ...{ es: "0x2b", fs: "0x0", gs: "0x63", orig_eax: "0x10e" },
      },
    ],
    [
      "known-aarch64.core.zst",
      { wide: true, machine: 183 },
      13_261,
      34,
      {
        ...{ x0: "0x0", x1: "0x33cd", x2: "0x6", x3: "0x4ac000", x23: "0x5500800c48", x29: "0x5500800a50" },
        ...{ x30: "0x415d1c", sp: "0x5500800a50", pc: "0x415d30", pstate: "0x60000000" },
      },
    ],
  ])("of %s is read whole", async (core, shape, pid, count, registers) => {
    const facts = await factsOf([await statusOf(core), VMCOREINFO], shape);
    expect(facts.machine?.processors).toMatchObject([{ status: { pid, registers }, qemu: null }]);
    expect(Object.keys(facts.machine?.processors[0].status?.registers ?? {})).toHaveLength(count);
    expect(facts.notes).toEqual([]);
  });

  test("of a big-endian machine is read in its order", async () => {
    const content = Buffer.alloc(392);
    content.writeInt32BE(7, 32);
    content.writeBigUInt64BE(0xffff_8000_1234_5678n, 112 + 32 * 8);
    const { processors } = await machineOf([{ name: "CORE", type: NT_PRSTATUS, content }, VMCOREINFO], {
      machine: 183,
      littleEndian: false,
    });
    expect(processors).toMatchObject([{ status: { pid: 7, registers: { pc: "0xffff800012345678", x0: "0x0" } } }]);
  });

  test("of no known layout keeps its pid, and it is told once", async () => {
    const core = await statusOf("known-powerpc64.core.zst");
    const facts = await factsOf([core, core, core, VMCOREINFO], { machine: 21, littleEndian: false });
    expect(facts.machine?.processorCount).toBe(3);
    expect(facts.machine?.processors[2]).toMatchObject({ status: { pid: expect.any(Number), registers: null } });
    expect(facts.notes).toEqual([
      "Processor 0, and 2 more: an NT_PRSTATUS note of 504 bytes is of no known layout on ppc64; its registers are not read.",
    ]);
  });

  test("of another length than its machine's, or too short for a pid, is no layout's", async () => {
    const facts = await factsOf([status(5, 337), status(6, 35), VMCOREINFO]);
    expect(facts.machine?.processors).toEqual([
      { status: { pid: 5, registers: null }, qemu: null },
      { status: null, qemu: null },
    ]);
    expect(facts.notes).toEqual([
      "Processor 0: an NT_PRSTATUS note of 337 bytes is of no known layout on x86-64; its registers are not read.",
      "Processor 1: the NT_PRSTATUS note has 35 bytes, too few for a pid.",
    ]);
  });
});

describe("QEMU's note", () => {
  test("has each register at its offset", async () => {
    const { processors } = await machineOf([qemu(440)]);
    const state = processors[0].qemu;
    // Offsets: docs/formats/elf-core.md; each word holds its own.
    expect(state?.registers).toMatchObject({ rax: "0x8", rip: "0x88", rflags: "0x90", cr0: "0x188", cr3: "0x1a0" });
    expect(state?.registers).toMatchObject({ rsp: "0x38", r15: "0x80", cr4: "0x1a8", kernel_gs_base: "0x1b0" });
    expect(state?.segments.map(({ name, selector, base }) => [name, Number(selector), Number(base)])).toEqual(
      "cs ds es fs gs ss ldt tr gdt idt".split(" ").map((name, i) => [name, 152 + i * 24, 152 + i * 24 + 16]),
    );
  });

  test.each([
    ["says more than it has", qemu(432, { size: 0xffff_ffff }), 23, 10, "says that it has 4294967295 bytes"],
    ["says less than it has", qemu(440, { size: 160 }), 18, 0, "what lies within 160 bytes is read"],
    ["ends early", qemu(200), 18, 2, "ends after 200 bytes"],
    ["goes on", qemu(1000), 24, 10, "of which the first 440 are known"],
    ["is of another version", qemu(440, { version: 2 }), 0, 0, "is of version 2"],
  ])("that %s gives what is certain, and it is told", async (_what, note, registers, segments, sentence) => {
    const facts = await factsOf([note]);
    const state = facts.machine?.processors[0].qemu;
    expect([Object.keys(state?.registers ?? {}).length, state?.segments.length]).toEqual([registers, segments]);
    expect(facts.notes).toEqual([expect.stringContaining(sentence)]);
  });

  test("as long as earlier versions wrote it has no kernel_gs_base, and nothing is odd about it", async () => {
    const facts = await factsOf([qemu(432)]);
    expect(Object.keys(facts.machine?.processors[0].qemu?.registers ?? {}).at(-1)).toBe("cr4");
    expect(facts.notes).toEqual([]);
  });

  test.each([0, 7])("of %i bytes is none", async (length) => {
    const facts = await factsOf([qemu(length)]);
    expect(facts.machine?.processors).toEqual([{ status: null, qemu: null }]);
    expect(facts.notes).toEqual([`Processor 0: the QEMU note has ${length} bytes, too few for a version and a size.`]);
  });
});

describe("processors", () => {
  test("are those of both notes in their order, whether these alternate or not", async () => {
    const apart = await machineOf([status(1), status(2), qemu(440), qemu(432)]);
    const alternating = await machineOf([status(1), qemu(440), status(2), qemu(432)]);
    expect(apart).toEqual(alternating);
    expect(apart.processors.map((each) => [each.status?.pid, each.qemu?.size])).toEqual([
      [1, 440],
      [2, 432],
    ]);
  });

  test("that have one note and not the other are told", async () => {
    const facts = await factsOf([status(1), status(2), qemu(440)]);
    expect(facts.machine?.processors[1]).toMatchObject({ status: { pid: 2 }, qemu: null });
    expect(facts.notes).toEqual(["The dump has 2 NT_PRSTATUS and 1 QEMU notes; they are put together in their order."]);
  });

  test.each([1024, 1025, 3000])("of %i, 1,024 are kept and all are counted", async (count) => {
    const facts = await factsOf([...Array.from({ length: count }, (_, pid) => status(pid)), VMCOREINFO]);
    expect(facts.machine?.processorCount).toBe(count);
    expect(facts.machine?.processors.length).toBe(1024);
    expect(facts.machine?.processors[1023].status?.pid).toBe(1023);
    expect(facts.machine?.vmcoreinfo?.kernelRelease).toBe("6.1.0");
    expect(facts.notes).toEqual(
      count > 1024 ? [`The notes describe ${count} processors; the registers of the first 1024 are kept.`] : [],
    );
  });
});

describe("VMCOREINFO", () => {
  test("beyond its limit is read up to its last whole line there, and it is told", async () => {
    const content = Buffer.concat([VMCOREINFO.content, Buffer.alloc(70_000, "SIZE(page)=1234567890\n")]);
    const facts = await factsOf([{ ...VMCOREINFO, content }]);
    // 30 + 22 × 2,977 bytes; the next 12 would read as a size of 1.
    expect(facts.machine?.vmcoreinfo?.text.length).toBe(65_524);
    expect(facts.machine?.vmcoreinfo?.lines.at(-1)).toEqual({ kind: "size", name: "page", value: "1234567890" });
    expect(facts.machine?.vmcoreinfo?.kernelRelease).toBe("6.1.0");
    expect(facts.notes).toEqual(["VMCOREINFO has 70030 bytes; the lines within the first 65536 are read."]);
  });

  test("that comes twice counts once, and it is told", async () => {
    const second = { ...VMCOREINFO, content: Buffer.from("OSRELEASE=0\n") };
    const facts = await factsOf([VMCOREINFO, second]);
    expect(facts.machine?.vmcoreinfo?.kernelRelease).toBe("6.1.0");
    expect(facts.notes).toEqual(["The dump has 2 VMCOREINFO notes; the first is read."]);
  });

  test("with lines of no kind keeps them, and their number is told", async () => {
    const facts = await factsOf([{ ...VMCOREINFO, content: Buffer.from("OSRELEASE=6.1.0\nSYMBOL(x)=?\nwhat\n") }]);
    expect(facts.notes).toEqual(["Lines of VMCOREINFO that are of no known kind: 2. They are kept in its text."]);
    expect(facts.machine?.vmcoreinfo?.text).toContain("SYMBOL(x)=?");
  });
});
