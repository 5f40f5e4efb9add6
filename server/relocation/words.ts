/** The eight-byte words of a page that the loader writes: reading them, writing them, and what each may hold. */
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { type ElfImage, nameAt, RELOCATION_KINDS, type RelocationKind, SYMBOL } from "./elf-image.ts";
import { relocationsIn } from "./placement.ts";
import { type Definition, isCodeOf, type Scope, type ScopeMember } from "./scope.ts";

/** Why a word that is not the file's is legitimate; the order of the counts. */
export const WORD_KINDS = [
  /** Load base + addend. */
  "relative",
  /** The address of a definition in the same process, or 0 for a weak symbol that nobody defined. */
  "symbol",
  /** A function that was not called yet: load base + the word in the file. */
  "lazy",
  /** What the resolver of an IFUNC symbol chose: some code of the file that defines it, or of the vdso. */
  "ifunc",
  /** Written by the loader for itself: into the dynamic section, and the first words of the GOT. */
  "loader",
  /** Its value cannot be told, only that it is one of its kind. (One that still holds what the file has is not counted.) */
  "open",
] as const;
export type WordKind = (typeof WORD_KINDS)[number];

/** A page of an image as it is mapped in a process. */
export interface MappedPage {
  readonly image: ElfImage;
  /** Load base, from `placeImage`. */
  readonly base: number;
  /** Address of the page's first byte in the process, a multiple of 4096. */
  readonly address: number;
  /** The file page that is mapped there; shorter at the end of the file, which reads as zeros. */
  readonly filePage: Uint8Array;
}

/** A value that the word may hold. */
export interface Choice {
  readonly kind: WordKind;
  readonly value: number;
  /** Whose definition it is. */
  readonly definedIn: ScopeMember | undefined;
}

/** What is known of the value that belongs into a word. */
export type ExpectedWord =
  /** The likeliest of its legitimate values. */
  | { readonly kind: "value"; readonly value: number }
  /** What the resolver of an IFUNC chose: code of the file that defines it, or of the vdso. `undefined`: of this file. */
  | { readonly kind: "resolved"; readonly definedIn: ScopeMember | undefined }
  /** No described file defines the symbol. */
  | { readonly kind: "undefined" }
  /** The loader's own record of the file, in writable memory. */
  | { readonly kind: "loader-record" }
  | { readonly kind: "loader-code" }
  /** A number or an address of its kind. */
  | { readonly kind: "open" };

/** One word of a page, and what it may hold beside what the file has. */
export interface Word {
  /** Offset in the page: negative, or above 4088, for a word that crosses the page's border. */
  readonly at: number;
  /** 8; fewer at the end of a copied variable. */
  readonly width: number;
  readonly relocation: RelocationKind | "loader";
  /** Row of the symbol; 0 without one. */
  readonly symbol: number;
  /** The likeliest first. */
  readonly choices: readonly Choice[];
  readonly expected: ExpectedWord;
  /** Whether a value is one of its kind, where the exact one cannot be told. `value` is signed, exact below 2^53. */
  readonly plausible: (value: number) => WordKind | undefined;
}

const RELATIVE = RELOCATION_KINDS.indexOf("relative");
const IMPLAUSIBLE = (): undefined => undefined;

/**
 * Words that hold load base + addend, which is most of them: called with the place in the page and the value, ascending.
 */
export function forEachRelative(page: MappedPage, visit: (at: number, value: number) => void): void {
  const { image, base, address } = page;
  const { relocations } = image;
  const start = address - base;
  const [first, after] = relocationsIn(image, start, start + PAGE_SIZE);
  for (let row = first; row < after; row++) {
    const at = relocations.address[row] - start;
    if (relocations.kind[row] === RELATIVE && at > -8) visit(at, base + relocations.addend[row]);
  }
}

/** The other words that the loader writes into the page: by symbol, open, copied, its own. */
export function* otherWords(page: MappedPage, scope: Scope): Generator<Word> {
  const { image, base, address } = page;
  const { relocations } = image;
  const start = address - base;
  const [first, after] = relocationsIn(image, start, start + PAGE_SIZE);
  for (let row = first; row < after; row++) {
    if (relocations.kind[row] === RELATIVE) continue;
    const at = relocations.address[row] - start;
    const kind = RELOCATION_KINDS[relocations.kind[row]];
    switch (kind) {
      case "tls-descriptor":
        yield* descriptorWords(at, scope, relocations.symbol[row]);
        break;
      case "symbol":
      case "jump-slot":
      case "tls-offset":
        if (at > -8) yield symbolWord(page, row, at, kind, scope);
        break;
      case "irelative":
      case "tls-module":
      case "tls-thread-offset":
        if (at > -8) yield openWord(page, relocations.symbol[row], at, kind);
        break;
      case "relative":
      case "copy":
      case "unsupported":
        break;
      default:
        kind satisfies never;
    }
  }
  yield* copiedWords(page, scope);
  yield* loaderWords(page, scope);
}

/** The relocation whose word holds the byte at `offset` of the page, for what is said of a difference; no copy. */
export function relocationAt(page: MappedPage, offset: number): number | undefined {
  const vaddr = page.address - page.base + offset;
  const { address, kind, length } = page.image.relocations;
  for (let row = bisect(length, (i) => address[i] <= vaddr) - 1; row >= 0 && vaddr - address[row] < 16; row--) {
    const name = RELOCATION_KINDS[kind[row]];
    if (name !== "copy" && vaddr - address[row] < (name === "tls-descriptor" ? 16 : 8)) return row;
  }
  return undefined;
}

export function symbolName(image: ElfImage, row: number): string | undefined {
  return row === 0 ? undefined : nameAt(image.symbols.strings, image.symbols.name[row]);
}

/** A word whose value only its kind tells. */
function openWord(
  page: MappedPage,
  symbol: number,
  at: number,
  relocation: "irelative" | "tls-module" | "tls-thread-offset",
): Word {
  // Blocks of thread-local storage lie below the thread pointer on x86-64, above it on aarch64.
  const [below, above] = page.image.machine === "x86-64" ? [-(2 ** 31), 1] : [0, 2 ** 31];
  const isOne = (value: number): boolean => {
    switch (relocation) {
      case "irelative":
        return isCodeOf(page, value);
      case "tls-module":
        // Numbered from 1; a process with 65,536 libraries is none.
        return value >= 1 && value < 65_536;
      case "tls-thread-offset":
        return value >= below && value < above;
      default:
        return relocation satisfies never;
    }
  };
  const expected: ExpectedWord =
    relocation === "irelative" ? { kind: "resolved", definedIn: undefined } : { kind: "open" };
  const plausible = (value: number) => (isOne(value) ? ("open" as const) : undefined);
  return { at, width: 8, relocation, symbol, choices: [], expected, plausible };
}

function symbolWord(
  page: MappedPage,
  row: number,
  at: number,
  relocation: "symbol" | "jump-slot" | "tls-offset",
  scope: Scope,
): Word {
  const { image, base, filePage } = page;
  const symbol = image.relocations.symbol[row];
  const addend = image.relocations.addend[row];
  const definitions = definitionsOf(page, symbol, relocation, scope);
  const choices: Choice[] = [];
  for (const { value, member, indirect } of definitions) {
    if (!indirect) choices.push({ kind: "symbol", value: value + addend, definedIn: member });
  }
  if ((image.symbols.flags[symbol] & SYMBOL.weak) !== 0) {
    choices.push({ kind: "symbol", value: addend, definedIn: undefined });
  }
  const inFile = relocation === "jump-slot" ? signedWord(filePage, at) : undefined;
  if (inFile !== undefined) choices.push({ kind: "lazy", value: base + inFile, definedIn: undefined });
  const plausible = (value: number): WordKind | undefined => {
    const indirect = definitions.filter((definition) => definition.indirect);
    if (indirect.some(({ member }) => isCodeOf(member, value))) return "ifunc";
    if (indirect.length > 0 && scope.isVdso(value)) return "ifunc";
    if (definitions.length > 0) return undefined;
    if (relocation === "tls-offset") return value >= 0 && value < 2 ** 31 ? "open" : undefined;
    return isOfUnknownFile(scope, value, relocation) ? "open" : undefined;
  };
  const isOwn = (image.symbols.flags[symbol] & SYMBOL.public) === 0;
  const expected = expectedOf(definitions[0], isOwn, choices, scope);
  return { at, width: 8, relocation, symbol, choices, expected, plausible };
}

/** @param choices beginning with the definition's address; else a weak symbol's, which is 0 when really nobody defines it */
function expectedOf(
  definition: Definition | undefined,
  isOwn: boolean,
  choices: readonly Choice[],
  scope: Scope,
): ExpectedWord {
  if (definition?.indirect) return { kind: "resolved", definedIn: isOwn ? undefined : definition.member };
  const [likeliest] = choices;
  const isKnown = definition !== undefined || (likeliest?.kind === "symbol" && !scope.hasUnknownFile);
  return isKnown ? { kind: "value", value: likeliest.value } : { kind: "undefined" };
}

/** Whether a file that is not described may have defined what lies there. */
function isOfUnknownFile(scope: Scope, value: number, relocation: "symbol" | "jump-slot"): boolean {
  if (scope.isOfUnknownFile(value)) return true;
  // Its IFUNC, whose resolver chose the kernel's function.
  if (scope.isVdso(value)) return scope.hasUnknownFile;
  // Its variable: what is called lies in no .bss.
  return relocation === "symbol" && scope.bssOfUnknownFile(value) !== undefined;
}

const USE_OF = { symbol: "address", "jump-slot": "call", "tls-offset": "storage" } as const;

function definitionsOf(
  { image, base }: MappedPage,
  row: number,
  relocation: keyof typeof USE_OF,
  scope: Scope,
): readonly Definition[] {
  const { symbols } = image;
  const flags = symbols.flags[row];
  if ((flags & SYMBOL.public) !== 0) return scope.definitionsFor(image, row, USE_OF[relocation]);
  // A symbol that does not bind outside is the file's own; so is row 0, whose value is 0.
  const bare = relocation === "tls-offset" || (flags & SYMBOL.absolute) !== 0;
  const value = symbols.value[row] + (bare ? 0 : base);
  return [{ value, member: { image, base, path: "" }, indirect: (flags & SYMBOL.indirect) !== 0 }];
}

/** A function of the loader, then its argument: an offset, or the address of what it needs. */
function* descriptorWords(at: number, scope: Scope, symbol: number): Generator<Word> {
  const word = { width: 8, relocation: "tls-descriptor" as const, symbol, choices: [] };
  const isFunction = (value: number) => (isLoaderCode(scope, value) ? ("open" as const) : undefined);
  if (at > -8) yield { ...word, at, expected: { kind: "loader-code" }, plausible: isFunction };
  if (at + 8 < PAGE_SIZE) {
    const isArgument = (value: number) => Math.abs(value) < 2 ** 31 || scope.isWritable(value);
    const plausible = (value: number) => (isArgument(value) ? ("open" as const) : undefined);
    yield { ...word, at: at + 8, expected: { kind: "open" }, plausible };
  }
}

/** Variables of other files that the executable holds (COPY). The program may have written them since. */
function* copiedWords({ image, base, address }: MappedPage, scope: Scope): Generator<Word> {
  const { relocations, symbols } = image;
  const start = address - base;
  const copy = RELOCATION_KINDS.indexOf("copy");
  for (let row = relocations.kind.indexOf(copy); row >= 0; row = relocations.kind.indexOf(copy, row + 1)) {
    const from = relocations.address[row] - start;
    const to = Math.min(from + symbols.size[relocations.symbol[row]], PAGE_SIZE);
    const symbol = relocations.symbol[row];
    // Of either sign: virtual tables, which C++ programs copy too, hold offsets back to their object.
    const isOne = (value: number) => Math.abs(value) < 2 ** 32 || scope.mappingAt(value) !== undefined;
    const plausible = (value: number) => (isOne(value) ? ("open" as const) : undefined);
    for (let at = Math.max(0, from); at < to; at += 8) {
      const width = Math.min(8, to - at);
      yield { at, width, relocation: "copy", symbol, choices: [], expected: { kind: "open" }, plausible };
    }
  }
}

/** What the loader keeps in the file's own tables. */
function* loaderWords({ image, base, address, filePage }: MappedPage, scope: Scope): Generator<Word> {
  const start = address - base;
  const { debug, got, pointers } = image.loader;
  const within = (vaddr: number) => vaddr >= start && vaddr + 8 <= start + PAGE_SIZE;
  const word = { width: 8, relocation: "loader" as const, symbol: 0, choices: [] };
  for (const vaddr of pointers) {
    const inFile = within(vaddr) ? signedWord(filePage, vaddr - start) : undefined;
    if (inFile === undefined) continue;
    const value = base + inFile;
    const choices: Choice[] = [{ kind: "loader", value, definedIn: undefined }];
    yield { ...word, at: vaddr - start, choices, expected: { kind: "value", value }, plausible: IMPLAUSIBLE };
  }
  const memory = (value: number) => (scope.isWritable(value) ? ("loader" as const) : undefined);
  const ofRecord = { ...word, expected: { kind: "loader-record" }, plausible: memory } as const;
  if (debug >= 0 && within(debug)) yield { ...ofRecord, at: debug - start };
  if (got < 0) return;
  if (within(got + 8)) yield { ...ofRecord, at: got + 8 - start };
  const plausible = (value: number) => (isLoaderCode(scope, value) ? ("loader" as const) : undefined);
  if (within(got + 16)) yield { ...word, at: got + 16 - start, expected: { kind: "loader-code" }, plausible };
}

/** In the loader's code; where the loader's file is not known, in code of a file that is not. */
function isLoaderCode(scope: Scope, value: number): boolean {
  const { loader } = scope;
  if (loader !== undefined) return isCodeOf(loader, value);
  return scope.isOfUnknownFile(value) && scope.mappingAt(value)?.permissions[2] === "x";
}

/**
 * The signed word at `at`; `undefined` when it does not lie in the bytes, or needs more than 53 bits.
 * @param width of fewer bytes than 8 the value is unsigned
 */
export function signedWord(bytes: Uint8Array, at: number, width = 8): number | undefined {
  if (at < 0 || at + width > bytes.length) return undefined;
  if (width < 8) return bytes.subarray(at, at + width).reduceRight((value, byte) => value * 256 + byte, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  const value = view.getInt32(4, true) * 2 ** 32 + view.getUint32(0, true);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Writes as much of the word as lies in the page, little-endian, modulo 2^64. */
export function writeWord(bytes: Uint8Array, at: number, value: number): void {
  const low = value >>> 0;
  const high = Math.floor(value / 2 ** 32) >>> 0;
  for (let i = Math.max(0, -at); i < 8 && at + i < PAGE_SIZE; i++) {
    bytes[at + i] = i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4));
  }
}

/** Whether as much of the word as lies in the page is that of `value`. */
export function holdsWord(bytes: Uint8Array, at: number, value: number): boolean {
  const low = value >>> 0;
  const high = Math.floor(value / 2 ** 32) >>> 0;
  for (let i = Math.max(0, -at); i < 8 && at + i < PAGE_SIZE; i++) {
    if (bytes[at + i] !== ((i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4))) & 0xff)) return false;
  }
  return true;
}
