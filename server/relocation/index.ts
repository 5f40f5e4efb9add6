/** Public face of `relocation`: what a page of a mapped ELF file may hold beside what the file has, and whether it does. */
export { describeElf } from "./describe-elf.ts";
export {
  type ElfImage,
  type Load,
  type Machine,
  type RelocationKind,
  type Relocations,
  SYMBOL,
  type Symbols,
} from "./elf-image.ts";
export { decodeElfImage, encodeElfImage } from "./encoding.ts";
export { type MemorySymbols, symbolsInMemory } from "./memory-symbols.ts";
export { namedRows, symbolVersion } from "./named-symbols.ts";
export { filePageOffset, loadAt, type Placement, pagesToKeep, placeImage } from "./placement.ts";
export { imagesOfProcess, type ProcessImages } from "./process-images.ts";
export { type Definition, isCalledLoader, Scope, type ScopeMember } from "./scope.ts";
export {
  type DifferingRange,
  type ExpectedPage,
  expectedPage,
  type PageCheck,
  type PagePart,
  symbolAt,
  verifyPage,
  type WordCounts,
  type WordEvidence,
} from "./verify-page.ts";
export { type ExpectedWord, type MappedPage, WORD_KINDS, type WordKind } from "./words.ts";
