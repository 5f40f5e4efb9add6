/**
 * A recorded page against its file page: the same, the same but for what the loader writes, or different, and where.
 * Byte for byte: a word that the loader writes must hold one of the values that are legitimate there, and every other
 * byte must be the file's, or zero in .bss.
 * @see docs/relocation.md
 */
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { type ElfImage, RELOCATION_KINDS, type RelocationKind, SYMBOL } from "./elf-image.ts";
import { loadAt } from "./placement.ts";
import type { Scope, ScopeMember } from "./scope.ts";
import {
  type ExpectedWord,
  forEachRelative,
  holdsWord,
  type MappedPage,
  otherWords,
  relocationAt,
  signedWord,
  symbolName,
  type Word,
  type WordKind,
  writeWord,
} from "./words.ts";

/** Words of a page by why they are legitimate. */
export type WordCounts = Readonly<Record<WordKind, number>> & {
  /** Of `symbol`: those that hold a definition which is not the first in the scope, as with symbols taken over. */
  readonly laterDefinition: number;
};

export type PagePart =
  /** In a page from which code runs. */
  | "executable"
  | "read-only"
  /** In a page that the loader writes, then makes read-only: nobody but the loader has business there. */
  | "relro"
  /** What the program may write. */
  | "data"
  | "bss"
  /** In a writable page, before or behind the load. Of no use to the program, but some allocators take it. */
  | "beside";

/** [from, to) of the page differs; a relocated word is whole in it. */
export interface DifferingRange {
  readonly from: number;
  readonly to: number;
  readonly part: PagePart;
  /** What would be there; of a word whose value cannot be told (`wrong` says which) no more than a stand-in. */
  readonly expected: Uint8Array;
  /** Why the loader writes there; `undefined` where it does not. */
  readonly relocation: RelocationKind | undefined;
  /** The symbol whose address was expected, or, without a relocation, the object of the file that begins or lies here. */
  readonly symbol: string | undefined;
}

export type PageCheck =
  /** Equal to the file page. */
  | { readonly outcome: "same" }
  /** `bssFrom`: where in the page .bss zeros cover the file's bytes; `undefined` where none do. */
  | { readonly outcome: "relocated"; readonly words: WordCounts; readonly bssFrom: number | undefined }
  /** Ranges ascend. `wrong`: by its offset in the page, each word of the loader's that holds no legitimate value. */
  | {
      readonly outcome: "differs";
      readonly words: WordCounts;
      readonly ranges: readonly DifferingRange[];
      readonly wrong: ReadonlyMap<number, ExpectedWord>;
    };

/** A word that is legitimate, for who asks why. */
export interface WordEvidence {
  readonly at: number;
  readonly kind: WordKind;
  readonly relocation: RelocationKind | "loader";
  readonly symbol: string | undefined;
  readonly definedIn: ScopeMember | undefined;
}

/** What memory would hold if nobody but the loader had written. */
export interface ExpectedPage {
  /**
   * 4096 bytes. A word with several legitimate values has the likeliest; an open one what the file has, or, of a
   * function, what it holds before it is called.
   */
  readonly bytes: Uint8Array;
  /** Offsets of words whose value cannot be told, and why the loader writes them. */
  readonly open: readonly { readonly at: number; readonly relocation: RelocationKind | "loader" }[];
  readonly bssFrom: number | undefined;
}

/** The page as the loader leaves it, every function resolved that can be. */
export function expectedPage(page: MappedPage, scope: Scope): ExpectedPage {
  const { bytes, bssFrom } = mappedBytes(page);
  const open: { readonly at: number; readonly relocation: RelocationKind | "loader" }[] = [];
  forEachRelative(page, (at, value) => writeWord(bytes, at, value));
  for (const { at, relocation, choices } of otherWords(page, scope)) {
    // Some loaders write there, others do not.
    if (relocation === "loader") {
      open.push({ at, relocation });
      continue;
    }
    const known = choices.find(({ kind }) => kind !== "lazy");
    const written = known ?? choices[0];
    if (written !== undefined) writeWord(bytes, at, written.value);
    if (known === undefined) open.push({ at, relocation });
  }
  return { bytes, open, bssFrom };
}

/**
 * @param recorded 4096 bytes
 * @param onWord called for each legitimate word that the loader wrote, in no order
 */
export function verifyPage(
  recorded: Uint8Array,
  page: MappedPage,
  scope: Scope,
  onWord?: (word: WordEvidence) => void,
): PageCheck {
  if (isSame(recorded, page.filePage)) return { outcome: "same" };
  const { bytes, bssFrom, fileFrom } = mappedBytes(page, recorded);
  const words = { ...countsOf(), laterDefinition: 0 };
  const wrong = new Map<number, ExpectedWord>();
  forEachRelative(page, (at, value) => {
    writeWord(bytes, at, value);
    if (!holdsWord(recorded, at, value)) {
      wrong.set(at, { kind: "value", value });
      return;
    }
    words.relative++;
    onWord?.({ at, kind: "relative", relocation: "relative", symbol: undefined, definedIn: undefined });
  });
  for (const word of otherWords(page, scope)) {
    const found = legitimate(recorded, word, bytes);
    if (found === undefined) {
      wrong.set(word.at, word.expected);
      const likeliest = word.choices[0];
      if (likeliest !== undefined) writeWord(bytes, word.at, likeliest.value);
      continue;
    }
    if (found === "file") continue;
    copyWord(recorded, bytes, word);
    words[found.kind]++;
    if (found.later) words.laterDefinition++;
    onWord?.({
      at: word.at,
      kind: found.kind,
      relocation: word.relocation,
      symbol: symbolName(page.image, word.symbol),
      definedIn: found.definedIn,
    });
  }
  const ranges = differingRanges(recorded, bytes, page, fileFrom);
  return ranges.length === 0 ? { outcome: "relocated", words, bssFrom } : { outcome: "differs", words, ranges, wrong };
}

function countsOf(): Record<WordKind, number> {
  return { relative: 0, symbol: 0, lazy: 0, ifunc: 0, loader: 0, open: 0 };
}

interface Legitimate {
  readonly kind: WordKind;
  readonly definedIn: ScopeMember | undefined;
  readonly later: boolean;
}

/** Why the word is legitimate; `file` where nobody had to write it. */
function legitimate(recorded: Uint8Array, word: Word, bytes: Uint8Array): Legitimate | "file" | undefined {
  if (word.relocation === "loader" && sameWord(recorded, bytes, word.at)) return "file";
  const choice = word.choices.findIndex(({ value }) => holdsWord(recorded, word.at, value));
  if (choice >= 0) {
    const { kind, definedIn } = word.choices[choice];
    return { kind, definedIn, later: kind === "symbol" && choice > 0 };
  }
  const value = signedWord(recorded, word.at, word.width);
  const kind = value === undefined ? undefined : word.plausible(value);
  return kind === undefined ? undefined : { kind, definedIn: undefined, later: false };
}

interface MappedBytes {
  readonly bytes: Uint8Array;
  readonly bssFrom: number | undefined;
  /** Where the file's bytes go on behind a .bss that ends in this page; 4096 otherwise. */
  readonly fileFrom: number;
}

/**
 * The file page with .bss zeros over its end. The kernel, which maps executables and the loader, zeroes to the page's
 * end; the loader, which maps the libraries, only to the end of .bss. Behind it the nearer of both counts, as a whole.
 */
function mappedBytes({ image, base, address, filePage }: MappedPage, recorded?: Uint8Array): MappedBytes {
  const bytes = new Uint8Array(PAGE_SIZE);
  bytes.set(filePage.subarray(0, PAGE_SIZE));
  const vaddr = address - base;
  const load = loadAt(image, vaddr);
  const bssFrom = load === undefined ? PAGE_SIZE : load.vaddr + load.filesz - vaddr;
  if (load === undefined || !load.writable || load.memsz === load.filesz || bssFrom >= PAGE_SIZE) {
    return { bytes, bssFrom: undefined, fileFrom: PAGE_SIZE };
  }
  const end = Math.min(PAGE_SIZE, load.vaddr + load.memsz - vaddr);
  const keepsFile = recorded !== undefined && isNearer(recorded, bytes, end);
  const fileFrom = keepsFile ? end : PAGE_SIZE;
  bytes.fill(0, bssFrom, fileFrom);
  return { bytes, bssFrom, fileFrom };
}

function differingRanges(
  recorded: Uint8Array,
  bytes: Uint8Array,
  page: MappedPage,
  fileFrom: number,
): readonly DifferingRange[] {
  const ranges: DifferingRange[] = [];
  for (let at = 0; at < PAGE_SIZE; ) {
    if (recorded[at] === bytes[at]) {
      at++;
      continue;
    }
    const part = partOf(page, at, fileFrom);
    const row = relocationAt(page, at);
    let from = at;
    let to = at + 1;
    if (row !== undefined) {
      const word = page.image.relocations.address[row] - (page.address - page.base);
      from = Math.max(word, ranges.at(-1)?.to ?? 0, 0);
      to = Math.min(word + 8 * Math.ceil((at + 1 - word) / 8), PAGE_SIZE);
    } else {
      const goesOn = (next: number) =>
        next < PAGE_SIZE &&
        recorded[next] !== bytes[next] &&
        partOf(page, next, fileFrom) === part &&
        relocationAt(page, next) === undefined;
      while (goesOn(to)) to++;
    }
    const { relocations } = page.image;
    ranges.push({
      from,
      to,
      part,
      expected: bytes.slice(from, to),
      relocation: row === undefined ? undefined : RELOCATION_KINDS[relocations.kind[row]],
      symbol:
        row === undefined
          ? symbolAt(page.image, page.address - page.base + from)
          : symbolName(page.image, relocations.symbol[row]),
    });
    at = to;
  }
  return ranges;
}

/** By what may be written there: permissions are those of whole pages, whatever the load's first and last byte are. */
function partOf({ image, base, address }: MappedPage, at: number, fileFrom: number): PagePart {
  const page = address - base;
  const vaddr = page + at;
  const load = loadAt(image, page);
  if (load === undefined) return "beside";
  if (!load.writable) return load.executable ? "executable" : "read-only";
  const { relro } = image;
  // Loaders make no page read-only that RELRO covers only in part, but for its first one.
  if (relro !== undefined && page + PAGE_SIZE > relro.start && page + PAGE_SIZE <= relro.end) return "relro";
  if (vaddr < load.vaddr || at >= fileFrom) return "beside";
  if (vaddr < load.vaddr + load.filesz) return "data";
  return vaddr < load.vaddr + load.memsz ? "bss" : "beside";
}

/** Rows of objects and functions by address, of an image once. */
const OBJECTS = new WeakMap<ElfImage, readonly number[]>();
/** Aliases begin at one address; glibc has up to five of one function. */
const ALIASES = 16;

/** The function or object of the file that covers an address of the file (vaddr). */
export function symbolAt(image: ElfImage, vaddr: number): string | undefined {
  const { value, size } = image.symbols;
  const sorted = objectsOf(image);
  const after = bisect(sorted.length, (i) => value[sorted[i]] <= vaddr);
  const row = sorted.slice(Math.max(0, after - ALIASES), after).findLast((one) => vaddr < value[one] + size[one]);
  return row === undefined ? undefined : symbolName(image, row);
}

function objectsOf(image: ElfImage): readonly number[] {
  const there = OBJECTS.get(image);
  if (there !== undefined) return there;
  const { value, size, flags, length } = image.symbols;
  const isObject = (row: number) => size[row] > 0 && (flags[row] & (SYMBOL.absolute | SYMBOL.threadLocal)) === 0;
  const rows = Array.from({ length }, (_, row) => row).filter(isObject);
  const sorted = rows.sort((a, b) => value[a] - value[b]);
  OBJECTS.set(image, sorted);
  return sorted;
}

function isSame(recorded: Uint8Array, filePage: Uint8Array): boolean {
  for (let at = 0; at < PAGE_SIZE; at++) if (recorded[at] !== (filePage[at] ?? 0)) return false;
  return true;
}

function sameWord(a: Uint8Array, b: Uint8Array, at: number): boolean {
  for (let i = Math.max(at, 0); i < at + 8 && i < PAGE_SIZE; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether more bytes from `from` on are the file's than are zero. */
function isNearer(recorded: Uint8Array, file: Uint8Array, from: number): boolean {
  let nearer = 0;
  for (let i = from; i < PAGE_SIZE; i++) nearer += Number(recorded[i] === file[i]) - Number(recorded[i] === 0);
  return nearer > 0;
}

function copyWord(from: Uint8Array, to: Uint8Array, { at, width }: Word): void {
  for (let i = Math.max(at, 0); i < at + width && i < PAGE_SIZE; i++) to[i] = from[i];
}
