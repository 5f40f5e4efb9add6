/**
 * Every recorded page of a mapped file, compared with the file as a known set has it: by its hash, and where that differs
 * and the file is an ELF file, byte for byte with what the loader may have made of it.
 */
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Mapping } from "../../shared/snapshot/index.ts";
import type { KnownSet, KnownSets } from "../known-sets/index.ts";
import { mappingsOfProcess } from "../likeness/index.ts";
import { imagesOfProcess, type PageCheck, type ProcessImages, verifyPage } from "../relocation/index.ts";
import type { Manifest, SnapshotRecord, Store } from "../store/index.ts";
import { type FileContents, fileContents } from "./file-contents.ts";

/** Pages read at once: 1 MiB. */
const BATCH = 256;

/**
 * What a page of a mapped file is.
 * - `same`, `relocated`, `differs`: compared with the file, byte for byte.
 * - `other-content`: its content is not the file's, and the bytes to compare with are not kept; no relocation explains it.
 * - `deleted-file`: the file had been deleted, so nobody knows what it held.
 * - `unknown-file`: no known set has the file.
 */
export type FilePageCheck =
  | PageCheck
  | { readonly outcome: "other-content" }
  | { readonly outcome: "deleted-file" }
  | { readonly outcome: "unknown-file" };

export interface FilePage {
  /** Row of the manifest. */
  readonly row: number;
  readonly pid: number;
  readonly mapping: Mapping;
  readonly path: string;
  /** Page of the process: address / 4096. */
  readonly page: number;
  /** Byte offset in the file. */
  readonly offset: number;
  /** The set that the file was found in. */
  readonly set: KnownSet | undefined;
  readonly check: FilePageCheck;
}

/**
 * The set that explains a file: that of the container's own image before others, then the first by name. A single file
 * names no package; of an equal one of an image that does, the image explains it.
 */
export function setsByPath(known: KnownSets, snapshot: SnapshotRecord): (path: string) => KnownSet | undefined {
  const digest = known.imageDigestOf(snapshot);
  const isOwn = (set: KnownSet) => set.record.digest === digest;
  const sets = known.sets().toSorted((x, y) => Number(isOwn(y)) - Number(isOwn(x)));
  const chosen = new Map<string, KnownSet | undefined>();
  const choose = (path: string): KnownSet | undefined => {
    const [first, ...others] = sets.filter((set) => set.hasFile(path));
    const hasPackage = (set: KnownSet) => (set.about(path)?.package ?? null) !== null;
    if (first === undefined || isOwn(first) || hasPackage(first)) return first;
    return others.find((set) => hasPackage(set) && set.contentOf(path) === first.contentOf(path)) ?? first;
  };
  return (path) => {
    if (!chosen.has(path)) chosen.set(path, choose(path));
    return chosen.get(path);
  };
}

/**
 * In the order of processes and addresses. Zero pages, and pages of which the dump holds a part, are not compared.
 * @param only this row of the manifest
 */
export function* filePages(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  only?: number,
): Generator<FilePage> {
  const manifest = store.manifest(snapshot);
  const setOf = setsByPath(known, snapshot);
  const contents = fileContents(store, known);
  for (const { pid, executable } of manifest.facts.processes) {
    const mappings = mappingsOfProcess(manifest, pid);
    const deleted = new Set(mappings.flatMap((mapping) => (mapping.deleted ? [mapping.path] : [])));
    const imageOf = (path: string) => (deleted.has(path) ? undefined : setOf(path)?.elfOf(path)?.image);
    const process = { images: imagesOfProcess(mappings, executable, imageOf), contents, setOf };
    yield* pagesOfProcess(store, manifest, pid, process, only);
  }
}

interface OneProcess {
  readonly images: ProcessImages;
  readonly contents: FileContents;
  setOf(path: string): KnownSet | undefined;
}

function* pagesOfProcess(
  store: Store,
  manifest: Manifest,
  pid: number,
  process: OneProcess,
  only: number | undefined,
): Generator<FilePage> {
  for (const { mapping, chunks } of manifest.laid) {
    const { path } = mapping;
    if (mapping.pid !== pid || mapping.kind !== "file" || path === null || mapping.space !== `p${pid}`) continue;
    const set = process.setOf(path);
    const checkOf = checkerOf(mapping, path, set, process);
    for (const chunk of chunks) {
      if (only !== undefined && (only < chunk.row || only >= chunk.row + chunk.rows)) continue;
      const columns = manifest.columns(chunk);
      const partial = new Set(columns.partial.map(({ row }) => row));
      const rows = Array.from(columns.page.keys()).filter(
        (row) => columns.page[row] < ZERO_PAGE && !partial.has(row) && (only === undefined || chunk.row + row === only),
      );
      for (let at = 0; at < rows.length; at += BATCH) {
        const some = rows.slice(at, at + BATCH);
        const numbers = Uint32Array.from(some, (row) => columns.page[row]);
        const hashes = store.pages.hashes(numbers);
        const bytes = store.pages.bytes(numbers);
        for (const [i, row] of some.entries()) {
          const page = chunk.start + row;
          const offset = mapping.offset + (page - mapping.spaceStart) * PAGE_SIZE;
          const hash = hashes.subarray(i * 32, (i + 1) * 32);
          const content = bytes.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE);
          yield {
            row: chunk.row + row,
            pid,
            mapping,
            path,
            page,
            offset,
            set,
            check: checkOf(page, offset, hash, content),
          };
        }
      }
    }
  }
}

type Checker = (page: number, offset: number, hash: Uint8Array, content: Uint8Array) => FilePageCheck;

function checkerOf(
  mapping: Mapping,
  path: string,
  set: KnownSet | undefined,
  { images, contents }: OneProcess,
): Checker {
  if (mapping.deleted) return () => ({ outcome: "deleted-file" });
  if (!set) return () => ({ outcome: "unknown-file" });
  const member = images.memberOf.get(mapping);
  return (page, offset, hash, content) => {
    const [place] = set.filesOf(hash, { path, offset });
    if (place?.path === path && place.offset === offset) return { outcome: "same" };
    const filePage = contents.pageOf(set, path, offset / PAGE_SIZE);
    if (!filePage || !member) return { outcome: "other-content" };
    return verifyPage(
      content,
      { image: member.image, base: member.base, address: page * PAGE_SIZE, filePage },
      images.scope,
    );
  };
}
