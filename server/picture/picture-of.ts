/** A snapshot → its picture with legend, title and digest: the one that the API sends and the command line writes. */
import type { Channel } from "../../shared/channel/index.ts";
import type { Layout } from "../../shared/layout/index.ts";
import { PROVENANCES } from "../../shared/provenance/index.ts";
import { pageContents, snapshotHistograms, snapshotStrip } from "../inspect/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { drawPicture } from "../tiles/index.ts";

export interface PictureChoice {
  readonly layout: Layout;
  readonly channel: Channel;
  /** Pixels across, without margins. */
  readonly width: number;
}

/** @param signal stops the drawing. @returns a PNG */
export async function pictureOf(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  { layout, channel, width }: PictureChoice,
  signal?: AbortSignal,
): Promise<Buffer> {
  const contents = pageContents(store);
  const source = snapshotStrip(store, known, record);
  const total = known.provenance(record);
  const { absent } = record.pages;
  const counts =
    channel === "class"
      ? (await snapshotHistograms(store, contents, record)).classes
      : channel === "provenance"
        ? PROVENANCES.map((provenance) => total[provenance])
        : undefined;
  return drawPicture({
    source,
    contents,
    strip: source.strip,
    layout,
    channel,
    width,
    title: [
      `${record.container} ${record.name}`,
      record.checkpointedAt === null
        ? "time not in the dump"
        : record.checkpointedAt.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC"),
      `sha256 ${record.sha256.slice(0, 16)}…`,
    ],
    numbers: {
      ...(counts === undefined ? {} : { counts }),
      places: { image: absent.file, untouched: absent.untouched, excluded: absent.excluded, missing: absent.missing },
    },
    theme: "dark",
    signal,
  });
}
