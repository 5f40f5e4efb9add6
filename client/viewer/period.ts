/**
 * Which row width shows the records of a range: for each width the share of bytes within ±1 of the byte one row above.
 * Every byte of the range counts; 64 KiB × 1,024 widths are 67 million comparisons, done in slices between frames.
 */

import type { RowWidths } from "./contract.ts";

/** Widths that are tried. */
export const MOST_WIDTH = 1024;
/** Bytes of a range; what is beyond is not looked at, and the result says how many were. */
export const MOST_BYTES = 65_536;
/** How far a peak must stand above its neighbourhood to count. */
const PROMINENCE = 0.02;
const NEIGHBOURHOOD = 4;

/** @param values −1 where a byte is not known. */
export function alikeAt(values: Int16Array, width: number): number {
  let alike = 0;
  let compared = 0;
  for (let at = width; at < values.length; at++) {
    const above = values[at - width];
    const value = values[at];
    if (above < 0 || value < 0) continue;
    compared++;
    const difference = value - above;
    if (difference <= 1 && difference >= -1) alike++;
  }
  return compared === 0 ? 0 : alike / compared;
}

/** Widths that stand out from those around them. A multiple of a better width follows it in the list. */
export function peaksOf(alike: Float32Array): { width: number; alike: number }[] {
  const peaks: { width: number; alike: number }[] = [];
  for (let width = 2; width < alike.length; width++) {
    let isHighest = true;
    let sum = 0;
    let count = 0;
    for (let near = width - NEIGHBOURHOOD; near <= width + NEIGHBOURHOOD; near++) {
      if (near < 2 || near >= alike.length || near === width) continue;
      if (alike[near] > alike[width] || (alike[near] === alike[width] && near < width)) isHighest = false;
      sum += alike[near];
      count++;
    }
    if (isHighest && count > 0 && alike[width] - sum / count >= PROMINENCE) peaks.push({ width, alike: alike[width] });
  }
  return peaks.sort((p, q) => q.alike - p.alike || p.width - q.width);
}

/** Computes in slices of a few milliseconds. Resolves to `undefined` when `signal` fires. */
export async function rowWidthsOf(values: Int16Array, signal: AbortSignal): Promise<RowWidths | undefined> {
  const most = Math.min(MOST_WIDTH, Math.floor(values.length / 2));
  const alike = new Float32Array(most + 1);
  let until = performance.now() + 4;
  for (let width = 2; width <= most; width++) {
    alike[width] = alikeAt(values, width);
    if (performance.now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal.aborted) return undefined;
    until = performance.now() + 4;
  }
  let bytes = 0;
  for (const value of values) if (value >= 0) bytes++;
  return { bytes, alike, peaks: peaksOf(alike) };
}
