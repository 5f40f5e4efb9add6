/**
 * A known set: distinct non-zero pages, each with where it occurs. It holds hashes, not bytes: a sorted run (hash → row)
 * and, by row, the places; with bytes also the store's page numbers. A place is a page of a file of an image, or of a
 * mapping of the snapshot that is the baseline.
 */
import { createHash } from "node:crypto";
import { NO_PAGE } from "../../shared/manifest/index.ts";
import { addressOfPage, bisect, formatAddress, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import {
  type Blobs,
  createHashTable,
  createSections,
  entriesOf,
  type IndexRun,
  type KnownSetRecord,
  LeastRecent,
  openRun,
  readDirectory,
  readSection,
  type Section,
  writeRun,
} from "../store/index.ts";
import { type KeptElf, type KnownElf, openElf } from "./elf-files.ts";
import { GrowingColumn } from "./growing-column.ts";

const OCCURRENCES = "DSKO";
/** A process maps some ten; each is a megabyte at most. */
const OPEN_ELFS = 32;
/** Entries of a run: hash, row. */
const HASH = 32;
const ENTRY = HASH + 4;
/** Entries read at once: 576 KiB. */
const PIECE = 16_384;
/** In a column of indices: none. */
const NONE = 0xffff_ffff;

export const PACKAGE_KINDS = ["dpkg", "apk", "rpm", "python", "node"] as const;
export type PackageKind = (typeof PACKAGE_KINDS)[number];

export interface KnownPackage {
  readonly kind: PackageKind;
  readonly name: string;
  readonly version: string;
}

/** A mapping of the snapshot that is the baseline. */
export interface BaselineMapping {
  readonly space: string;
  /** The page of the space that is page 0 here. */
  readonly start: number;
  /** The byte of its file, or of a mapping without one, that is byte 0 here. */
  readonly offset: number;
}

/**
 * The directory of the blob. All members are optional that a set may do without; a reader passes over those that it does
 * not know, so further sections can be added beside these.
 */
interface OccurrencesDirectory {
  /** Paths, or labels of mappings. */
  readonly files: readonly string[];
  /** rows + 1 × u32: first occurrence of each row. */
  readonly first: Section;
  /** u32 per occurrence: index into `files`. */
  readonly file: Section;
  /** u32 per occurrence: page of the file, or of the mapping. */
  readonly page: Section;
  readonly about?: {
    /** Digests, bottom first; `null` where there is none. */
    readonly layers: readonly (string | null)[];
    readonly packages: readonly KnownPackage[];
    readonly buildIds: readonly string[];
    readonly notes: readonly string[];
    /** u32 per file: indices into the lists above; 0xffffffff = none. */
    readonly layerOf: Section;
    readonly packageOf: Section;
    readonly buildIdOf: Section;
  };
  readonly baseline?: {
    /** `app/t0`, as it was called then. */
    readonly snapshot: string;
    /** One for each of `files`. */
    readonly mappings: readonly BaselineMapping[];
  };
  /** u32 per row: the store's page number, of a set that keeps its bytes. */
  readonly numbers?: Section;
  readonly elf?: readonly KeptElfSections[];
  /** JSON: other names of files (hard links, symbolic links), each with the index into `files` of the file's first path. */
  readonly names?: Section;
}

/** `KeptElf` of one file: the `links` entries of `files` from `file` on. */
interface KeptElfSections {
  readonly file: number;
  readonly links: number;
  readonly image: Section;
  readonly pages: Section;
  readonly bytes: Section;
}

/** Where a known page occurs. */
export interface KnownFile {
  readonly path: string;
  /** Byte offset of the page in the file; of a baseline's mapping without a file, in the mapping. */
  readonly offset: number;
  /** Digest of the layer. */
  readonly layer: string | null;
  readonly package: KnownPackage | null;
  /** Of an ELF file, hexadecimal. */
  readonly buildId: string | null;
  /** Of a baseline: the place in its snapshot. */
  readonly baseline: { readonly snapshot: string; readonly space: string; readonly address: string } | null;
}

/** What a set says of one of its files. */
export interface FileAbout {
  readonly path: string;
  readonly layer: string | null;
  readonly package: KnownPackage | null;
  readonly buildId: string | null;
}

/** The mapping that a page stands in. */
export interface MappedFile {
  readonly path: string | null;
  /** Byte offset of the page in its file. */
  readonly offset: number;
}

export interface KnownSet {
  readonly record: KnownSetRecord;
  readonly run: IndexRun;
  has(hashes: Uint8Array, offset: number): boolean;
  /** Every place that holds the page: those of the mapped file first, its own offset before others; then by path. */
  filesOf(hash: Uint8Array, mapped: MappedFile): KnownFile[];
  /** The path of every place that holds the page, in no order, and some more than once. */
  eachPathOf(hashes: Uint8Array, offset: number, visit: (path: string) => void): void;
  /** Whether it has a file of that path; a baseline has none: what a dump has left to a file is not in it. */
  hasFile(path: string): boolean;
  /** `undefined` without such a file. */
  about(path: string): FileAbout | undefined;
  /**
   * Every path by which the file can be called: its own, its hard links, other files of its build-id, and the symbolic
   * links to any of them. Sets of an earlier version know those of its build-id alone.
   */
  namesOf(path: string): readonly string[];
  /** Whether the file has a page there that is not all zero. */
  hasPage(path: string, filePage: number): boolean;
  /**
   * Tells whether files of two sets are equal, but for zeros at their end: a digest of the pages that are not zero, with
   * their places in the file. `undefined` without such a file.
   */
  contentOf(path: string): string | undefined;
  readonly layers: readonly (string | null)[];
  readonly notes: readonly string[];
  /**
   * The store's page numbers of a file's pages, in order, of a set that keeps its bytes; `NO_PAGE` for a page of zeros. As
   * long as its last page that is none. `undefined` without such a file, or bytes.
   */
  numbersOf(path: string): Uint32Array | undefined;
  /** Whether it is the pages of a snapshot. */
  readonly isBaseline: boolean;
  /** Whether it keeps what relocated pages of its ELF files are verified against. */
  readonly hasElf: boolean;
  /** `undefined` without such an ELF file. */
  elfOf(path: string): KnownElf | undefined;
  /** Files in the order of the source, and how many pages of each are known; read when asked. */
  files(): readonly (FileAbout & { readonly pages: number })[];
}

export interface BuiltFile {
  /** At least one. */
  readonly paths: readonly string[];
  readonly layer: number;
}

export interface SetAbout {
  readonly layers: readonly (string | null)[];
  readonly notes: readonly string[];
  readonly packages: readonly KnownPackage[];
  /** Index into `packages`; −1 for none. */
  packageOf(path: string): number;
  /** Symbolic links: path → the path without links that it leads to. */
  readonly links?: ReadonlyMap<string, string>;
}

export interface KnownSetBuilder {
  /** Distinct pages so far. */
  readonly pages: number;
  /** @returns the file's number, for `addPage` */
  addFile(file: BuiltFile): number;
  setBuildId(file: number, buildId: string): void;
  keepElf(file: number, elf: KeptElf): void;
  /** @param page of the file; zero pages are no known pages, and not to be given. @returns its row */
  addPage(file: number, page: number, hashes: Uint8Array, offset: number): number;
  /** @param numbers the store's page numbers by row, of a set that keeps its bytes */
  finish(
    about: SetAbout,
    more?: { readonly baseline?: OccurrencesDirectory["baseline"]; readonly numbers?: Uint32Array },
  ): Pick<KnownSetRecord, "files" | "pages" | "run" | "occurrences">;
}

export function buildKnownSet(blobs: Blobs): KnownSetBuilder {
  const table = createHashTable();
  // Hard links are neighbours: a file is its first path and their count.
  const files: string[] = [];
  const links = new Map<number, number>();
  const layerOf = new GrowingColumn();
  const buildIds = new Map<string, number>();
  const buildIdOf = new Map<number, number>();
  const elfOf = new Map<number, KeptElf>();
  // 12 B for each of the 262,144 pages of a GiB.
  const occurrences = { row: new GrowingColumn(), file: new GrowingColumn(), page: new GrowingColumn() };
  return {
    get pages() {
      return table.size;
    },
    addFile({ paths, layer }) {
      const first = files.length;
      for (const path of paths) {
        files.push(path);
        layerOf.push(layer);
      }
      if (paths.length > 1) links.set(first, paths.length);
      return first;
    },
    setBuildId(file, buildId) {
      const index = buildIds.get(buildId) ?? buildIds.size;
      buildIds.set(buildId, index);
      for (let i = 0; i < (links.get(file) ?? 1); i++) buildIdOf.set(file + i, index);
    },
    keepElf(file, elf) {
      elfOf.set(file, elf);
    },
    addPage(file, page, hashes, offset) {
      let row = table.find(hashes, offset);
      if (row < 0) {
        row = table.size;
        table.add(hashes, offset, row);
      }
      occurrences.row.push(row);
      occurrences.file.push(file);
      occurrences.page.push(page);
      return row;
    },
    finish({ layers, notes, packages, packageOf, links: symbolic }, more = {}) {
      const { row: rowOf, file: fileOf, page: pageOf } = occurrences;
      const first = new Uint32Array(table.size + 1);
      for (let i = 0; i < rowOf.length; i++) first[rowOf.at(i) + 1] += links.get(fileOf.at(i)) ?? 1;
      for (let row = 1; row < first.length; row++) first[row] += first[row - 1];
      const next = first.slice();
      const fileColumn = new Uint32Array(first[table.size]);
      const pageColumn = new Uint32Array(first[table.size]);
      for (let i = 0; i < rowOf.length; i++) {
        const paths = links.get(fileOf.at(i)) ?? 1;
        for (let k = 0; k < paths; k++) {
          const at = next[rowOf.at(i)]++;
          fileColumn[at] = fileOf.at(i) + k;
          pageColumn[at] = pageOf.at(i);
        }
      }
      const sorted = table.sorted();
      const run = writeRun(blobs, "known", 32, table.size, () => entriesOf(sorted, 32));
      const sections = createSections<OccurrencesDirectory>(blobs, "known", OCCURRENCES);
      const column = (values: Uint32Array) =>
        sections.append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      const indices = (indexOf: (file: number) => number) =>
        column(Uint32Array.from(files, (_, file) => (indexOf(file) < 0 ? NONE : indexOf(file))));
      const occurrencesBlob = sections.finish({
        files,
        first: column(first),
        file: column(fileColumn),
        page: column(pageColumn),
        about: {
          layers,
          packages,
          buildIds: [...buildIds.keys()],
          notes,
          layerOf: column(layerOf.values()),
          packageOf: indices((file) => packageOf(files[file])),
          buildIdOf: indices((file) => buildIdOf.get(file) ?? -1),
        },
        ...(more.baseline && { baseline: more.baseline }),
        ...(more.numbers && { numbers: column(more.numbers) }),
        ...(symbolic && { names: sections.append(Buffer.from(JSON.stringify(otherNames(files, links, symbolic)))) }),
        ...(elfOf.size > 0 && {
          elf: Array.from(elfOf, ([file, { image, pages, bytes }]) => ({
            file,
            links: links.get(file) ?? 1,
            image: sections.append(image),
            pages: column(pages),
            bytes: sections.append(bytes),
          })),
        }),
      });
      return { files: files.length, pages: table.size, run: run.name, occurrences: occurrencesBlob };
    },
  };
}

type OtherName = readonly [name: string, file: number];

/**
 * @param links of files with several paths: the index of the first, and their count
 * @param symbolic path → the path without links
 */
function otherNames(
  files: readonly string[],
  links: ReadonlyMap<number, number>,
  symbolic: ReadonlyMap<string, string>,
): readonly OtherName[] {
  const first = new Map(files.map((file, index) => [file, index]));
  const names: OtherName[] = [];
  for (const [index, count] of links) {
    for (const name of files.slice(index + 1, index + count)) {
      first.set(name, index);
      names.push([name, index]);
    }
  }
  for (const [name, target] of symbolic) {
    const index = first.get(target);
    if (index !== undefined) names.push([name, index]);
  }
  return names;
}

interface Columns {
  readonly first: Uint32Array;
  readonly file: Uint32Array;
  readonly page: Uint32Array;
  about(file: number): Omit<FileAbout, "path">;
}

export function openKnownSet(blobs: Blobs, record: KnownSetRecord): KnownSet {
  const run = openRun(blobs, "known", record.run);
  const directory = readDirectory<OccurrencesDirectory>(blobs, "known", record.occurrences, OCCURRENCES);
  const { files, about, baseline } = directory;
  let columns: Columns | undefined;
  const read = () => {
    columns ??= readColumns(blobs, record.occurrences, directory);
    return columns;
  };

  let byPath: ReadonlyMap<string, number> | undefined;
  const indices = () => {
    byPath ??= new Map(baseline ? [] : files.map((path, file) => [path, file]));
    return byPath;
  };

  const contents = new Map<string, string>();
  let entries: Uint32Array | undefined;
  const entryOfRow = () => {
    entries ??= entriesByRow(run);
    return entries;
  };

  const elfs = new LeastRecent<KnownElf>(OPEN_ELFS);
  let elfByPath: ReadonlyMap<string, KeptElfSections> | undefined;
  const elfSections = () => {
    elfByPath ??= new Map(
      (directory.elf ?? []).flatMap((elf) =>
        Array.from({ length: elf.links }, (_, i) => [files[elf.file + i], elf] as const),
      ),
    );
    return elfByPath;
  };

  function fileAt(occurrence: number): KnownFile {
    const { file, page, about: aboutOf } = read();
    const mapping = baseline?.mappings[file[occurrence]];
    const inFile = page[occurrence] * PAGE_SIZE;
    const found = { path: files[file[occurrence]], ...aboutOf(file[occurrence]) };
    if (!baseline || !mapping) return { ...found, offset: inFile, baseline: null };
    const address = formatAddress(addressOfPage((mapping.start + page[occurrence]) as PageAddress));
    return {
      ...found,
      offset: mapping.offset + inFile,
      baseline: { snapshot: baseline.snapshot, space: mapping.space, address },
    };
  }

  return {
    record,
    run,
    hasFile: (path) => indices().has(path),
    about(path) {
      const file = indices().get(path);
      return file === undefined ? undefined : { path, ...read().about(file) };
    },
    namesOf(path) {
      const index = indices().get(path);
      if (index === undefined) return [];
      const names = directory.names && readSection(blobs, "known", record.occurrences, directory.names);
      const others = names ? (JSON.parse(Buffer.from(names).toString()) as readonly OtherName[]) : [];
      const { about: aboutOf } = read();
      const file = others.find(([name]) => name === path)?.[1] ?? index;
      const { buildId } = aboutOf(file);
      const isOne = (one: number) => one === file || (buildId !== null && aboutOf(one).buildId === buildId);
      const own = new Set(Array.from(files.keys()).filter(isOne));
      const found = others.flatMap(([name, one]) => (own.has(one) ? [name] : []));
      return [...new Set([...Array.from(own, (one) => files[one]), ...found])];
    },
    hasPage(path, filePage) {
      const wanted = indices().get(path);
      const { file, page } = read();
      return wanted !== undefined && file.some((one, i) => one === wanted && page[i] === filePage);
    },
    contentOf(path) {
      const wanted = indices().get(path);
      if (wanted === undefined) return undefined;
      const digest = contents.get(path) ?? digestOfFile(read(), wanted, run, entryOfRow());
      contents.set(path, digest);
      return digest;
    },
    layers: about?.layers ?? [],
    notes: about?.notes ?? [],
    has: (hashes, offset) => run.find(hashes, offset) >= 0,
    filesOf(hash, mapped) {
      const row = run.find(hash, 0);
      if (row < 0) return [];
      const { first } = read();
      const found: KnownFile[] = [];
      for (let i = first[row]; i < first[row + 1]; i++) found.push(fileAt(i));
      const rank = ({ path, offset }: KnownFile) => (path !== mapped.path ? 2 : offset === mapped.offset ? 0 : 1);
      return found.sort(
        (x, y) => rank(x) - rank(y) || (x.path < y.path ? -1 : x.path > y.path ? 1 : x.offset - y.offset),
      );
    },
    eachPathOf(hashes, offset, visit) {
      const row = run.find(hashes, offset);
      if (row < 0) return;
      const { first, file } = read();
      for (let i = first[row]; i < first[row + 1]; i++) visit(files[file[i]]);
    },
    numbersOf(path) {
      const file = indices().get(path);
      const numbers = directory.numbers && u32Of(blobs, record.occurrences, directory.numbers);
      return file === undefined || !numbers ? undefined : pagesOfFile(read(), file, numbers);
    },
    isBaseline: baseline !== undefined,
    hasElf: (directory.elf?.length ?? 0) > 0,
    elfOf(path) {
      const elf = elfSections().get(path);
      if (!elf) return undefined;
      const section = (one: Section) => readSection(blobs, "known", record.occurrences, one);
      return elfs.get(String(elf.file), () =>
        openElf({
          image: section(elf.image),
          pages: u32Of(blobs, record.occurrences, elf.pages),
          bytes: section(elf.bytes),
        }),
      );
    },
    files() {
      const { file, about: aboutOf } = read();
      const pages = new Uint32Array(files.length);
      for (const each of file) pages[each]++;
      return files.map((path, i) => ({ path, ...aboutOf(i), pages: pages[i] }));
    },
  };
}

function pagesOfFile({ first, file, page }: Columns, wanted: number, numbers: Uint32Array): Uint32Array {
  const found: [number, number][] = [];
  for (let row = 0; row < numbers.length; row++)
    for (let i = first[row]; i < first[row + 1]; i++) if (file[i] === wanted) found.push([page[i], numbers[row]]);
  const pages = new Uint32Array(found.reduce((most, [at]) => Math.max(most, at + 1), 0)).fill(NO_PAGE);
  for (const [at, number] of found) pages[at] = number;
  return pages;
}

/** Where in the run the hash of each row is. */
function entriesByRow(run: IndexRun): Uint32Array {
  const entries = new Uint32Array(run.count);
  for (let from = 0; from < run.count; from += PIECE) {
    const count = Math.min(PIECE, run.count - from);
    const piece = run.entries(from, count);
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let i = 0; i < count; i++) entries[view.getUint32(i * ENTRY + HASH, true)] = from + i;
  }
  return entries;
}

function digestOfFile({ first, file, page }: Columns, wanted: number, run: IndexRun, entries: Uint32Array): string {
  const found: [page: number, row: number][] = [];
  for (let at = file.indexOf(wanted); at >= 0; at = file.indexOf(wanted, at + 1))
    found.push([page[at], bisect(first.length, (row) => first[row] <= at) - 1]);
  const digest = createHash("sha256");
  for (const [at, row] of found.sort(([x], [y]) => x - y)) {
    digest.update(Uint32Array.of(at));
    digest.update(run.entries(entries[row], 1).subarray(0, HASH));
  }
  return digest.digest("hex");
}

function u32Of(blobs: Blobs, name: string, section: Section): Uint32Array {
  return new Uint32Array(readSection(blobs, "known", name, section).slice().buffer);
}

function readColumns(blobs: Blobs, name: string, { first, file, page, about }: OccurrencesDirectory): Columns {
  const column = (section: Section) => u32Of(blobs, name, section);
  const of = about && {
    layer: column(about.layerOf),
    package: column(about.packageOf),
    buildId: column(about.buildIdOf),
  };
  return {
    first: column(first),
    file: column(file),
    page: column(page),
    about: (index) => ({
      layer: (of && about.layers[of.layer[index]]) ?? null,
      package: (of && about.packages[of.package[index]]) ?? null,
      buildId: (of && about.buildIds[of.buildId[index]]) ?? null,
    }),
  };
}
