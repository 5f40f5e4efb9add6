/**
 * Entropy along a selection, on the fixed scale of 0 to 8 bits per byte: a band from the least to the most of each part,
 * and a line of means. What has no bytes takes no room. A click goes to the place; arrows go from part to part.
 */
import { area, curveStepAfter, line, scaleLinear } from "d3";
import { type KeyboardEvent, type PointerEvent, useId, useState } from "react";
import type { CurvePart } from "../../shared/api/index.ts";
import { parseAddress } from "../../shared/memory/index.ts";
import { formatEntropy, formatHex, formatPlural, formatSize } from "../format/index.ts";
import styles from "./charts.module.css";

export interface EntropyCurveProps {
  readonly parts: readonly CurvePart[];
  /** Whose bytes they are, where several are shown. */
  readonly of?: string;
  readonly onPart: (part: CurvePart) => void;
}

const WIDTH = 1024;
const HEIGHT = 64;

interface Step {
  readonly from: number;
  readonly part: CurvePart;
}

export function EntropyCurve({ parts, of, onPart }: EntropyCurveProps) {
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  const steps: Step[] = [];
  let windows = 0;
  for (const part of parts) {
    steps.push({ from: windows, part });
    windows += part.windows;
  }
  if (steps.length > 0) steps.push({ from: windows, part: steps[steps.length - 1].part });
  const x = scaleLinear()
    .domain([0, windows || 1])
    .range([0, WIDTH]);
  const y = scaleLinear().domain([0, 8]).range([HEIGHT, 0]);
  const band = area<Step>()
    .x(({ from }) => x(from))
    .y0(({ part }) => y(part.least) + 0.5)
    .y1(({ part }) => y(part.most) - 0.5)
    .curve(curveStepAfter);
  const means = line<Step>()
    .x(({ from }) => x(from))
    .y(({ part }) => y(part.mean))
    .curve(curveStepAfter);
  const indexUnder = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const window = ((event.clientX - box.left) / box.width) * windows;
    return Math.max(
      0,
      steps.findLastIndex(({ from }, index) => from <= window && index < parts.length),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = parts.length - 1;
    const next = { ArrowLeft: (at ?? 1) - 1, ArrowRight: (at ?? -1) + 1, Home: 0, End: last }[event.key];
    if (next !== undefined) setAt(Math.max(0, Math.min(last, next)));
    else if (event.key === "Enter" && at !== null) onPart(parts[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = at === null ? undefined : parts[at];
  const most = parts[0]?.windows ?? 0;
  return (
    <figure className={styles.curve}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the arrows
        tabIndex={0}
        aria-label={`Entropy${of === undefined ? "" : ` of ${of}`} along the selection, 0 to 8 bits per byte. Arrows go from part to part, Enter goes to its place.`}
        aria-describedby={`${id}-part`}
        onPointerMove={(event) => setAt(indexUnder(event))}
        onPointerLeave={() => setAt(null)}
        onClick={(event) => parts.length > 0 && onPart(parts[indexUnder(event as PointerEvent<SVGSVGElement>)])}
        onKeyDown={onKeyDown}
      >
        {[2, 4, 6].map((bits) => (
          <path key={bits} className={styles.gridLine} d={`M0 ${y(bits)}H${WIDTH}`} />
        ))}
        <path className={styles.band} d={band(steps) ?? ""} />
        <path className={styles.means} d={means(steps) ?? ""} />
        {shown && at !== null && <path className={styles.here} d={`M${x(steps[at].from)} 0V${HEIGHT}`} />}
      </svg>
      <div className={styles.scale} aria-hidden="true">
        <span>8</span>
        <span>4</span>
        <span>0</span>
      </div>
      <figcaption id={`${id}-part`} role="status">
        {shown
          ? `${formatHex(parseAddress(shown.address) ?? 0n)}: ${formatEntropy(shown.mean)}, from ${formatEntropy(shown.least)} to ${formatEntropy(shown.most)}`
          : `bits per byte of windows of 256 B${most > 1 ? `; ${formatPlural(most, "window")} (${formatSize(most * 256)}) a step, least to most` : ""}`}
      </figcaption>
    </figure>
  );
}
