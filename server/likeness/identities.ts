/**
 * What the mappings of a process are called across processes, and from where their addresses are counted, so that a
 * pointer means the same in two spaces that lie elsewhere. The surprise: a name says how many there are of its kind, so
 * that one more mapping makes the others' names differ instead of taking one of them.
 * @see docs/likeness.md#identities
 */
import { createHash } from "node:crypto";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { type Mapping, spaceOfProcess } from "../../shared/snapshot/index.ts";
import type { ManifestDirectory } from "../store/index.ts";

const DIGEST = 32;
/** Addresses of 32 bits end here, in pages. */
const NARROW_END = 2 ** 20;
/** The kernel begins the heap at random within 32 MiB (x86-64) or 1 GiB (arm64) behind the program; in pages. */
const FURTHEST_HEAP = 2 ** 18;

/** One row a mapping, ascending, without overlap. */
export interface PointerTable {
  /** Of a word, and its alignment. */
  readonly wordBytes: 4 | 8;
  readonly byteOrder: "little" | "big";
  /** Page addresses, half-open. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Row in `digests`. */
  readonly identity: Uint32Array;
  /** The address that offsets are counted from, modulo 2^64, in halves. */
  readonly originLow: Uint32Array;
  readonly originHigh: Uint32Array;
  /** 32 bytes an identity: SHA-256 of its name. */
  readonly digests: Uint8Array;
}

/** Everything that names the mapping, in a form that no other one has. */
type Name = readonly (string | number | boolean | null)[];

interface Named {
  readonly mapping: Mapping;
  name: Name;
  /** In bytes; may lie outside the space. */
  origin: bigint;
}

/** Mappings of one file, one behind the other: what the loader maps of it at once. */
interface Module {
  readonly path: string;
  readonly deleted: boolean;
  readonly origin: bigint;
  readonly members: Named[];
}

/** The mappings of a process by address, those of shared segments where it maps them. */
export function mappingsOfProcess(
  directory: Pick<ManifestDirectory, "laid" | "segmentMaps">,
  pid: number,
): readonly Mapping[] {
  const space = spaceOfProcess(pid);
  const mappings = [
    ...directory.laid.map(({ mapping }) => mapping).filter((mapping) => mapping.space === space),
    ...directory.segmentMaps.map(({ mapping }) => mapping).filter((mapping) => mapping.pid === pid),
  ];
  return mappings.sort((a, b) => a.range.start - b.range.start);
}

/**
 * @param mappings of one process, by address.
 * @param executable its path, `null` when the dump does not say.
 */
export function nameMappings(
  mappings: readonly Mapping[],
  executable: string | null,
  byteOrder: "little" | "big",
): PointerTable {
  const named = namesOf(withoutOverlap(mappings), executable);
  const rows = named.length;
  const table = {
    wordBytes: wordBytesOf(mappings),
    byteOrder,
    start: new Float64Array(rows),
    end: new Float64Array(rows),
    identity: new Uint32Array(rows),
    originLow: new Uint32Array(rows),
    originHigh: new Uint32Array(rows),
  };
  const identities = new Map<string, number>();
  named.forEach(({ mapping, name, origin }, row) => {
    const text = JSON.stringify([...name, mapping.permissions]);
    const identity = identities.get(text) ?? identities.size;
    identities.set(text, identity);
    const wrapped = BigInt.asUintN(64, origin);
    table.start[row] = mapping.range.start;
    table.end[row] = mapping.range.end;
    table.identity[row] = identity;
    table.originLow[row] = Number(wrapped & 0xffff_ffffn);
    table.originHigh[row] = Number(wrapped >> 32n);
  });
  const digests = new Uint8Array(identities.size * DIGEST);
  for (const [text, identity] of identities) digests.set(createHash("sha256").update(text).digest(), identity * DIGEST);
  return { ...table, digests };
}

/** The space tells by itself: a process of 64 bits has its stack above 4 GiB, one of 32 bits has nothing there. */
function wordBytesOf(mappings: readonly Mapping[]): 4 | 8 {
  return mappings.some(({ kind, range }) => kind !== "vsyscall" && range.end > NARROW_END) ? 8 : 4;
}

function withoutOverlap(mappings: readonly Mapping[]): Mapping[] {
  let last = 0;
  return mappings.filter(({ range }) => {
    const isFree = range.start >= last && range.start < range.end;
    if (isFree) last = range.end;
    return isFree;
  });
}

function namesOf(mappings: readonly Mapping[], executable: string | null): readonly Named[] {
  const all = mappings.map((mapping): Named => ({ mapping, name: [], origin: addressOf(mapping.range.start) }));
  const modules = modulesOf(all);
  nameModules(modules);
  nameHeap(all, modules, executable);
  nameByKind(all);
  nameRest(all);
  return all;
}

/** Gathers the mappings of files, each with the `.bss` behind its writable end. */
function modulesOf(all: readonly Named[]): readonly Module[] {
  const modules: Module[] = [];
  let before: Named | undefined;
  for (const each of all) {
    const { mapping } = each;
    const module = modules.at(-1);
    if (mapping.kind === "file" && mapping.path !== null) {
      if (module && continues(module, mapping)) module.members.push(each);
      else {
        const { path, deleted, offset, range } = mapping;
        modules.push({ path, deleted, origin: addressOf(range.start) - BigInt(offset), members: [each] });
      }
    } else if (module && before && before === module.members.at(-1) && isBss(mapping, before.mapping)) {
      module.members.push(each);
    }
    before = each;
  }
  return modules;
}

function continues({ path, deleted, members }: Module, mapping: Mapping): boolean {
  const last = members.findLast((member) => member.mapping.kind === "file")?.mapping.offset ?? 0;
  return mapping.path === path && mapping.deleted === deleted && mapping.offset > 0 && mapping.offset >= last;
}

function isBss(mapping: Mapping, data: Mapping): boolean {
  return (
    mapping.kind === "anonymous" &&
    data.kind === "file" &&
    mapping.range.start === data.range.end &&
    mapping.permissions === "rw-" &&
    data.permissions === "rw-"
  );
}

function nameModules(modules: readonly Module[]): void {
  const byFile = Map.groupBy(modules, ({ path, deleted }) => JSON.stringify([path, deleted]));
  for (const copies of byFile.values()) {
    copies.forEach(({ path, deleted, origin, members }, copy) => {
      for (const member of members) {
        member.name = ["file", path, deleted, copy, copies.length];
        member.origin = origin;
      }
    });
  }
}

/** A core does not say what the heap is: it is what is next behind the program, nearer than anything else can be. */
function nameHeap(all: readonly Named[], modules: readonly Module[], executable: string | null): void {
  const told = all.filter(({ mapping }) => mapping.kind === "heap");
  const heap =
    told.length > 0 ? told : nextBehind(all, modules.find(({ path }) => path === executable)?.members.at(-1));
  for (const each of heap) {
    each.name = ["heap"];
    each.origin = addressOf(heap[0].mapping.range.start);
  }
}

function nextBehind(all: readonly Named[], program: Named | undefined): readonly Named[] {
  if (program === undefined) return [];
  const behind = all.slice(all.indexOf(program) + 1);
  const isHeap = ({ mapping }: Named) =>
    mapping.kind === "anonymous" && mapping.range.start - program.mapping.range.end <= FURTHEST_HEAP;
  const next = behind.findIndex((each) => !isHeap(each));
  return next < 0 ? behind : behind.slice(0, next);
}

/** What the kernel provides, and stacks, which grow down from their ends. */
function nameByKind(all: readonly Named[]): void {
  for (const kind of ["stack", "vdso", "vvar", "vsyscall"] as const) {
    const found = all.filter(({ mapping }) => mapping.kind === kind);
    found.forEach((each, i) => {
      each.name = [kind, i, found.length];
      if (kind === "stack") each.origin = addressOf(each.mapping.range.end);
    });
  }
}

/**
 * Anonymous and shared memory: which of how many of one kind, size and permissions. What lies beside it says nothing,
 * since libraries come in another order where they are aligned to huge pages.
 */
function nameRest(all: readonly Named[]): void {
  const rest = all.filter(({ name }) => name.length === 0);
  const byShape = Map.groupBy(rest, ({ mapping }) => JSON.stringify([...shapeOf(mapping), mapping.permissions]));
  for (const same of byShape.values()) {
    same.forEach((each, i) => {
      each.name = ["memory", ...shapeOf(each.mapping), i, same.length];
    });
  }
}

function shapeOf({ kind, path, offset, range }: Mapping): Name {
  return [kind, path, offset, range.end - range.start];
}

function addressOf(page: number): bigint {
  return BigInt(page) * BigInt(PAGE_SIZE);
}

/** The row of the mapping that holds a page, or −1. */
export function rowOfPage(table: Pick<PointerTable, "start" | "end">, page: number): number {
  const row = bisect(table.start.length, (i) => table.start[i] <= page) - 1;
  return row >= 0 && page < table.end[row] ? row : -1;
}
