/** In which ways each recorded page of a snapshot belongs to the system, whatever else explains it. */
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { provenanceCode, wayBit } from "../../shared/provenance/index.ts";
import { isRecorded, stateCode } from "../../shared/snapshot/index.ts";
import { pageSet } from "../explain/index.ts";
import { alikeRowsOf, type KnownSets } from "../known-sets/index.ts";
import type { ChunkRef, SnapshotRecord, Store, StrippingRecord } from "../store/index.ts";

const PARENT_MISSING = stateCode("parent-missing");
const UNCHANGED = provenanceCode("unchanged");
const MOVED = provenanceCode("moved");
const SHARED = provenanceCode("shared");
const NEW = provenanceCode("new");
/** Names of other containers that hold a page are looked for in so many snapshots of each, the latest. */
const SNAPSHOTS_OF_A_CONTAINER = 16;
const NO_ROWS = new Uint32Array(0);

/** Another container, and the pages of its latest snapshots. */
export interface OtherContainer {
  readonly container: string;
  has(page: number): boolean;
}

export interface PageWays {
  readonly containers: readonly OtherContainer[];
  /** Bits of `WAYS` of each row of a chunk; 0: not recorded, or in a parent that is not here. */
  ofChunk(chunk: ChunkRef): Uint8Array;
}

/** @param stripping `undefined` while it is not stripped: then no page is relocated or alike */
export function pageWays(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  stripping: StrippingRecord | undefined,
): PageWays {
  const manifest = store.manifest(snapshot);
  const provenance = store.provenance(snapshot);
  const pages = known.pagesOf(snapshot);
  const relocated = pageSet(stripping?.relocated ?? NO_ROWS);
  const alike = pageSet(stripping ? alikeRowsOf(stripping) : NO_ROWS);
  const containers = otherContainers(store, snapshot);
  return {
    containers,
    ofChunk(chunk) {
      const { state, page } = manifest.columns(chunk);
      const atIngest = provenance.codes(chunk.row, chunk.rows);
      const now = known.overlay(pages, atIngest, page, chunk.row);
      return Uint8Array.from(page, (number, row) => {
        if (!isRecorded(state[row]) || state[row] === PARENT_MISSING) return 0;
        if (number >= ZERO_PAGE) return ZERO_BIT;
        const code = atIngest[row];
        let bits = 0;
        if (code === UNCHANGED) bits |= wayBit("unchanged");
        if (pages.set.has(number)) bits |= wayBit("same");
        if (relocated.has(chunk.row + row)) bits |= wayBit("relocated");
        if (code === MOVED) bits |= wayBit("moved");
        if (code === SHARED || containers.some((other) => other.has(number))) bits |= wayBit("shared");
        if (alike.has(chunk.row + row)) bits |= wayBit("alike");
        if (now[row] === NEW) bits |= wayBit("new");
        return bits;
      });
    },
  };
}

const ZERO_BIT = wayBit("zero");

function otherContainers(store: Store, snapshot: SnapshotRecord): readonly OtherContainer[] {
  const byContainer = Map.groupBy(
    store.catalog.snapshots().filter(({ container }) => container !== snapshot.container),
    ({ container }) => container,
  );
  return Array.from(byContainer, ([container, snapshots]) => {
    const sets = snapshots
      .slice(-SNAPSHOTS_OF_A_CONTAINER)
      .map((other) => pageSet(store.manifest(other).distinctPages()));
    return { container, has: (page: number) => sets.some((one) => one.has(page)) };
  });
}
