/**
 * A known set: the distinct non-zero pages of the files of an image, each with its files and offsets. It holds hashes,
 * not bytes: a sorted run (hash → row) and, by row, where the page occurs.
 */
import {
  type Blobs,
  createHashTable,
  createSections,
  entriesOf,
  type KnownSetRecord,
  openRun,
  readDirectory,
  readSection,
  type Section,
  writeRun,
} from "../store/index.ts";

const OCCURRENCES = "DSKO";

interface OccurrencesDirectory {
  readonly files: readonly string[];
  /** rows + 1 × u32: first occurrence of each row. */
  readonly first: Section;
  /** u32 per occurrence: index into `files`. */
  readonly file: Section;
  /** u32 per occurrence: page of the file. */
  readonly page: Section;
}

export interface KnownFile {
  readonly path: string;
  /** Byte offset of the page in the file. */
  readonly offset: number;
}

export interface KnownSet {
  readonly record: KnownSetRecord;
  has(hashes: Uint8Array, offset: number): boolean;
  /** Every file that holds the page, in the order of their paths. */
  filesOf(hash: Uint8Array): KnownFile[];
  readonly paths: ReadonlySet<string>;
}

export interface KnownSetBuilder {
  /** @param hashes one row a page of the file, in order; rows with `zero` ≠ 0 are no known pages. */
  addFile(path: string, hashes: Uint8Array, zero: Uint8Array): void;
  finish(): Pick<KnownSetRecord, "files" | "pages" | "run" | "occurrences">;
}

export function buildKnownSet(blobs: Blobs): KnownSetBuilder {
  const table = createHashTable();
  const files: string[] = [];
  // Row, file, page of each occurrence: 12 B for each of the 262,144 pages of a GiB.
  const occurrences: number[] = [];
  return {
    addFile(path, hashes, zero) {
      const file = files.push(path) - 1;
      for (let page = 0; page < zero.length; page++) {
        if (zero[page] !== 0) continue;
        let row = table.find(hashes, page * 32);
        if (row < 0) {
          row = table.size;
          table.add(hashes, page * 32, row);
        }
        occurrences.push(row, file, page);
      }
    },
    finish() {
      const count = occurrences.length / 3;
      const first = new Uint32Array(table.size + 1);
      for (let i = 0; i < count; i++) first[occurrences[i * 3] + 1]++;
      for (let row = 1; row < first.length; row++) first[row] += first[row - 1];
      const next = first.slice();
      const fileColumn = new Uint32Array(count);
      const pageColumn = new Uint32Array(count);
      for (let i = 0; i < count; i++) {
        const at = next[occurrences[i * 3]]++;
        fileColumn[at] = occurrences[i * 3 + 1];
        pageColumn[at] = occurrences[i * 3 + 2];
      }
      const sorted = table.sorted();
      const run = writeRun(blobs, "known", 32, table.size, () => entriesOf(sorted, 32));
      const sections = createSections<OccurrencesDirectory>(blobs, "known", OCCURRENCES);
      const column = (values: Uint32Array) => sections.append(new Uint8Array(values.buffer));
      const occurrencesBlob = sections.finish({
        files,
        first: column(first),
        file: column(fileColumn),
        page: column(pageColumn),
      });
      return { files: files.length, pages: table.size, run: run.name, occurrences: occurrencesBlob };
    },
  };
}

export function openKnownSet(blobs: Blobs, record: KnownSetRecord): KnownSet {
  const run = openRun(blobs, "known", record.run);
  const directory = readDirectory<OccurrencesDirectory>(blobs, "known", record.occurrences, OCCURRENCES);
  const column = (section: Section) =>
    new Uint32Array(readSection(blobs, "known", record.occurrences, section).slice().buffer);
  let columns: { readonly first: Uint32Array; readonly file: Uint32Array; readonly page: Uint32Array } | undefined;
  return {
    record,
    paths: new Set(directory.files),
    has: (hashes, offset) => run.find(hashes, offset) >= 0,
    filesOf(hash) {
      const row = run.find(hash, 0);
      if (row < 0) return [];
      columns ??= { first: column(directory.first), file: column(directory.file), page: column(directory.page) };
      const found: KnownFile[] = [];
      for (let i = columns.first[row]; i < columns.first[row + 1]; i++) {
        found.push({ path: directory.files[columns.file[i]], offset: columns.page[i] * 4096 });
      }
      return found.sort((x, y) => (x.path < y.path ? -1 : 1));
    },
  };
}
