/**
 * ELF header and program headers, of either class and byte order. Nothing is trusted: a table that does not lie in the
 * file, or whose entries are no headers, is named as such. QEMU writes `e_ehsize` 8 and unaligned offsets, so neither
 * is looked at.
 * @see docs/formats/elf-core.md
 */
import type { ByteSource } from "../contract.ts";
import type { Losses } from "../losses.ts";

export const ET_CORE = 4;
export const PT_LOAD = 1;
export const PT_NOTE = 4;
/** `e_phnum` of a file with more headers than fit in it: the count is `sh_info` of section 0. */
const PN_XNUM = 0xffff;
/** 48 B a segment in memory: 192 MB at the limit; the kernel's own limit of mappings is 65,530 by default. */
const SEGMENTS_LIMIT = 4_000_000;
const SLICE = 16_384;

export interface ElfHeader {
  readonly wide: boolean;
  readonly littleEndian: boolean;
  readonly type: number;
  readonly machine: number;
  readonly flags: number;
  readonly phoff: bigint;
  readonly phentsize: number;
  readonly phnum: number;
  readonly shoff: bigint;
}

/** A program header; fields keep the names of the specification. */
export interface Segment {
  /** Its number in the table, for messages. */
  readonly index: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly vaddr: bigint;
  readonly paddr: bigint;
  readonly filesz: bigint;
  readonly memsz: bigint;
  readonly align: bigint;
}

/** @returns `null` when the source is no ELF file, or ends inside the ELF header. */
export async function readElfHeader(source: ByteSource): Promise<ElfHeader | null> {
  const bytes = await source.read(0, 64);
  if (bytes.length < 52 || bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46)
    return null;
  const wide = bytes[4] === 2;
  const littleEndian = bytes[5] === 1;
  if ((!wide && bytes[4] !== 1) || (!littleEndian && bytes[5] !== 2) || (wide && bytes.length < 64)) return null;
  const view = viewOf(bytes);
  const word = (offset: number): bigint =>
    wide ? view.getBigUint64(offset, littleEndian) : BigInt(view.getUint32(offset, littleEndian));
  return {
    wide,
    littleEndian,
    type: view.getUint16(16, littleEndian),
    machine: view.getUint16(18, littleEndian),
    flags: view.getUint32(wide ? 48 : 36, littleEndian),
    phoff: word(wide ? 32 : 28),
    phentsize: view.getUint16(wide ? 54 : 42, littleEndian),
    phnum: view.getUint16(wide ? 56 : 44, littleEndian),
    shoff: word(wide ? 40 : 32),
  };
}

/**
 * Program headers in file order.
 * @throws DumpError `dump-damaged` when the table is none, `dump-cut` when the file ends inside it.
 */
export async function readSegments(source: ByteSource, header: ElfHeader, losses: Losses): Promise<readonly Segment[]> {
  const entry = header.wide ? 56 : 32;
  if (header.phentsize !== entry) {
    losses.damaged(`Program headers of ${header.phentsize} bytes (e_phentsize); this class has ${entry}`, {
      e_phentsize: header.phentsize,
    });
  }
  if (header.phoff > BigInt(source.size)) {
    losses.damaged(
      `The program headers are said to be at byte ${header.phoff} (e_phoff), but the file ends at byte ${source.size}`,
      { e_phoff: `0x${header.phoff.toString(16)}`, size: source.size },
    );
    return [];
  }
  const phoff = Number(header.phoff);
  const inFile = Math.floor((source.size - phoff) / entry);
  const stated = header.phnum === PN_XNUM ? await extendedCount(source, header, losses) : header.phnum;
  const wanted = stated ?? inFile;
  const segments: Segment[] = [];
  const count = Math.min(wanted, inFile, SEGMENTS_LIMIT);
  for (let first = 0; first < count; first += SLICE) {
    const slice = Math.min(SLICE, count - first);
    const view = viewOf(await source.read(phoff + first * entry, slice * entry));
    for (let i = 0; i < slice; i++) {
      const segment = parseSegment(view, i * entry, header, first + i);
      if (!isPlausible(segment)) {
        // The table of a cut core of unknown length ends at the first thing that is no header.
        if (stated === null) return segments;
        losses.damaged(
          `Program header ${segment.index} of ${wanted} (e_phnum) is none: its type is 0x${segment.type.toString(16)}`,
          { e_phnum: wanted, header: segment.index },
        );
        return segments;
      }
      segments.push(segment);
    }
  }
  if (count < wanted) {
    losses.cut(
      `The file ends at byte ${source.size}, inside its program headers: ${count} of ${wanted} (e_phnum) are there`,
      { offset: source.size, needed: phoff + wanted * entry, there: source.size },
    );
  }
  return segments;
}

/** The count of a table with PN_XNUM; `null` when section 0 is lost, which the kernel writes at the file's very end. */
async function extendedCount(source: ByteSource, header: ElfHeader, losses: Losses): Promise<number | null> {
  const at = header.wide ? 44 : 28;
  if (header.shoff > 0n && header.shoff + BigInt(at + 4) <= BigInt(source.size)) {
    const view = viewOf(await source.read(Number(header.shoff) + at, 4));
    return view.getUint32(0, header.littleEndian);
  }
  losses.cut(
    `The file ends at byte ${source.size}; the number of its segments would be at byte ${header.shoff} (section 0)`,
    { offset: source.size, needed: String(header.shoff + BigInt(at + 4)), there: source.size },
  );
  return null;
}

function parseSegment(view: DataView, at: number, header: ElfHeader, index: number): Segment {
  const little = header.littleEndian;
  if (header.wide) {
    return {
      index,
      type: view.getUint32(at, little),
      flags: view.getUint32(at + 4, little),
      offset: view.getBigUint64(at + 8, little),
      vaddr: view.getBigUint64(at + 16, little),
      paddr: view.getBigUint64(at + 24, little),
      filesz: view.getBigUint64(at + 32, little),
      memsz: view.getBigUint64(at + 40, little),
      align: view.getBigUint64(at + 48, little),
    };
  }
  const word = (offset: number): bigint => BigInt(view.getUint32(at + offset, little));
  return {
    index,
    type: view.getUint32(at, little),
    offset: word(4),
    vaddr: word(8),
    paddr: word(12),
    filesz: word(16),
    memsz: word(20),
    flags: view.getUint32(at + 24, little),
    align: word(28),
  };
}

/**
 * Whether 32 or 56 bytes look like a program header of a core: a known type (or one of the ranges set aside for
 * systems), no flag beyond rwx and the reserved ones, an alignment that is a power of two.
 */
function isPlausible(segment: Segment): boolean {
  const known = segment.type <= 7 || (segment.type >= 0x6000_0000 && segment.type <= 0x7fff_ffff);
  const power = (segment.align & (segment.align - 1n)) === 0n;
  return known && power && (segment.flags & 0x000f_fff8) === 0;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const MACHINES: Readonly<Record<number, string>> = {
  3: "i386",
  4: "m68k",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390",
  40: "arm",
  43: "sparc64",
  62: "x86-64",
  183: "aarch64",
  243: "riscv",
  258: "loongarch",
};

/** The architecture in one word; class and machine do not always go together (x32, QEMU in real mode). */
export function architectureOf(header: ElfHeader): string {
  const name = MACHINES[header.machine] ?? `machine ${header.machine}`;
  if (header.machine === 62 && !header.wide) return "x32";
  if (header.machine === 22 && header.wide) return "s390x";
  if (header.machine === 243 || header.machine === 258) return `${name}${header.wide ? 64 : 32}`;
  return name;
}
