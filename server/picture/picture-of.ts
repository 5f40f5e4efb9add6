/** A snapshot → its picture with legend, title and digest: the one that the API sends and the command line writes. */
import type { Channel } from "../../shared/channel/index.ts";
import type { Layout } from "../../shared/layout/index.ts";
import { type Palette, paletteIn } from "../../shared/palette/index.ts";
import { PROVENANCES } from "../../shared/provenance/index.ts";
import { BLOCK_PAGES, type StripChoice } from "../../shared/strip/index.ts";
import type { Filling } from "../filling/index.ts";
import { createStrips, pageContents, snapshotHistograms } from "../inspect/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { drawPicture } from "../tiles/index.ts";
import { channelSource } from "./channel-source.ts";
import { demandPalette } from "./demand-palette.ts";
import { filledIn, filledLines, legendPlaces } from "./legend-places.ts";
import { digestLines, namedPng } from "./named-png.ts";

export interface PictureChoice {
  readonly layout: Layout;
  readonly channel: Channel;
  /** The channel's own without one. */
  readonly palette?: Palette | undefined;
  readonly strip: StripChoice;
  /** Pixels across, without margins. */
  readonly width: number;
  /** Pages left to files have these bytes; without it none. */
  readonly filling?: Filling | undefined;
}

/** @param signal stops the drawing. @returns a PNG. @throws DumpError `bad-request` for a palette that the channel does not have */
export async function pictureOf(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  { layout, channel, palette, strip, width, filling }: PictureChoice,
  signal?: AbortSignal,
): Promise<Buffer> {
  demandPalette(channel, palette);
  const filled = filledIn(channel, filling?.counts);
  const laid = createStrips(store, known).source(record, strip);
  const { codes, ...drawn } = channelSource(store, known, record, channel, laid, filling);
  const total = known.provenance(record);
  const counts =
    channel === "class"
      ? (await snapshotHistograms(store, pageContents(store), record)).classes
      : channel === "provenance"
        ? PROVENANCES.map((provenance) => total[provenance])
        : undefined;
  const png = await drawPicture({
    ...drawn,
    strip: laid.strip,
    layout,
    channel,
    palette,
    width,
    title: [
      `${record.container} ${record.name}`,
      record.checkpointedAt === null
        ? "time not in the dump"
        : record.checkpointedAt.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC"),
      ...digestLines(record),
      ...(channel === "provenance" && !known.isStripped(record)
        ? ["relocated and alike pages not yet looked for: they count as new"]
        : []),
      ...filledLines(channel, filling?.counts),
      ...(strip === "all" ? [] : [`only blocks of ${BLOCK_PAGES} pages with ${strip} ones`]),
    ],
    numbers: {
      ...(counts === undefined ? {} : { counts }),
      ...(codes && { codes }),
      places: legendPlaces({ absent: record.pages.absent, ofDeletedFiles: known.ofDeletedFiles(record) }, filled),
    },
    theme: "dark",
    signal,
  });
  return namedPng(png, record, {
    strip,
    filled: filled ?? null,
    layout,
    channel,
    palette: paletteIn(channel, palette ?? null),
  });
}
