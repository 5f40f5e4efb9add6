/**
 * Pointers that the loader wrote and that lead where they should not, with what belongs there as far as the files say.
 *
 * Nobody but the loader has business in RELRO, in slots of the procedure linkage table, and in the words that it keeps
 * for itself: there any illegitimate value counts. A program may replace pointers in its data, and does; only one into
 * foreign code counts there. The loader's RELRO is its own data.
 */
import type { Finding, Target } from "../../shared/api/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Mapping } from "../../shared/snapshot/index.ts";
import type { DifferingRange, ExpectedWord, RelocationKind, ScopeMember } from "../relocation/index.ts";
import type { PageToJudge } from "./judge-page.ts";
import {
  foundOf,
  hexAt,
  hexOf,
  isExecutable,
  isForeignCode,
  isLoader,
  isOfFile,
  type JudgedProcess,
  mappingAt,
  targetAt,
} from "./process.ts";
import { byHandWords, nameOf, targetWords } from "./words.ts";

const WORD = 8;
const NONE: ReadonlyMap<number, ExpectedWord> = new Map();

/** Whether the loader writes an address there that something is reached by. */
function isPointer(relocation: RelocationKind | undefined): boolean {
  switch (relocation) {
    case "relative":
    case "symbol":
    case "jump-slot":
    case "irelative":
    case "tls-descriptor":
      return true;
    case "copy":
    case "tls-module":
    case "tls-offset":
    case "tls-thread-offset":
    case "unsupported":
    case undefined:
      return false;
    default:
      return relocation satisfies never;
  }
}

/** @param isImageHere whether the container's own image is among the known sets: then a file that none has is a stranger */
export function hookedIn(
  page: PageToJudge,
  range: DifferingRange,
  member: ScopeMember,
  process: JudgedProcess,
  isImageHere: boolean,
): readonly Finding[] {
  const { from, to, part, relocation } = range;
  const { loader } = member.image;
  const vaddr = page.page * PAGE_SIZE - member.base;
  const ofLoader = [
    loader.got < 0 ? -1 : loader.got + WORD,
    loader.got < 0 ? -1 : loader.got + 2 * WORD,
    ...loader.pointers,
  ];
  const wrong = page.check.outcome === "differs" ? page.check.wrong : NONE;
  const found: Finding[] = [];
  const content = page.content();
  // A range without a relocation is as long as bytes differ; its pointers are the aligned words that it touches. A word
  // that crosses the page's border is none here: what of it is in RELRO counts as changed.
  const [first, last] = isPointer(relocation) ? [from, to - WORD] : [from - (from % WORD), to - 1];
  for (let at = first; at <= last && at + WORD <= PAGE_SIZE; at += WORD) {
    const isLoaders = ofLoader.includes(vaddr + at);
    const ofOwn = part === "relro" && isLoader(process, member) && relocation === undefined;
    if (!isLoaders && !isPointer(relocation) && !ofOwn) continue;
    const expected = wrong.get(at);
    if (expected === undefined && !ofOwn) continue;
    const value = wordAt(content, at);
    const isLoaderOnly = isLoaders || relocation === "jump-slot" || (part === "relro" && !ofOwn);
    const into = mappingAt(process, value);
    const foreign = into !== undefined && isForeignCode(into);
    if (!isLoaderOnly && !foreign) continue;
    const mayDefine = into !== undefined && !foreign && !(isImageHere && isExecutable(into));
    const stranger = mayDefine ? strangerAt(process, into, value, relocation) : undefined;
    const reason = isLoaders ? "loader" : (relocation ?? "none");
    found.push(hookedPointer({ page, process, at, value, expected, stranger, reason, symbol: range.symbol }));
  }
  return found;
}

/**
 * The file that is not described and may define what lies at an address: in its mapping, or a variable in its .bss. A
 * program has copies of its libraries' variables. What goes by no symbol nobody else defines.
 */
function strangerAt(
  { images, setOf }: JudgedProcess,
  into: Mapping,
  value: bigint,
  relocation: RelocationKind | undefined,
): Mapping | undefined {
  if (relocation !== "symbol" && relocation !== "jump-slot") return undefined;
  const isVariable = relocation === "symbol" && !isOfFile(into);
  const file = isVariable ? images.scope.bssOfUnknownFile(Number(value)) : into;
  return file && isOfFile(file) && setOf(file.path ?? "") === undefined ? file : undefined;
}

interface HookedWord {
  readonly page: PageToJudge;
  readonly process: JudgedProcess;
  readonly at: number;
  readonly value: bigint;
  /** `undefined` of the loader's own data, in which no file says what belongs. */
  readonly expected: ExpectedWord | undefined;
  /** A file that is not described, and may define what the word leads to. */
  readonly stranger: Mapping | undefined;
  readonly reason: string;
  readonly symbol: string | undefined;
}

function hookedPointer(word: HookedWord): Finding {
  const { page, process, at, value, expected, stranger, reason, symbol } = word;
  const wanted = expected?.kind === "value" ? BigInt.asUintN(64, BigInt(expected.value)) : undefined;
  const expectedIn = wanted === undefined ? null : targetAt(process, wanted);
  const foundIn = targetAt(process, value);
  return {
    ...foundOf(page, process, at),
    kind: "hooked-pointer",
    severity: stranger === undefined ? "alarm" : "note",
    text:
      `${whatWords(word)} at ${hexAt(page.page, at)} of ${nameOf(process)}, in ${page.path}, leads to ` +
      `${targetWords(foundIn)} at ${hexOf(value)}, ${expectedWords(word, wanted, expectedIn)}. ${nextWords(foundIn, stranger)}${byHandWords(page.set)}`,
    evidence: {
      path: page.path,
      offset: page.offset + at,
      set: page.set?.record.name ?? "",
      relocation: reason,
      symbol: symbol ?? null,
      expected: wanted === undefined ? null : hexOf(wanted),
      expectedIn,
      found: hexOf(value),
      foundIn,
    },
  };
}

function whatWords({ expected, reason, symbol }: HookedWord): string {
  if (expected === undefined) return `A pointer in ${symbol ?? "the loader's own data"}`;
  return symbol === undefined || reason === "loader" ? "A pointer that the loader writes" : `The pointer to ${symbol}`;
}

/** What belongs there, in a clause. */
function expectedWords(
  { page, expected, symbol }: HookedWord,
  wanted: bigint | undefined,
  target: Target | null,
): string {
  const untold = "and what belongs there cannot be told";
  switch (expected?.kind) {
    case "value": {
      const value = hexOf(wanted ?? 0n);
      return target === null ? `not to ${value}` : `not to ${targetWords(target)} at ${value}`;
    }
    case "resolved": {
      const file = expected.definedIn?.path ?? page.path;
      const resolver = symbol === undefined ? "a resolver" : `the resolver of ${symbol}`;
      return `not to what ${resolver} in ${file} chose: code of that file or of the vdso, and which one the file does not say`;
    }
    case "undefined":
      return `and no known file of the process defines ${symbol}, so what belongs there cannot be told`;
    case "loader-record":
      return "not to the loader's record of the file";
    case "loader-code":
      return "not to code of the loader";
    case "open":
    case undefined:
      return untold;
    default:
      return expected satisfies never;
  }
}

function nextWords(foundIn: Target | null, stranger: Mapping | undefined): string {
  if (stranger !== undefined) {
    const { path, deleted } = stranger;
    const where = foundIn?.path === path ? "" : ` It may lie in the .bss of ${path}.`;
    return deleted
      ? `${path} had been deleted, so what it defined cannot be looked up; it may have done so by right.${where}`
      : `${path} is not described, and may define it by right.${where} Add the image or the file itself as a known set.`;
  }
  return foundIn === null
    ? "Whoever calls or reads through it crashes. Compare it with earlier snapshots."
    : "Whoever calls or reads through it gets what lies there. Look at the bytes it leads to.";
}

function wordAt(bytes: Uint8Array, at: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(at, true);
}
