/** The dynamic symbol table with its versions. Its length stands nowhere: the hash tables and relocations tell it. */
import { DT, type DynamicSection } from "./dynamic-section.ts";
import { NO_SYMBOLS, nameAt, SYMBOL, type Symbols } from "./elf-image.ts";
import { fileOffsetOf, type ProgramHeaders } from "./program-headers.ts";

const ENTRY = 24;
const SHN_UNDEF = 0;
const SHN_ABS = 0xfff1;
const BINDS_OUTSIDE = [1, 2, 10];
const STB_WEAK = 2;
const STT_TLS = 6;
const STT_GNU_IFUNC = 10;
const STV_INTERNAL = 1;
const STV_HIDDEN = 2;
/** 27 B a row: 57 MB at the limit. */
const LIMIT = 1 << 21;
/** Indices have 15 bits; this many are also read, however the lists are linked. */
const VERSIONS_LIMIT = 0x7fff;
const VERSION_NAME_LIMIT = 256;

/**
 * @param referenced the symbols that relocations name: the table is at least this long
 * @returns the table, or why it is not known
 */
export function parseSymbols(headers: ProgramHeaders, section: DynamicSection, referenced: number): Symbols | string {
  const { view, loads } = headers;
  const symtab = section.tags.get(DT.symtab);
  const length = Math.max(referenced, hashedSymbols(headers, section));
  if (symtab === undefined || length === 0) {
    return referenced === 0 ? NO_SYMBOLS : "its relocations name symbols, but it has no symbol table";
  }
  if (length > LIMIT) return `it has more than ${LIMIT} dynamic symbols`;
  const start = fileOffsetOf(loads, symtab, length * ENTRY);
  if (start === undefined) return `its symbol table of ${length} entries does not lie in its loads`;
  const versym = section.tags.get(DT.versym);
  const versymAt = versym === undefined ? undefined : fileOffsetOf(loads, versym, length * 2);
  const symbols = {
    length,
    name: new Uint32Array(length),
    value: new Float64Array(length),
    size: new Float64Array(length),
    flags: new Uint8Array(length),
    version: new Uint16Array(length).fill(1),
    versions: parseVersions(headers, section),
    strings: section.strings,
  };
  for (let i = 0; i < length; i++) {
    const at = start + i * ENTRY;
    const value = view.u64(at + 8);
    const size = view.u64(at + 16);
    symbols.name[i] = view.u32(at) ?? 0;
    if (versymAt !== undefined) symbols.version[i] = view.u16(versymAt + i * 2) ?? 1;
    // A value that is no address defines nothing.
    if (value === undefined || value > 2 ** 52) continue;
    symbols.value[i] = value;
    symbols.size[i] = size ?? 0;
    symbols.flags[i] = flagsOf(view.bytes[at + 4], view.bytes[at + 5], view.u16(at + 6) ?? 0);
  }
  return symbols;
}

function flagsOf(info: number, other: number, section: number): number {
  const visibility = other & 3;
  const hidden = visibility === STV_HIDDEN || visibility === STV_INTERNAL;
  const type = info & 15;
  return (
    (BINDS_OUTSIDE.includes(info >>> 4) && !hidden ? SYMBOL.public : 0) |
    (info >>> 4 === STB_WEAK ? SYMBOL.weak : 0) |
    (section !== SHN_UNDEF ? SYMBOL.defined : 0) |
    (section === SHN_ABS ? SYMBOL.absolute : 0) |
    (type === STT_GNU_IFUNC ? SYMBOL.indirect : 0) |
    (type === STT_TLS ? SYMBOL.threadLocal : 0)
  );
}

/** Symbols that the hash tables reach; 0 without one. */
function hashedSymbols({ view, loads }: ProgramHeaders, { tags }: DynamicSection): number {
  const hash = tags.get(DT.hash);
  const hashAt = hash === undefined ? undefined : fileOffsetOf(loads, hash, 8);
  if (hashAt !== undefined) return view.u32(hashAt + 4) ?? 0;
  const gnu = tags.get(DT.gnuHash);
  const at = gnu === undefined ? undefined : fileOffsetOf(loads, gnu, 16);
  if (at === undefined) return 0;
  const buckets = view.u32(at) ?? 0;
  const first = view.u32(at + 4) ?? 0;
  const bloomWords = view.u32(at + 8) ?? 0;
  const bucketsAt = at + 16 + bloomWords * 8;
  if (!view.holds(bucketsAt, buckets * 4)) return 0;
  let last = 0;
  for (let i = 0; i < buckets; i++) last = Math.max(last, view.u32(bucketsAt + i * 4) ?? 0);
  if (last < first) return first;
  // A chain ends with an odd hash; one that runs out of the file has no end, and its length is refused above.
  const chainsAt = bucketsAt + buckets * 4;
  for (; last - first < LIMIT; last++) {
    const hashed = view.u32(chainsAt + (last - first) * 4);
    if (hashed === undefined || (hashed & 1) === 1) break;
  }
  return last + 1;
}

/** Names by index, from what the file defines (DT_VERDEF) and needs (DT_VERNEED): lists linked by relative offsets. */
function parseVersions({ view, loads }: ProgramHeaders, { tags, strings }: DynamicSection): (string | undefined)[] {
  const versions: (string | undefined)[] = [];
  let left = VERSIONS_LIMIT;
  const name = (index: number, offset: number | undefined): void => {
    if (index >= 2 && index <= VERSIONS_LIMIT && offset !== undefined) {
      versions[index] = nameAt(strings, offset, VERSION_NAME_LIMIT);
    }
  };
  let at = fileOffsetOf(loads, tags.get(DT.verdef) ?? -1, 20);
  for (; at !== undefined && left > 0; left--) {
    // VER_FLG_BASE names the file, not a version, and no loader compares it.
    const isBase = ((view.u16(at + 2) ?? 0) & 1) === 1;
    const aux = view.u32(at + 12) ?? 0;
    if (!isBase) name((view.u16(at + 4) ?? 0) & 0x7fff, view.u32(at + aux));
    at = following(at, view.u32(at + 16));
  }
  at = fileOffsetOf(loads, tags.get(DT.verneed) ?? -1, 16);
  for (; at !== undefined && left > 0; left--) {
    let aux = following(at, view.u32(at + 8));
    const count = view.u16(at + 2) ?? 0;
    for (let k = 0; aux !== undefined && k < count && left > 0; k++, left--) {
      name((view.u16(aux + 6) ?? 0) & 0x7fff, view.u32(aux + 8));
      aux = following(aux, view.u32(aux + 12));
    }
    at = following(at, view.u32(at + 12));
  }
  return Array.from(versions);
}

function following(at: number, distance: number | undefined): number | undefined {
  return distance === undefined || distance === 0 ? undefined : at + distance;
}
