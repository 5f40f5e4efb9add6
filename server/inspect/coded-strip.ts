/** A strip with what a page channel says of its recorded pages as rank: what that channel's tiles are cut from. */
import type { Space } from "../../shared/snapshot/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import { type Manifest, placesOf } from "../store/index.ts";
import { piecesOf, type SnapshotStrip, stripOfCodes } from "./strip-source.ts";

const RECORDED = cellStateCode("recorded");

/**
 * @param base says where the pages stand, and which of them are shown
 * @param codes by row of the manifest
 */
export function codedStrip(manifest: Manifest, base: SnapshotStrip, codes: Uint8Array): SnapshotStrip {
  const coded = stripOfCodes(manifest, base.strip, ({ row, rows }) => codes.subarray(row, row + rows));
  return {
    ...base,
    async columns(from, count) {
      const [columns, { rank }] = await Promise.all([base.columns(from, count), coded.columns(from, count)]);
      for (let row = 0; row < count; row++) columns.rank[row] = columns.cell[row] === RECORDED ? rank[row] : 0;
      return columns;
    },
  };
}

/**
 * The same of a side of a comparison, whose joint strip has the pages of its manifest by their places.
 * @param base the side with verdicts as rank
 * @param ownSpace what the side calls a space of the joint strip
 */
export function codedSide(
  manifest: Manifest,
  base: SnapshotStrip,
  codes: Uint8Array,
  ownSpace: (space: Space) => Space,
): SnapshotStrip {
  const places = placesOf(manifest);
  return {
    ...base,
    async columns(from, count) {
      const columns = await base.columns(from, count);
      columns.rank.fill(0);
      for (const { laid, row, page, pages } of piecesOf(base.strip, from, count))
        for (const chunk of places.chunks(ownSpace(laid.space), page, page + pages)) {
          const end = Math.min(page + pages, chunk.start + chunk.rows);
          for (let p = Math.max(page, chunk.start); p < end; p++) {
            const at = row + p - page;
            if (columns.cell[at] === RECORDED) columns.rank[at] = codes[chunk.row + p - chunk.start];
          }
        }
      return columns;
    },
  };
}
