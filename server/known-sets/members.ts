/**
 * Which of the store's pages have a content of a known set: page numbers, as bits. They are looked up once, when the set
 * is added (its pages in the store) and when packs come (their pages in the sets), and kept in the catalog; numbers are
 * never used again, so nothing that is deleted makes them wrong. Ingests beside each other commit packs in any order of
 * their numbers, so what has been looked up is a list of ranges.
 */
import { isDumpError } from "../../shared/errors/index.ts";
import { type Catalog, pagesOfPack, pagesOfRun, type Store } from "../store/index.ts";
import { type KnownSet, openKnownSet } from "./known-set.ts";

type Ranges = readonly (readonly [number, number])[];
type Pack = ReturnType<Catalog["packs"]>[number];

/** As far as the store's packs were looked up. */
export interface Members {
  readonly bits: Uint8Array;
  /** No page at all. */
  readonly isEmpty: boolean;
  readonly ranges: Ranges;
  /** The last row of the catalog that has been read. */
  readonly row: number;
}

export function hasMember({ bits }: Pick<Members, "bits">, page: number): boolean {
  return (bits[page >>> 3] & (1 << (page & 7))) !== 0;
}

/** Keeps which of the store's pages a new set has. In the transaction that adds it, under the lock: no pack is to come. */
export function recordMembers(store: Store, set: Pick<KnownSet, "record" | "run">): void {
  const pages = pagesOfRun(store.blobs, store.catalog, set.run);
  store.catalog.addKnownPages(set.record.name, { ranges: [[0, store.catalog.nextPage]], pages });
}

/**
 * Keeps which pages of packs that have come each known set has. In the transaction that adds them. A set that is damaged
 * is no reason to refuse a dump: it is looked up when it is read again.
 */
export function extendMembers(store: Store): void {
  const packs = store.catalog.packs();
  for (const record of store.catalog.knownSets()) {
    try {
      const looked = store.catalog.knownPages(record.name).flatMap(({ ranges }) => ranges);
      const come = packs.filter((pack) => !isIn(looked, pack));
      if (come.length === 0) continue;
      const { run } = openKnownSet(store.blobs, record);
      const pages = come.flatMap((pack) => pagesOfPack(store.blobs, pack.name, run));
      store.catalog.addKnownPages(record.name, { ranges: come.map(rangeOf), pages: Uint32Array.from(pages) });
    } catch (error) {
      if (!isDumpError(error) || error.code !== "store-damaged") throw error;
    }
  }
}

function rangeOf({ firstPage, lastPage }: Pack): readonly [number, number] {
  return [firstPage, lastPage + 1];
}

/** Packs are looked up as a whole; one that gc has rewritten is a part of one that was. */
function isIn(ranges: Ranges, pack: Pack): boolean {
  return ranges.some(([from, to]) => from <= pack.firstPage && pack.lastPage < to);
}

/**
 * What is known of a set as the catalog has it now.
 * @param before what was read of the same set earlier
 */
export function readMembers(store: Store, set: KnownSet, before: Members | undefined): Members {
  const rows = store.catalog.knownPages(set.record.name, before?.row ?? 0);
  const ranges = [...(before?.ranges ?? []), ...rows.flatMap((row) => row.ranges)];
  // Nobody has kept these: a store of an earlier program, or a set that was damaged when they came.
  const left = store.catalog.packs().filter((pack) => !isIn(ranges, pack));
  if (before && rows.length === 0 && left.length === 0) return before;
  const bits = new Uint8Array(Math.ceil(store.catalog.nextPage / 8));
  if (before) bits.set(before.bits.subarray(0, bits.length));
  let isEmpty = before?.isEmpty ?? true;
  const add = (pages: Iterable<number>) => {
    for (const page of pages) {
      bits[page >>> 3] |= 1 << (page & 7);
      isEmpty = false;
    }
  };
  for (const { pages } of rows) add(pages);
  for (const pack of left) add(pagesOfPack(store.blobs, pack.name, set.run));
  return { bits, isEmpty, ranges: [...ranges, ...left.map(rangeOf)], row: rows.at(-1)?.row ?? before?.row ?? 0 };
}

/** Bits of several sets at once. */
export function unionOf(all: readonly Members[]): Pick<Members, "bits"> {
  const bits = new Uint8Array(all.reduce((most, { bits: its }) => Math.max(most, its.length), 0));
  for (const { bits: its } of all) for (let i = 0; i < its.length; i++) bits[i] |= its[i];
  return { bits };
}
