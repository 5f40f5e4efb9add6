/**
 * Channels that are of the snapshots of a container: how often a place came to hold other bytes, and which snapshot had a
 * page's bytes first. Contents are page numbers, equal exactly when the bytes are.
 */
import { COUNT_PARTS, MOST_CODE } from "../../shared/channel/index.ts";
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { matchSpaces, sideOf } from "../compare/index.ts";
import { placesOf, type SnapshotRecord, type Store } from "../store/index.ts";
import { type CodeRow, chunksOf, contentOf, countCodes, NO_CODE, type PageCodes, rowsOf } from "./page-codes.ts";

/** The number of a snapshot in its container: 12 for `t12`. */
function ordinalOf({ name }: SnapshotRecord): number {
  return Number(name.slice(1));
}

/** Snapshots of the container that are here, in their order. */
export function containerOf(store: Store, { container }: SnapshotRecord): readonly SnapshotRecord[] {
  return store.catalog.snapshots(container).sort((x, y) => ordinalOf(x) - ordinalOf(y));
}

export function changeCodes(store: Store, record: SnapshotRecord): PageCodes {
  const manifest = store.manifest(record);
  const all = containerOf(store, record).map((one) => {
    const its = store.manifest(one);
    return { places: placesOf(its), nameOf: matchSpaces(sideOf(one, its), sideOf(record, manifest)) };
  });
  const codes = new Uint8Array(rowsOf(manifest)).fill(NO_CODE);
  const most = Math.max(0, ...Array.from(chunksOf(manifest), ([, { rows }]) => rows));
  // The content that stood there last, and how often it became another: of one chunk at a time.
  const last = new Uint32Array(most);
  const count = new Uint8Array(most);
  for (const [{ mapping }, chunk] of chunksOf(manifest)) {
    last.fill(NO_PAGE);
    count.fill(0);
    for (const { places, nameOf } of all) {
      const { state, page } = places.columns(nameOf(mapping.space), chunk.start, chunk.rows);
      for (let i = 0; i < chunk.rows; i++) {
        const content = contentOf(state[i], page[i]);
        if (content === NO_PAGE || content === last[i]) continue;
        if (last[i] !== NO_PAGE && count[i] < MOST_CODE) count[i]++;
        last[i] = content;
      }
    }
    const { state, page } = manifest.columns(chunk);
    for (let i = 0; i < chunk.rows; i++) if (contentOf(state[i], page[i]) !== NO_PAGE) codes[chunk.row + i] = count[i];
  }
  return { codes, rows: partsOfCounts(countCodes(codes)) };
}

/** One row for each part of the counts, named by its least. */
function partsOfCounts(counts: Float64Array): CodeRow[] {
  return COUNT_PARTS.flatMap((least, n): CodeRow[] => {
    const behind = COUNT_PARTS[n + 1] ?? MOST_CODE + 1;
    const pages = counts.subarray(least, behind).reduce((sum, each) => sum + each, 0);
    if (pages === 0) return [];
    const range =
      behind === least + 1 ? String(least) : behind > MOST_CODE ? `${least} or more` : `${least} to ${behind - 1}`;
    return [
      {
        code: least,
        name: String(least),
        title: least === 0 ? "never changed" : `${range} ${least === 1 ? "time" : "times"}`,
        hint: null,
        pages,
      },
    ];
  });
}

export function firstSeenCodes(store: Store, record: SnapshotRecord): PageCodes {
  const manifest = store.manifest(record);
  const own = Math.min(MOST_CODE, ordinalOf(record));
  const before = containerOf(store, record).filter((one) => ordinalOf(one) < ordinalOf(record));
  // A byte for each page number of the store: 16 MiB for 64 GiB of distinct pages.
  const first = new Uint8Array(store.catalog.nextPage).fill(own);
  let zero = own;
  for (const one of before.reverse()) {
    const code = Math.min(MOST_CODE, ordinalOf(one));
    for (const page of store.manifest(one).distinctPages()) first[page] = code;
    if (hasZero(store, one)) zero = code;
  }
  const codes = new Uint8Array(rowsOf(manifest)).fill(NO_CODE);
  for (const [, chunk] of chunksOf(manifest)) {
    const { state, page } = manifest.columns(chunk);
    for (let i = 0; i < chunk.rows; i++) {
      const content = contentOf(state[i], page[i]);
      if (content !== NO_PAGE) codes[chunk.row + i] = content === ZERO_PAGE ? zero : first[content];
    }
  }
  const counts = countCodes(codes);
  const rows = Array.from(counts.subarray(0, NO_CODE), (pages, code) => ({ code, pages })).filter(
    ({ pages }) => pages > 0,
  );
  return {
    codes,
    rows: rows.map(({ code, pages }) => ({
      code,
      name: `t${code}`,
      title: code === MOST_CODE ? `t${code} or later` : `t${code}`,
      hint: null,
      pages,
    })),
  };
}

/** Whether it records a page of zeros, itself or as in its parent. */
function hasZero(store: Store, record: SnapshotRecord): boolean {
  if (record.pages.zero > 0) return true;
  if (record.pages.inParent === 0) return false;
  const manifest = store.manifest(record);
  for (const [, chunk] of chunksOf(manifest)) {
    const { state, page } = manifest.columns(chunk);
    for (let i = 0; i < chunk.rows; i++) if (contentOf(state[i], page[i]) === ZERO_PAGE) return true;
  }
  return false;
}
