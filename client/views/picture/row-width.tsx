/**
 * The row width of a raster: set by hand, or found. For what is selected, or in view, the share of bytes within ±1 of the
 * byte one row above is drawn over the width; its peaks are the widths at which the rows are most alike. The first is that of the
 * rows around the cursor.
 */
import { useState, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import { PAGE_SIZE } from "../../../shared/memory/index.ts";
import { Button, KeyCap } from "../../controls/index.ts";
import { formatCount, formatPercent, formatPlural } from "../../format/index.ts";
import { runCommand } from "../../keys/index.ts";
import type { RowWidths, Viewer } from "../../viewer/index.ts";
import styles from "./row-width.module.css";
import { useZoom } from "./use-viewer.ts";

const MOST_PEAKS = 6;
/** Drawn to here at least, so that the multiples of a width are seen. */
const LEAST_DRAWN = 1024;

export interface RowWidthProps {
  readonly viewer: Viewer;
  readonly width: number;
  /** Whose bytes are measured, where there are two sides. */
  readonly side?: string | undefined;
  readonly onWidth: (width: number) => void;
}

export function RowWidth({ viewer, width, side, onWidth }: RowWidthProps) {
  const widths = useSyncExternalStore(viewer.subscribe, () => viewer.rowWidths());
  const found = widths === "measuring" ? null : widths;
  const unit = useZoom(viewer).level === 0 ? { title: "Bytes", sign: "B" } : { title: "Cells", sign: "cells" };
  const [text, setText] = useState<string | null>(null);
  const commit = () => {
    const value = Number.parseInt(text ?? "", 10);
    if (value >= 1 && value <= 65_536) onWidth(value);
    setText(null);
  };
  return (
    <section className={styles.panel} aria-label="Row width">
      <div className={styles.head}>
        <h2>Row width</h2>
        <span>{found && amountOf(found)}</span>
      </div>
      <div className={styles.controls}>
        <Button onPress={() => onWidth(Math.max(1, width - 1))} label="One byte less">
          −
        </Button>
        <input
          aria-label={`${unit.title} per row`}
          value={text ?? `${width} ${unit.sign}`}
          onFocus={(event) => {
            // The number without its unit has to be there before it is selected: what is typed replaces it.
            flushSync(() => setText(String(width)));
            event.target.select();
          }}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
          }}
        />
        <Button onPress={() => onWidth(Math.min(65_536, width + 1))} label="One byte more">
          +
        </Button>
        <Button onPress={() => runCommand("best-width")} unavailable={noBestWidth(widths)}>
          Best
        </Button>
      </div>
      {found ? (
        <Found found={found} width={width} side={side} onWidth={onWidth} />
      ) : (
        <p className={styles.note} role="status">
          {widths === "measuring"
            ? "Widths are being compared…"
            : "Widths are compared at one byte per cell, or of a selection."}
        </p>
      )}
    </section>
  );
}

/** Why there is no width to take; `undefined` when there is one. */
export function noBestWidth(widths: RowWidths | "measuring" | null): string | undefined {
  if (widths === null) return "only at one byte per cell, or with a selection";
  if (widths === "measuring") return "the widths are still being compared";
  return widths.peaks.length === 0 ? `nothing repeats in ${wordsOf(widths)}` : undefined;
}

function wordsOf({ of }: RowWidths): string {
  return of === "selection" ? "what is selected" : "what is in view";
}

/** “16 pages in view”. */
function amountOf({ of, bytes }: RowWidths): string {
  const amount = bytes < PAGE_SIZE ? formatPlural(bytes, "byte") : formatPlural(Math.ceil(bytes / PAGE_SIZE), "page");
  return of === "selection" ? `${amount} of the selection` : `${amount} in view`;
}

function Found({ found, width, side, onWidth }: Omit<RowWidthProps, "viewer"> & { readonly found: RowWidths }) {
  const end = Math.min(found.alike.length - 1, Math.max(LEAST_DRAWN, (found.peaks[0]?.width ?? 0) * 4));
  const path = plotOf(found.alike, end);
  return (
    <>
      <svg
        className={styles.plot}
        viewBox="0 0 256 100"
        preserveAspectRatio="none"
        role="img"
        aria-label="Share of bytes that are like the byte one row above, over the width"
      >
        <line x1={0} x2={256} y1={99.5} y2={99.5} />
        {width <= end && (
          <line className={styles.now} x1={(width / end) * 256} x2={(width / end) * 256} y1={0} y2={100} />
        )}
        <path d={path} />
      </svg>
      <div className={styles.axis}>
        <span>2</span>
        <span>{formatCount(end)} B</span>
      </div>
      <p className={styles.note}>Bytes {side && `of ${side} `}within ±1 of the byte one row above</p>
      {found.peaks.length === 0 ? (
        <p className={styles.note}>No width stands out.</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th>Width</th>
              <th>Alike</th>
              <th>Key</th>
            </tr>
          </thead>
          <tbody>
            {found.peaks.slice(0, MOST_PEAKS).map((peak, index) => (
              <tr key={peak.width} aria-current={peak.width === width}>
                <td>
                  <button type="button" onClick={() => onWidth(peak.width)}>
                    {formatCount(peak.width)} B
                  </button>
                </td>
                <td>{formatPercent(peak.alike, 1)}</td>
                <td>{index === 0 && <KeyCap>=</KeyCap>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {found.peaks.length > 1 && found.peaks[1].alike > found.peaks[0].alike && (
        <p className={styles.note}>
          {formatCount(found.peaks[0].width)} B are the rows around the cursor; the others fit more of {wordsOf(found)}.
        </p>
      )}
    </>
  );
}

/** At most a point per pixel; the highest of what falls together, so that no peak is lost. */
function plotOf(alike: Float32Array, end: number): string {
  const columns = Math.min(256, end);
  const points: string[] = [];
  for (let column = 0; column < columns; column++) {
    const from = Math.max(2, Math.floor((column / columns) * end));
    const to = Math.max(from + 1, Math.floor(((column + 1) / columns) * end));
    let most = 0;
    for (let width = from; width < to && width < alike.length; width++) most = Math.max(most, alike[width]);
    points.push(`${(((from + to) / 2 / end) * 256).toFixed(1)} ${(99 - most * 97).toFixed(1)}`);
  }
  return `M${points.join("L")}`;
}
