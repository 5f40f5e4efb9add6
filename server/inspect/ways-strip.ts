/** Which positions of a snapshot's strip a filter by ways lights: what tiles of the channel `ways` are cut from. */
import type { Strip } from "../../shared/strip/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import type { PageWays } from "../stripping/index.ts";
import { type SnapshotStrip, stripOfCodes } from "./strip-source.ts";

const IMAGE = cellStateCode("image");
/** Of a page that is left to a file and wanted. */
const LEFT_TO_FILE = 1;

/**
 * Bits of `WAYS` as rank of recorded pages, 1 of those left to a file.
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
        if (first >= last) continue;
        if (!isMeant(source)) columns.rank.fill(0, first, last);
        else for (let row = first; row < last; row++) if (columns.cell[row] === IMAGE) columns.rank[row] = LEFT_TO_FILE;
      }
      return columns;
    },
  };
}
