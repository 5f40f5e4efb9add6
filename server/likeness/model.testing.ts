/** The definition of docs/likeness.md said once more, as slowly and plainly as it can be said: the oracle of the tests. */
import { addressOfPage } from "../../shared/memory/index.ts";
import type { Mapping } from "../../shared/snapshot/index.ts";

export interface ModelSpace {
  /** By address, without overlap. */
  readonly mappings: readonly Mapping[];
  readonly executable: string | null;
  readonly byteOrder: "little" | "big";
}

/** @returns a page as text, each pointer as (identity, offset); `null` without a pointer. Equal texts are alike pages. */
export function modelOf(space: ModelSpace): (page: Uint8Array) => string | null {
  const names = space.mappings.map((_, index) => modelName(index, space));
  return (page) => modelForm(page, space, names);
}

interface ModelName {
  readonly name: string;
  readonly origin: bigint;
}

function modelForm(page: Uint8Array, { mappings, byteOrder }: ModelSpace, names: readonly ModelName[]): string | null {
  const isWide = mappings.some(
    (mapping) => mapping.kind !== "vsyscall" && addressOfPage(mapping.range.end) > 1n << 32n,
  );
  const view = new DataView(page.buffer, page.byteOffset, 4096);
  const isLittle = byteOrder === "little";
  let hasPointer = false;
  const words: string[] = [`${isWide ? 64 : 32} bits, ${byteOrder}`];
  for (let at = 0; at < 4096; at += isWide ? 8 : 4) {
    const word = isWide ? view.getBigUint64(at, isLittle) : BigInt(view.getUint32(at, isLittle));
    const index = mappings.findIndex(
      ({ range }) => addressOfPage(range.start) <= word && word < addressOfPage(range.end),
    );
    if (index < 0) words.push(String(word));
    else {
      hasPointer = true;
      const { name, origin } = names[index];
      words.push(`${name} and ${word - origin}`);
    }
  }
  return hasPointer ? words.join("\n") : null;
}

function modelName(index: number, { mappings, executable }: ModelSpace): ModelName {
  const mapping = mappings[index];
  const called = (...parts: readonly unknown[]) => JSON.stringify([...parts, mapping.permissions]);
  const start = addressOfPage(mapping.range.start);
  const end = addressOfPage(mapping.range.end);
  const module = moduleOf(index, mappings);
  if (module !== undefined) {
    const first = mappings[module];
    return {
      name: called(first.path, first.deleted, ...copyOf(module, mappings)),
      origin: addressOfPage(first.range.start) - BigInt(first.offset),
    };
  }
  const heap = heapOf(mappings, executable);
  if (heap.includes(index)) return { name: called("heap"), origin: addressOfPage(mappings[heap[0]].range.start) };
  const same = mappings.filter(({ kind }) => kind === mapping.kind);
  const which = `${same.indexOf(mapping)} of ${same.length}`;
  if (mapping.kind === "stack") return { name: called("stack", which), origin: end };
  if (["vdso", "vvar", "vsyscall"].includes(mapping.kind)) return { name: called(mapping.kind, which), origin: start };

  const size = end - start;
  const sameShape = mappings.filter(
    (other, i) =>
      moduleOf(i, mappings) === undefined &&
      !heap.includes(i) &&
      other.kind === mapping.kind &&
      other.path === mapping.path &&
      other.offset === mapping.offset &&
      other.permissions === mapping.permissions &&
      addressOfPage(other.range.end) - addressOfPage(other.range.start) === size,
  );
  const { kind, path, offset } = mapping;
  return {
    name: called(kind, path, offset, String(size), sameShape.indexOf(mapping), sameShape.length),
    origin: start,
  };
}

/** Index of the first mapping of what a mapping of a file, or the `.bss` behind one, belongs to. */
function moduleOf(index: number, mappings: readonly Mapping[]): number | undefined {
  const mapping = mappings[index];
  if (mapping === undefined) return undefined;
  const before = mappings[index - 1];
  if (mapping.kind === "anonymous") {
    const isBss =
      before?.kind === "file" &&
      before.path !== null &&
      before.range.end === mapping.range.start &&
      before.permissions === "rw-" &&
      mapping.permissions === "rw-";
    return isBss ? moduleOf(index - 1, mappings) : undefined;
  }
  if (mapping.kind !== "file" || mapping.path === null) return undefined;
  const last = mappings.findLastIndex((other, i) => i < index && other.kind === "file" && other.path !== null);
  const continues =
    last >= 0 &&
    mappings[last].path === mapping.path &&
    mappings[last].deleted === mapping.deleted &&
    mapping.offset > 0 &&
    mappings[last].offset <= mapping.offset;
  return continues ? moduleOf(last, mappings) : index;
}

function copyOf(module: number, mappings: readonly Mapping[]): readonly [number, number] {
  const { path, deleted } = mappings[module];
  const copies = mappings
    .map((_, i) => i)
    .filter((i) => moduleOf(i, mappings) === i && mappings[i].path === path && mappings[i].deleted === deleted);
  return [copies.indexOf(module), copies.length];
}

function heapOf(mappings: readonly Mapping[], executable: string | null): number[] {
  const indices = mappings.map((_, i) => i);
  const told = indices.filter((i) => mappings[i].kind === "heap");
  if (told.length > 0 || executable === null) return told;
  const program = indices.find((i) => mappings[i].kind === "file" && mappings[i].path === executable);
  if (program === undefined) return [];
  const last = indices.filter((i) => moduleOf(i, mappings) === moduleOf(program, mappings)).at(-1) ?? program;
  const heap: number[] = [];
  for (let i = last + 1; i < mappings.length; i++) {
    const distance = addressOfPage(mappings[i].range.start) - addressOfPage(mappings[last].range.end);
    if (mappings[i].kind !== "anonymous" || distance > 1n << 30n) break;
    heap.push(i);
  }
  return heap;
}
