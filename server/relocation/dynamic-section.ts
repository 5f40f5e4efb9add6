/** The dynamic section: tags the description needs, and where the loader writes into the section itself. */
import { type LoaderPlaces, nameAt } from "./elf-image.ts";
import { fileOffsetOf, type ProgramHeaders } from "./program-headers.ts";

export const DT = {
  needed: 1,
  pltrelsz: 2,
  pltgot: 3,
  hash: 4,
  strtab: 5,
  symtab: 6,
  rela: 7,
  relasz: 8,
  strsz: 10,
  soname: 14,
  rel: 17,
  relsz: 18,
  pltrel: 20,
  debug: 21,
  jmprel: 23,
  relrsz: 35,
  relr: 36,
  gnuHash: 0x6ffffef5,
  versym: 0x6ffffff0,
  verdef: 0x6ffffffc,
  verneed: 0x6ffffffe,
} as const;

/** glibc adds the load base to these in memory (`elf_get_dynamic_info`, ADJUST_DYN_INFO), unless the section is read-only. */
const TURNED_INTO_ADDRESSES: ReadonlySet<number> = new Set([
  DT.hash,
  DT.pltgot,
  DT.strtab,
  DT.symtab,
  DT.rela,
  DT.rel,
  DT.jmprel,
  DT.relr,
  DT.gnuHash,
  DT.versym,
]);
/** Real ones have some 30 entries, and as many DT_NEEDED as there are libraries. */
const ENTRIES_LIMIT = 65_536;
/** The kernel's PATH_MAX. */
const NAME_LIMIT = 4096;

export interface DynamicSection {
  /** The value of each tag; the last one counts, as it does for glibc. */
  readonly tags: ReadonlyMap<number, number>;
  readonly soname: string | undefined;
  readonly needed: readonly string[];
  readonly strings: Uint8Array;
  readonly loader: LoaderPlaces;
}

/** @returns `undefined` when the section lies in no load. A tag whose value needs more than 53 bits is left out. */
export function parseDynamicSection(headers: ProgramHeaders): DynamicSection | undefined {
  const { view, loads, dynamic } = headers;
  if (dynamic === undefined) return undefined;
  const start = fileOffsetOf(loads, dynamic.start, dynamic.end - dynamic.start);
  if (start === undefined) return undefined;
  const tags = new Map<number, number>();
  const places = new Map<number, number>();
  const neededNames: number[] = [];
  const entries = Math.min(ENTRIES_LIMIT, Math.floor((dynamic.end - dynamic.start) / 16));
  for (let i = 0; i < entries; i++) {
    const tag = view.u64(start + i * 16);
    const value = view.u64(start + i * 16 + 8);
    if (tag === 0) break;
    if (tag === undefined || value === undefined) continue;
    if (tag === DT.needed) neededNames.push(value);
    tags.set(tag, value);
    places.set(tag, dynamic.start + i * 16 + 8);
  }
  const length = tags.get(DT.strsz) ?? 0;
  const at = fileOffsetOf(loads, tags.get(DT.strtab) ?? -1, length);
  const strings = at === undefined ? new Uint8Array(0) : view.bytes.subarray(at, at + length);
  const soname = tags.get(DT.soname);
  return {
    tags,
    soname: soname === undefined ? undefined : nameAt(strings, soname, NAME_LIMIT),
    needed: neededNames.map((name) => nameAt(strings, name, NAME_LIMIT)).filter((name) => name !== undefined),
    strings,
    loader: {
      debug: places.get(DT.debug) ?? -1,
      got: tags.has(DT.jmprel) ? (tags.get(DT.pltgot) ?? -1) : -1,
      pointers: [...places].filter(([tag]) => TURNED_INTO_ADDRESSES.has(tag)).map(([, place]) => place),
    },
  };
}
