/** A selection → its picture with legend, scale and digest, also as text in the file; and its legend alone, as SVG. */
import type { Channel } from "../../shared/channel/index.ts";
import type { Layout } from "../../shared/layout/index.ts";
import { type Palette, paletteIn } from "../../shared/palette/index.ts";
import type { Filling } from "../filling/index.ts";
import type { Figures, Scope } from "../find/index.ts";
import { selectedStrip } from "../inspect/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { drawPicture, legendSvg, type PictureRequest } from "../tiles/index.ts";
import { channelSource } from "./channel-source.ts";
import { demandPalette } from "./demand-palette.ts";
import { filledIn, filledLines, legendPlaces, type PlaceCounts } from "./legend-places.ts";
import { digestLines, namedPng } from "./named-png.ts";

export interface SelectionPicture {
  /** Regions ascending in each space, apart from each other. */
  readonly scope: Scope;
  /** As a person reads it. */
  readonly selection: string;
  readonly figures: Pick<Figures, "classes" | "bytes" | "pages">;
  readonly places: PlaceCounts;
  /** Pages left to files have these bytes; without it none. */
  readonly filling?: Filling | undefined;
  readonly layout: Layout;
  readonly channel: Channel;
  /** The channel's own without one. */
  readonly palette?: Palette | undefined;
  /** Pixels across, without margins. */
  readonly width: number;
}

/** @returns a PNG whose texts say of what snapshot and which part it is. */
export async function selectionPicture(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  choice: SelectionPicture,
  signal: AbortSignal,
): Promise<Buffer> {
  const png = await drawPicture({ ...requestOf(store, known, record, choice), signal });
  const { layout, channel, palette, selection, figures, places } = choice;
  return namedPng(png, record, {
    selection,
    bytes: figures.bytes,
    pages: figures.pages,
    filled: filledIn(channel, places.filling) ?? null,
    layout,
    channel,
    palette: paletteIn(channel, palette ?? null),
  });
}

/** @returns SVG of the legend under that picture. */
export function selectionLegend(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  choice: SelectionPicture,
): Promise<string> {
  return legendSvg(requestOf(store, known, record, choice));
}

function requestOf(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  { scope, selection, figures, places, layout, channel, palette, width, filling }: SelectionPicture,
): PictureRequest {
  demandPalette(channel, palette);
  const filled = filledIn(channel, places.filling);
  const laid = selectedStrip(store, known, record, scope);
  const { codes, ...drawn } = channelSource(store, known, record, channel, laid, filling);
  return {
    ...drawn,
    strip: laid.strip,
    layout,
    channel,
    palette,
    width,
    title: [
      `${record.container} ${record.name}, a selection`,
      `bytes ${figures.bytes}, pages ${figures.pages}, in ${selection}`,
      ...digestLines(record),
      ...filledLines(channel, places.filling),
    ],
    numbers: {
      ...(channel === "class" ? { counts: figures.classes } : {}),
      // Their numbers are of the whole snapshot: of a selection they are not counted.
      ...(codes && { codes: codes.map((row) => ({ ...row, pages: undefined })) }),
      places: legendPlaces(places, filled),
    },
    theme: "dark",
  };
}
