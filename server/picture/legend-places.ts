/** The places without bytes that a legend tells, each with its pages: what is filled is left to no file any more. */
import { type Channel, isPageChannel } from "../../shared/channel/index.ts";
import type { Because } from "../../shared/snapshot/index.ts";
import type { FillingCounts } from "../filling/index.ts";
import type { LegendNumbers } from "../tiles/index.ts";

/** Pages of a snapshot, or of a part of it. */
export interface PlaceCounts {
  readonly absent: Readonly<Record<Because, number>>;
  /** Of those left to files the ones of deleted files: no image's. */
  readonly ofDeletedFiles: number;
  /** `undefined` while nothing is to be filled. */
  readonly filling?: Pick<FillingCounts, "fromGhost" | "fromImage"> | undefined;
}

export function legendPlaces(
  { absent, ofDeletedFiles, filling }: PlaceCounts,
  channel: Channel,
): NonNullable<LegendNumbers["places"]> {
  const { fromGhost, fromImage } = filling && !isPageChannel(channel) ? filling : NOTHING_FILLED;
  // A ghost file's page, which nobody explains, has no provenance: there it stays left to its file.
  const ofGhosts = channel === "provenance" ? 0 : fromGhost;
  return {
    image: absent.file - ofDeletedFiles - fromImage,
    deleted: ofDeletedFiles - ofGhosts,
    filled: fromImage + ofGhosts,
    untouched: absent.untouched,
    excluded: absent.excluded,
    missing: absent.missing,
  };
}

const NOTHING_FILLED = { fromGhost: 0, fromImage: 0 };
