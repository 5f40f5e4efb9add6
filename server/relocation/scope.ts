/**
 * The images of one process with their load bases: who may have defined a symbol, and what lies at an address.
 *
 * The loader's own order (LD_PRELOAD, dlopen with its local scopes) cannot be told from memory. So every definition in
 * the process's images whose version fits is legitimate, and which one it is belongs to the evidence.
 */
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Mapping } from "../../shared/snapshot/index.ts";
import { type ElfImage, nameAt, SYMBOL } from "./elf-image.ts";

export interface ScopeMember {
  readonly image: ElfImage;
  readonly base: number;
  /** As the process's mappings spell it. */
  readonly path: string;
}

export interface Definition {
  /** Address of the symbol in the process; its offset for thread-local storage; of an indirect one, its resolver's. */
  readonly value: number;
  readonly member: ScopeMember;
  readonly indirect: boolean;
}

/** What a reference asks for. */
export interface Wanted {
  readonly name: string;
  readonly version: string | undefined;
  readonly threadLocal: boolean;
  /** A call: a program's own stand-in for a function's address (an undefined symbol with a value) does not answer it. */
  readonly call: boolean;
}

/** What a symbol is wanted for; index = part of the key of what was found before. */
const USES = ["address", "call", "storage"] as const;
export type Use = (typeof USES)[number];

/** One name in several versions: glibc has three of one. A page may ask for 512 names. */
const DEFINITIONS_LIMIT = 64;
/** Bytes of names of one image; libraries of 100 MB have some 10 MB of them. Names of hostile files lie in one another. */
const NAMES_LIMIT = 1 << 28;

/** Rows of public symbols by name, of an image once for all processes. */
const INDEXES = new WeakMap<ElfImage, ReadonlyMap<string, readonly number[]>>();

export class Scope {
  /** The executable, what it needs breadth first, then what was loaded later, in the order given. */
  readonly members: readonly ScopeMember[];
  /** The loader: the member that the executable, or else another file as libc, names as its interpreter. */
  readonly loader: ScopeMember | undefined;
  readonly #mappings: readonly Mapping[];
  readonly #paths: ReadonlySet<string>;
  /** What was found before, by the image that asks, then by row and use: a page asks for up to 512 symbols. */
  readonly #found = new Map<ElfImage, Map<number, readonly Definition[]>>();

  /**
   * @param members the executable first
   * @param mappings all of the process
   */
  constructor(members: readonly ScopeMember[], mappings: readonly Mapping[]) {
    this.members = breadthFirst(members);
    this.loader = loaderAmong(this.members);
    this.#mappings = mappings.toSorted((a, b) => a.range.start - b.range.start);
    this.#paths = new Set(members.map(({ path }) => path));
  }

  /** Definitions in the order of the members. */
  definitions(wanted: Wanted): readonly Definition[] {
    return this.members.flatMap((member) => definitionsIn(member, wanted));
  }

  /** Definitions of a symbol that an image names: a row of its table, not 0. */
  definitionsFor(image: ElfImage, row: number, use: Use): readonly Definition[] {
    let found = this.#found.get(image);
    if (found === undefined) {
      found = new Map();
      this.#found.set(image, found);
    }
    const key = row * USES.length + USES.indexOf(use);
    let definitions = found.get(key);
    if (definitions === undefined) {
      const { symbols } = image;
      const name = nameAt(symbols.strings, symbols.name[row]);
      const version = symbols.versions[symbols.version[row] & 0x7fff];
      const wanted = { version, threadLocal: use === "storage", call: use === "call" };
      definitions = name === undefined ? [] : this.definitions({ ...wanted, name });
      found.set(key, definitions);
    }
    return definitions;
  }

  mappingAt(address: number): Mapping | undefined {
    const page = Math.floor(address / PAGE_SIZE);
    const after = bisect(this.#mappings.length, (i) => this.#mappings[i].range.start <= page);
    const mapping = this.#mappings[after - 1];
    return mapping !== undefined && page < mapping.range.end ? mapping : undefined;
  }

  isWritable(address: number): boolean {
    return this.mappingAt(address)?.permissions[1] === "w";
  }

  /** Whether a file is mapped that no member is. */
  get hasUnknownFile(): boolean {
    return this.#mappings.some((mapping) => this.#isOfUnknownFile(mapping));
  }

  /** In a mapping of a file that no member is: its names are not known here. */
  isOfUnknownFile(address: number): boolean {
    const mapping = this.mappingAt(address);
    return mapping !== undefined && this.#isOfUnknownFile(mapping);
  }

  /**
   * The file that no member is and whose .bss the address lies in: private memory that nobody runs, directly behind the
   * last mapping of the file, which is writable. A file's .bss that ends in its last page lies in that mapping itself.
   */
  bssOfUnknownFile(address: number): Mapping | undefined {
    const mapping = this.mappingAt(address);
    if (mapping?.kind !== "anonymous" || mapping.shared || mapping.permissions.slice(1, 3) !== "w-") return undefined;
    const at = this.#mappings.indexOf(mapping);
    const file: Mapping | undefined = this.#mappings[at - 1];
    if (file === undefined || !this.#isOfUnknownFile(file)) return undefined;
    if (file.range.end !== mapping.range.start || file.shared || file.permissions[1] !== "w") return undefined;
    // A file may be mapped again, from its beginning: by dlmopen, or to be read.
    const again = this.#mappings.slice(at).find(({ path }) => path === file.path);
    return again === undefined || again.offset === 0 ? file : undefined;
  }

  #isOfUnknownFile({ kind, path }: Mapping): boolean {
    return kind === "file" && path !== null && !this.#paths.has(path);
  }

  isVdso(address: number): boolean {
    return this.mappingAt(address)?.kind === "vdso";
  }
}

/** Whether an address lies in a load of the member from which code runs. */
export function isCodeOf({ image, base }: Pick<ScopeMember, "image" | "base">, address: number): boolean {
  const vaddr = address - base;
  return image.loads.some((load) => load.executable && vaddr >= load.vaddr && vaddr < load.vaddr + load.filesz);
}

function definitionsIn(member: ScopeMember, { name, version, threadLocal, call }: Wanted): readonly Definition[] {
  const { image, base } = member;
  const { symbols } = image;
  const found: Definition[] = [];
  for (const row of indexOf(image).get(name) ?? []) {
    const flags = symbols.flags[row];
    const standIn = (flags & SYMBOL.defined) === 0;
    const ofStorage = (flags & SYMBOL.threadLocal) !== 0;
    if (ofStorage !== threadLocal || (standIn && call) || !fits(image, row, version)) continue;
    const bare = ofStorage || (flags & SYMBOL.absolute) !== 0;
    const value = bare ? symbols.value[row] : base + symbols.value[row];
    found.push({ value, member, indirect: (flags & SYMBOL.indirect) !== 0 });
  }
  return found;
}

/**
 * Whether a definition has the version asked for, or none at all; one that is hidden answers only who names it.
 * @see glibc elf/dl-lookup.c, check_match
 */
function fits({ symbols }: ElfImage, row: number, version: string | undefined): boolean {
  const index = symbols.version[row] & 0x7fff;
  const hidden = (symbols.version[row] & 0x8000) !== 0;
  if (version === undefined) return !hidden;
  const own = symbols.versions[index];
  return own === version || (own === undefined && !hidden);
}

function indexOf(image: ElfImage): ReadonlyMap<string, readonly number[]> {
  const there = INDEXES.get(image);
  if (there !== undefined) return there;
  const index = new Map<string, number[]>();
  const { symbols } = image;
  let left = NAMES_LIMIT;
  for (let row = 1; row < symbols.length && left > 0; row++) {
    const flags = symbols.flags[row];
    const valued = symbols.value[row] !== 0 || (flags & (SYMBOL.absolute | SYMBOL.threadLocal)) !== 0;
    if ((flags & SYMBOL.public) === 0 || !valued) continue;
    if ((flags & SYMBOL.defined) === 0 && symbols.value[row] === 0) continue;
    const name = nameAt(symbols.strings, symbols.name[row]);
    if (name === undefined || name === "") continue;
    left -= name.length;
    const rows = index.get(name);
    if (rows === undefined) index.set(name, [row]);
    else if (rows.length < DEFINITIONS_LIMIT) rows.push(row);
  }
  INDEXES.set(image, index);
  return index;
}

/** glibc's `ld-linux-x86-64.so.2` and `ld-2.31.so`, `ld64.so.2`, musl's `ld-musl-x86_64.so.1`. */
const LOADER = /^ld(-linux|-musl|-\d|64|\.so)/;

/** Whether the file is a loader by its name. */
export function isCalledLoader({ image, path }: Pick<ScopeMember, "image" | "path">): boolean {
  return LOADER.test(image.soname ?? "") || LOADER.test(fileName(path));
}

/** Where no file that names the loader is described, it is told by its own name. */
function loaderAmong(members: readonly ScopeMember[]): ScopeMember | undefined {
  for (const { image: of } of members) {
    if (of.interpreter === undefined) continue;
    const name = fileName(of.interpreter);
    const named = members.find(({ image, path }) => image.soname === name || fileName(path) === name);
    if (named !== undefined) return named;
  }
  return members.find(isCalledLoader);
}

function breadthFirst(members: readonly ScopeMember[]): readonly ScopeMember[] {
  const byName = new Map<string, ScopeMember>();
  for (const member of members) {
    for (const name of [member.image.soname, fileName(member.path)]) {
      if (name !== undefined && !byName.has(name)) byName.set(name, member);
    }
  }
  const ordered = new Set(members.slice(0, 1));
  // A set grows while it is walked: what is needed comes after all that needed something before.
  for (const { image } of ordered) {
    for (const name of image.needed) {
      const member = byName.get(name);
      if (member !== undefined) ordered.add(member);
    }
  }
  for (const member of members) ordered.add(member);
  return [...ordered];
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
