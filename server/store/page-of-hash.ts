/** The number that the store has given to a content, by its whole hash; for the few that are asked for by name. */
import { type PageNumber, pageNumber } from "../../shared/memory/index.ts";
import type { Blobs } from "./blobs.ts";
import type { Catalog } from "./catalog.ts";
import { createPageHashes } from "./page-hashes.ts";
import { openRun } from "./page-index.ts";

/**
 * Needs no lock: what another process takes away meanwhile is looked up again, as long as the catalog goes on changing.
 *
 * @param hash 32 bytes
 * @returns `undefined` for a content that the store has not, or has no longer
 */
export function pageOfHash(blobs: Blobs, catalog: Catalog, hash: Uint8Array): PageNumber | undefined {
  for (;;) {
    const revision = catalog.revision();
    try {
      return lookUp(blobs, catalog, hash);
    } catch (error) {
      if (catalog.revision() === revision) throw error;
    }
  }
}

function lookUp(blobs: Blobs, catalog: Catalog, hash: Uint8Array): PageNumber | undefined {
  const stored = createPageHashes(blobs, catalog.packs());
  for (const { name } of catalog.runs()) {
    const page = openRun(blobs, "index", name).find(hash, 0, (candidate) => stored.equals(candidate, hash, 0));
    if (page >= 0) return pageNumber(page);
  }
  return undefined;
}
