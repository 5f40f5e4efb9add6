/**
 * The CRIU messages that are read, as values. Field numbers stand beside the names that CRIU's `images/*.proto` give
 * them; fields not named here are skipped, because forks and vendors add some.
 * @see docs/formats/criu.md
 */
import { decodeText } from "../text.ts";
import { bytesOf, eachField, numberOf, numbersOf } from "./image-file.ts";

/** A number that must fit in a double: ids, counts. @throws Error beyond 2^53 − 1. */
function exact(field: number, value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`field ${field} is ${value}`);
  return number;
}

export interface Inventory {
  readonly version: number;
  readonly preDump: boolean;
  readonly compress: number;
  readonly runId: string | null;
}

export function parseInventory(bytes: Uint8Array): Inventory {
  let version = 0;
  let preDump = false;
  let compress = 0;
  let runId: string | null = null;
  eachField(bytes, (field, value) => {
    if (field === 1)
      version = exact(field, numberOf(field, value)); // img_version
    else if (field === 9)
      preDump = numberOf(field, value) !== 0n; // pre_dump_mode
    else if (field === 13)
      runId = decodeText(bytesOf(field, value)); // dump_criu_run_id
    else if (field === 15) compress = exact(field, numberOf(field, value)); // compress
  });
  return { version, preDump, compress, runId };
}

export interface PstreeEntry {
  readonly pid: number;
  readonly ppid: number;
  readonly threads: number;
}

export function parsePstree(bytes: Uint8Array): PstreeEntry {
  let pid = 0;
  let ppid = 0;
  let threads = 0;
  eachField(bytes, (field, value) => {
    if (field === 1)
      pid = exact(field, numberOf(field, value)); // pid
    else if (field === 2)
      ppid = exact(field, numberOf(field, value)); // ppid
    else if (field === 5) threads += numbersOf(value).length; // threads
  });
  return { pid, ppid, threads };
}

export interface Core {
  /** mtype: the architecture. */
  readonly machine: number;
  readonly comm: string | null;
  /** task_state; 6 is a zombie. */
  readonly taskState: number;
  /** Equal for processes that share one address space; 0 when not said. */
  readonly vmId: number;
}

export function parseCore(bytes: Uint8Array): Core {
  let machine = 0;
  let comm: string | null = null;
  let threadComm: string | null = null;
  let taskState = 0;
  let vmId = 0;
  eachField(bytes, (field, value) => {
    if (field === 1)
      machine = exact(field, numberOf(field, value)); // mtype
    else if (field === 3) {
      // tc: task_core_entry
      eachField(bytesOf(field, value), (inner, innerValue) => {
        if (inner === 1)
          taskState = exact(inner, numberOf(inner, innerValue)); // task_state
        else if (inner === 6) comm = decodeText(bytesOf(inner, innerValue)); // comm
      });
    } else if (field === 4)
      vmId = parseIds(bytesOf(field, value)); // ids
    else if (field === 5) {
      // thread_core: thread_core_entry
      eachField(bytesOf(field, value), (inner, innerValue) => {
        if (inner === 13) threadComm = decodeText(bytesOf(inner, innerValue)); // comm
      });
    }
  });
  return { machine, comm: comm ?? threadComm, taskState, vmId };
}

/** task_kobj_ids_entry: @returns vm_id. */
export function parseIds(bytes: Uint8Array): number {
  let vmId = 0;
  eachField(bytes, (field, value) => {
    if (field === 1) vmId = exact(field, numberOf(field, value));
  });
  return vmId;
}

export interface Vma {
  readonly start: bigint;
  readonly end: bigint;
  /** Bytes, not pages. */
  readonly pgoff: bigint;
  /** Segment, file or memfd id, by `status`. */
  readonly shmid: bigint;
  readonly prot: number;
  readonly flags: number;
  readonly status: number;
}

export interface Mm {
  readonly startStack: bigint;
  readonly startBrk: bigint;
  readonly brk: bigint;
  readonly argStart: bigint;
  readonly argEnd: bigint;
  readonly envStart: bigint;
  readonly envEnd: bigint;
  readonly exeFileId: number | null;
  /** AT_PAGESZ of the saved auxiliary vector; 0 when it is not there. */
  readonly pageSize: number;
  readonly vmas: readonly Vma[];
}

const AT_PAGESZ = 6n;

export function parseMm(bytes: Uint8Array): Mm {
  const at = new Map<number, bigint>();
  const auxiliary: bigint[] = [];
  const vmas: Vma[] = [];
  eachField(bytes, (field, value) => {
    if (field === 14)
      vmas.push(parseVma(bytesOf(field, value))); // vmas
    else if (field === 13)
      auxiliary.push(...numbersOf(value)); // mm_saved_auxv
    else if (field <= 12) at.set(field, numberOf(field, value));
  });
  let pageSize = 0;
  for (let i = 0; i + 1 < auxiliary.length; i += 2) {
    if (auxiliary[i] === AT_PAGESZ) pageSize = exact(13, auxiliary[i + 1]);
  }
  const exe = at.get(12);
  return {
    startStack: at.get(5) ?? 0n, // mm_start_stack
    startBrk: at.get(6) ?? 0n, // mm_start_brk
    brk: at.get(7) ?? 0n, // mm_brk
    argStart: at.get(8) ?? 0n, // mm_arg_start
    argEnd: at.get(9) ?? 0n, // mm_arg_end
    envStart: at.get(10) ?? 0n, // mm_env_start
    envEnd: at.get(11) ?? 0n, // mm_env_end
    exeFileId: exe === undefined ? null : exact(12, exe), // exe_file_id
    pageSize,
    vmas,
  };
}

function parseVma(bytes: Uint8Array): Vma {
  const at: bigint[] = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
  eachField(bytes, (field, value) => {
    // start 1, end 2, pgoff 3, shmid 4, prot 5, flags 6, status 7
    if (field <= 7) at[field] = numberOf(field, value);
  });
  return {
    start: at[1],
    end: at[2],
    pgoff: at[3],
    shmid: at[4],
    prot: Number(at[5] & 7n),
    flags: Number(at[6] & 0xffff_ffffn),
    status: Number(at[7] & 0xffff_ffffn),
  };
}

export interface FileEntry {
  /** 1 = regular file, 18 = memfd. */
  readonly type: number;
  readonly id: number;
  /** Path of a regular file, as seen in the container. */
  readonly path: string | null;
  /** inode_id of a memfd. */
  readonly memfdInode: number | null;
}

const FD_REG = 1;

export function parseFile(bytes: Uint8Array): FileEntry {
  let type = 0;
  let id = 0;
  let path: string | null = null;
  let memfdInode: number | null = null;
  eachField(bytes, (field, value) => {
    if (field === 1)
      type = exact(field, numberOf(field, value)); // type
    else if (field === 2)
      id = exact(field, numberOf(field, value)); // id
    else if (field === 3) {
      // reg: reg_file_entry
      eachField(bytesOf(field, value), (inner, innerValue) => {
        if (inner === 6) path = decodeText(bytesOf(inner, innerValue)); // name
      });
    } else if (field === 20) {
      // memfd: memfd_file_entry
      eachField(bytesOf(field, value), (inner, innerValue) => {
        if (inner === 5) memfdInode = exact(inner, numberOf(inner, innerValue)); // inode_id
      });
    }
  });
  return { type, id, path, memfdInode };
}

/** reg_file_entry, as a record of its own in reg-files.img of CRIU before 3. */
export function parseRegularFile(bytes: Uint8Array): FileEntry {
  let id = 0;
  let path: string | null = null;
  eachField(bytes, (field, value) => {
    if (field === 1)
      id = exact(field, numberOf(field, value)); // id
    else if (field === 6) path = decodeText(bytesOf(field, value)); // name
  });
  return { type: FD_REG, id, path, memfdInode: null };
}

export interface MemfdInode {
  readonly name: string;
  readonly shmid: bigint;
  readonly inodeId: number;
}

export function parseMemfdInode(bytes: Uint8Array): MemfdInode {
  let name = "";
  let shmid = 0n;
  let inodeId = 0;
  eachField(bytes, (field, value) => {
    if (field === 1)
      name = decodeText(bytesOf(field, value)); // name
    else if (field === 5)
      shmid = numberOf(field, value); // shmid
    else if (field === 7) inodeId = exact(field, numberOf(field, value)); // inode_id
  });
  return { name, shmid, inodeId };
}

export interface Remap {
  readonly originalId: number;
  readonly remapId: number;
  /** 0 linked under another name, 1 ghost (the content is in an image), 2 procfs. */
  readonly type: number;
}

/** Images before remap_type existed set the top bit of remap_id for a ghost. */
const OLD_GHOST_BIT = 0x8000_0000;

export function parseRemap(bytes: Uint8Array): Remap {
  let originalId = 0;
  let remapId = 0;
  let type: number | null = null;
  eachField(bytes, (field, value) => {
    if (field === 1)
      originalId = exact(field, numberOf(field, value)); // orig_id
    else if (field === 2)
      remapId = exact(field, numberOf(field, value)); // remap_id
    else if (field === 3) type = exact(field, numberOf(field, value)); // remap_type
  });
  if (type === null) {
    const ghost = remapId >= OLD_GHOST_BIT;
    return { originalId, remapId: ghost ? remapId - OLD_GHOST_BIT : remapId, type: ghost ? 1 : 0 };
  }
  return { originalId, remapId, type };
}

/** ghost_file_entry: @returns the size of the deleted file, `null` when the content simply follows (`chunks` unset). */
export function parseGhostSize(bytes: Uint8Array): number | null {
  let size: number | null = null;
  let chunks = false;
  eachField(bytes, (field, value) => {
    if (field === 9)
      chunks = numberOf(field, value) !== 0n; // chunks
    else if (field === 10) size = exact(field, numberOf(field, value)); // size
  });
  if (chunks && size === null) throw new Error("the content is in parts, of a file whose size is not said");
  return chunks ? size : null;
}

/** ghost_chunk_entry: bytes that follow it, and where they stand in the file. */
export function parseGhostChunk(bytes: Uint8Array): { readonly length: number; readonly at: number } {
  let length = 0;
  let at = 0;
  eachField(bytes, (field, value) => {
    if (field === 1)
      length = exact(field, numberOf(field, value)); // len
    else if (field === 2) at = exact(field, numberOf(field, value)); // off
  });
  return { length, at };
}

/** mnt_entry: @returns where it is mounted. */
export function parseMountpoint(bytes: Uint8Array): string | null {
  let mountpoint: string | null = null;
  eachField(bytes, (field, value) => {
    if (field === 7) mountpoint = decodeText(bytesOf(field, value));
  });
  return mountpoint;
}

/** utsns_entry: @returns nodename. */
export function parseHostname(bytes: Uint8Array): string | null {
  let nodename: string | null = null;
  eachField(bytes, (field, value) => {
    if (field === 1) nodename = decodeText(bytesOf(field, value));
  });
  return nodename;
}

/** pagemap_head: @returns pages_id. */
export function parsePagemapHead(bytes: Uint8Array): number {
  let pagesId = 0;
  eachField(bytes, (field, value) => {
    if (field === 1) pagesId = exact(field, numberOf(field, value));
  });
  return pagesId;
}

export const PE_PARENT = 1;
export const PE_LAZY = 2;
export const PE_PRESENT = 4;

export interface PagemapEntry {
  readonly vaddr: bigint;
  /** Pages of the dumped machine. */
  readonly pages: bigint;
  /** PE_* bits; what old writers say by `in_parent` is said by them too. */
  readonly flags: number;
  /** A field of a development version that this reader must not pass over: pages may be compressed or encrypted. */
  readonly foreign: { readonly code: "dump-unsupported" | "dump-encrypted"; readonly field: string } | null;
}

export function parsePagemapEntry(bytes: Uint8Array): PagemapEntry {
  let vaddr = 0n;
  let compat = 0n;
  let pages = 0n;
  let inParent = false;
  let flags: number | null = null;
  let foreign: PagemapEntry["foreign"] = null;
  eachField(bytes, (field, value) => {
    if (field === 1)
      vaddr = numberOf(field, value); // vaddr
    else if (field === 2)
      compat = numberOf(field, value); // compat_nr_pages: 0 from CRIU 4.2 on
    else if (field === 3)
      inParent = numberOf(field, value) !== 0n; // in_parent: before flags
    else if (field === 4)
      flags = Number(numberOf(field, value) & 0xffff_ffffn); // flags
    else if (field === 5 && typeof value !== "bigint") foreign = { code: "dump-encrypted", field: "crypto_tag (5)" };
    else if (field === 5)
      pages = numberOf(field, value); // nr_pages
    else if (field === 6 && foreign === null) foreign = { code: "dump-unsupported", field: "compressed blocks (6)" };
    else if (field === 7 || field === 8) foreign ??= { code: "dump-unsupported", field: `compression (${field})` };
  });
  const effective = (flags ?? PE_PRESENT) | (inParent ? PE_PARENT : 0);
  return {
    vaddr,
    pages: pages !== 0n ? pages : compat,
    // Old form: in_parent without flags means parent and nothing here.
    flags: flags === null && inParent ? PE_PARENT : effective,
    foreign,
  };
}
