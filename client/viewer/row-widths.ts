/** Widths that the rows of a raster may have: of which bytes they are measured, and one measurement at a time. */
import { rasterRow } from "../../shared/layout/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { RowWidths } from "./contract.ts";
import { MOST_BYTES, rowWidthsOf } from "./period.ts";
import type { Run } from "./regions.ts";
import type { Scene } from "./scene.ts";

export interface MeasuredBytes {
  readonly of: RowWidths["of"];
  /** Bytes of the strip. */
  readonly from: number;
  readonly to: number;
  /** What is looked at. */
  readonly focus: number;
}

/**
 * What is selected, or else in view at one byte a cell.
 * @param cursor its byte of the strip, if it has one. @param spans what is selected, as bytes of the strip
 * @returns `undefined` where rows have no width
 */
export function measuredBytes(
  { plane, zoom, visible }: Scene,
  cursor: number | undefined,
  spans: readonly Run[],
): MeasuredBytes | undefined {
  if (!plane.rows) return undefined;
  const selected = cursor ?? -1;
  const around = (of: RowWidths["of"], first: number, end: number, middle: number): MeasuredBytes => {
    const focus = selected >= first && selected < end ? selected : middle;
    const from = Math.max(first, Math.min(end, focus + MOST_BYTES / 2) - MOST_BYTES);
    return { of, from, to: Math.min(end, from + MOST_BYTES), focus };
  };
  if (spans.length > 0) {
    const withCursor = spans.find(([from, to]) => selected >= from && selected < to);
    const [from, to] = withCursor ?? spans.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a));
    return around("selection", from, to, from);
  }
  if (zoom.level !== 0) return undefined;
  const first = rasterRow(plane.rows, visible.top);
  const last = rasterRow(plane.rows, visible.bottom - 1);
  if (!first || !last) return undefined;
  const middle = rasterRow(plane.rows, Math.floor((visible.top + visible.bottom) / 2)) ?? first;
  return around("view", first.cell, last.cell + last.cells, middle.cell);
}

export interface RowWidthsInWork {
  /** @param values the bytes, −1 where there is none; `undefined` while they are not here */
  of(measured: MeasuredBytes, values: () => Int16Array | undefined): RowWidths | "measuring";
  stop(): void;
}

/** @param onMeasured when `of` has a new answer */
export function createRowWidths(onMeasured: () => void): RowWidthsInWork {
  let now:
    | { readonly key: string; readonly result: RowWidths | "measuring"; readonly abort: AbortController }
    | undefined;
  return {
    of({ of, from, to, focus }, valuesOf) {
      // The page that is looked at decides, not the byte.
      const key = `${of} ${from} ${to} ${Math.floor(focus / PAGE_SIZE)}`;
      if (now?.key === key) return now.result;
      const values = valuesOf();
      if (!values) return "measuring";
      now?.abort.abort();
      const abort = new AbortController();
      now = { key, result: "measuring", abort };
      rowWidthsOf(values, focus - from, abort.signal).then((result) => {
        if (!result || now?.key !== key) return;
        now = { key, result: { of, ...result }, abort };
        onMeasured();
      });
      return "measuring";
    },
    stop: () => now?.abort.abort(),
  };
}
