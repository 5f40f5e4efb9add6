/** What is compared, in the words of the title bar and of the heads of the sides. */
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import { formatCount, formatTime } from "../../format/index.ts";
import { TitleBar } from "../shell/title-bar.tsx";
import styles from "./comparison.module.css";

export interface ComparedSnapshots {
  readonly left: SnapshotDetail;
  readonly right: SnapshotDetail;
}

export function ComparisonTitle({ left, right }: ComparedSnapshots) {
  const same = left.container === right.container;
  return (
    <TitleBar
      crumbs={[
        { title: "Library", href: "/" },
        ...(same ? [{ title: left.container, href: "/" }] : []),
        { title: `${sideName(left, left, right)} → ${sideName(right, left, right)}` },
      ]}
    >
      <span>{right.parent === left.snapshot && `explained against ${left.name}`}</span>
    </TitleBar>
  );
}

export interface SideHeadsProps extends ComparedSnapshots {
  readonly blink: boolean;
  /** The side that is seen while blinking. */
  readonly shown: "a" | "b";
  /** The panel of row widths stands beside the pictures: each head stays above its side. */
  readonly hasPanel: boolean;
}

export function SideHeads({ left, right, blink, shown, hasPanel }: SideHeadsProps) {
  const sides = [
    { key: "a", letter: "A", detail: left },
    { key: "b", letter: "B", detail: right },
  ] as const;
  return (
    <div className={styles.heads} data-blink={blink} data-panel={hasPanel}>
      {sides.map(({ key, letter, detail }) => (
        <div key={key} className={styles.side} data-shown={shown === key}>
          <b>{letter}</b> <b>{sideName(detail, left, right)}</b>
          <span>{detail.checkpointedAt === null ? "time not in the dump" : formatTime(detail.checkpointedAt)}</span>
          <span>{formatCount(recordedOf(detail))} pages recorded</span>
        </div>
      ))}
    </div>
  );
}

/** The container is named where it tells the sides apart. */
export function sideName(detail: SnapshotDetail, left: SnapshotDetail, right: SnapshotDetail): string {
  return left.container === right.container ? detail.name : `${detail.container} ${detail.name}`;
}

function recordedOf(detail: SnapshotDetail): number {
  return detail.pages.present + detail.pages.zero + detail.pages.inParent;
}
