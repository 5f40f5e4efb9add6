/**
 * Which row width shows the records of a range. For each width: the share of bytes within ±1 of the byte one row above.
 * Every byte of the range counts; 64 KiB × 2,048 widths are 134 million comparisons, done in slices between frames.
 *
 * In a range that holds two pictures the width most alike is a common multiple of both. So each page says by itself
 * which width it has, and the pages around what is looked at decide.
 */

import type { RowWidths } from "./contract.ts";

/** Widths that are tried: rows of 640 pixels of three bytes are among them. */
const MOST_WIDTH = 2048;
/** Below it a width is that of a number or of a pixel, and shows no rows. */
const LEAST_WIDTH = 8;
/** Bytes of a range; what is beyond is not looked at, and the result says how many were. */
export const MOST_BYTES = 65_536;
/** Bytes that have one width of their own: a page. */
const PIECE = 4096;
/** Rows above this width are few in a page: they are counted over the pages beside it too. */
const WIDE = 400;
/** A piece that is so many pieces away from what is looked at counts half. */
const HALF_AWAY = 4;
/** How far a peak must stand above the mean of its neighbourhood to count. */
const PROMINENCE = 0.02;
/** Reaches over the next width at which bytes of numbers of eight bytes meet their like. */
const NEIGHBOURHOOD = 8;
/** Standard deviations of a share that are taken for chance, among some thousand widths. */
const CHANCE = 5;
/** A multiple is taken for the width itself only when it is so much more alike. */
const NOISE = 0.03;
/** A multiple of a number's size must stand so far above the others of them. */
const BEYOND_NUMBERS = 0.05;

/** What one piece, or all of them, says of each width; index = width. */
interface Likeness {
  readonly alike: Float64Array;
  readonly compared: Float64Array;
}

/** Widths that stand out from those around them, the most alike first. */
export function peaksOf(alike: Float32Array): { width: number; alike: number }[] {
  const peaks: { width: number; alike: number }[] = [];
  for (let width = LEAST_WIDTH; width < alike.length; width++) {
    const { highest, mean } = around(width, alike.length, (near) => alike[near]);
    if (alike[width] > highest && alike[width] - mean >= PROMINENCE) peaks.push({ width, alike: alike[width] });
  }
  return peaks.sort((p, q) => q.alike - p.alike || p.width - q.width);
}

function around(width: number, length: number, share: (near: number) => number): { highest: number; mean: number } {
  let highest = 0;
  let sum = 0;
  let count = 0;
  for (let near = width - NEIGHBOURHOOD + 1; near < width + NEIGHBOURHOOD; near++) {
    if (near < 1 || near >= length || near === width) continue;
    highest = Math.max(highest, share(near));
    sum += share(near);
    count++;
  }
  return { highest, mean: count === 0 ? 0 : sum / count };
}

/** The width of a piece's rows: the smallest one of which the most alike is a multiple; `undefined` without rows. */
function ownWidth({ alike, compared }: Likeness): number | undefined {
  const share = (width: number) => (compared[width] < PIECE / 16 ? 0 : alike[width] / compared[width]);
  // Numbers of some bytes are like the next number; what is only smooth is most like the very next byte.
  const numbers = [2, 3, 4, 5, 6, 7].filter((size) => share(size) > share(1) + PROMINENCE);
  const standsOut = (width: number) => {
    const { highest, mean } = around(width, alike.length, share);
    const isNumbers = numbers.some((size) => width % size === 0);
    const chance = CHANCE * Math.sqrt((share(width) * (1 - share(width))) / Math.max(1, compared[width]));
    return (
      share(width) > highest + (isNumbers ? BEYOND_NUMBERS : 0) && share(width) - mean >= Math.max(PROMINENCE, chance)
    );
  };
  let best: number | undefined;
  for (let width = LEAST_WIDTH; width < alike.length; width++)
    if ((best === undefined || share(width) > share(best)) && standsOut(width)) best = width;
  if (best === undefined) return undefined;
  for (let width = LEAST_WIDTH; width < best; width++)
    if (best % width === 0 && share(width) >= share(best) - NOISE && standsOut(width)) return width;
  return best;
}

/** What a piece says of itself, and of wide rows with the pieces beside it. */
function wideFrom(piece: Likeness, ...beside: readonly (Likeness | undefined)[]): Likeness {
  const alike = piece.alike.slice();
  const compared = piece.compared.slice();
  for (const one of beside) {
    if (!one) continue;
    for (let width = WIDE; width < alike.length; width++) {
      alike[width] += one.alike[width];
      compared[width] += one.compared[width];
    }
  }
  return { alike, compared };
}

/** @param focus index of what is looked at: the pieces around it count most. */
function bestWidth(pieces: readonly Likeness[], whole: Likeness, focus: number): number | undefined {
  const votes = new Map<number, number>();
  pieces.forEach((piece, index) => {
    const width = ownWidth(wideFrom(piece, pieces[index - 1], pieces[index + 1]));
    if (width === undefined) return;
    const distance = Math.abs(index - Math.floor(focus / PIECE));
    votes.set(width, (votes.get(width) ?? 0) + (piece.compared[width] / PIECE) * 0.5 ** (distance / HALF_AWAY));
  });
  let best: number | undefined;
  for (const [width, weight] of votes)
    if (best === undefined || weight > (votes.get(best) ?? 0) || (weight === votes.get(best) && width < best))
      best = width;
  return best ?? ownWidth(whole);
}

/**
 * Computes in slices of a few milliseconds. Resolves to `undefined` when `signal` fires.
 * @param values −1 where a byte is not known.
 * @param focus index of what is looked at.
 */
export async function rowWidthsOf(
  values: Int16Array,
  focus: number,
  signal: AbortSignal,
): Promise<Omit<RowWidths, "of"> | undefined> {
  const most = Math.min(MOST_WIDTH, Math.floor(values.length / 2));
  const empty = (): Likeness => ({ alike: new Float64Array(most + 1), compared: new Float64Array(most + 1) });
  const pieces = Array.from({ length: Math.ceil(values.length / PIECE) }, empty);
  const whole = empty();
  const columns = columnsOf(values);
  const share = new Float32Array(most + 1);
  let until = performance.now() + 4;
  for (let width = 1; width <= most; width++) {
    let alike = 0;
    let compared = 0;
    for (let index = 0; index < pieces.length; index++) {
      const counts = countAlike(columns, width, index * PIECE, Math.min(values.length, (index + 1) * PIECE));
      alike += counts.alike + counts.zeros;
      compared += counts.compared + counts.zeros;
      pieces[index].alike[width] = counts.alike;
      pieces[index].compared[width] = counts.compared;
      whole.alike[width] += counts.alike;
      whole.compared[width] += counts.compared;
    }
    share[width] = compared === 0 ? 0 : alike / compared;
    if (performance.now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal.aborted) return undefined;
    until = performance.now() + 4;
  }
  const bytes = columns.known.reduce((sum, one) => sum + one, 0);
  const peaks = peaksOf(share);
  const best = bestWidth(pieces, whole, focus);
  if (best === undefined) return { bytes, alike: share, peaks: [] };
  return {
    bytes,
    alike: share,
    peaks: [{ width: best, alike: share[best] }, ...peaks.filter(({ width }) => width !== best)],
  };
}

/** By the difference of two bytes, from −256 on: 1 within ±1. */
const LIKE = Uint8Array.from({ length: 513 }, (_, index) => (Math.abs(index - 256) <= 1 ? 1 : 0));

/**
 * Counts bytes [from, to) over the byte one row above. Zero over zero is counted apart: it is alike at every width.
 * Without a branch, because what memory holds cannot be foreseen.
 */
function countAlike(
  { values, known, zero }: ReturnType<typeof columnsOf>,
  width: number,
  from: number,
  to: number,
): { alike: number; compared: number; zeros: number } {
  let alike = 0;
  let compared = 0;
  let zeros = 0;
  for (let at = Math.max(width, from); at < to; at++) {
    const above = at - width;
    const both = known[at] & known[above];
    compared += both;
    alike += both & LIKE[values[at] - values[above] + 256];
    zeros += zero[at] & zero[above];
  }
  return { alike: alike - zeros, compared: compared - zeros, zeros };
}

function columnsOf(values: Int16Array) {
  return {
    values,
    known: Uint8Array.from(values, (value) => (value >= 0 ? 1 : 0)),
    zero: Uint8Array.from(values, (value) => (value === 0 ? 1 : 0)),
  };
}
