/** A strip with what a page channel says of its recorded pages as rank: what that channel's tiles are cut from. */
import { cellStateCode } from "../../shared/tile/index.ts";
import type { Manifest } from "../store/index.ts";
import { type SnapshotStrip, stripOfCodes } from "./strip-source.ts";

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
