/**
 * The switch that fills pages left to files, and how many these are: beside the legend, and in none of its numbers. A
 * channel in which nothing is filled says so.
 */
import type { FillingAnswer } from "../../../shared/api/index.ts";
import { KeyCap, Swatch, Switch } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import type { AnyChannel } from "../../viewer/contract.ts";
import styles from "./filling.module.css";
import { notFilledIn } from "./not-filled.ts";

export interface FillingLegendProps {
  /** `undefined` until it is known. */
  readonly filling: FillingAnswer | undefined;
  readonly leftToFile: number;
  readonly channel: AnyChannel;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

/** As the picture draws filled pages: their bytes' colours between the diagonals of a place left to its file. */
const FILLED_FILL =
  "repeating-linear-gradient(-45deg, var(--data-image-line) 0 1px, var(--class-1) 1px 3px, var(--data-image) 3px 4px, var(--class-1) 4px 6px)";

export function FillingLegend({ filling, leftToFile, channel, on, onChange }: FillingLegendProps) {
  if (leftToFile === 0) return null;
  const notFilled = filling && notFilledIn(channel, filling);
  return (
    <section className={styles.filling} aria-label="Filling">
      <span className={styles.switch}>
        <Switch on={on} onChange={onChange} title="Shows bytes that the dump has left to files, hatched">
          Filled
        </Switch>
        <KeyCap>Y</KeyCap>
      </span>
      {filling && <Numbers filling={filling} leftToFile={leftToFile} />}
      {notFilled && <p>{notFilled}</p>}
    </section>
  );
}

function Numbers({ filling, leftToFile }: { readonly filling: FillingAnswer; readonly leftToFile: number }) {
  const { fromImage, fromGhost } = filling;
  if (fromImage + fromGhost === 0) {
    return (
      <p title="Add the image with its bytes: dumpscope known add IMAGE.tar --name NAME --with-bytes">
        nothing here has bytes for {formatPlural(leftToFile, "page")} left to files
      </p>
    );
  }
  return (
    <ul>
      {fromImage > 0 && (
        <li>
          <Swatch fill={FILLED_FILL} hair />
          known, from image <b>{formatCount(fromImage)}</b>
        </li>
      )}
      {fromGhost > 0 && (
        <li>
          <Swatch fill={FILLED_FILL} hair />
          from the dump's ghost file <b>{formatCount(fromGhost)}</b>
        </li>
      )}
      <li>of {formatPlural(leftToFile, "page")} left to files, none recorded</li>
    </ul>
  );
}
