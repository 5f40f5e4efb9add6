/** What a process core's notes say: threads, process, auxiliary vector, mapped files. */
import type { ByteSource } from "../contract.ts";
import {
  type ElfHeader,
  type Note,
  NT_AUXV,
  NT_FILE,
  NT_PRPSINFO,
  NT_PRSTATUS,
  pidOfStatus,
  viewOf,
} from "../elf/index.ts";
import type { Losses } from "../losses.ts";
import { decodeText } from "../text.ts";

/** The kernel leaves NT_FILE out above 4 MiB; other writers go a little beyond. */
const NT_FILE_LIMIT = 64 * 1024 * 1024;
const AT_PAGESZ = 6n;

/** A mapped file, [start, end) in addresses, `offset` in bytes of the file. */
export interface MappedFile {
  readonly start: bigint;
  readonly end: bigint;
  readonly offset: bigint;
  readonly path: string;
}

export interface ProcessNotes {
  readonly process: {
    readonly pid: number;
    readonly ppid: number;
    readonly comm: string;
    readonly commandLine: string;
  } | null;
  /** Thread ids; the one that crashed first. */
  readonly threads: readonly number[];
  readonly signal: number;
  readonly auxiliary: ReadonlyMap<bigint, bigint>;
  /** By address. */
  readonly files: readonly MappedFile[];
  /** Names of the notes that belong to a dump of a machine. */
  readonly machine: boolean;
}

/** Types of the auxiliary vector that tell what a mapping is. */
export const AT = { phdr: 3n, pageSize: AT_PAGESZ, entry: 9n, random: 25n, execfn: 31n, sysinfoEhdr: 33n } as const;

export async function readProcessNotes(
  source: ByteSource,
  header: ElfHeader,
  notes: AsyncIterable<Note>,
  losses: Losses,
): Promise<ProcessNotes> {
  let process: ProcessNotes["process"] = null;
  const threads: number[] = [];
  let signal = 0;
  let auxiliary: ReadonlyMap<bigint, bigint> = new Map();
  let files: readonly MappedFile[] = [];
  let machine = false;
  for await (const note of notes) {
    if (note.name === "QEMU" || note.name.startsWith("VMCOREINFO")) machine = true;
    if (note.name !== "CORE") continue;
    switch (note.type) {
      case NT_PRSTATUS: {
        const at = pidOfStatus(header);
        if (note.length < at + 4) break;
        const view = viewOf(await source.read(note.offset, at + 4));
        threads.push(view.getInt32(at, header.littleEndian));
        if (threads.length === 1) signal = view.getUint16(12, header.littleEndian);
        break;
      }
      case NT_PRPSINFO:
        process ??= parseProcess(await source.read(note.offset, note.length), header);
        break;
      case NT_AUXV:
        if (note.length <= 4096 && auxiliary.size === 0) {
          auxiliary = parseAuxiliary(await source.read(note.offset, note.length), header);
        }
        break;
      case NT_FILE:
        if (note.length > NT_FILE_LIMIT) {
          losses.damaged(`The list of mapped files has ${note.length} bytes; the limit is ${NT_FILE_LIMIT}`, {
            length: note.length,
            limit: NT_FILE_LIMIT,
          });
        } else files = parseFiles(await source.read(note.offset, note.length), header, note.offset, losses);
        break;
    }
  }
  return { process, threads, signal, auxiliary, files, machine };
}

/**
 * psargs are the last 80 bytes, fname the 16 before, and four 32-bit ids before that (pid, ppid, pgrp, sid); what
 * comes first differs by machine. Held for all 39 sample cores of 12 machines.
 */
function parseProcess(bytes: Uint8Array, header: ElfHeader): ProcessNotes["process"] {
  const psargs = bytes.length - 80;
  const fname = psargs - 16;
  const ids = fname - 16;
  if (ids < 0) return null;
  const view = viewOf(bytes);
  return {
    pid: view.getInt32(ids, header.littleEndian),
    ppid: view.getInt32(ids + 4, header.littleEndian),
    comm: decodeText(bytes.subarray(fname, psargs)),
    commandLine: decodeText(bytes.subarray(psargs)).trimEnd(),
  };
}

function parseAuxiliary(bytes: Uint8Array, header: ElfHeader): ReadonlyMap<bigint, bigint> {
  const pairs = new Map<bigint, bigint>();
  const words = longs(bytes, header);
  for (let i = 0; i + 1 < words.count && words.at(i) !== 0n; i += 2) pairs.set(words.at(i), words.at(i + 1));
  return pairs;
}

function parseFiles(bytes: Uint8Array, header: ElfHeader, offset: number, losses: Losses): readonly MappedFile[] {
  const words = longs(bytes, header);
  const damaged = (what: string): readonly MappedFile[] => {
    losses.damaged(`The list of mapped files (NT_FILE) at byte ${offset} ${what}`, { offset });
    return [];
  };
  if (words.count < 2) return damaged("is too short");
  const count = words.at(0);
  const unit = words.at(1);
  if (count * 3n + 2n > BigInt(words.count)) return damaged(`names ${count} files but has no room for them`);
  const files: MappedFile[] = [];
  let name = (2 + Number(count) * 3) * words.size;
  for (let i = 0; i < Number(count); i++) {
    const end = bytes.indexOf(0, name);
    if (end < 0) return damaged("ends inside a name");
    const row = 2 + i * 3;
    files.push({
      start: words.at(row),
      end: words.at(row + 1),
      offset: words.at(row + 2) * unit,
      path: decodeText(bytes.subarray(name, end)),
    });
    name = end + 1;
  }
  return files.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

function longs(bytes: Uint8Array, header: ElfHeader): { count: number; size: number; at(index: number): bigint } {
  const view = viewOf(bytes);
  const size = header.wide ? 8 : 4;
  return {
    count: Math.floor(bytes.length / size),
    size,
    at: (index) =>
      header.wide
        ? view.getBigUint64(index * 8, header.littleEndian)
        : BigInt(view.getUint32(index * 4, header.littleEndian)),
  };
}
