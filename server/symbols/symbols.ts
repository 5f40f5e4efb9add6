/**
 * Where the symbols of mapped files stand: the dynamic symbols that known sets have of the files, at the load bases that
 * the mappings tell; of other files those that the dump itself has recorded. A file of which nobody knows any is named.
 */
import type { FoundSymbols } from "../../shared/api/index.ts";
import { type Address, formatAddress, PAGE_SIZE } from "../../shared/memory/index.ts";
import { type Mapping, spaceOfProcess } from "../../shared/snapshot/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { mappingsOfProcess } from "../likeness/index.ts";
import {
  imagesOfProcess,
  type MemorySymbols,
  namedRows,
  SYMBOL,
  symbolsInMemory,
  symbolVersion,
} from "../relocation/index.ts";
import { LeastRecent, type Manifest, type SnapshotRecord, type Store } from "../store/index.ts";
import { setsByPath } from "../stripping/index.ts";
import { recordedFile } from "./recorded-file.ts";

/** A name that every library of hundreds of processes defines is no place to go to. */
const MOST_SYMBOLS = 64;
/** Files without symbols that are named. */
const MOST_FILES = 16;
/** Of files as dumps have them: libc's symbols are 100 KB. */
const recorded = new WeakMap<Manifest, LeastRecent<MemorySymbols | "none">>();
const RECORDED_FILES = 64;

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
    const imageOf = (path: string) =>
      isNamed(path, file) && !deleted.has(path) ? setOf(path)?.elfOf(path)?.image : undefined;
    const { scope, memberOf } = imagesOfProcess(mappings, executable, imageOf);
    const described = new Set(Array.from(memberOf.values(), ({ path }) => path));
    const defining = scope.members.map(({ path, base, image }) => ({ path, base, symbols: image.symbols }));
    for (const [path, own] of Map.groupBy(mappings, (mapping) => mapping.path)) {
      if (path === null || own[0].kind !== "file" || !isNamed(path, file) || described.has(path)) continue;
      const found = recordedSymbols(store, manifest, pid, path, own);
      if (found) defining.push({ path, ...found });
      else without.add(path);
    }
    for (const { path, base, symbols: of } of defining)
      for (const row of namedRows(of, wanted)) {
        // What has no address of its own: not defined here, absolute, thread-local.
        if ((of.flags[row] & SYMBOL.defined) === 0 || (of.flags[row] & (SYMBOL.absolute | SYMBOL.threadLocal)) !== 0)
          continue;
        const version = symbolVersion(of, row) ?? null;
        symbols.push({ name, version, path, pid, size: of.size[row], ...placeOf(pid, base + of.value[row], mappings) });
      }
  }
  return {
    symbols: symbols.slice(0, MOST_SYMBOLS),
    symbolCount: symbols.length,
    without: [...without].slice(0, MOST_FILES),
    withoutCount: without.size,
  };
}

function recordedSymbols(
  store: Store,
  manifest: Manifest,
  pid: number,
  path: string,
  mappings: readonly Mapping[],
): MemorySymbols | undefined {
  const kept = recorded.get(manifest) ?? new LeastRecent<MemorySymbols | "none">(RECORDED_FILES);
  recorded.set(manifest, kept);
  const found = kept.get(`${pid} ${path}`, () => {
    const content = recordedFile(store, manifest, mappings);
    return (content && symbolsInMemory(content, mappings)) ?? "none";
  });
  return found === "none" ? undefined : found;
}

/** `libc.so.6` and `gnu/libc.so.6` name `/usr/lib/x86_64-linux-gnu/libc.so.6`. */
function isNamed(path: string, file: string | undefined): boolean {
  return file === undefined || path === file || path.endsWith(`/${file}`);
}

/** Also where nothing is mapped: some cores leave code out, mappings and all. */
function placeOf(pid: number, value: number, mappings: readonly Mapping[]) {
  const page = Math.floor(value / PAGE_SIZE);
  const mapping = mappings.find(({ range }) => range.start <= page && page < range.end);
  const shift = mapping ? (mapping.range.start - mapping.spaceStart) * PAGE_SIZE : 0;
  const address = formatAddress(BigInt(value - shift) as Address);
  return { space: mapping?.space ?? spaceOfProcess(pid), address };
}
