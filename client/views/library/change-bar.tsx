/**
 * A snapshot on the axis: a bar of its pages by part, one scale for all rows, what is left beside it, and a stem where
 * it had to be moved away from its time. The foot is hollow where the dump says no time.
 */
import { type MouseEvent, useState } from "react";
import type { SnapshotSummary } from "../../../shared/api/index.ts";
import { Swatch } from "../../controls/index.ts";
import { formatCount, formatPlural, formatTime } from "../../format/index.ts";
import {
  atMost,
  fillOfPart,
  isCalm,
  leftOf,
  PARTS,
  partsInWords,
  partsOf,
  titleOfPart,
  totalOf,
} from "../explain/parts.ts";
import styles from "./library.module.css";

export interface ChangeBarProps {
  readonly snapshot: SnapshotSummary;
  /** Drawn and true place, CSS pixels. */
  readonly x: number;
  readonly trueX: number;
  readonly pixelsPerPage: number;
  readonly marked: boolean;
  readonly onOpen: () => void;
  readonly onMark: () => void;
  readonly onMenu: (event: MouseEvent) => void;
}

export function ChangeBar({ snapshot, x, trueX, pixelsPerPage, marked, onOpen, onMark, onMenu }: ChangeBarProps) {
  const [card, setCard] = useState<{ left: number; top: number } | null>(null);
  const parts = partsOf(snapshot);
  const left = leftOf(parts, null);
  const timed = snapshot.checkpointedAt !== null;
  return (
    <>
      <Stem from={trueX} to={x} hollow={!timed} />
      <button
        type="button"
        className={styles.bar}
        style={{ left: x }}
        data-marked={marked}
        data-snapshot={snapshot.snapshot}
        aria-label={`${snapshot.container} ${snapshot.name}, ${timeText(snapshot)}, ${atMost(snapshot)}${formatPlural(left, "page")} left of ${formatCount(totalOf(parts))}${marked ? ", marked" : ""}`}
        onClick={(event) => (event.shiftKey ? onMark() : onOpen())}
        onKeyDown={(event) => {
          if (event.key !== " ") return;
          event.preventDefault();
          onMark();
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          setCard(null);
          onMenu(event);
        }}
        onPointerEnter={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setCard({ left: Math.min(box.right + 8, window.innerWidth - 240), top: Math.max(48, box.top - 8) });
        }}
        onPointerLeave={() => setCard(null)}
      >
        <span className={styles.parts}>
          {PARTS.map((part) => {
            if (parts[part] === 0) return null;
            const height = Math.max(1, Math.round(parts[part] * pixelsPerPage));
            return <span key={part} style={{ height, background: fillOfPart(part) }} />;
          })}
        </span>
        <span className={styles.label}>{snapshot.name}</span>
      </button>
      <span className={styles.left} style={{ left: x + 20 }} aria-hidden="true">
        {!snapshot.isStripped && "≤ "}
        <b>{formatCount(left)}</b> left
      </span>
      {card && <Card snapshot={snapshot} at={card} />}
    </>
  );
}

function timeText(snapshot: SnapshotSummary): string {
  if (snapshot.checkpointedAt === null) return `time not in the dump, received ${formatTime(snapshot.createdAt)}`;
  return formatTime(snapshot.checkpointedAt);
}

function Card({ snapshot, at }: { snapshot: SnapshotSummary; at: { left: number; top: number } }) {
  const parts = partsOf(snapshot);
  return (
    <div className={styles.card} style={at} aria-hidden="true">
      <p>
        {snapshot.container} {snapshot.name}
      </p>
      <p>
        {timeText(snapshot)}
        {snapshot.checkpointedAt !== null && snapshot.checkpointedFrom !== "checkpointedTime" && (
          <span className={styles.dim}> {snapshot.checkpointedFrom}</span>
        )}
      </p>
      {partsInWords(parts)
        .toReversed()
        .map((part) => (
          <CardRow key={part} part={part} count={parts[part]} />
        ))}
      {!snapshot.isStripped && <p className={styles.dim}>relocated and alike not yet looked for</p>}
    </div>
  );
}

function CardRow({ part, count }: { part: (typeof PARTS)[number]; count: number }) {
  return (
    <>
      <Swatch fill={fillOfPart(part)} hair={isCalm(part)} />
      <span>{titleOfPart(part)}</span>
      <b>{formatCount(count)}</b>
    </>
  );
}

/** The thin line from a spread bar to its true time, with the foot's circle. */
function Stem({ from, to, hollow }: { from: number; to: number; hollow: boolean }) {
  const moved = Math.abs(from - to) >= 1;
  if (!moved && !hollow) return null;
  const left = Math.min(from, to) - 4;
  const width = Math.abs(from - to) + 8;
  return (
    <svg className={styles.stem} style={{ left, width }} aria-hidden="true">
      {moved && <path d={`M${to - left} 1 L${from - left} 5 v4`} />}
      {hollow && <circle cx={from - left} cy={moved ? 8 : 3} r={2.5} />}
    </svg>
  );
}
