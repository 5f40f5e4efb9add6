/** What is selected in a comparison: where it is, what became of its pages, and what its bytes are on each side. */
import { useMemo } from "react";
import type { Figures, FiguresRequest, SnapshotDetail } from "../../../shared/api/index.ts";
import { formatRegions, type Region } from "../../../shared/find/index.ts";
import { asApiError, useComparedSelection } from "../../api/index.ts";
import { Button, Failure, KeyCap, Loading } from "../../controls/index.ts";
import { formatCount, formatPercent, formatPlural, formatSize } from "../../format/index.ts";
import type { Theme } from "../../viewer/contract.ts";
import { ClassShares } from "../picture/class-shares.tsx";
import { askedRegions } from "../selection/asked-regions.ts";
import styles from "../selection/selection.module.css";
import { Places } from "../selection/selection-panel.tsx";
import { useFigures } from "../selection/use-figures.ts";
import { countWithoutBytes, withoutBytes } from "../selection/without-bytes.ts";
import { VERDICT_ORDER } from "./differences.ts";
import { VerdictWord } from "./verdicts.tsx";

export interface ComparedSelectionProps {
  readonly a: SnapshotDetail;
  readonly b: SnapshotDetail;
  /** As heads call them. */
  readonly names: readonly [string, string];
  /** In the spaces of B. */
  readonly regions: readonly Region[];
  /** What A calls a space. */
  readonly nameInA: (space: string) => string;
  readonly theme: Theme;
  readonly onMapping: (() => void) | undefined;
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

function Selected({ a, b, names, regions, nameInA, theme, onDrop }: ComparedSelectionProps) {
  const text = formatRegions(regions);
  const { data, error, refetch } = useComparedSelection(a.snapshot, b.snapshot, text);
  const failure = error ? asApiError(error) : null;
  const askedA = useMemo(() => askedOf(a, regions, nameInA), [a, regions, nameInA]);
  const askedB = useMemo(() => askedOf(b, regions, (space) => space), [b, regions]);
  const several = new Set([...a.laid, ...b.laid].map(({ space }) => space)).size > 1;
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
        {text === null && <p>It has too many parts to be compared; select fewer or larger ones.</p>}
      </section>
      {failure && (
        <Failure
          title="The selection could not be compared"
          detail={`${failure.message}.`}
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
      <SideClasses detail={a} name={`A ${names[0]}`} asked={askedA} theme={theme} />
      <SideClasses detail={b} name={`B ${names[1]}`} asked={askedB} theme={theme} />
    </>
  );
}

function headOf(compared: number): string {
  return compared === 0 ? "No compared page selected" : `${formatPlural(compared, "compared page")} selected`;
}

/** A size of nothing says less than why. */
function hereOf({ bytes, absent }: Figures): string {
  if (bytes > 0 || absent === null) return `${formatSize(bytes)} here`;
  return countWithoutBytes(absent) === 0 ? "nothing here" : withoutBytes(absent);
}

/** `null` when the side has none of the spaces. */
function askedOf(
  { laid }: SnapshotDetail,
  regions: readonly Region[],
  nameOf: (space: string) => string,
): FiguresRequest | null {
  const spaces = new Set(laid.map(({ space }) => space));
  const own = askedRegions(regions)
    .map((region) => ({ ...region, space: nameOf(region.space) }))
    .filter(({ space }) => spaces.has(space));
  return own.length === 0 ? null : { regions: own };
}

const NOWHERE: FiguresRequest = {};

interface SideClassesProps {
  readonly detail: SnapshotDetail;
  readonly name: string;
  readonly asked: FiguresRequest | null;
  readonly theme: Theme;
}

function SideClasses({ detail, name, asked, theme }: SideClassesProps) {
  const { figures, error, progress, retry } = useFigures(detail.snapshot, asked ?? NOWHERE, asked !== null);
  const failure = error ? asApiError(error) : null;
  return (
    <section className={styles.section} aria-label={`Byte classes of ${name}`}>
      <header>
        <h3>{name}</h3>
        <span>{figures ? hereOf(figures) : asked === null && "nothing here"}</span>
      </header>
      {failure && (
        <Failure
          title="It could not be counted"
          detail={`${failure.message}.`}
          advice={failure.advice}
          onRetry={retry}
        />
      )}
      {asked !== null && !figures && !failure && (
        <Loading what={progress ? `Counted: ${formatPercent(progress.rowsDone, progress.rows)}` : "Counting…"} />
      )}
      {figures && figures.bytes > 0 && (
        <ClassShares classes={figures.classes} bytes={figures.bytes} theme={theme} className={styles.classes} />
      )}
    </section>
  );
}
