/**
 * Where snapshots stand on the time axis: the window of time that is shown, and bars spread so that none hides another.
 * Times are the dumps' own; a dump without one stands at its receipt.
 */
import { scaleUtc } from "d3";
import type { SnapshotSummary } from "../../../shared/api/index.ts";

/** Milliseconds since 1970, half-open like every range. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Room before the first bar; after the last one for the count beside it, and for a dump that is on its way. */
const MARGIN_BEFORE = 60;
const MARGIN_AFTER = 180;
/** Bars stand at least so far apart: 28 px of bar and the count beside it. */
export const BAR_GAP = 88;
/** A window is never narrower than a millisecond per 8 px, nor wider than 100 years. */
const NARROWEST_MS = 100;
const WIDEST_MS = 100 * 365 * 86_400_000;

export function timeOf(snapshot: Pick<SnapshotSummary, "checkpointedAt" | "createdAt">): number {
  return Date.parse(snapshot.checkpointedAt ?? snapshot.createdAt);
}

/** The window that shows all times in `width` pixels. */
export function fitTimes(times: readonly number[], width: number): TimeWindow {
  if (times.length === 0) {
    const now = Date.now();
    return { from: now - 3_600_000, to: now };
  }
  const first = Math.min(...times);
  const last = Math.max(...times);
  const inner = Math.max(1, width - MARGIN_BEFORE - MARGIN_AFTER);
  // One time alone: ten seconds are shown around it.
  const span = Math.max(last - first, 10_000);
  const perPixel = span / inner;
  return { from: first - MARGIN_BEFORE * perPixel, to: first - MARGIN_BEFORE * perPixel + perPixel * width };
}

export function zoomTimes(window: TimeWindow, factor: number, at: number): TimeWindow {
  const span = Math.min(WIDEST_MS, Math.max(NARROWEST_MS, (window.to - window.from) * factor));
  const share = (at - window.from) / (window.to - window.from);
  return { from: at - span * share, to: at - span * share + span };
}

export function panTimes(window: TimeWindow, byMs: number): TimeWindow {
  return { from: window.from + byMs, to: window.to + byMs };
}

export interface Tick {
  readonly x: number;
  readonly text: string;
}

export interface Axis {
  /** The day, when all of the window lies in one. */
  readonly head: string;
  readonly ticks: readonly Tick[];
  x(time: number): number;
}

const LABEL_WIDTH = 104;
const LEAST_LABEL_GAP = 72;

export function timeAxis(window: TimeWindow, width: number): Axis {
  const scale = scaleUtc([window.from, window.to], [0, width]);
  const dates = thin(scale.ticks(Math.max(2, Math.floor(width / LABEL_WIDTH))), (date) => scale(date));
  const step = dates.length > 1 ? dates[1].getTime() - dates[0].getTime() : window.to - window.from;
  const oneDay = day(window.from) === day(window.to);
  const write = (date: Date): string => {
    const iso = date.toISOString();
    if (step >= 86_400_000) return iso.slice(0, 10);
    const clock = step < 1000 ? iso.slice(11, 23) : step < 60_000 ? iso.slice(11, 19) : iso.slice(11, 16);
    return !oneDay && date.getTime() % 86_400_000 === 0 ? iso.slice(0, 10) : clock;
  };
  return {
    head: oneDay ? `${day(window.from)} UTC` : "UTC",
    ticks: dates.map((date) => ({ x: Math.round(scale(date)), text: write(date) })),
    x: (time) => scale(time),
  };
}

/** Every second one, fourth one … of ticks whose labels would touch, so that they stay round. */
function thin(dates: readonly Date[], x: (date: Date) => number): readonly Date[] {
  if (dates.length < 3 || x(dates[1]) - x(dates[0]) >= LEAST_LABEL_GAP) return dates;
  const step = dates[1].getTime() - dates[0].getTime();
  return thin(
    dates.filter((date) => Math.round(date.getTime() / step) % 2 === 0),
    x,
  );
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/**
 * Spreads what would overlap: neighbours closer than `gap` become one group, centred on their mean.
 * @param xs true places, ascending. @returns drawn places in the same order.
 */
export function spread(xs: readonly number[], gap: number): number[] {
  interface Group {
    sum: number;
    count: number;
  }
  const groups: Group[] = [];
  const start = (group: Group) => group.sum / group.count - ((group.count - 1) * gap) / 2;
  for (const x of xs) {
    groups.push({ sum: x, count: 1 });
    while (groups.length > 1) {
      const last = groups[groups.length - 1];
      const before = groups[groups.length - 2];
      if (start(last) - (start(before) + (before.count - 1) * gap) >= gap) break;
      before.sum += last.sum;
      before.count += last.count;
      groups.pop();
    }
  }
  return groups.flatMap((group) => Array.from({ length: group.count }, (_, i) => start(group) + i * gap));
}
