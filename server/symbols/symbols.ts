/**
 * Where the symbols of mapped files stand: the dynamic symbols that known sets have of the files, at the load bases that
 * the mappings tell. A file that no known set has, or one that was deleted, has no symbols here, and is named.
 */
import type { FoundSymbols } from "../../shared/api/index.ts";
import { type Address, formatAddress, PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Mapping } from "../../shared/snapshot/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { mappingsOfProcess } from "../likeness/index.ts";
import { imagesOfProcess, namedRows, type ScopeMember, SYMBOL, symbolVersion } from "../relocation/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { setsByPath } from "../stripping/index.ts";

/** A name that every library of hundreds of processes defines is no place to go to. */
const MOST_SYMBOLS = 64;
/** Files without symbols that are named. */
const MOST_FILES = 16;

/** @param file last part or end of the path of the files that are asked; all without it */
export function symbolsOf(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  name: string,
  file?: string,
): FoundSymbols {
  const manifest = store.manifest(record);
  const setOf = setsByPath(known, record);
  const wanted = new TextEncoder().encode(name);
  const symbols: FoundSymbols["symbols"] = [];
  const without = new Set<string>();
  for (const { pid, executable } of manifest.facts.processes) {
    const mappings = mappingsOfProcess(manifest, pid);
    const deleted = new Set(mappings.flatMap((mapping) => (mapping.deleted ? [mapping.path] : [])));
    const imageOf = (path: string) => {
      if (!isNamed(path, file)) return undefined;
      const image = deleted.has(path) ? undefined : setOf(path)?.elfOf(path)?.image;
      if (!image) without.add(path);
      return image;
    };
    const { scope } = imagesOfProcess(mappings, executable, imageOf);
    for (const member of scope.members)
      for (const row of namedRows(member.image.symbols, wanted)) {
        const place = placeOf(member, row, mappings);
        if (!place) continue;
        const version = symbolVersion(member.image.symbols, row) ?? null;
        symbols.push({ name, version, path: member.path, pid, size: member.image.symbols.size[row], ...place });
      }
  }
  return {
    symbols: symbols.slice(0, MOST_SYMBOLS),
    symbolCount: symbols.length,
    without: [...without].slice(0, MOST_FILES),
    withoutCount: without.size,
  };
}

/** `libc.so.6` and `gnu/libc.so.6` name `/usr/lib/x86_64-linux-gnu/libc.so.6`. */
function isNamed(path: string, file: string | undefined): boolean {
  return file === undefined || path === file || path.endsWith(`/${file}`);
}

/** `undefined` for what has no address of its own: not defined here, absolute, thread-local; or not mapped. */
function placeOf({ image, base }: ScopeMember, row: number, mappings: readonly Mapping[]) {
  const flags = image.symbols.flags[row];
  if ((flags & SYMBOL.defined) === 0 || (flags & (SYMBOL.absolute | SYMBOL.threadLocal)) !== 0) return undefined;
  const value = base + image.symbols.value[row];
  const page = Math.floor(value / PAGE_SIZE);
  const mapping = mappings.find(({ range }) => range.start <= page && page < range.end);
  if (!mapping) return undefined;
  const inSpace = value - (mapping.range.start - mapping.spaceStart) * PAGE_SIZE;
  return { space: mapping.space, address: formatAddress(BigInt(inSpace) as Address) };
}
