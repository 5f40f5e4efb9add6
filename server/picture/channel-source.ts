/** What a picture of a channel is drawn from, and what its legend tells of codes. */
import { type Channel, isPageChannel, tilesOf } from "../../shared/channel/index.ts";
import { type Filling, filledContents } from "../filling/index.ts";
import { codedStrip, filledStrip, pageContents, type SnapshotStrip } from "../inspect/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { type CodeRow, createPageChannels } from "../page-channels/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import type { PageContents } from "../tiles/index.ts";

export interface ChannelSource {
  readonly source: SnapshotStrip;
  readonly contents: PageContents;
  readonly codes?: readonly CodeRow[];
}

/**
 * @param laid where the pages stand; with provenance as rank
 * @param filling gives pages left to files their bytes; page channels, which are of recorded pages, take none
 */
export function channelSource(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  channel: Channel,
  laid: SnapshotStrip,
  filling: Filling | undefined,
): ChannelSource {
  const contents = pageContents(store);
  if (isPageChannel(channel)) {
    const { codes, rows } = createPageChannels(store, known).of(record, channel);
    return { source: codedStrip(store.manifest(record), laid, codes), contents, codes: rows };
  }
  if (!filling) return { source: laid, contents };
  return {
    source: filledStrip(laid, filling, tilesOf(channel)),
    contents: filledContents(contents, filling),
  };
}
