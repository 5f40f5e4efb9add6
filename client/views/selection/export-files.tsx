/** What is selected of a snapshot as files: figures, bytes, picture, legend; each is made when it is asked for. */
import { CHANNELS } from "../../../shared/channel/index.ts";
import { formatRegions, type Region } from "../../../shared/find/index.ts";
import { paletteIn } from "../../../shared/palette/index.ts";
import type { Provenance } from "../../../shared/provenance/index.ts";
import { urlOf } from "../../api/index.ts";
import { Button } from "../../controls/index.ts";
import type { Look } from "../../viewer/contract.ts";
import styles from "./selection.module.css";

/** Of the picture that is exported; a browser draws more than a server. */
export interface ExportLook {
  readonly layout: string;
  readonly channel: string;
  readonly palette: string;
}

/** Verdicts are of two snapshots, and what is searched for is told to nobody: in their place the classes of bytes. */
export function exportLook({ layout, channel, palette }: Look): ExportLook {
  const drawn = CHANNELS.find((one) => one === channel) ?? "class";
  return { layout, channel: drawn, palette: paletteIn(drawn, palette) };
}

export interface ExportFilesProps {
  /** Id. */
  readonly snapshot: string;
  /** In its own spaces. */
  readonly regions: readonly Region[];
  /** Of these only pages that are so explained. */
  readonly among?: readonly Provenance[] | undefined;
  readonly look: ExportLook;
  /** With the bytes that fill pages left to files. */
  readonly filled: boolean;
}

const FILES = [
  ["selectionFigures", "Figures (JSON)", "All figures, with the ranges and the digest of the dump"],
  ["selectionBytes", "Bytes (tar)", "The bytes end to end, the ranges they are of, and digests"],
  ["selectionPicture", "Picture (PNG)", "Its picture in this layout and channel, with legend and digest"],
  ["selectionLegend", "Legend (SVG)", "The legend of that picture"],
] as const;

export function ExportFiles({ snapshot, regions, among, look, filled }: ExportFilesProps) {
  const text = formatRegions(regions);
  const unavailable = text === null ? "it has too many parts for a link; select fewer or larger ones" : undefined;
  const query = {
    in: text ?? "",
    ...(among ? { among: among.join(",") } : {}),
    ...(filled ? { filled: "1" as const } : {}),
  };
  return (
    <div className={styles.acts}>
      {FILES.map(([route, name, title]) => {
        const isDrawn = route === "selectionPicture" || route === "selectionLegend";
        const url = urlOf(route, { parameters: { snapshot }, query: { ...query, ...(isDrawn ? look : {}) } });
        return (
          <Button
            key={route}
            look="link"
            title={title}
            onPress={() => window.location.assign(url)}
            {...(unavailable === undefined ? {} : { unavailable })}
          >
            {name}
          </Button>
        );
      })}
    </div>
  );
}
