/**
 * The dynamic symbols of a file that nobody has but the memory it was mapped into: cores hold the pages that its loader
 * read. What was not recorded is zero, which names nothing. The surprise: in memory glibc has turned the pointers of the
 * dynamic section into addresses; they are turned back.
 */
import type { Mapping } from "../../shared/snapshot/index.ts";
import { describeElf } from "./describe-elf.ts";
import { DT, parseDynamicSection } from "./dynamic-section.ts";
import type { Symbols } from "./elf-image.ts";
import { placeImage } from "./placement.ts";
import { fileOffsetOf, parseProgramHeaders } from "./program-headers.ts";
import { parseSymbols } from "./symbol-table.ts";

export interface MemorySymbols {
  readonly base: number;
  readonly symbols: Symbols;
}

/**
 * @param content what is recorded of the file, by its offsets; changed here
 * @param mappings of the file, all of one process
 * @returns `undefined` where the memory does not hold enough of it
 */
export function symbolsInMemory(
  content: Uint8Array,
  mappings: readonly Pick<Mapping, "range" | "offset" | "permissions">[],
): MemorySymbols | undefined {
  const headers = parseProgramHeaders(content);
  const image = headers?.wide && headers.littleEndian ? describeElf(content) : undefined;
  const base = image && placeImage(image, mappings)[0]?.base;
  if (!headers || base === undefined) return undefined;
  const inMemory = parseDynamicSection(headers);
  if (!inMemory) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const end = Math.max(...headers.loads.map(({ vaddr, memsz }) => vaddr + memsz));
  for (const place of inMemory.loader.pointers) {
    const at = fileOffsetOf(headers.loads, place, 8);
    if (at === undefined) continue;
    const value = view.getBigUint64(at, true) - BigInt(base);
    if (value >= 0n && value < BigInt(end)) view.setBigUint64(at, value, true);
  }
  const section = parseDynamicSection(headers);
  if (!section?.tags.has(DT.symtab)) return undefined;
  const symbols = parseSymbols(headers, section, 0);
  if (typeof symbols === "string" || symbols.length === 0) return undefined;
  // The strings are a view of the content, which is not kept.
  return { base, symbols: { ...symbols, strings: new Uint8Array(symbols.strings) } };
}
