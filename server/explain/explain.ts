/**
 * Explains recorded pages by what the store held at the moment of ingest: the parent at the same place, the parent
 * anywhere, any other snapshot. Known sets are asked later and always live, so `known` is never among these codes.
 * The cheapest test first: equal page numbers are equal contents, so no test reads bytes.
 */
import type { ManifestColumns } from "../../shared/manifest/index.ts";
import { bisect } from "../../shared/memory/index.ts";
import { emptyProvenance, PROVENANCES, type Provenance, provenanceCode } from "../../shared/provenance/index.ts";
import { isRecorded, PAGE_STATES, type Space } from "../../shared/snapshot/index.ts";
import { type Places, placesOf, type Sharer, type SnapshotRecord, type Store } from "../store/index.ts";
import { type PageSet, pageSet } from "./page-set.ts";

/** Code of a row without a recorded page; unresolved in-parent pages have none either. */
export const NOT_RECORDED = 255;

const ZERO = provenanceCode("zero");
const UNCHANGED = provenanceCode("unchanged");
const MOVED = provenanceCode("moved");
const SHARED = provenanceCode("shared");
const NEW = provenanceCode("new");
const NOBODY = 0xffff_ffff;

export interface Explanation {
  /** Codes of a chunk's rows; to be called in the order of the manifest. */
  explainChunk(space: Space, start: number, columns: ManifestColumns): Uint8Array;
  /** The snapshots that `shared` rows were found in. */
  readonly sharers: readonly Sharer[];
  /** (row in the manifest, index into `sharers`) of each shared row so far, ascending. */
  shared(): Uint32Array;
  readonly counts: Readonly<Record<Provenance, number>>;
}

export interface ParentSnapshot {
  readonly record: SnapshotRecord;
  /** The parent's name of a space of the dump. */
  nameOf(space: Space): Space;
}

/**
 * @param distinct page numbers of the dump, ascending.
 * @param isOwn whether a page came with this dump: then it can only be new.
 * @param itself SHA-256 of the dump, when it is ingested again: its earlier snapshots share with it only what it is.
 */
export function explainAgainst(
  store: Store,
  parent: ParentSnapshot | undefined,
  distinct: Uint32Array,
  isOwn: (page: number) => boolean,
  itself?: string,
): Explanation {
  const parentPlaces: Places | undefined = parent && placesOf(store.manifest(parent.record));
  const parentPages: PageSet | undefined = parent && pageSet(store.manifest(parent.record).distinctPages());
  const { sharers, sharerOf } = findSharers(
    store,
    ({ id, sha256 }) => id === parent?.record.id || sha256 === itself,
    distinct.filter((page) => !isOwn(page) && !parentPages?.has(page)),
  );
  let shared = new Uint32Array(1024);
  let sharedRows = 0;
  const share = (row: number, sharer: number) => {
    if (sharedRows * 2 === shared.length) {
      const larger = new Uint32Array(shared.length * 2);
      larger.set(shared);
      shared = larger;
    }
    shared.set([row, sharer], sharedRows++ * 2);
  };
  const counts = emptyProvenance();
  let nextRow = 0;

  return {
    sharers,
    shared: () => shared.slice(0, sharedRows * 2),
    counts,
    explainChunk(space, start, { state, page }) {
      const rows = state.length;
      const codes = new Uint8Array(rows).fill(NOT_RECORDED);
      const before = parent && parentPlaces?.columns(parent.nameOf(space), start, rows);
      for (let row = 0; row < rows; row++) {
        if (!isRecorded(state[row])) continue;
        const name = PAGE_STATES[state[row]];
        if (name === "parent-missing") continue;
        if (name === "zero" || name === "parent-zero") codes[row] = ZERO;
        else if (before?.page[row] === page[row]) codes[row] = UNCHANGED;
        else if (parentPages?.has(page[row])) codes[row] = MOVED;
        else {
          const sharer = isOwn(page[row]) ? undefined : sharerOf(page[row]);
          codes[row] = sharer === undefined ? NEW : SHARED;
          if (sharer !== undefined) share(nextRow + row, sharer);
        }
        counts[PROVENANCES[codes[row]]]++;
      }
      nextRow += rows;
      return codes;
    },
  };
}

/** For each candidate the first other snapshot that holds it: 4 bytes a candidate, found by its rank among them. */
function findSharers(
  store: Store,
  isLeftOut: (record: SnapshotRecord) => boolean,
  candidates: Uint32Array,
): { readonly sharers: readonly Sharer[]; sharerOf(page: number): number | undefined } {
  const sharers: Sharer[] = [];
  const found = new Uint32Array(candidates.length).fill(NOBODY);
  const rankOf = (page: number) => bisect(candidates.length, (i) => candidates[i] < page);
  let left = candidates.length;
  for (const record of store.catalog.snapshots()) {
    if (left === 0) break;
    if (isLeftOut(record)) continue;
    let index = -1;
    // Both ascend, so one walk over both suffices.
    let rank = 0;
    for (const page of store.manifest(record).distinctPages()) {
      while (rank < candidates.length && candidates[rank] < page) rank++;
      if (candidates[rank] !== page || found[rank] !== NOBODY) continue;
      if (index < 0) index = sharers.push({ snapshot: record.id, name: `${record.container} ${record.name}` }) - 1;
      found[rank] = index;
      left--;
    }
  }
  return {
    sharers,
    sharerOf(page) {
      const rank = rankOf(page);
      return candidates[rank] === page && found[rank] !== NOBODY ? found[rank] : undefined;
    },
  };
}
