/**
 * Pages that the store has in common with a run of whole page hashes (a known set). Either side may do the looking: all
 * hashes of the run in the page index, or some pages of the store in the run; it is given the smaller one.
 */
import type { BlobName, Blobs } from "./blobs.ts";
import type { Catalog } from "./catalog.ts";
import { readPackTable } from "./pack.ts";
import { createPageHashes } from "./page-hashes.ts";
import { type IndexRun, openRun } from "./page-index.ts";

const HASH = 32;
/** Hashes looked up in one go: 9 MiB. Found pages are compared in their own order, so each pack is read once a go. */
const GO = 1 << 18;

/** Page numbers of the store whose content the run has, ascending. Under the lock. Costs the run's look-ups. */
export function pagesOfRun(blobs: Blobs, catalog: Catalog, run: IndexRun): Uint32Array {
  const index = catalog.runs().map(({ name }) => openRun(blobs, "index", name));
  if (index.length === 0) return new Uint32Array(0);
  const stored = createPageHashes(blobs, catalog.packs());
  const entry = run.keyBytes + 4;
  const found: number[] = [];
  for (let first = 0; first < run.count; first += GO) {
    const count = Math.min(GO, run.count - first);
    const entries = run.entries(first, count);
    // Candidate page and the row that it may be: the index knows the beginnings of hashes only.
    const candidates: number[] = [];
    for (let row = 0; row < count; row++) {
      for (const part of index) {
        part.find(entries, row * entry, (page) => {
          candidates.push(page * GO + row);
          return false;
        });
      }
    }
    for (const candidate of Float64Array.from(candidates).sort()) {
      const page = Math.floor(candidate / GO);
      if (stored.equals(page, entries, (candidate % GO) * entry)) found.push(page);
    }
  }
  return Uint32Array.from(found).sort();
}

/** Of the pages of a pack those whose content the run has, ascending. Costs these pages' look-ups. */
export function pagesOfPack(blobs: Blobs, pack: BlobName, run: IndexRun): number[] {
  const { pages, hashes } = readPackTable(blobs, "packs", pack);
  const found: number[] = [];
  for (let row = 0; row < pages.length; row++) if (run.find(hashes, row * HASH) >= 0) found.push(pages[row]);
  return found;
}
