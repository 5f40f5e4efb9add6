/**
 * What is kept of an ELF file so that its pages in memory can be verified without it: where its loads go, what its
 * loader writes into them, and the names that other files find in it. Everything is taken from program headers and the
 * dynamic section; section headers may be stripped.
 *
 * Numbers are `number`: a file that needs more than 53 bits for an address or addend is described without relocations,
 * so its relocated pages differ rather than being explained by a rounded value.
 * @see docs/relocation.md
 */

/** Index = code in `encodeElfImage`. Of `other` machines build-id and loads are known, no relocations. */
export const MACHINES = ["x86-64", "aarch64", "other"] as const;
export type Machine = (typeof MACHINES)[number];

/** A PT_LOAD. Fields are the specification's, in bytes; `vaddr` and `offset` agree modulo 4096. */
export interface Load {
  readonly offset: number;
  readonly vaddr: number;
  readonly filesz: number;
  readonly memsz: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
}

/** [start, end) in the file's own addresses (vaddr). */
export interface VaddrRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a relocation makes of its word; index = code in `Relocations.kind`. S is the symbol's address, A the addend, B
 * the load base.
 */
export const RELOCATION_KINDS = [
  /** B + A. */
  "relative",
  /** S + A: a pointer in data, or a GOT entry (x86-64 loaders leave A out of those; here it is 0 then). */
  "symbol",
  /** S + A, or B + the word in the file until the function is first called. */
  "jump-slot",
  /** What the function at B + A returned. */
  "irelative",
  /** The bytes of the symbol in another file, and what the program wrote there since. */
  "copy",
  /** The number of the symbol's module. */
  "tls-module",
  /** The symbol's offset in its module's block of thread-local storage, + A. */
  "tls-offset",
  /** The symbol's offset from the thread pointer, + A. */
  "tls-thread-offset",
  /** Two words: a function of the loader and its argument. */
  "tls-descriptor",
  /** A type that no loader of the machine meets in a file of today. Its word is expected as the file has it. */
  "unsupported",
] as const;
export type RelocationKind = (typeof RELOCATION_KINDS)[number];

/**
 * One row per relocated place, strictly ascending by address. DT_RELR is unpacked, and an addend that lies in the file
 * (REL, RELR) is in the column.
 */
export interface Relocations {
  readonly length: number;
  /** vaddr of the first byte written. Any, also unaligned. */
  readonly address: Float64Array;
  /** Index into `RELOCATION_KINDS`. */
  readonly kind: Uint8Array;
  /** Row in `Symbols`; 0 is none. Below `Symbols.length`. */
  readonly symbol: Uint32Array;
  /** Signed, between −2^52 and 2^52. */
  readonly addend: Float64Array;
}

/** Bits of `Symbols.flags`. */
export const SYMBOL = {
  /** Binds outside its file: GLOBAL, WEAK, UNIQUE, and neither HIDDEN nor INTERNAL. */
  public: 1,
  weak: 2,
  /** In a section of this file, or ABS. */
  defined: 4,
  /** A value that the load base is not added to. */
  absolute: 8,
  /** STT_GNU_IFUNC: the address is what calling it returns. */
  indirect: 16,
  /** STT_TLS: the value is an offset in the module's thread-local storage. */
  threadLocal: 32,
} as const;

/** The dynamic symbol table, one row per symbol in the file's order; row 0 is the null symbol. */
export interface Symbols {
  readonly length: number;
  /** Offset in `strings`, where a name ends with a zero byte. */
  readonly name: Uint32Array;
  /** st_value: a vaddr, an absolute value, or an offset in thread-local storage. */
  readonly value: Float64Array;
  readonly size: Float64Array;
  /** Bits of `SYMBOL`. */
  readonly flags: Uint8Array;
  /** DT_VERSYM: index into `versions`, with bit 15 for a version that only who names it gets. 1 without DT_VERSYM. */
  readonly version: Uint16Array;
  /** Names by index; 0 (local) and 1 (without version) have none. */
  readonly versions: readonly (string | undefined)[];
  /** The dynamic string table as it is in the file. */
  readonly strings: Uint8Array;
}

/** Where the loader writes besides relocations; −1 where the file has no such place. */
export interface LoaderPlaces {
  /** vaddr of the value of DT_DEBUG. */
  readonly debug: number;
  /** DT_PLTGOT of a file with DT_JMPREL: words 1 and 2 of it are the loader's. */
  readonly got: number;
  /** vaddrs of values in the dynamic section that loaders turn into addresses. */
  readonly pointers: readonly number[];
}

export interface ElfImage {
  readonly machine: Machine;
  /** e_machine. */
  readonly machineNumber: number;
  /** ET_EXEC: mapped at its own addresses, load base 0. */
  readonly fixed: boolean;
  /** Ascending by vaddr; those of no bytes are left out. */
  readonly loads: readonly Load[];
  /** PT_GNU_RELRO: written by the loader, then read-only. */
  readonly relro: VaddrRange | undefined;
  /** NT_GNU_BUILD_ID in lower-case hexadecimal. */
  readonly buildId: string | undefined;
  readonly soname: string | undefined;
  /** PT_INTERP: the loader that an executable asks for. */
  readonly interpreter: string | undefined;
  readonly needed: readonly string[];
  /** Bytes of the module's thread-local storage (PT_TLS p_memsz). */
  readonly tlsSize: number;
  readonly relocations: Relocations;
  readonly symbols: Symbols;
  readonly loader: LoaderPlaces;
  /**
   * Why relocations or names of this file are not known, in words; then pages that hold relocated words differ.
   * `undefined` for a file that is wholly understood.
   */
  readonly notUnderstood: string | undefined;
}

export const NO_RELOCATIONS: Relocations = {
  length: 0,
  address: new Float64Array(0),
  kind: new Uint8Array(0),
  symbol: new Uint32Array(0),
  addend: new Float64Array(0),
};

export const NO_SYMBOLS: Symbols = {
  length: 0,
  name: new Uint32Array(0),
  value: new Float64Array(0),
  size: new Float64Array(0),
  flags: new Uint8Array(0),
  version: new Uint16Array(0),
  versions: [],
  strings: new Uint8Array(0),
};

const TEXT = new TextDecoder();
/** glibc's names are below 100 bytes, C++ ones reach thousands. */
const NAME_LIMIT = 65_536;

/** The name at an offset of a string table; `undefined` where none of at most `limit` bytes ends there. */
export function nameAt(strings: Uint8Array, offset: number, limit = NAME_LIMIT): string | undefined {
  if (offset >= strings.length) return undefined;
  const end = strings.subarray(0, offset + limit + 1).indexOf(0, offset);
  if (end < 0) return undefined;
  return TEXT.decode(strings.subarray(offset, end));
}
