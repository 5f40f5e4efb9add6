/** Which positions of a snapshot's strip a filter by ways lights: what tiles of the channel `ways` are cut from. */
import type { Strip } from "../../shared/strip/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import type { PageWays } from "../stripping/index.ts";
import { type SnapshotStrip, stripOfCodes } from "./strip-source.ts";

/**
 * Bits of `WAYS` as rank of recorded pages.
 * @param isMeant of a laid mapping by its index: the pages of others have no ways
 */
export function waysStrip(
  store: Store,
  record: SnapshotRecord,
  strip: Strip,
  ways: PageWays,
  isMeant: (mapping: number) => boolean,
): SnapshotStrip {
  const base = stripOfCodes(store.manifest(record), strip, (chunk) => ways.ofChunk(chunk));
  const { end } = base;
  return {
    strip,
    end,
    async columns(from, count) {
      const columns = await base.columns(from, count);
      for (const { source, position, size } of strip.mappings) {
        const first = Math.max(0, position - from);
        const last = Math.min(count, position + size - from);
        if (first < last && !isMeant(source)) columns.rank.fill(0, first, last);
      }
      return columns;
    },
  };
}
