/** What a picture of a channel is drawn from, and what its legend tells of codes. */
import { type Channel, isPageChannel } from "../../shared/channel/index.ts";
import { codedStrip, type SnapshotStrip } from "../inspect/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { type CodeRow, createPageChannels } from "../page-channels/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";

/** @param base where the pages stand; with provenance as rank */
export function channelSource(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  channel: Channel,
  base: SnapshotStrip,
): { readonly source: SnapshotStrip; readonly codes?: readonly CodeRow[] } {
  if (!isPageChannel(channel)) return { source: base };
  const { codes, rows } = createPageChannels(store, known).of(record, channel);
  return { source: codedStrip(store.manifest(record), base, codes), codes: rows };
}
