/**
 * The strip in address order above the picture: names, permissions, ticks of what is left or differs, brackets of what
 * is in view, the mark of the cursor. Hover outlines a mapping in the picture, a click goes there.
 */
import { type PointerEvent, useCallback, useMemo } from "react";
import { categoryColors, cssColor } from "../../shared/palette/index.ts";
import { mappingAt, pageAtPosition, type Strip } from "../../shared/strip/index.ts";
import type { PictureMapping, Place, Theme, Viewer } from "../viewer/contract.ts";
import styles from "./charts.module.css";
import { mergedRuns, namedRuns, rulerScale, type StillMarks, stillMarks } from "./ruler-marks.ts";
import { tokensOf, UI_FONT } from "./tokens.ts";
import { type CanvasSize, useCanvas } from "./use-canvas.ts";

/** In the place of a rank. */
export const NO_RANK = 255;

export interface RulerProps {
  readonly viewer: Viewer;
  readonly strip: Strip;
  readonly mappings: readonly PictureMapping[];
  readonly theme: Theme;
  /** What ticks show: residual pages (`provenance`), differences (`verdict`), or nothing. */
  readonly ticks: "provenance" | "verdict" | null;
  /** Names of provenances or verdicts by code that have ticks; the highest rank in a pixel wins. */
  readonly tickCodes: ReadonlySet<number>;
  /** As `Viewer.ranks`, where somebody knows more than the coarsest tile. */
  readonly ranks?: (columns: number) => Uint8Array;
  readonly onGo: (place: Place) => void;
}

export function Ruler(props: RulerProps) {
  const { viewer, strip, mappings, theme, ticks, tickCodes, onGo } = props;
  const runs = useMemo(() => namedRuns(strip, mappings), [strip, mappings]);
  const subscribe = viewer.subscribe;
  const marksFor = useMemo(() => {
    let kept: { readonly width: number; readonly marks: StillMarks } | undefined;
    return (width: number) => {
      if (kept?.width !== width) kept = { width, marks: stillMarks(strip, mappings, runs, width, theme) };
      return kept.marks;
    };
  }, [strip, mappings, runs, theme]);

  const draw = (context: CanvasRenderingContext2D, size: CanvasSize) => {
    const scale = rulerScale(strip.end, size.width);
    const tokens = tokensOf(context.canvas);
    context.font = `400 11px ${UI_FONT}`;
    context.textBaseline = "alphabetic";
    const marks = marksFor(size.width);
    context.fillStyle = tokens.line2;
    for (const left of marks.edges) context.fillRect(left, 3, 1, 15);
    for (const { name, left, width } of marks.names) {
      context.save();
      context.beginPath();
      context.rect(left, 0, width - 2, 20);
      context.clip();
      context.fillStyle = tokens.t2;
      context.fillText(name, left + 4, 14);
      context.restore();
    }
    for (const { from, to, color, isWriteExecute } of marks.lines) {
      const thick = isWriteExecute ? 4 : 2;
      context.fillStyle = cssColor(color);
      context.fillRect(from, 22 - thick / 2, to - from, thick);
    }
    if (ticks) drawTicks(context, scale.range(), ticks);
    drawBrackets(context, scale, tokens.cur);
    const { cursor } = viewer;
    const at = cursor ? viewer.positionOf(cursor) : undefined;
    if (at !== undefined) {
      const x = Math.round(scale(at));
      context.fillStyle = tokens.halo;
      context.fillRect(x - 2, 14, 4, 15);
      context.fillStyle = tokens.cur;
      context.fillRect(x - 1, 15, 2, 13);
    }
  };

  const drawTicks = (
    context: CanvasRenderingContext2D,
    range: readonly number[],
    channel: "provenance" | "verdict",
  ) => {
    const columns = Math.floor(range[1] - range[0]);
    const ranks = props.ranks ? props.ranks(columns) : viewer.ranks(channel, columns);
    if (!ranks) return;
    const colors = categoryColors(channel, theme).map(cssColor);
    const shift = channel === "verdict" ? 1 : 0;
    for (let column = 0; column < columns; column++) {
      const code = ranks[column] - shift;
      if (ranks[column] === NO_RANK || code < 0 || !tickCodes.has(code)) continue;
      context.fillStyle = colors[code];
      context.fillRect(range[0] + column, 25, 1, 4);
    }
  };

  const drawBrackets = (context: CanvasRenderingContext2D, scale: ReturnType<typeof rulerScale>, color: string) => {
    const brackets = mergedRuns(viewer.visiblePositions(), scale);
    const [left, right] = scale.range();
    // All of the strip is in view: brackets would say nothing.
    if (brackets.length === 1 && brackets[0][0] <= left && brackets[0][1] >= right) return;
    context.fillStyle = color;
    for (const [from, to] of brackets) {
      context.fillRect(from, 29, to - from, 1);
      context.fillRect(from, 26, 1, 3);
      context.fillRect(to - 1, 26, 1, 3);
    }
  };

  const canvas = useCanvas(draw, subscribe);
  const positionUnder = useCallback(
    (event: PointerEvent<HTMLCanvasElement> | React.MouseEvent<HTMLCanvasElement>) => {
      const box = event.currentTarget.getBoundingClientRect();
      return Math.floor(rulerScale(strip.end, box.width).invert(event.clientX - box.left));
    },
    [strip],
  );
  return (
    <canvas
      ref={canvas}
      className={styles.ruler}
      role="img"
      aria-label={`The strip in address order: ${strip.mappings.length} mappings. The list of mappings says the same in text.`}
      onPointerMove={(event) => viewer.outline(mappingAt(strip, positionUnder(event))?.source ?? null)}
      onPointerLeave={() => viewer.outline(null)}
      onClick={(event) => {
        const at = positionUnder(event);
        const found = pageAtPosition(strip, at) ?? pageAtPosition(strip, mappingAt(strip, at)?.position ?? -1);
        if (found) onGo({ space: found.mapping.space, page: found.page, offset: 0 });
      }}
    />
  );
}
