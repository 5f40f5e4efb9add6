/**
 * A checkpoint of one process that maps a program and a library of `dumps/samples/elf`, as the loader leaves them by the
 * model of `readelf`: the clean twin of what tests plant in it.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { modelMemory } from "../server/relocation/readelf.testing.ts";
import { elfSample } from "../server/relocation/samples.testing.ts";
import { temporaryFolder } from "./ingest/temporary-store.ts";
import { type Area, checkpoint, type Field, image, message, mm, pagemap } from "./readers/make-checkpoint.ts";
import { makeTar } from "./readers/make-tar.ts";

const PAGE = 4096;
export const LIBRARY = 0x7f12_3456_7000;
export const SEGMENT = 0x7f22_0000_0000;
export const ANONYMOUS = 0x7f32_0000_0000;

const program = elfSample("x86-64-executable");
const library = elfSample("x86-64-lazy.so");
export const PROGRAM_FILE = { id: 1, path: "/bin/program" } as const;
export const LIBRARY_FILE = { id: 2, path: "/lib/library.so" } as const;

const FILE_PRIVATE = 0x41;
const MEMFD_SHARED = { status: 0x4081, flags: 1, shmid: 9 } as const;
const READ = 1;
const READ_WRITE = 3;
const READ_EXECUTE = 5;

export interface MappedArea extends Omit<Area, "start" | "end" | "pgoff"> {
  readonly start: number;
  readonly pages: number;
  /** Bytes. */
  readonly offset?: number;
}

/** What a checkpoint is made of; tests change it before it is written. */
export interface Twin {
  comm: string;
  commandLine: string | null;
  readonly files: Map<number, string>;
  readonly deleted: Set<number>;
  areas: MappedArea[];
  /** Recorded pages by address; an address without bytes is of zeros. */
  readonly recorded: Map<number, Uint8Array>;
  /** Recorded pages of the shared segment, by page. */
  readonly segment: Map<number, Uint8Array>;
}

export function cleanTwin(): Twin {
  const answers = (symbol: string): bigint | null => {
    for (const [{ printed }, base] of [
      [program, 0],
      [library, LIBRARY],
    ] as const) {
      const found = printed.symbols.find(({ name, section }) => name === symbol && section !== "UND");
      if (found?.type.startsWith("<")) return null;
      if (found) return found.type === "TLS" ? found.value : found.value + BigInt(base);
    }
    return null;
  };
  const inProgram = modelMemory(program.printed, program.content, 0, "to the page's end", answers).pages;
  const inLibrary = modelMemory(library.printed, library.content, LIBRARY, "to the end of .bss", answers).pages;
  // Slots that the model leaves as in the file: functions that were not called yet.
  const slots = inLibrary.get(LIBRARY + 0x3000);
  if (!slots) throw new Error("the library has no slots");
  for (const at of [0x008, 0x010]) setWord(slots, at, LIBRARY + library.content[0x3000 + at] + 0x1000);
  const area = (file: number, start: number, offset: number, prot: number): MappedArea => ({
    start,
    pages: 1,
    offset,
    shmid: file,
    status: FILE_PRIVATE,
    flags: 2,
    prot,
  });
  const loaded = (address: number): [number, Uint8Array] => {
    const bytes = inProgram.get(address) ?? inLibrary.get(address);
    if (!bytes) throw new Error(`the model has no page at 0x${address.toString(16)}`);
    return [address, Uint8Array.from(bytes)];
  };
  return {
    comm: "program",
    commandLine: null,
    files: new Map([
      [PROGRAM_FILE.id, PROGRAM_FILE.path],
      [LIBRARY_FILE.id, LIBRARY_FILE.path],
    ]),
    deleted: new Set(),
    areas: [
      area(PROGRAM_FILE.id, 0x40_0000, 0, READ),
      area(PROGRAM_FILE.id, 0x40_1000, 0x1000, READ_EXECUTE),
      area(PROGRAM_FILE.id, 0x40_2000, 0x2000, READ),
      area(PROGRAM_FILE.id, 0x40_3000, 0x3000, READ_WRITE),
      area(LIBRARY_FILE.id, LIBRARY, 0, READ),
      area(LIBRARY_FILE.id, LIBRARY + 0x1000, 0x1000, READ_EXECUTE),
      area(LIBRARY_FILE.id, LIBRARY + 0x2000, 0x2000, READ),
      area(LIBRARY_FILE.id, LIBRARY + 0x3000, 0x3000, READ_WRITE),
      { start: LIBRARY + 0x4000, pages: 1, status: 0x201, prot: READ_WRITE },
      { start: SEGMENT, pages: 4, offset: PAGE, ...MEMFD_SHARED, prot: READ_WRITE },
      { start: ANONYMOUS, pages: 4, status: 0x201, prot: READ_WRITE },
    ],
    recorded: new Map([
      // The dumper's own.
      loaded(0x40_1000),
      loaded(0x40_2000),
      loaded(0x40_3000),
      loaded(LIBRARY + 0x2000),
      loaded(LIBRARY + 0x3000),
      [LIBRARY + 0x4000, new Uint8Array(PAGE).fill(3)],
      [ANONYMOUS, new Uint8Array(PAGE).fill(4)],
    ]),
    segment: new Map([[2, new Uint8Array(PAGE).fill(5)]]),
  };
}

/** As the file has it, where that is not recorded. */
export function record(twin: Twin, address: number): Uint8Array {
  const there = twin.recorded.get(address);
  if (there) return there;
  const [content, base] = address < LIBRARY ? [program.content, 0x40_0000] : [library.content, LIBRARY];
  const page = new Uint8Array(PAGE);
  page.set(content.subarray(address - base, address - base + PAGE));
  twin.recorded.set(address, page);
  return page;
}

export function setWord(page: Uint8Array, at: number, value: number): void {
  new DataView(page.buffer, page.byteOffset).setBigUint64(at, BigInt(value), true);
}

/**
 * @param imageId what the archive says its container's image is
 * @param folder gone after the test without one
 * @returns the archive's path
 */
export function writeTwin(twin: Twin, imageId?: string, folder = temporaryFolder()): string {
  const number = (field: number, value: number | bigint): Field => [field, value];
  const files = [...twin.files].map(([id, name]) => message([number(1, 1), number(2, id), [3, message([[6, name]])]]));
  const memfd = message([number(1, 18), number(2, MEMFD_SHARED.shmid), [20, message([number(1, 9), number(5, 3)])]]);
  const inode = message([[1, "/dev/zero"], number(5, 40), number(7, 3)]);
  const remaps = [...twin.deleted].map((id) => message([number(1, id), number(2, id), number(3, 0)]));
  const areas = twin.areas
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, pages: count, offset, ...area }) => ({
      ...area,
      start: BigInt(start),
      end: BigInt(start + count * PAGE),
      pgoff: BigInt(offset ?? 0),
    }));
  const recorded = [...twin.recorded].sort(([a], [b]) => a - b);
  const segment = [...twin.segment].sort(([a], [b]) => a - b);
  const entry = (vaddr: number) => ({ vaddr: BigInt(vaddr), pages: 1, flags: 4 });
  const tar = checkpoint(
    {
      "pstree.img": image("pstree", [message([number(1, 1), number(2, 0), number(5, 1)])]),
      "core-1.img": image("core", [message([number(1, 1), [3, message([number(1, 1), [6, twin.comm]])]])]),
      "mm-1.img": mm(areas, [number(12, PROGRAM_FILE.id)]),
      "files.img": image("files", [...files, memfd]),
      "memfd.img": image("memfd", [inode]),
      ...(remaps.length > 0 ? { "remap-fpath.img": image("remap", remaps) } : {}),
      "pagemap-1.img": pagemap(
        1,
        recorded.map(([address]) => entry(address)),
      ),
      "pages-1.img": Buffer.concat(recorded.map(([, bytes]) => bytes)),
      "pagemap-shmem-40.img": pagemap(
        2,
        segment.map(([page]) => entry(page * PAGE)),
      ),
      "pages-2.img": Buffer.concat(segment.map(([, bytes]) => bytes)),
    },
    imageId === undefined ? [] : [{ name: "config.dump", content: JSON.stringify({ rootfsImageID: imageId }) }],
  );
  const file = path.join(folder, "checkpoint.tar");
  writeFileSync(file, tar);
  return file;
}

/** A root file system with the two files, the program by three names. @returns the tar's path */
export function writeRoot(folder: string): string {
  const file = path.join(folder, "root.tar");
  const tar = makeTar([
    { name: "bin/", type: "5" },
    { name: "bin/program", content: program.content },
    { name: "bin/called", type: "2", link: "program" },
    { name: "bin/python3.11", type: "1", link: "bin/program" },
    { name: "etc/", type: "5" },
    { name: "lib/", type: "5" },
    { name: "lib/library.so", content: library.content },
  ]);
  writeFileSync(file, tar);
  return file;
}

/** The library by itself. @returns its path */
export function writeLibrary(folder: string): string {
  const file = path.join(folder, "library.so");
  writeFileSync(file, library.content);
  return file;
}
