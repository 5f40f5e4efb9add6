/** The pictures of both sides, beside each other or in one place, or the map of both; beside them the widths of rows. */
import { useId } from "react";
import type { Comparison } from "../../../shared/api/index.ts";
import type { StripChoice } from "../../../shared/strip/index.ts";
import type { Look } from "../../viewer/contract.ts";
import picture from "../picture/picture.module.css";
import { PictureCanvas } from "../picture/picture-canvas.tsx";
import { RowWidth } from "../picture/row-width.tsx";
import type { MapSize } from "../url/picture-url.ts";
import type { ComparedSides } from "./compared-side.ts";
import styles from "./comparison.module.css";
import { SidesMap } from "./sides-map.tsx";
import type { LaidJoint } from "./use-joint-strip.ts";

export interface SidePicturesProps {
  readonly comparison: Comparison;
  readonly sides: ComparedSides;
  readonly laid: LaidJoint;
  readonly look: Look;
  readonly blink: boolean;
  /** The side that is seen while blinking. */
  readonly shown: "a" | "b";
  /** What areas of the map are; `null` while the pictures are shown. */
  readonly map: MapSize | null;
  /** Index of the joint mapping of the cursor; −1 without one. */
  readonly mapping: number;
  /** As of `PictureCanvas`. */
  readonly selected: string | null;
  readonly onMapSize: (size: MapSize) => void;
  readonly onOpen: (mapping: number) => void;
  readonly onEdge: (end: "start" | "end") => void;
  readonly onEnter: () => void;
  readonly onRowWidth: (width: number) => void;
}

export function SidePictures(props: SidePicturesProps) {
  const { comparison, sides, laid, look, blink, shown, map } = props;
  const { strip, choice } = laid;
  const id = useId();
  return (
    <div className={picture.view} data-region="picture">
      <div className={styles.pair} data-blink={blink}>
        {sides.map(({ key, letter, detail, viewer }) => (
          <div key={key} data-shown={shown === key}>
            <PictureCanvas
              viewer={viewer}
              label={`Side ${letter}: picture of ${detail.container} ${detail.name}, ${look.layout}, ${look.channel}`}
              describedBy={id}
              selected={props.selected}
              isHidden={map !== null}
              onStartOfMapping={() => props.onEdge("start")}
              onEndOfMapping={() => props.onEdge("end")}
              onFitMapping={props.onEnter}
            >
              {strip.end === 0 && choice !== "all" && <p className={picture.over}>{EMPTY[choice]}</p>}
            </PictureCanvas>
          </div>
        ))}
        {map && (
          <SidesMap
            comparison={comparison}
            sides={sides}
            blinking={blink ? shown : null}
            strip={strip}
            size={map}
            theme={look.theme}
            current={props.mapping}
            onSize={props.onMapSize}
            onOpen={props.onOpen}
          />
        )}
        <p id={id} className="visually-hidden">
          The panel Changes lists every mapping that differs with its differences.
        </p>
      </div>
      {hasRows(look, map) && (
        <RowWidth
          viewer={sides[0].viewer}
          width={look.rasterWidth}
          side={`A ${sides[0].name}`}
          onWidth={props.onRowWidth}
        />
      )}
    </div>
  );
}

/** Whether the panel of row widths stands beside the pictures. */
export function hasRows({ layout }: Pick<Look, "layout">, map: MapSize | null): boolean {
  return layout === "raster" && map === null;
}

/** Why nothing is on a strip. */
const EMPTY: Readonly<Record<Exclude<StripChoice, "all">, string>> = {
  residual: "Nothing differs, and every recorded page of both sides is explained.",
  recorded: "Neither side records a page.",
};
