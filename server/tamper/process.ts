/** One process as it is judged: its mappings, the files of known sets where it maps them, and what an address points into. */
import type { Finding, Mapped, Target } from "../../shared/api/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { type Mapping, mappingName, type ProcessFacts } from "../../shared/snapshot/index.ts";
import type { KnownSet } from "../known-sets/index.ts";
import { mappingsOfProcess } from "../likeness/index.ts";
import {
  imagesOfProcess,
  isCalledLoader,
  type ProcessImages,
  type ScopeMember,
  symbolAt,
} from "../relocation/index.ts";
import type { Manifest } from "../store/index.ts";

export interface JudgedProcess {
  readonly facts: ProcessFacts;
  /** Of the process, shared segments among them; by address. */
  readonly mappings: readonly Mapping[];
  /** Paths of files that had been deleted. */
  readonly deleted: ReadonlySet<string>;
  readonly images: ProcessImages;
  /**
   * Whether the code of its known files is mapped, as far as the dump says. Some cores leave code out, mappings and all:
   * then nobody can tell who defines what, and where.
   */
  readonly hasCode: boolean;
  /** `undefined` where no known set has the file, and for a deleted one. */
  setOf(path: string): KnownSet | undefined;
}

/** @param isCheckpoint which has every mapping; a file without code there is one that is read as data */
export function judgedProcess(
  manifest: Manifest,
  said: ProcessFacts,
  setOf: (path: string) => KnownSet | undefined,
  isCheckpoint: boolean,
): JudgedProcess {
  const mappings = mappingsOfProcess(manifest, said.pid);
  const deleted = new Set(mappings.flatMap(({ path, deleted }) => (deleted && path !== null ? [path] : [])));
  // A core names the program as the kernel does, with what it says of a deleted file.
  const bare = said.executable?.replace(/ \(deleted\)$/, "") ?? null;
  const facts = bare !== null && deleted.has(bare) ? { ...said, executable: bare } : said;
  const setOfLiving = (path: string) => (deleted.has(path) ? undefined : setOf(path));
  const images = imagesOfProcess(mappings, facts.executable, (path) => setOfLiving(path)?.elfOf(path)?.image);
  const members = new Set(images.scope.members);
  const hasCode = isCheckpoint || Array.from(images.memberOf.values()).every((member) => members.has(member));
  return { facts, mappings, deleted, images, hasCode, setOf: setOfLiving };
}

/** Whether the file is the loader itself, which writes its own RELRO before it makes that read-only. */
export function isLoader({ images }: JudgedProcess, member: ScopeMember): boolean {
  return member === images.scope.loader || isCalledLoader(member);
}

/** In a file of a file system; what is called a file and has no such path is memory. */
export function isOfFile({ kind, path }: Pick<Mapping, "kind" | "path">): boolean {
  return kind === "file" && path !== null && path.startsWith("/");
}

export function isExecutable({ permissions }: Pick<Mapping, "permissions">): boolean {
  return permissions[2] === "x";
}

export function isWritable({ permissions }: Pick<Mapping, "permissions">): boolean {
  return permissions[1] === "w";
}

/** Pages that the kernel itself provides. */
export function isOfKernel({ kind }: Pick<Mapping, "kind">): boolean {
  return kind === "vdso" || kind === "vvar" || kind === "vsyscall";
}

/** Memory from which code runs that came from no file one could look at, or may have been written since. */
export function isForeignCode(mapping: Mapping): boolean {
  if (!isExecutable(mapping) || isOfKernel(mapping)) return false;
  return !isOfFile(mapping) || mapping.deleted || isWritable(mapping);
}

export function mappedOf(mapping: Mapping): Mapped {
  const { path, permissions, shared, deleted, range } = mapping;
  return {
    name: mappingName(mapping),
    path,
    permissions,
    shared,
    deleted,
    start: hexAt(range.start),
    end: hexAt(range.end),
  };
}

/** @param page of the process, in the mapping. @param at byte of the page */
export function placeIn(mapping: Mapping, page: number, at = 0): NonNullable<Finding["place"]> {
  return { space: mapping.space, address: hexAt(mapping.spaceStart + page - mapping.range.start, at) };
}

/** What every finding says of its place. @param page of the process, in the mapping. @param at byte of the page */
export function foundOf(
  { page, mapping }: { readonly page: number; readonly mapping: Mapping },
  { facts }: JudgedProcess,
  at = 0,
) {
  return {
    pid: facts.pid,
    comm: facts.comm,
    address: hexAt(page, at),
    place: placeIn(mapping, page, at),
    mapping: mappedOf(mapping),
  };
}

/** What an address points into; `null` where nothing is mapped. */
export function targetAt({ images }: JudgedProcess, address: bigint): Target | null {
  // Exact: pages are below 2^52.
  const page = Number(address >> 12n);
  const mapping = images.scope.mappingAt(page * PAGE_SIZE);
  if (mapping === undefined) return null;
  const ofBss = isOfFile(mapping) ? undefined : images.scope.members.find((member) => isBssOf(member, Number(address)));
  const owner = images.memberOf.get(mapping) ?? ofBss;
  const inMapping = (page - mapping.range.start) * PAGE_SIZE + Number(address & 0xfffn);
  return {
    ...mappedOf(mapping),
    offset: isOfFile(mapping) ? mapping.offset + inMapping : null,
    symbol: (owner && symbolAt(owner.image, Number(address) - owner.base)) ?? null,
    bssOf: ofBss?.path ?? null,
  };
}

/** Whether an address lies in the zeros behind the file's bytes. */
function isBssOf({ image, base }: ScopeMember, address: number): boolean {
  const vaddr = address - base;
  return image.loads.some((load) => vaddr >= load.vaddr + load.filesz && vaddr < load.vaddr + load.memsz);
}

/** The mapping at an address of 64 bits. */
export function mappingAt({ images }: JudgedProcess, address: bigint): Mapping | undefined {
  return images.scope.mappingAt(Number(address >> 12n) * PAGE_SIZE);
}

export function hexOf(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** The address of a byte of a page. */
export function hexAt(page: number, at = 0): string {
  return hexOf(BigInt(page) * BigInt(PAGE_SIZE) + BigInt(at));
}
