/** The ELF files that one process maps, each where it lies: what its pages are verified against. */
import type { Mapping } from "../../shared/snapshot/index.ts";
import type { ElfImage } from "./elf-image.ts";
import { placeImage } from "./placement.ts";
import { Scope, type ScopeMember } from "./scope.ts";

export interface ProcessImages {
  /** Those that run. A file that is only read as data defines nothing for others. */
  readonly scope: Scope;
  /** The image and load base of each mapping of a described file that fits one of its loads. */
  readonly memberOf: ReadonlyMap<Mapping, ScopeMember>;
}

/**
 * @param mappings all of one process
 * @param executable path of its program, where the dump names it; without it the file that is mapped lowest is taken
 * @param imageOf the description of a mapped file; `undefined` for one that is not known, or is no ELF file. A file that
 * was deleted, or replaced, is not the one that is there now: the caller decides
 */
export function imagesOfProcess(
  mappings: readonly Mapping[],
  executable: string | null,
  imageOf: (path: string) => ElfImage | undefined,
): ProcessImages {
  const byPath = new Map<string, Mapping[]>();
  for (const mapping of mappings.toSorted((a, b) => a.range.start - b.range.start)) {
    if (mapping.kind !== "file" || mapping.path === null) continue;
    const own = byPath.get(mapping.path);
    if (own === undefined) byPath.set(mapping.path, [mapping]);
    else own.push(mapping);
  }
  const members: ScopeMember[] = [];
  const memberOf = new Map<Mapping, ScopeMember>();
  for (const [path, own] of byPath) {
    const image = imageOf(path);
    if (image === undefined) continue;
    for (const { base, executes, mappings: indices } of placeImage(image, own)) {
      const member = { image, base, path };
      for (const index of indices) memberOf.set(own[index], member);
      if (!executes) continue;
      if (path === executable) members.unshift(member);
      else members.push(member);
    }
  }
  return { scope: new Scope(members, mappings), memberOf };
}
