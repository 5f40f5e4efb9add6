/** The scale of entropy, 0 to 8 bits per byte whatever the dump, with how many windows have each value above it. */
import { max, scaleLinear } from "d3";
import { cssColor, type Palette, paletteIn, scaleColor, scaleOf } from "../../shared/palette/index.ts";
import styles from "./charts.module.css";

export interface EntropyLegendProps {
  /** Windows of 256 bytes per eighth of a bit, 64 of them; all-zero windows left out. */
  readonly windows?: readonly number[];
  /** As chosen; the channel's own without one. */
  readonly palette?: Palette | null;
}

const WIDTH = 256;
const BARS = 36;
const RAMP = 10;

/** Lower ends of the 64 parts of the scale, in bits. */
const EIGHTHS = Array.from({ length: 64 }, (_, part) => part / 8);

export function EntropyLegend({ windows, palette = null }: EntropyLegendProps) {
  const stops = scaleOf(paletteIn("entropy", palette));
  const bits = scaleLinear().domain([0, 8]).range([0, WIDTH]);
  const count = scaleLinear()
    .domain([0, max(windows ?? []) || 1])
    .range([0, BARS]);
  const top = windows ? BARS : 0;
  const heightOf = (value: number) => (value === 0 ? 0 : Math.max(1, count(value)));
  return (
    <figure className={styles.entropy}>
      <svg
        viewBox={`0 0 ${WIDTH} ${top + RAMP}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Entropy from 0 to 8 bits per byte, over windows of 256 bytes"
      >
        {windows &&
          EIGHTHS.map((from) => {
            const height = heightOf(windows[from * 8] ?? 0);
            return (
              <rect
                key={from}
                className={styles.bar}
                x={bits(from)}
                y={top - height}
                width={bits(1 / 8) - 1}
                height={height}
              />
            );
          })}
        {EIGHTHS.map((from) => (
          <rect
            key={from}
            x={bits(from)}
            y={top}
            width={bits(1 / 8)}
            height={RAMP}
            fill={cssColor(scaleColor(stops, (from + 1 / 16) / 8))}
          />
        ))}
      </svg>
      <div className={styles.axis} aria-hidden="true">
        {bits.ticks(4).map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
    </figure>
  );
}
