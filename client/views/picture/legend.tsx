/**
 * The legend of the channel in use, always visible: unit, window and rule, and rows that are toggles. A click dims the
 * others, Shift-click adds, double click resets. Beside it the whole strip.
 */
import type { ReactNode } from "react";
import { cellColor, cssColor } from "../../../shared/palette/index.ts";
import { BYTE_CLASSES } from "../../../shared/summary/index.ts";
import { cellStateCode } from "../../../shared/tile/index.ts";
import { Swatch, useArrowKeys } from "../../controls/index.ts";
import { formatSize } from "../../format/index.ts";
import type { Look, Viewer } from "../../viewer/contract.ts";
import { IMAGE_FILL } from "../explain/parts.ts";
import styles from "./legend.module.css";
import { PaletteChoice } from "./palette-choice.tsx";
import { useZoom } from "./use-viewer.ts";

const RECORDED = cellStateCode("recorded");
const PRINTABLE = BYTE_CLASSES.indexOf("printable");

export interface LegendRow {
  /** Name in the address of the page. */
  readonly name: string;
  readonly title: string;
  readonly fill: string;
  readonly hair?: boolean;
  readonly sign?: string;
  readonly number: string;
  /** What the title is short for. */
  readonly hint?: string | null;
  readonly lit: boolean;
}

export interface LegendProps {
  readonly viewer: Viewer;
  readonly title: string;
  /** Unit and rule. */
  readonly rule: string;
  readonly rows: readonly LegendRow[];
  /** Numbers are of both sides of a comparison, and need the room. */
  readonly isOfBoth?: boolean;
  readonly onChoose: (name: string, add: boolean) => void;
  readonly onReset: () => void;
  /** Of what the numbers are, where that can be chosen. */
  readonly of?: ReactNode;
  readonly scale?: ReactNode;
  readonly places: ReactNode;
  readonly minimap: ReactNode;
  readonly children?: ReactNode;
}

export function Legend(props: LegendProps) {
  const keys = useArrowKeys<HTMLDivElement>();
  return (
    <section
      className={styles.legend}
      aria-label={`Legend: ${props.title}`}
      data-both={props.isOfBoth}
      data-signs={props.rows.some((row) => row.sign !== undefined)}
    >
      <div className={styles.head}>
        <h2>{props.title}</h2>
        <PaletteChoice viewer={props.viewer} />
        <span>{props.rule}</span>
      </div>
      {props.of}
      <div className={styles.body} data-minimap={props.minimap !== null}>
        <div
          {...(props.rows.length > 0 && {
            role: "toolbar",
            "aria-label": "Rows",
            "aria-orientation": "vertical",
            ...keys,
          })}
        >
          {props.scale}
          {props.rows.map((row) => (
            <button
              key={row.name}
              type="button"
              className={styles.row}
              data-lit={row.lit}
              aria-pressed={row.lit}
              title={[row.hint, "Click dims the others, Shift-click adds, double click shows all"]
                .filter(Boolean)
                .join("\n")}
              onClick={(event) => event.detail < 2 && props.onChoose(row.name, event.shiftKey)}
              onDoubleClick={props.onReset}
            >
              <Swatch fill={row.fill} hair={row.hair} />
              {row.sign !== undefined && <span className={styles.sign}>{row.sign}</span>}
              <span className={styles.name}>{row.title}</span>
              <span>{row.number}</span>
            </button>
          ))}
        </div>
        {props.minimap !== null && (
          <div>
            {props.minimap}
            <ZoomText viewer={props.viewer} />
          </div>
        )}
      </div>
      <ul className={styles.places}>{props.places}</ul>
      {props.children}
    </section>
  );
}

function ZoomText({ viewer }: { viewer: Viewer }) {
  const zoom = useZoom(viewer);
  return (
    <div className={styles.minimapFoot}>
      <span>{formatSize(4 ** zoom.level)} per cell</span>
      <span>{zoom.pixels} px</span>
    </div>
  );
}

export function PlaceKey({ fill, title, hair = true }: { fill: string; title: ReactNode; hair?: boolean }) {
  return (
    <li>
      <Swatch fill={fill} hair={hair} />
      {title}
    </li>
  );
}

/** Strength of a cell by its share of non-zero bytes. */
export function ShareKey({ look: { theme, palette } }: { look: Pick<Look, "theme" | "palette"> }) {
  const steps = [0, 0.25, 0.5, 0.75, 1];
  const colorOf = (share: number) =>
    cssColor(cellColor("class", RECORDED, PRINTABLE, Math.round(share * 255), 3, theme, "full", palette));
  return (
    <li>
      0
      <span className={styles.share} aria-hidden="true">
        {steps.map((step) => (
          <i key={step} style={{ background: colorOf(step) }} />
        ))}
      </span>
      non-zero
    </li>
  );
}

/** Crossed, as the picture draws pages that the dump should hold and does not. */
const MISSING_FILL =
  "repeating-linear-gradient(45deg, var(--data-missing-line) 0 1px, transparent 1px 4px), repeating-linear-gradient(-45deg, var(--data-missing-line) 0 1px, var(--data-missing) 1px 4px)";

/** Lines, as the picture draws pages of a dump that is still arriving. */
const NOT_HERE_FILL =
  "repeating-linear-gradient(0deg, var(--data-not-loaded-line) 0 1px, var(--data-not-loaded) 1px 4px)";

/** Dots, as the picture draws pages that the dumper left out. */
const EXCLUDED_FILL =
  "0 0 / 4px 4px radial-gradient(circle at 1px 1px, var(--data-excluded-line) 0.9px, transparent 1px) var(--data-excluded)";

export interface CommonPlacesProps {
  /** How many pages, as text; without one the sign alone. */
  readonly leftToFile?: string;
  /** How many more were left to deleted files, as text; without one they are not told. */
  readonly deleted?: string;
  /** How many pages the dumper left out, as text; without one the sign is left out. */
  readonly excluded?: string;
  /** How many pages are missing, as text; without one the sign is left out. */
  readonly missing?: string;
  /** The same of pages that are not here yet. */
  readonly notHere?: string;
  /** Some mapping may be written and executed. */
  readonly writeExecute?: boolean;
}

export function CommonPlaces({ leftToFile, deleted, excluded, missing, notHere, writeExecute }: CommonPlacesProps) {
  return (
    <>
      <PlaceKey fill={IMAGE_FILL} title={leftToFile === undefined ? "left to file" : `left to file ${leftToFile}`} />
      {deleted !== undefined && <PlaceKey fill={IMAGE_FILL} title={`left to deleted file ${deleted}`} />}
      <PlaceKey fill="var(--data-untouched)" title="untouched" />
      <PlaceKey fill="var(--data-gap)" title="gap" />
      {excluded !== undefined && <PlaceKey fill={EXCLUDED_FILL} title={`excluded ${excluded}`} />}
      {notHere !== undefined && <PlaceKey fill={NOT_HERE_FILL} title={`not here yet ${notHere}`} />}
      {missing !== undefined && <PlaceKey fill={MISSING_FILL} title={`missing ${missing}`} />}
      {writeExecute && (
        <li>
          <span className={styles.rails} aria-hidden="true" />
          W+X mapping
        </li>
      )}
    </>
  );
}

/** Of a share of bytes. */
export function ShareScale({ look, level }: { look: Pick<Look, "channel" | "theme" | "palette">; level: number }) {
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map((code) =>
    cssColor(cellColor(look.channel, RECORDED, code, 255 - code, level, look.theme, "full", look.palette)),
  );
  return (
    <div className={styles.scale}>
      <div className={styles.ramp} style={{ background: `linear-gradient(90deg, ${stops.join(", ")})` }} />
      <div className={styles.ends}>
        <span>0 %</span>
        <span>50 %</span>
        <span>100 %</span>
      </div>
    </div>
  );
}

export function ValueScale({
  look: { theme, palette },
  level,
}: {
  look: Pick<Look, "theme" | "palette">;
  level: number;
}) {
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map((value) =>
    cssColor(cellColor("value", RECORDED, value, 0, level, theme, "full", palette)),
  );
  return (
    <div className={styles.scale}>
      <div className={styles.ramp} style={{ background: `linear-gradient(90deg, ${stops.join(", ")})` }} />
      <div className={styles.ends}>
        <span>00</span>
        <span>80</span>
        <span>ff</span>
      </div>
    </div>
  );
}
