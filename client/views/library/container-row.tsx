/** A container: its name, its snapshots on the axis, what is left in the last one, and what is being read into it. */
import type { MouseEvent, ReactNode } from "react";
import type { Container, SnapshotSummary } from "../../../shared/api/index.ts";
import { Button, ButtonLink } from "../../controls/index.ts";
import { formatCount, formatPercent, formatPlural } from "../../format/index.ts";
import { atMost, leftOf, partsOf, totalOf } from "../explain/parts.ts";
import { ChangeBar } from "./change-bar.tsx";
import { GROWING_FROM_END } from "./job-view.tsx";
import styles from "./library.module.css";
import { type Axis, BAR_GAP, spread, timeOf } from "./time-axis.ts";

export interface ContainerRowProps {
  readonly container: Container;
  readonly axis: Axis;
  readonly pixelsPerPage: number;
  readonly marked: readonly string[];
  readonly onOpen: (snapshot: SnapshotSummary) => void;
  readonly onMark: (snapshot: SnapshotSummary) => void;
  readonly onMenu: (snapshot: SnapshotSummary, event: MouseEvent) => void;
  /** Its last snapshot's pages are in one that is not here. */
  readonly onUploadParent: () => void;
  /** Something on its way into this container: drawn behind the bars, and in place of the result. */
  readonly placeholder?: ReactNode;
  /** What explains that: a snapshot, or `none`; `null`: the latest one. */
  readonly placeholderParent?: string | null;
  readonly children?: ReactNode;
}

export function ContainerRow(props: ContainerRowProps) {
  const { container, axis } = props;
  const last = container.snapshots.at(-1);
  return (
    <section className={styles.row} aria-label={container.name}>
      <div className={styles.name}>
        <h2>{container.name}</h2>
        <p>{whatRuns(container)}</p>
        <p className={styles.dim}>
          {container.imageName?.replace(/^localhost\//, "") ?? "image not in the dump"}{" "}
          {container.containerId !== null && <code>{container.containerId.slice(0, 12)}</code>}
        </p>
      </div>
      <div className={styles.time} data-time="true">
        <Ticks axis={axis} />
        <Feet {...props} />
        {props.placeholder}
      </div>
      <div className={styles.result}>
        {last && !props.children && <Result container={container} last={last} onUploadParent={props.onUploadParent} />}
        {props.children}
      </div>
    </section>
  );
}

export function Ticks({ axis }: { axis: Axis }) {
  return axis.ticks.map((tick) => <span key={tick.x} className={styles.grid} style={{ left: tick.x }} />);
}

function Feet(props: ContainerRowProps) {
  const { container, axis, pixelsPerPage, marked, onOpen, onMark, onMenu } = props;
  const snapshots = container.snapshots.toSorted((a, b) => timeOf(a) - timeOf(b));
  const xs = snapshots.map((snapshot) => axis.x(timeOf(snapshot)));
  const drawn = keepInView(spread(xs, BAR_GAP), xs).map(Math.round);
  const place = new Map(snapshots.map((snapshot, index) => [snapshot.snapshot, drawn[index]]));
  const explaining = props.placeholderParent ?? container.snapshots.at(-1)?.snapshot;
  const explained = props.placeholder && explaining !== undefined ? place.get(explaining) : undefined;
  return (
    <>
      {explained !== undefined && <span className={styles.foot} style={{ left: explained, right: GROWING_FROM_END }} />}
      {snapshots.map((snapshot, index) => {
        const parent = snapshot.parent === null ? undefined : place.get(snapshot.parent);
        if (parent === undefined) return null;
        const from = Math.min(parent, drawn[index]);
        const width = Math.abs(parent - drawn[index]);
        return <span key={snapshot.snapshot} className={styles.foot} style={{ left: from, width }} />;
      })}
      {snapshots.map((snapshot, index) => (
        <ChangeBar
          key={snapshot.snapshot}
          snapshot={snapshot}
          x={drawn[index]}
          trueX={Math.round(xs[index])}
          pixelsPerPage={pixelsPerPage}
          marked={marked.includes(snapshot.snapshot)}
          onOpen={() => onOpen(snapshot)}
          onMark={() => onMark(snapshot)}
          onMenu={(event) => onMenu(snapshot, event)}
        />
      ))}
    </>
  );
}

const HALF_BAR = 16;

/** Spreading may push the first bar over the axis' start although its time is in view. */
function keepInView(drawn: readonly number[], xs: readonly number[]): readonly number[] {
  const over = HALF_BAR - drawn[0];
  return over > 0 && xs[0] >= 0 ? drawn.map((x) => x + over) : drawn;
}

interface ResultProps {
  readonly container: Container;
  readonly last: SnapshotSummary;
  readonly onUploadParent: () => void;
}

function Result({ container, last, onUploadParent }: ResultProps) {
  const parts = partsOf(last);
  const total = totalOf(parts);
  const left = leftOf(parts, null);
  const before = container.snapshots.at(-2);
  return (
    <div className={styles.resultHead}>
      <div>
        <p>
          {atMost(last)}
          <strong>{formatCount(left)}</strong> {left === 1 ? "page" : "pages"} left{" "}
          <span className={styles.dim}>of {formatCount(total)}</span>
        </p>
        <p className={styles.dim}>
          {formatPercent(total - left, total)} explained in {last.name}
        </p>
        <Missing snapshot={last} onUploadParent={onUploadParent} />
      </div>
      <div className={styles.buttons}>
        {before && (
          <ButtonLink href={`/compare/${before.snapshot}/${last.snapshot}`}>
            Compare {before.name} → {last.name}
          </ButtonLink>
        )}
        <ButtonLink href={`/s/${last.snapshot}`}>Open {last.name}</ButtonLink>
      </div>
    </div>
  );
}

/** Pages that the dump should hold and does not: in a parent that is not here, or lost with the end of the file. */
function Missing({ snapshot, onUploadParent }: { snapshot: SnapshotSummary; onUploadParent: () => void }) {
  const { absent, inParent } = snapshot.pages;
  if (absent.missing === 0) return null;
  if (inParent === 0 || snapshot.pagesParent !== null) {
    return <p className={styles.bad}>{formatPlural(absent.missing, "page")} missing</p>;
  }
  return (
    <>
      <p className={styles.bad}>
        {formatPlural(absent.missing, "page")} {absent.missing === 1 ? "is" : "are"} in a snapshot that is not here
      </p>
      <Button look="link" onPress={onUploadParent}>
        Upload the parent…
      </Button>
    </>
  );
}

function whatRuns(container: Container): string {
  const name = container.process ?? "process not in the dump";
  if (container.processes > 1) return `${name}, ${formatPlural(container.processes, "process", "processes")}`;
  if (container.threads !== null && container.threads > 1)
    return `${name}, ${formatPlural(container.threads, "thread")}`;
  return name;
}
