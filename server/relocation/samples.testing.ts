/** The ELF files of `dumps/samples/elf`, with what readelf printed of them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Mapping } from "../../shared/snapshot/index.ts";
import type { ElfImage } from "./elf-image.ts";
import { type PrintedElf, parseReadelf } from "./readelf.testing.ts";

const FOLDER = path.join(import.meta.dirname, "../../dumps/samples/elf");

export const ELF_SAMPLES = [
  "x86-64-lazy.so",
  "x86-64-packed.so",
  "x86-64-descriptors.so",
  "x86-64-executable",
  "x86-64-static",
  "aarch64-lazy.so",
] as const;

export interface ElfSample {
  readonly content: Uint8Array;
  readonly printed: PrintedElf;
}

export function elfSample(name: (typeof ELF_SAMPLES)[number]): ElfSample {
  return {
    content: new Uint8Array(readFileSync(path.join(FOLDER, name))),
    printed: parseReadelf(readFileSync(path.join(FOLDER, `${name}.readelf.txt`), "utf8")),
  };
}

/** A mapping of a process, in bytes. */
export function mappingOf(
  start: number,
  end: number,
  permissions: string,
  more: Partial<Pick<Mapping, "kind" | "path" | "offset" | "shared" | "permissions">> = {},
): Mapping {
  return {
    space: "p1",
    pid: 1,
    range: { start: (start / 4096) as Mapping["range"]["start"], end: (end / 4096) as Mapping["range"]["end"] },
    spaceStart: (start / 4096) as Mapping["spaceStart"],
    permissions,
    shared: false,
    kind: "file",
    path: null,
    offset: 0,
    absent: "file",
    deleted: false,
    ...more,
  };
}

/** The mappings by which a loader maps the image's loads. */
export function mappingsOf(image: ElfImage, base: number, file: string): readonly Mapping[] {
  return image.loads.map((load) => {
    const start = load.vaddr - (load.vaddr % 4096);
    const end = Math.ceil((load.vaddr + load.filesz) / 4096) * 4096;
    const permissions = `${load.readable ? "r" : "-"}${load.writable ? "w" : "-"}${load.executable ? "x" : "-"}`;
    const offset = load.offset - (load.offset % 4096);
    return mappingOf(base + start, base + end, permissions, { path: file, offset });
  });
}
