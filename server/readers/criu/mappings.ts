/**
 * VMAs as mappings. What an area is, is decided by its status bits in a fixed order: what the kernel provides first,
 * then shared segments, then files; the rest is anonymous.
 * @see docs/formats/criu.md#mappings
 */
import { PAGE_SIZE, type PageAddress } from "../../../shared/memory/index.ts";
import {
  type Because,
  type Mapping,
  type MappingKind,
  spaceOfProcess,
  spaceOfSegment,
} from "../../../shared/snapshot/index.ts";
import type { Losses } from "../losses.ts";
import type { FileEntry, MemfdInode, Mm, Remap, Vma } from "./messages.ts";

/** Status bits of a VMA that decide; the others are internal to CRIU or add nothing. */
const VMA = {
  stack: 0x2,
  vsyscall: 0x4,
  vdso: 0x8,
  heap: 0x20,
  filePrivate: 0x40,
  fileShared: 0x80,
  anonShared: 0x100,
  sysvIpc: 0x400,
  vvar: 0x1000,
  memfd: 0x4000,
  /** A fake area at the end of the list for guarded ranges; it overlaps real ones and has no pages. */
  guard: 0x1_0000,
  uprobes: 0x2_0000,
  plugin: 0x800_0000,
} as const;

const MAP_SHARED = 1;
const MAP_PRIVATE = 2;

/** Ids are written in URLs; inode numbers of shared memory are small. */
const SEGMENT_LIMIT = 999_999_999_999_999n;

/** What files.img, memfd.img and remap-fpath.img say, by id. */
export interface OpenFiles {
  readonly files: ReadonlyMap<number, FileEntry>;
  readonly memfds: ReadonlyMap<number, MemfdInode>;
  readonly remaps: ReadonlyMap<number, Remap>;
}

/** A part of a shared segment that some process maps, in pages of the segment. */
export interface SegmentPart {
  readonly segment: number;
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
}

export interface ProcessMappings {
  readonly mappings: readonly Mapping[];
  readonly parts: readonly SegmentPart[];
}

/**
 * The mappings of one process, by address.
 * @param member the image's name, for messages.
 * @throws DumpError `dump-damaged` for areas that are no ranges, overlap, or name memfds that are not there.
 */
export function mappingsOf(pid: number, mm: Mm, open: OpenFiles, member: string, losses: Losses): ProcessMappings {
  const mappings: Mapping[] = [];
  const parts: SegmentPart[] = [];
  let last = 0n;
  const areas = mm.vmas
    .filter((vma) => (vma.status & VMA.guard) === 0)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  for (const vma of areas) {
    const address = `0x${vma.start.toString(16)}`;
    const page = BigInt(PAGE_SIZE);
    const isRange =
      vma.start < vma.end &&
      vma.start % page === 0n &&
      vma.end % page === 0n &&
      vma.end <= 1n << 64n &&
      vma.start >= last;
    if (!isRange || vma.pgoff > BigInt(Number.MAX_SAFE_INTEGER)) {
      losses.damaged(
        `${member} has an area that is no range or overlaps another: ${address} to 0x${vma.end.toString(16)}`,
        { member, address, end: `0x${vma.end.toString(16)}`, pgoff: `0x${vma.pgoff.toString(16)}` },
      );
      continue;
    }
    last = vma.end;
    const backing = backingOf(vma, mm, open, member, losses);
    const start = Number(vma.start / page) as PageAddress;
    const end = Number(vma.end / page) as PageAddress;
    const offset = backing.kind === "file" || backing.segment !== null ? Number(vma.pgoff) : 0;
    const spaceStart = backing.segment === null ? start : (Math.floor(offset / PAGE_SIZE) as PageAddress);
    mappings.push({
      space: backing.segment === null ? spaceOfProcess(pid) : spaceOfSegment(backing.segment),
      pid,
      range: { start, end },
      spaceStart,
      permissions: `${vma.prot & 1 ? "r" : "-"}${vma.prot & 2 ? "w" : "-"}${vma.prot & 4 ? "x" : "-"}`,
      shared: (vma.flags & MAP_SHARED) !== 0,
      kind: backing.kind,
      path: backing.path,
      offset,
      absent: backing.absent,
      deleted: backing.deleted,
    });
    if (backing.segment !== null) {
      parts.push({ segment: backing.segment, name: backing.path, start: spaceStart, end: spaceStart + (end - start) });
    }
  }
  return { mappings, parts };
}

interface Backing {
  readonly kind: MappingKind;
  readonly segment: number | null;
  readonly path: string | null;
  readonly absent: Because;
  readonly deleted: boolean;
}

function backingOf(vma: Vma, mm: Mm, open: OpenFiles, member: string, losses: Losses): Backing {
  const { status } = vma;
  const special = (kind: MappingKind, absent: Because): Backing => ({
    kind,
    segment: null,
    path: null,
    absent,
    deleted: false,
  });
  if (status & VMA.vsyscall) return special("vsyscall", "excluded");
  if (status & VMA.vdso) return special("vdso", "excluded");
  if (status & VMA.vvar) return special("vvar", "excluded");
  if (status & VMA.memfd) return memfdBacking(vma, open, member, losses);
  if (status & (VMA.anonShared | VMA.sysvIpc)) return segmentBacking(vma, vma.shmid, null, member, losses);
  if (status & (VMA.uprobes | VMA.plugin)) return special("anonymous", "excluded");
  if (status & (VMA.filePrivate | VMA.fileShared)) {
    // A file of another kind than a regular one has no path here, and is a file all the same.
    const id = Number(vma.shmid);
    const path = open.files.get(id)?.path ?? null;
    return { kind: "file", segment: null, path, absent: "file", deleted: open.remaps.has(id) };
  }
  if (status & VMA.heap || (mm.brk > mm.startBrk && vma.start >= mm.startBrk && vma.end <= mm.brk)) {
    return special("heap", "untouched");
  }
  const stack = status & VMA.stack || (mm.startStack >= vma.start && mm.startStack < vma.end);
  return special(stack ? "stack" : "anonymous", "untouched");
}

/** Anonymous shared memory is a memfd named `/dev/zero`: area → files.img → memfd.img → segment. */
function memfdBacking(vma: Vma, open: OpenFiles, member: string, losses: Losses): Backing {
  const file = open.files.get(Number(vma.shmid));
  const inode =
    file?.memfdInode === undefined || file.memfdInode === null ? undefined : open.memfds.get(file.memfdInode);
  if (inode === undefined) {
    losses.damaged(
      `${member} maps memfd ${vma.shmid} at 0x${vma.start.toString(16)}, which files.img and memfd.img do not name`,
      { member, address: `0x${vma.start.toString(16)}`, file: String(vma.shmid) },
    );
    return { kind: "shared", segment: null, path: null, absent: "missing", deleted: false };
  }
  // A private mapping of a memfd has its own copies; the pages it did not write to are the memfd's.
  if ((vma.flags & (MAP_SHARED | MAP_PRIVATE)) === MAP_PRIVATE) {
    return { kind: "file", segment: null, path: inode.name, absent: "file", deleted: false };
  }
  return segmentBacking(vma, inode.shmid, inode.name, member, losses);
}

function segmentBacking(vma: Vma, id: bigint, name: string | null, member: string, losses: Losses): Backing {
  const fits = id <= SEGMENT_LIMIT && vma.pgoff % BigInt(PAGE_SIZE) === 0n;
  if (!fits) {
    losses.damaged(`${member} maps segment ${id} from byte ${vma.pgoff} on, at 0x${vma.start.toString(16)}`, {
      member,
      address: `0x${vma.start.toString(16)}`,
      segment: String(id),
    });
    return { kind: "shared", segment: null, path: name, absent: "missing", deleted: false };
  }
  return { kind: "shared", segment: Number(id), path: name, absent: "untouched", deleted: false };
}

/** Parts of segments united, ascending, without overlap. */
export function uniteParts(parts: readonly SegmentPart[]): [number, number][] {
  const united: [number, number][] = [];
  for (const { start, end } of [...parts].sort((a, b) => a.start - b.start)) {
    const last = united.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else united.push([start, end]);
  }
  return united;
}
