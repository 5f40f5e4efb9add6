/**
 * The strip of a snapshot with its filled pages: cells of their own, so that no tile mixes them up with recorded ones. Of
 * a page that is known from an image the rank is `known`; what nobody explains has none, and stays left to its file.
 */
import { isPageChannel, type TileChannel } from "../../shared/channel/index.ts";
import { NO_PAGE } from "../../shared/manifest/index.ts";
import { provenanceCode } from "../../shared/provenance/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import type { Filling } from "../filling/index.ts";
import { piecesOf, type SnapshotStrip } from "./strip-source.ts";

const IMAGE = cellStateCode("image");
const FILLED = cellStateCode("filled");
const KNOWN = provenanceCode("known");

/** @param channel that tiles are cut for: `provenance` has a rank or nothing to show, page channels are of recorded pages */
export function filledStrip(source: SnapshotStrip, filling: Filling, channel: TileChannel): SnapshotStrip {
  if (isPageChannel(channel)) return source;
  return {
    ...source,
    // What fills a page is none of what the rows say.
    contentName: () => undefined,
    async columns(from, count) {
      const columns = await source.columns(from, count);
      for (const { laid, row, page, pages } of piecesOf(source.strip, from, count)) {
        const filler = filling.fillerOf(laid.space, laid.start);
        if (!filler || (channel === "provenance" && filler.source.kind === "ghost")) continue;
        const numbers = filling.numbers(laid.space, page, pages);
        numbers.forEach((number, i) => {
          if (number === NO_PAGE || columns.cell[row + i] !== IMAGE) return;
          columns.cell[row + i] = FILLED;
          columns.page[row + i] = number;
          columns.rank[row + i] = KNOWN;
        });
      }
      return columns;
    },
  };
}
