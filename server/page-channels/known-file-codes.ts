/**
 * Which known file has a page: by its content, whatever else explains it, and of a relocated page the file that is mapped
 * there. Of several files the one that is mapped goes first, then files before what some memory had, then by path: as
 * the reason of the page names them.
 */
import { OTHER_FILES, TOP_FILES } from "../../shared/channel/index.ts";
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import type { KnownSet, KnownSets } from "../known-sets/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { type CodeRow, chunksOf, contentOf, countCodes, NO_CODE, type PageCodes, rowsOf } from "./page-codes.ts";

/** In the column of files: none. */
const NO_FILE = 0;

/** Codes of several snapshots: equal codes, equal files. The files with most pages of all of them have one of their own. */
export function knownFileCodes(store: Store, known: KnownSets, records: readonly SnapshotRecord[]): PageCodes[] {
  const paths: string[] = [];
  const numberOf = new Map<string, number>();
  const fileOf = (path: string): number => {
    let number = numberOf.get(path);
    if (number === undefined) {
      number = paths.push(path);
      numberOf.set(path, number);
    }
    return number;
  };
  return codesOfFiles(
    records.map((record) => filesOf(store, known, record, fileOf)),
    paths,
  );
}

/** Of each row of a snapshot. */
interface FileColumns {
  /** `NO_CODE` where nothing is recorded, else `NO_FILE`. */
  readonly codes: Uint8Array;
  /** 1 + the index of a path; `NO_FILE` for none. */
  readonly files: Uint32Array;
}

function filesOf(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  fileOf: (path: string) => number,
): FileColumns {
  const manifest = store.manifest(record);
  const sets = known.sets();
  const { set: isKnown, relocated } = known.pagesOf(record);
  const rows = rowsOf(manifest);
  const files = new Uint32Array(rows);
  const codes = new Uint8Array(rows).fill(NO_CODE);
  for (const [{ mapping }, chunk] of chunksOf(manifest)) {
    const { state, page } = manifest.columns(chunk);
    const asked: number[] = [];
    for (let i = 0; i < chunk.rows; i++) {
      const content = contentOf(state[i], page[i]);
      if (content === NO_PAGE) continue;
      codes[chunk.row + i] = NO_FILE;
      if (content === ZERO_PAGE) continue;
      if (isKnown.has(content)) asked.push(i);
      else if (mapping.path !== null && relocated.has(chunk.row + i)) files[chunk.row + i] = fileOf(mapping.path);
    }
    if (asked.length === 0) continue;
    const hashes = store.pages.hashes(Uint32Array.from(asked, (i) => page[i]));
    asked.forEach((i, n) => {
      const path = pathOf(sets, hashes, n * 32, mapping.path);
      if (path !== undefined) files[chunk.row + i] = fileOf(path);
    });
  }
  return { codes, files };
}

/** `undefined` when a set that had the page has gone in the meantime. */
function pathOf(
  sets: readonly KnownSet[],
  hashes: Uint8Array,
  offset: number,
  mapped: string | null,
): string | undefined {
  let best: string | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const set of sets) {
    let own: string | undefined;
    set.eachPathOf(hashes, offset, (path) => {
      if (own === mapped) return;
      if (own === undefined || path === mapped || path < own) own = path;
    });
    if (own === undefined) continue;
    const rank = (own === mapped ? 0 : 2) + (set.isBaseline ? 1 : 0);
    if (rank >= bestRank) continue;
    best = own;
    bestRank = rank;
  }
  return best;
}

/** @param columns their codes are written to. @returns in their order; the rows of each tell its own pages */
function codesOfFiles(columns: readonly FileColumns[], paths: readonly string[]): PageCodes[] {
  const pagesOf = columns.map(({ codes, files }) => {
    const pages = new Float64Array(paths.length + 1);
    for (let row = 0; row < files.length; row++) if (codes[row] !== NO_CODE) pages[files[row]]++;
    return pages;
  });
  const all = (number: number) => pagesOf.reduce((sum, pages) => sum + pages[number], 0);
  // Most pages first, then by path, so that the next snapshot has them in the same order.
  const ranked = Array.from(paths, (path, i) => ({ path, number: i + 1, pages: all(i + 1) })).sort(
    (x, y) => y.pages - x.pages || (x.path < y.path ? -1 : 1),
  );
  const codeOf = new Uint8Array(paths.length + 1).fill(OTHER_FILES);
  codeOf[NO_FILE] = 0;
  const top = ranked.slice(0, TOP_FILES);
  top.forEach(({ number }, i) => {
    codeOf[number] = i + 1;
  });
  const others = ranked.length - top.length;
  return columns.map(({ codes, files }, n) => {
    for (let row = 0; row < files.length; row++) if (codes[row] !== NO_CODE) codes[row] = codeOf[files[row]];
    const counts = countCodes(codes);
    const rows: CodeRow[] = top.map(({ path, number }, i) => ({
      code: i + 1,
      name: String(i + 1),
      title: path.slice(path.lastIndexOf("/") + 1),
      hint: path,
      pages: pagesOf[n][number],
    }));
    if (others > 0)
      rows.push({
        code: OTHER_FILES,
        name: "other",
        title: others === 1 ? "1 other file" : `${others} other files`,
        hint: null,
        pages: counts[OTHER_FILES],
      });
    return {
      codes,
      rows: [...rows, { code: 0, name: "none", title: "in no known file", hint: null, pages: counts[0] }],
    };
  });
}
