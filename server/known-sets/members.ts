/**
 * Which of the store's pages have a content of a known set: page numbers, as bits. They are looked up once, when the set
 * is added (its pages in the store) and when pages come (those in the sets), and kept in the catalog; numbers are never
 * used again, so nothing that is deleted makes them wrong.
 */
import { isDumpError } from "../../shared/errors/index.ts";
import { pagesOfRun, pagesWithin, type Store } from "../store/index.ts";
import { type KnownSet, openKnownSet } from "./known-set.ts";

/** Bits of the pages [0, covered). */
export interface Members {
  readonly covered: number;
  readonly bits: Uint8Array;
  /** How many there are. */
  readonly count: number;
}

export function hasMember({ bits }: Pick<Members, "bits">, page: number): boolean {
  return (bits[page >>> 3] & (1 << (page & 7))) !== 0;
}

/** Keeps which of the store's pages a new set has. In the transaction that adds it, under the lock. */
export function recordMembers(store: Store, set: Pick<KnownSet, "record" | "run">): void {
  const to = store.catalog.nextPage;
  const pages = pagesOfRun(store.blobs, store.catalog, set.run);
  store.catalog.addKnownPages(set.record.name, { from: 0, to, pages });
}

/**
 * Keeps which of the pages that the store has got since each known set has. In the transaction that adds them. A set that
 * is damaged is no reason to refuse a dump: it is looked up when it is read again.
 */
export function extendMembers(store: Store): void {
  const to = store.catalog.nextPage;
  for (const record of store.catalog.knownSets()) {
    try {
      const from = store.catalog.knownPagesEnd(record.name);
      if (from >= to) continue;
      const { run } = openKnownSet(store.blobs, record);
      const pages = pagesWithin(store.blobs, store.catalog, run, from, to);
      store.catalog.addKnownPages(record.name, { from, to, pages });
    } catch (error) {
      if (!isDumpError(error) || error.code !== "store-damaged") throw error;
    }
  }
}

/**
 * What is known of a set as the catalog has it now.
 * @param before what was read of the same set earlier
 */
export function readMembers(store: Store, set: KnownSet, before: Members | undefined): Members {
  const to = store.catalog.nextPage;
  if (before && before.covered >= to) return before;
  let covered = before?.covered ?? 0;
  const bits = new Uint8Array(Math.ceil(to / 8));
  if (before) bits.set(before.bits);
  let count = before?.count ?? 0;
  const add = (pages: Uint32Array) => {
    count += pages.length;
    for (const page of pages) bits[page >>> 3] |= 1 << (page & 7);
  };
  for (const row of store.catalog.knownPages(set.record.name, covered)) {
    // Another process may have gone on since the number of pages was asked for.
    add(row.pages.filter((page) => page < to));
    covered = Math.min(to, row.to);
  }
  // Nobody has kept these: a store of an earlier program, or a set that was damaged when they came.
  if (covered < to) add(pagesWithin(store.blobs, store.catalog, set.run, covered, to));
  return { covered: to, bits, count };
}

/** Bits of several sets at once. */
export function unionOf(all: readonly Members[]): Pick<Members, "bits"> {
  const bits = new Uint8Array(all.reduce((most, { bits: its }) => Math.max(most, its.length), 0));
  for (const { bits: its } of all) for (let i = 0; i < its.length; i++) bits[i] |= its[i];
  return { bits };
}
