/** What a legend says of places without bytes, each with its pages: what is filled is left to no file any more. */
import { type Channel, isPageChannel } from "../../shared/channel/index.ts";
import type { Because } from "../../shared/snapshot/index.ts";
import type { FillingCounts } from "../filling/index.ts";
import type { LegendNumbers } from "../tiles/index.ts";

/** Pages that are drawn with bytes which are not the dump's. */
export type FilledPages = Pick<FillingCounts, "fromGhost" | "fromImage">;

/** Pages of a snapshot, or of a part of it. */
export interface PlaceCounts {
  readonly absent: Readonly<Record<Because, number>>;
  /** Of those left to files the ones of deleted files: no image's. */
  readonly ofDeletedFiles: number;
  /** Those that can be filled; `undefined` while nothing is to be. */
  readonly filling?: FilledPages | undefined;
}

/** Of the pages that can be filled those that the channel fills; `undefined` when it fills none ever, or nothing is to be. */
export function filledIn(channel: Channel, filling: FilledPages | undefined): FilledPages | undefined {
  if (!filling || isPageChannel(channel)) return undefined;
  const { fromGhost, fromImage } = filling;
  // A ghost file's page, which nobody explains, has no provenance: there it stays left to its file.
  return { fromGhost: channel === "provenance" ? 0 : fromGhost, fromImage };
}

export function legendPlaces(
  { absent, ofDeletedFiles }: PlaceCounts,
  filled: FilledPages | undefined,
): NonNullable<LegendNumbers["places"]> {
  const { fromGhost, fromImage } = filled ?? { fromGhost: 0, fromImage: 0 };
  return {
    image: absent.file - ofDeletedFiles - fromImage,
    deleted: ofDeletedFiles - fromGhost,
    filled: fromImage + fromGhost,
    untouched: absent.untouched,
    excluded: absent.excluded,
    missing: absent.missing,
  };
}

/** For the head of the legend: that some of what is drawn is not the dump's, or why filling changes nothing. */
export function filledLines(channel: Channel, filling: FilledPages | undefined): readonly string[] {
  if (!filling) return [];
  const filled = filledIn(channel, filling);
  if (!filled) return ["the channel colours recorded pages: filling changes nothing in it"];
  return [
    `filled, not in the dump: pages known, from image ${filled.fromImage}, from the dump's ghost files ${filled.fromGhost}`,
  ];
}
