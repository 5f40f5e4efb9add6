/** What tiles of the ways of a snapshot's pages are cut from, and what they depend on. */
import { parseIndices } from "../../shared/channel/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import type { Strip } from "../../shared/strip/index.ts";
import { type SnapshotStrip, waysStrip } from "../inspect/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { LeastRecent, type SnapshotRecord, type Store } from "../store/index.ts";
import { type PageWays, pageWays } from "../stripping/index.ts";

export interface WaysTiles {
  /**
   * @param strip is not told by the key
   * @param within indices of laid mappings; all without it
   * @throws DumpError `bad-request`
   */
  of(
    record: SnapshotRecord,
    strip: Strip,
    within: string | undefined,
  ): { readonly source: SnapshotStrip; readonly key: string };
}

/** Made for a snapshot once: it opens those of other containers. */
const SNAPSHOTS = 4;

export function createWaysTiles(store: Store, known: KnownSets): WaysTiles {
  const made = new LeastRecent<PageWays>(SNAPSHOTS);
  return {
    of(record, strip, within) {
      const isMeant = within === undefined ? () => true : parseIndices(within);
      if (!isMeant) throw new DumpError("bad-request", `${within} names no mappings: 3-7,12 does`, {});
      // Which other containers hold a page is asked of those that are here now.
      const others = store.catalog.snapshots().map(({ id }) => id);
      const key = `${record.manifest} ${record.provenanceBlob} ${known.generation(record)} ${others.join()}`;
      const ways = made.get(`${record.id} ${key}`, () => pageWays(store, known, record, known.strippingOf(record)));
      return { source: waysStrip(store, record, strip, ways, isMeant), key: `${record.id} ${key} ${within}` };
    },
  };
}
