/** How often each byte value occurs, without 00, whose count stands beside it; logarithmic, so that one is seen beside a million. */
import { max, scaleLinear, scaleLog } from "d3";
import { formatCount } from "../format/index.ts";
import styles from "./charts.module.css";

export interface HistogramProps {
  /** 256 counts. */
  readonly counts: readonly number[];
}

const HEIGHT = 44;
const LABELS = [0x00, 0x40, 0x80, 0xc0, 0xff];

/** Height of each bar in pixels: 0 for none, at least 1 for one, the whole height for the most frequent. */
export function barHeights(counts: readonly number[], height: number): number[] {
  const most = max(counts.slice(1)) ?? 0;
  // From 0.5, so that a count of 1 stands above the floor.
  const scale = scaleLog()
    .domain([0.5, Math.max(1, most)])
    .range([0, height]);
  return counts.map((count, byte) => (byte === 0 || count === 0 ? 0 : Math.max(1, Math.round(scale(count)))));
}

export function Histogram({ counts }: HistogramProps) {
  const x = scaleLinear().domain([0, 256]).range([0, 512]);
  const path = barHeights(counts, HEIGHT)
    .map((height, byte) => (height > 0 ? `M${x(byte)} ${HEIGHT}v${-height}h${x(1)}v${height}z` : ""))
    .join("");
  const most = counts.indexOf(Math.max(...counts.slice(1)), 1);
  return (
    <figure className={styles.histogram}>
      <svg
        viewBox={`0 0 512 ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Counts of byte values 01 to ff, logarithmic. Most frequent: ${most.toString(16).padStart(2, "0")}, ${formatCount(counts[most] ?? 0)} times.`}
      >
        <path d={path} />
      </svg>
      <div className={styles.axis} aria-hidden="true">
        {LABELS.map((byte) => (
          <span key={byte}>{byte.toString(16).padStart(2, "0")}</span>
        ))}
      </div>
      <figcaption>00: {formatCount(counts[0] ?? 0)}, left out · logarithmic</figcaption>
    </figure>
  );
}
