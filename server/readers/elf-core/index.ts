/**
 * A core of one process: mappings are its PT_LOADs, named by the NT_FILE note. The surprise: what a core does not
 * store of a mapping is not zero; it was left to its file, or left out.
 * @see docs/formats/elf-core.md
 */

import type { PageAddress } from "../../../shared/memory/index.ts";
import { bisect } from "../../../shared/memory/index.ts";
import { type Facts, type Mapping, type MappingKind, spaceOfProcess } from "../../../shared/snapshot/index.ts";
import type { ByteSource, DumpDescription, DumpReader, ReadOptions } from "../contract.ts";
import {
  addSegments,
  architectureOf,
  type ElfHeader,
  ET_CORE,
  type PlacedSegment,
  PT_LOAD,
  placeSegments,
  readElfHeader,
  readNotes,
  readSegments,
} from "../elf/index.ts";
import { NO_FACTS } from "../facts.ts";
import { Losses } from "../losses.ts";
import { PageRunsBuilder } from "../page-runs.ts";
import { AT, type MappedFile, type ProcessNotes, readProcessNotes } from "./process-notes.ts";

const DELETED = " (deleted)";
const VSYSCALL = 0xffff_ffff_ff60_0000n;

export const elfCoreReader: DumpReader = {
  name: "ELF core",
  async recognise(source: ByteSource): Promise<boolean> {
    const header = await readElfHeader(source);
    return header !== null && header.type === ET_CORE;
  },
  read: readElfCore,
};

async function readElfCore(source: ByteSource, options: ReadOptions): Promise<DumpDescription> {
  const losses = new Losses(options.keepCut);
  const header = await readElfHeader(source);
  if (header === null) throw new Error("readElfCore was given a file that is no ELF core");
  const segments = await readSegments(source, header, losses);
  const notes = await readProcessNotes(source, header, readNotes(source, header, segments, losses), losses);
  const sentences: string[] = [];
  const loads = segments.filter((segment) => segment.type === PT_LOAD);
  const placed = placeSegments(
    loads,
    (segment) => segment.vaddr,
    source.size,
    losses,
    (sentence) => sentences.push(sentence),
  );
  const pid = Math.max(0, notes.process?.pid ?? notes.threads[0] ?? 0);
  const runs = new PageRunsBuilder();
  addSegments(placed, 0, source.size, runs, losses, (sentence) => sentences.push(sentence));
  const place = new FilePlaces(notes.files);
  const mappings = disjoint(placed.map((segment) => mappingOf(segment, pid, place, notes)));
  if (notes.files.length === 0 && placed.length > 0) {
    sentences.push(
      "The core names no mapped files (no NT_FILE note): what was left out of it cannot be told from what was left to a file.",
    );
  }
  return {
    format: "elf-core",
    facts: factsOf(header, notes, pid, place, [...sentences, ...losses.sentences]),
    spaces: [spaceOfProcess(pid)],
    mappings,
    runs: runs.finish(),
    segments: [],
    lost: losses.sentences,
  };
}

/** Which file is mapped at an address. */
class FilePlaces {
  readonly #files: readonly MappedFile[];

  constructor(files: readonly MappedFile[]) {
    this.#files = files;
  }

  at(address: bigint): MappedFile | null {
    const behind = bisect(this.#files.length, (i) => this.#files[i].start <= address);
    const file = behind === 0 ? null : this.#files[behind - 1];
    return file !== null && address < file.end ? file : null;
  }
}

function mappingOf(segment: PlacedSegment, pid: number, place: FilePlaces, notes: ProcessNotes): Mapping {
  const file = place.at(segment.start);
  const start = Number(segment.start >> 12n);
  const end = Number((segment.end + 4095n) >> 12n);
  const deleted = file?.path.endsWith(DELETED) ?? false;
  const path = file === null ? null : deleted ? file.path.slice(0, -DELETED.length) : file.path;
  const sharedMemory = path !== null && deleted && /^\/(dev\/zero$|SYSV|memfd:)/.test(path);
  const kind = kindOf(segment, path, sharedMemory, notes);
  const flags = segment.segment.flags;
  const offset = file === null ? 0 : Number(file.offset + segment.start - file.start);
  return {
    space: spaceOfProcess(pid),
    pid,
    range: { start: start as PageAddress, end: end as PageAddress },
    spaceStart: start as PageAddress,
    permissions: `${flags & 4 ? "r" : "-"}${flags & 2 ? "w" : "-"}${flags & 1 ? "x" : "-"}`,
    // A core does not say which file mappings are shared; memory under a deleted name of the kernel's always is.
    shared: sharedMemory,
    kind,
    path,
    offset: Number.isSafeInteger(offset) ? offset : 0,
    absent: kind === "file" ? "file" : "excluded",
    deleted,
  };
}

function kindOf(segment: PlacedSegment, path: string | null, sharedMemory: boolean, notes: ProcessNotes): MappingKind {
  if (sharedMemory) return "shared";
  if (path !== null) return "file";
  if (segment.start === VSYSCALL) return "vsyscall";
  if (segment.start === notes.auxiliary.get(AT.sysinfoEhdr)) return "vdso";
  // The kernel lays the program's name and 16 random bytes at the top of the first stack.
  const onStack = notes.auxiliary.get(AT.execfn) ?? notes.auxiliary.get(AT.random);
  return onStack !== undefined && onStack >= segment.start && onStack < segment.end ? "stack" : "anonymous";
}

/** Segments that begin or end inside a page may share one; it belongs to the first. */
function disjoint(mappings: Mapping[]): Mapping[] {
  const kept: Mapping[] = [];
  let last = 0;
  for (const mapping of mappings) {
    const { start, end } = mapping.range;
    if (end <= last) continue;
    kept.push(
      start >= last
        ? mapping
        : { ...mapping, range: { start: last as PageAddress, end }, spaceStart: last as PageAddress },
    );
    last = end;
  }
  return kept;
}

function factsOf(
  header: ElfHeader,
  notes: ProcessNotes,
  pid: number,
  place: FilePlaces,
  sentences: readonly string[],
): Facts {
  const entry = notes.auxiliary.get(AT.entry) ?? notes.auxiliary.get(AT.phdr);
  const more: Record<string, string> = {};
  if (notes.signal !== 0) more.signal = String(notes.signal);
  const pageSize = notes.auxiliary.get(AT.pageSize);
  if (pageSize !== undefined) more["page size of the machine"] = String(pageSize);
  if (notes.threads.length > 0) more["thread that ended the process"] = String(notes.threads[0]);
  return {
    ...NO_FACTS,
    architecture: architectureOf(header),
    byteOrder: header.littleEndian ? "little" : "big",
    processes:
      notes.process === null && notes.threads.length === 0
        ? []
        : [
            {
              pid,
              ppid: notes.process?.ppid ?? null,
              comm: notes.process?.comm ?? null,
              commandLine: notes.process?.commandLine ?? null,
              executable: entry === undefined ? null : (place.at(entry)?.path ?? null),
              threads: notes.threads.length === 0 ? null : notes.threads.length,
            },
          ],
    notes: [...sentences],
    more,
  };
}
