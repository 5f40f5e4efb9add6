/** What the ruler draws, as numbers: names of runs of mappings, lines of permissions, ticks, brackets. Pure. */
import { type ScaleLinear, scaleLinear } from "d3";
import type { Strip } from "../../shared/strip/index.ts";
import type { PictureMapping } from "../viewer/contract.ts";

/** Names stand where there is so much room, in CSS pixels. */
export const NAME_FROM = 46;
const MARGIN = 20;

/** Positions of the strip to CSS pixels of a ruler, whose ends are those of the fitted picture. */
export function rulerScale(end: number, width: number): ScaleLinear<number, number> {
  return scaleLinear()
    .domain([0, Math.max(1, end)])
    .range([MARGIN, Math.max(MARGIN + 1, width - MARGIN)]);
}

export interface NamedRun {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Neighbouring mappings of one name and space are one run: the parts of a library. */
export function namedRuns(strip: Strip, mappings: readonly PictureMapping[]): NamedRun[] {
  const runs: { name: string; space: string; from: number; to: number }[] = [];
  for (const laid of strip.mappings) {
    const { name } = mappings[laid.source];
    const last = runs.at(-1);
    if (last && last.name === name && last.space === laid.space) last.to = laid.position + laid.size;
    else runs.push({ name, space: laid.space, from: laid.position, to: laid.position + laid.size });
  }
  return runs;
}

/** Runs in CSS pixels, those that would touch drawn as one; at least a pixel wide. */
export function mergedRuns(
  runs: readonly (readonly [number, number])[],
  scale: ScaleLinear<number, number>,
): [number, number][] {
  const merged: [number, number][] = [];
  for (const [from, to] of runs) {
    const left = Math.floor(scale(from));
    const right = Math.max(left + 1, Math.ceil(scale(to)));
    const last = merged.at(-1);
    if (last && left <= last[1] + 1) last[1] = Math.max(last[1], right);
    else merged.push([left, right]);
  }
  return merged;
}
