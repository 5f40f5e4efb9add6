/**
 * The one thing for which section headers are asked: a static program has no dynamic section, and its start-up code
 * finds its IRELATIVE relocations by symbols that are not in the file. Stripped of its section headers it has none.
 */
import type { FileView } from "./file-view.ts";

const SHT_RELA = 4;
const SHF_ALLOC = 2;
const ENTRY = 64;
/** Linkers write some 40; more than 65,279 need another header. */
const LIMIT = 65_279;

/** File offsets and sizes of the tables of relocations that are in memory; of a 64-bit file. All lie in the file. */
export function relocationSections(view: FileView): readonly (readonly [offset: number, size: number])[] {
  const shoff = view.u64(40) ?? 0;
  const shnum = view.u16(60) ?? 0;
  if (view.u16(58) !== ENTRY || shnum > LIMIT || !view.holds(shoff, shnum * ENTRY)) return [];
  const tables: (readonly [number, number])[] = [];
  for (let at = shoff; at < shoff + shnum * ENTRY; at += ENTRY) {
    if (view.u32(at + 4) !== SHT_RELA || ((view.u64(at + 8) ?? 0) & SHF_ALLOC) === 0) continue;
    const offset = view.u64(at + 24);
    const size = view.u64(at + 32);
    if (offset !== undefined && size !== undefined && view.holds(offset, size)) tables.push([offset, size]);
  }
  return tables;
}
