/** What the bytes of a selection are on each side, figure by figure, so that A stands beside B: classes, entropy, digraph. */
import { useState } from "react";
import type { CurvePart, Figures } from "../../../shared/api/index.ts";
import { asApiError } from "../../api/index.ts";
import { Digraph, EntropyCurve } from "../../charts/index.ts";
import { Failure, Loading, Segmented } from "../../controls/index.ts";
import { formatPercent, formatPlural, formatSize } from "../../format/index.ts";
import type { Theme } from "../../viewer/contract.ts";
import { ClassShares } from "../picture/class-shares.tsx";
import styles from "../selection/selection.module.css";
import type { FiguresState } from "../selection/use-figures.ts";
import { countWithoutBytes, withoutBytes } from "../selection/without-bytes.ts";
import type { ComparedSide } from "./compared-side.ts";

export interface MeasuredSide {
  readonly side: ComparedSide;
  readonly state: FiguresState;
  /** It has some of what is selected. */
  readonly isHere: boolean;
}

export interface SideFiguresProps {
  readonly sides: readonly MeasuredSide[];
  readonly theme: Theme;
  /** Finds the places of a pair of bytes. */
  readonly onPair: (pair: number) => void;
  readonly onPart: (side: ComparedSide, part: CurvePart) => void;
}

export function SideFigures({ sides, theme, onPair, onPart }: SideFiguresProps) {
  const measured = sides.flatMap(({ side, state: { figures } }): OfSide[] =>
    figures && figures.bytes > 0 ? [{ side, figures }] : [],
  );
  return (
    <>
      {sides.map((one) => (
        <SideClasses key={one.side.key} {...one} theme={theme} />
      ))}
      {measured.length > 0 && (
        <section className={styles.section} aria-label="Entropy">
          <header>
            <h3>Entropy</h3>
            <span>along the selection</span>
          </header>
          {measured.map(({ side, figures }) => (
            <div key={side.key} className={styles.ofSide}>
              <h4>{titleOf(side)}</h4>
              <EntropyCurve of={titleOf(side)} parts={figures.curve.parts} onPart={(part) => onPart(side, part)} />
            </div>
          ))}
        </section>
      )}
      {measured.length > 0 && <SideDigraph measured={measured} onPair={onPair} />}
    </>
  );
}

interface OfSide {
  readonly side: ComparedSide;
  readonly figures: Figures;
}

/** One side at a time, in one place: what differs is seen when the other takes it. */
function SideDigraph({ measured, onPair }: { measured: readonly OfSide[] } & Pick<SideFiguresProps, "onPair">) {
  const [chosen, setChosen] = useState<ComparedSide["key"]>("b");
  const { side, figures } = measured.find((one) => one.side.key === chosen) ?? measured[0];
  // Of one scale, so that equal colours are equal counts.
  const most = measured.reduce((max, one) => one.figures.pairs.reduce((x, y) => Math.max(x, y), max), 0);
  return (
    <section className={styles.section} aria-label="Digraph">
      <header>
        <h3>Digraph</h3>
        {measured.length > 1 ? (
          <Segmented
            label="Digraph of"
            choices={measured.map((one) => ({ value: one.side.key, title: titleOf(one.side) }))}
            value={side.key}
            onChoose={setChosen}
          />
        ) : (
          <span>{titleOf(side)}</span>
        )}
      </header>
      <Digraph of={titleOf(side)} pairs={figures.pairs} most={most} onPair={onPair} />
      <p className={styles.ends}>
        {measured.length > 1 && "Both sides have one scale. "}
        {figures.zeroPages > 0 && `${formatPlural(figures.zeroPagePairs, "pair")} of zero pages left out.`}
      </p>
    </section>
  );
}

function titleOf({ letter, name }: ComparedSide): string {
  return `${letter} ${name}`;
}

function SideClasses({ side, state, isHere, theme }: MeasuredSide & Pick<SideFiguresProps, "theme">) {
  const { figures, error, progress, retry } = state;
  const failure = error ? asApiError(error) : null;
  return (
    <section className={styles.section} aria-label={`Byte classes of ${titleOf(side)}`}>
      <header>
        <h3>{titleOf(side)}</h3>
        <span>{figures ? hereOf(figures) : !isHere && "nothing here"}</span>
      </header>
      {failure && (
        <Failure title="It could not be counted" detail={failure.message} advice={failure.advice} onRetry={retry} />
      )}
      {isHere && !figures && !failure && (
        <Loading what={progress ? `Counted: ${formatPercent(progress.rowsDone, progress.rows)}` : "Counting…"} />
      )}
      {figures && figures.bytes > 0 && (
        <ClassShares classes={figures.classes} bytes={figures.bytes} theme={theme} className={styles.classes} />
      )}
    </section>
  );
}

/** A size of nothing says less than why. */
function hereOf({ bytes, absent }: Figures): string {
  if (bytes > 0 || absent === null) return `${formatSize(bytes)} here`;
  return countWithoutBytes(absent) === 0 ? "nothing here" : withoutBytes(absent);
}
