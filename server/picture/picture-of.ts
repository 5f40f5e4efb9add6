/** A snapshot → its picture with legend, title and digest: the one that the API sends and the command line writes. */
import type { Channel } from "../../shared/channel/index.ts";
import type { Layout } from "../../shared/layout/index.ts";
import { PROVENANCES } from "../../shared/provenance/index.ts";
import { BLOCK_PAGES, type StripChoice } from "../../shared/strip/index.ts";
import { createStrips, pageContents, snapshotHistograms } from "../inspect/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { drawPicture } from "../tiles/index.ts";

export interface PictureChoice {
  readonly layout: Layout;
  readonly channel: Channel;
  readonly strip: StripChoice;
  /** Pixels across, without margins. */
  readonly width: number;
}

/** @param signal stops the drawing. @returns a PNG */
export async function pictureOf(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  { layout, channel, strip, width }: PictureChoice,
  signal?: AbortSignal,
): Promise<Buffer> {
  const contents = pageContents(store);
  const source = createStrips(store, known).source(record, strip);
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
      ...(strip === "all" ? [] : [`only blocks of ${BLOCK_PAGES} pages with ${strip} ones`]),
    ],
    numbers: {
      ...(counts === undefined ? {} : { counts }),
      places: { image: absent.file, untouched: absent.untouched, excluded: absent.excluded, missing: absent.missing },
    },
    theme: "dark",
    signal,
  });
}
