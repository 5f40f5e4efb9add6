/** Program headers of an executable or shared object, of either class and byte order. */
import type { Load, VaddrRange } from "./elf-image.ts";
import { FileView } from "./file-view.ts";

const ET_EXEC = 2;
const ET_DYN = 3;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const PT_NOTE = 4;
const PT_TLS = 7;
const PT_GNU_RELRO = 0x6474e552;
const NT_GNU_BUILD_ID = 3;
/** Linkers write a dozen; e_phnum of 0xffff (more than fit) is met in cores only. */
const HEADERS_LIMIT = 256;
/** Real notes are below 1 KiB. */
const NOTES_LIMIT = 1 << 20;
/** The kernel's PATH_MAX. */
const PATH_LIMIT = 4096;

export interface ProgramHeaders {
  readonly view: FileView;
  readonly wide: boolean;
  readonly littleEndian: boolean;
  readonly machineNumber: number;
  readonly fixed: boolean;
  readonly loads: readonly Load[];
  readonly dynamic: VaddrRange | undefined;
  readonly relro: VaddrRange | undefined;
  readonly interpreter: string | undefined;
  readonly buildId: string | undefined;
  readonly tlsSize: number;
}

/** @returns `undefined` for what is no executable or shared object, or has no load that could be mapped. */
export function parseProgramHeaders(content: Uint8Array): ProgramHeaders | undefined {
  const magic = content.length >= 52 && content[0] === 0x7f && content[1] === 0x45;
  if (!magic || content[2] !== 0x4c || content[3] !== 0x46) return undefined;
  const wide = content[4] === 2;
  const littleEndian = content[5] === 1;
  if ((!wide && content[4] !== 1) || (!littleEndian && content[5] !== 2)) return undefined;
  const view = new FileView(content, littleEndian);
  const width = wide ? 8 : 4;
  const type = view.u16(16);
  const machineNumber = view.u16(18);
  const phoff = view.word(wide ? 32 : 28, width);
  const phentsize = view.u16(wide ? 54 : 42);
  const phnum = view.u16(wide ? 56 : 44);
  const known = phoff !== undefined && phnum !== undefined && machineNumber !== undefined;
  if (!known || (type !== ET_EXEC && type !== ET_DYN) || phentsize !== (wide ? 56 : 32)) return undefined;
  if (phnum > HEADERS_LIMIT || !view.holds(phoff, phnum * phentsize)) return undefined;

  const loads: Load[] = [];
  let dynamic: VaddrRange | undefined;
  let relro: VaddrRange | undefined;
  let interpreter: string | undefined;
  let buildId: string | undefined;
  let tlsSize = 0;
  for (let i = 0; i < phnum; i++) {
    const at = phoff + i * phentsize;
    const flags = view.u32(at + (wide ? 4 : 24)) ?? 0;
    const offset = view.word(at + (wide ? 8 : 4), width);
    const vaddr = view.word(at + (wide ? 16 : 8), width);
    const filesz = view.word(at + (wide ? 32 : 16), width);
    const memsz = view.word(at + (wide ? 40 : 20), width);
    if (offset === undefined || vaddr === undefined || filesz === undefined || memsz === undefined) continue;
    // No user address is above 2^52 on any machine; sums below stay exact.
    if (vaddr + memsz > 2 ** 52 || memsz < filesz) continue;
    const range = { start: vaddr, end: vaddr + memsz };
    switch (view.u32(at)) {
      case PT_LOAD:
        if (memsz === 0 || offset % 4096 !== vaddr % 4096 || !view.holds(offset, filesz)) break;
        loads.push({
          offset,
          vaddr,
          filesz,
          memsz,
          readable: (flags & 4) !== 0,
          writable: (flags & 2) !== 0,
          executable: (flags & 1) !== 0,
        });
        break;
      case PT_DYNAMIC:
        dynamic = range;
        break;
      case PT_GNU_RELRO:
        relro = range;
        break;
      case PT_TLS:
        tlsSize = memsz;
        break;
      case PT_INTERP:
        if (filesz <= PATH_LIMIT && view.holds(offset, filesz)) {
          interpreter = new TextDecoder().decode(content.subarray(offset, offset + filesz)).replace(/\0.*$/s, "");
        }
        break;
      case PT_NOTE:
        if (filesz <= NOTES_LIMIT && view.holds(offset, filesz)) buildId ??= buildIdIn(view, offset, offset + filesz);
        break;
    }
  }
  if (loads.length === 0) return undefined;
  loads.sort((a, b) => a.vaddr - b.vaddr);
  const fixed = type === ET_EXEC;
  return { view, wide, littleEndian, machineNumber, fixed, loads, dynamic, relro, interpreter, buildId, tlsSize };
}

function buildIdIn(view: FileView, start: number, end: number): string | undefined {
  for (let at = start; at + 12 <= end; ) {
    const namesz = view.u32(at) ?? 0;
    const descsz = view.u32(at + 4) ?? 0;
    const desc = at + 12 + Math.ceil(namesz / 4) * 4;
    if (desc + descsz > end) return undefined;
    const gnu = namesz === 4 && view.bytes[at + 12] === 0x47 && view.bytes[at + 13] === 0x4e;
    if (gnu && view.u32(at + 8) === NT_GNU_BUILD_ID && descsz > 0 && descsz <= 64) {
      return Array.from(view.bytes.subarray(desc, desc + descsz), (byte) => byte.toString(16).padStart(2, "0")).join(
        "",
      );
    }
    at = desc + Math.ceil(descsz / 4) * 4;
  }
  return undefined;
}

/**
 * The file offset of [vaddr, vaddr + length); `undefined` when no load holds it whole.
 */
export function fileOffsetOf(loads: readonly Load[], vaddr: number, length: number): number | undefined {
  const load = loads.find((one) => vaddr >= one.vaddr && vaddr + length <= one.vaddr + one.filesz);
  return load === undefined ? undefined : load.offset + (vaddr - load.vaddr);
}
