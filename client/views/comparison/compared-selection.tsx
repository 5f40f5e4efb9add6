/** What is selected in a comparison: where it is, what became of its pages, and what its bytes are on each side. */
import { useMemo } from "react";
import type { FiguresRequest } from "../../../shared/api/index.ts";
import { formatRegions, type Region } from "../../../shared/find/index.ts";
import { asApiError, useComparedSelection } from "../../api/index.ts";
import { Button, Failure, KeyCap } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import { ExportFiles, type ExportLook } from "../selection/export-files.tsx";
import styles from "../selection/selection.module.css";
import { Places } from "../selection/selection-panel.tsx";
import { useFigures } from "../selection/use-figures.ts";
import type { ComparedSide, ComparedSides } from "./compared-side.ts";
import { VERDICT_ORDER } from "./differences.ts";
import { regionsOfSide } from "./regions-of-side.ts";
import { type MeasuredSide, SideFigures, type SideFiguresProps } from "./side-figures.tsx";
import { VerdictWord } from "./verdicts.tsx";

export interface ComparedSelectionProps extends Pick<SideFiguresProps, "theme" | "onPair" | "onPart"> {
  readonly sides: ComparedSides;
  /** In the spaces of the joint strip. */
  readonly regions: readonly Region[];
  /** The same as they are asked for; the same array as long as it is the same. */
  readonly asked: NonNullable<FiguresRequest["regions"]>;
  /** Of the pictures that are exported. */
  readonly look: ExportLook;
  readonly onMapping: (() => void) | undefined;
  readonly onStrings: () => void;
  readonly onDrop: () => void;
}

export function ComparedSelectionPanel(props: ComparedSelectionProps) {
  if (props.regions.length > 0) return <Selected {...props} />;
  const { onMapping } = props;
  return (
    <section className={styles.section} aria-label="Nothing is selected">
      <p>
        <KeyCap>Shift</KeyCap> and drag over a side selects along its curve, with <KeyCap>Alt</KeyCap> a rectangle;{" "}
        <KeyCap>Shift</KeyCap> and arrows select from the cursor on. A drag over bytes selects them. Both sides select
        the same.
      </p>
      <p className={styles.acts}>
        <Button onPress={() => onMapping?.()} {...(onMapping ? {} : { unavailable: "the cursor is in no mapping" })}>
          Select the mapping
        </Button>
      </p>
    </section>
  );
}

function Selected(props: ComparedSelectionProps) {
  const { sides, regions, asked, onDrop } = props;
  const [a, b] = sides;
  const text = formatRegions(regions);
  const { data, error, refetch } = useComparedSelection(a.detail.snapshot, b.detail.snapshot, text);
  const failure = error ? asApiError(error) : null;
  const measured = [useSideFigures(a, asked), useSideFigures(b, asked)];
  const several = new Set(sides.flatMap(({ detail }) => detail.laid).map(({ space }) => space)).size > 1;
  const compared = data && Object.values(data.verdicts).reduce((sum, pages) => sum + pages, 0);
  return (
    <>
      <section className={styles.section} aria-label="Selected">
        <header>
          <h3>{data ? headOf(compared ?? 0) : "Selected"}</h3>
          <Button look="link" onPress={onDrop}>
            Drop
          </Button>
        </header>
        <Places regions={regions} several={several} />
        <div className={styles.acts}>
          <Button look="link" onPress={props.onStrings}>
            Strings
          </Button>
        </div>
        {text === null && <p>It has too many parts to be compared; select fewer or larger ones.</p>}
      </section>
      {failure && (
        <Failure
          title="The selection could not be compared"
          detail={failure.message}
          advice={failure.advice}
          onRetry={() => void refetch()}
        />
      )}
      {data && (
        <section className={styles.section} aria-label="Verdicts">
          <header>
            <h3>Verdicts</h3>
            <span>
              {formatCount(data.differing)} {data.differing === 1 ? "differs" : "differ"}
            </span>
          </header>
          <dl className={styles.classes}>
            {VERDICT_ORDER.map((verdict) => (
              <div key={verdict}>
                <dt>
                  <VerdictWord verdict={verdict} />
                </dt>
                <dd>{formatCount(data.verdicts[verdict])}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <SideFigures sides={measured} theme={props.theme} onPair={props.onPair} onPart={props.onPart} />
      <section className={styles.section} aria-label="Export">
        <header>
          <h3>Export</h3>
          <span>each side its own</span>
        </header>
        {measured
          .filter(({ isHere }) => isHere)
          .map(({ side }) => (
            <fieldset key={side.key} className={styles.ofSide}>
              <legend>
                {side.letter} {side.name}
              </legend>
              <ExportFiles
                snapshot={side.detail.snapshot}
                regions={regionsOfSide(side.detail, regions, side.ownSpace)}
                look={props.look}
                filled={false}
              />
            </fieldset>
          ))}
      </section>
    </>
  );
}

function headOf(compared: number): string {
  return compared === 0 ? "No compared page selected" : `${formatPlural(compared, "compared page")} selected`;
}

/** Of what is selected the part that a side has. */
function useSideFigures(side: ComparedSide, asked: ComparedSelectionProps["asked"]): MeasuredSide {
  const regions = useMemo(() => regionsOfSide(side.detail, asked, side.ownSpace), [side, asked]);
  const request = useMemo(() => ({ regions }), [regions]);
  const isHere = regions.length > 0;
  return { side, state: useFigures(side.detail.snapshot, request, isHere), isHere };
}
