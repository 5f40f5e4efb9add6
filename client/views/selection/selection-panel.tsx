/** The selection: what it is, its size, classes, entropy and digraph; or how one selects. */
import { type ReactNode, useMemo } from "react";
import type { CurvePart, Figures, FiguresRequest, SnapshotDetail } from "../../../shared/api/index.ts";
import { BEYOND, type Region } from "../../../shared/find/index.ts";
import { asApiError } from "../../api/index.ts";
import { Digraph, EntropyCurve } from "../../charts/index.ts";
import { AddressText, Button, Failure, KeyCap, Progress, Switch } from "../../controls/index.ts";
import { formatBytes, formatCount, formatPercent, formatPlural, formatSize } from "../../format/index.ts";
import type { Theme } from "../../viewer/contract.ts";
import { ClassShares } from "../picture/class-shares.tsx";
import { ownerOf } from "../sidebar/owner.ts";
import { ExportFiles, type ExportLook } from "./export-files.tsx";
import { mappedBytes, selectedSize } from "./selected-size.ts";
import styles from "./selection.module.css";
import { useFigures } from "./use-figures.ts";
import { countWithoutBytes, withoutBytes } from "./without-bytes.ts";

export interface SelectionPanelProps {
  readonly detail: SnapshotDetail;
  readonly regions: readonly Region[];
  /** What is measured: the regions, of all pages or the residual ones; the same object as long as it is the same. */
  readonly asked: FiguresRequest;
  readonly theme: Theme;
  readonly look: ExportLook;
  /** Pages left to files are shown with the bytes that fill them, and exported so. */
  readonly filled: boolean;
  readonly onlyResidual: boolean;
  readonly onOnlyResidual: (on: boolean) => void;
  readonly onPair: (pair: number) => void;
  readonly onStrings: () => void;
  readonly onPart: (part: CurvePart) => void;
  readonly onDrop: () => void;
  /** Ways to select without a hand on the picture. */
  readonly ways: readonly {
    readonly title: string;
    readonly run: () => void;
    readonly unavailable?: string | undefined;
  }[];
}

export function SelectionPanel(props: SelectionPanelProps) {
  if (props.regions.length === 0) return <NothingSelected ways={props.ways} />;
  return <Selected {...props} />;
}

function NothingSelected({ ways }: Pick<SelectionPanelProps, "ways">) {
  return (
    <section className={styles.section} aria-label="Nothing is selected">
      <p>
        <KeyCap>Shift</KeyCap> and drag over the picture selects along its curve, with <KeyCap>Alt</KeyCap> a rectangle;{" "}
        <KeyCap>Shift</KeyCap> and arrows select from the cursor on. A drag over bytes selects them.
      </p>
      <Ways ways={ways} />
    </section>
  );
}

function Ways({ ways }: Pick<SelectionPanelProps, "ways">) {
  return (
    <p className={styles.acts}>
      {ways.map(({ title, run, unavailable }) => (
        <Button key={title} onPress={run} {...(unavailable === undefined ? {} : { unavailable })}>
          {title}
        </Button>
      ))}
    </p>
  );
}

function Selected(props: SelectionPanelProps) {
  const { detail, regions, asked } = props;
  const { figures, error, progress, retry } = useFigures(detail.snapshot, asked);
  const failure = error ? asApiError(error) : null;
  const size = useMemo(() => selectedSize(regions, mappedBytes(detail.laid)), [regions, detail.laid]);
  // A page among provenances is the dump's.
  const isFilled = props.filled && !asked.among;
  return (
    <>
      <section className={styles.section} aria-label="Selected">
        <header>
          <h3>{figures ? headOf(figures, props.onlyResidual, size) : "Selected"}</h3>
          <Button look="link" onPress={props.onDrop}>
            Drop
          </Button>
        </header>
        <Places regions={regions} several={new Set(detail.laid.map(({ space }) => space)).size > 1} />
        <div className={styles.acts}>
          <Switch on={props.onlyResidual} onChange={props.onOnlyResidual} title="Of the selection only residual pages">
            Residual pages only
          </Switch>
          <Button look="link" onPress={props.onStrings}>
            Strings
          </Button>
        </div>
        {!figures && !failure && (
          <div className={styles.progress} role="status">
            <p>{progress ? `Counted: ${formatPercent(progress.rowsDone, progress.rows)}` : "Counting…"}</p>
            <Progress label="Counted" part={progress?.rowsDone ?? 0} whole={progress?.rows ?? 0} />
          </div>
        )}
      </section>
      {failure && (
        <Failure
          title="The selection could not be counted"
          detail={failure.message}
          advice={failure.advice}
          onRetry={retry}
        />
      )}
      <section className={styles.section} aria-label="Export">
        <header>
          <h3>Export</h3>
        </header>
        <ExportFiles
          snapshot={detail.snapshot}
          regions={regions}
          among={asked.among}
          look={props.look}
          filled={isFilled}
        />
        {isFilled && <p>Filled bytes go along, marked as not the dump's.</p>}
      </section>
      {figures && <FiguresOf figures={figures} {...props} />}
    </>
  );
}

/**
 * Bytes, and of how many selected ones where the others have none; or else how many pages without bytes: a size of
 * nothing would say that nothing is selected.
 * @param size of all that is selected, in bytes
 */
export function headOf(
  { bytes, absent }: Pick<Figures, "bytes" | "absent">,
  onlyResidual: boolean,
  size: number,
): string {
  if (bytes > 0 && onlyResidual) return `${formatSize(bytes)} residual of ${formatSize(size)} selected`;
  if (bytes > 0 && bytes < size) return `${formatSize(bytes)} recorded of ${formatSize(size)} selected`;
  if (bytes > 0) return `${formatSize(bytes)} selected`;
  if (onlyResidual || absent === null) return "No residual page selected";
  return countWithoutBytes(absent) === 0 ? "Nothing of a mapping selected" : withoutBytes(absent, " selected");
}

/** Which bytes are selected, as far as they can be listed. */
export function Places({ regions, several }: { regions: readonly Region[]; several: boolean }): ReactNode {
  if (regions.length > 3) {
    const spaces = new Set(regions.map(({ space }) => space)).size;
    return <p>{`${formatPlural(regions.length, "range")} in ${formatPlural(spaces, "space")}`}</p>;
  }
  const hasEnds = regions.some(({ start, end }) => start > 0n || end < BEYOND);
  return (
    <>
      {regions.map(({ space, start, end }) => (
        <p key={`${space} ${start}`} className={styles.place}>
          {start === 0n && end === BEYOND ? (
            `all of ${ownerOf(space)}`
          ) : (
            <>
              {several && <span>{ownerOf(space)}</span>}
              <code>
                <AddressText value={start} />
              </code>
              {end - start > 1n && (
                <>
                  <span>to</span>
                  <code>{end === BEYOND ? "the end" : <AddressText value={end - 1n} />}</code>
                </>
              )}
            </>
          )}
        </p>
      ))}
      {hasEnds && <p className={styles.ends}>Ranges here are told by their first and their last byte.</p>}
    </>
  );
}

function FiguresOf({ figures, theme, onPair, onPart }: SelectionPanelProps & { figures: Figures }) {
  const { absent, ofDeletedFiles } = figures;
  const without = absent && countWithoutBytes(absent);
  return (
    <>
      <section className={styles.section} aria-label="Size">
        <dl className={styles.facts}>
          <dt>Bytes here</dt>
          <dd>{formatBytes(figures.bytes)}</dd>
          <dt>Pages</dt>
          <dd>
            {formatCount(figures.pages)}
            {figures.zeroPages > 0 && <small>, {formatCount(figures.zeroPages)} of them zero</small>}
          </dd>
          {absent !== null && without !== null && without > 0 && (
            <>
              <dt>No bytes here</dt>
              <dd>
                {formatPlural(without, "page")}
                <small className={styles.reasons}>
                  {(
                    [
                      [absent.file - (ofDeletedFiles ?? 0), "left to files"],
                      [ofDeletedFiles ?? 0, "left to deleted files"],
                      [absent.untouched, "untouched"],
                      [absent.excluded, "excluded"],
                      [absent.missing, "missing"],
                    ] as const
                  )
                    .filter(([count]) => count > 0)
                    .map(([count, why]) => `${formatCount(count)} ${why}`)
                    .join(", ")}
                </small>
              </dd>
            </>
          )}
        </dl>
      </section>
      {figures.bytes > 0 && (
        <>
          <section className={styles.section} aria-label="Byte classes">
            <header>
              <h3>Byte classes</h3>
              <span>share of its bytes</span>
            </header>
            <ClassShares classes={figures.classes} bytes={figures.bytes} theme={theme} className={styles.classes} />
          </section>
          <section className={styles.section} aria-label="Entropy">
            <header>
              <h3>Entropy</h3>
              <span>along the selection</span>
            </header>
            <EntropyCurve parts={figures.curve.parts} onPart={onPart} />
          </section>
          <section className={styles.section} aria-label="Digraph">
            <header>
              <h3>Digraph</h3>
              <span>
                {figures.zeroPages > 0
                  ? `${formatPlural(figures.zeroPagePairs, "pair")} of zero pages left out`
                  : "byte and the byte after it"}
              </span>
            </header>
            <Digraph pairs={figures.pairs} onPair={onPair} />
          </section>
        </>
      )}
    </>
  );
}
