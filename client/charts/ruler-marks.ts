/** What the ruler draws, as numbers: names of runs of mappings, lines of permissions, ticks, brackets. Pure. */
import { type ScaleLinear, scaleLinear } from "d3";
import { cssColor, isWriteExecute, permissionColor, type Rgb } from "../../shared/palette/index.ts";
import type { Strip } from "../../shared/strip/index.ts";
import type { PictureMapping, Theme } from "../viewer/contract.ts";

/** Names stand where there is so much room, in CSS pixels. */
const NAME_FROM = 46;
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

/** What stands still on a ruler of one width, in CSS pixels: as much as it has room for, however many mappings there are. */
export interface StillMarks {
  /** Left edges of runs. */
  readonly edges: readonly number[];
  readonly names: readonly { readonly name: string; readonly left: number; readonly width: number }[];
  readonly lines: readonly PermissionLine[];
}

export interface PermissionLine {
  readonly from: number;
  readonly to: number;
  readonly color: Rgb;
  /** May be written and executed: thick. */
  readonly isWriteExecute: boolean;
}

/** Where mappings share a pixel the last one is seen there, but one that may be written and executed before all others. */
export function stillMarks(
  strip: Strip,
  mappings: readonly PictureMapping[],
  runs: readonly NamedRun[],
  width: number,
  theme: Theme,
): StillMarks {
  const scale = rulerScale(strip.end, width);
  const edges = new Set<number>();
  const names: { name: string; left: number; width: number }[] = [];
  for (const run of runs) {
    const left = Math.floor(scale(run.from));
    const room = scale(run.to) - left;
    edges.add(left);
    if (room >= NAME_FROM) names.push({ name: run.name, left, width: room });
  }
  const columns: (Omit<PermissionLine, "from" | "to"> | undefined)[] = [];
  for (const laid of strip.mappings) {
    const { permissions } = mappings[laid.source];
    const color = permissionColor(permissions, theme);
    if (!color) continue;
    const mark = { color, isWriteExecute: isWriteExecute(permissions) };
    const left = Math.floor(scale(laid.position));
    const right = Math.max(left + 1, Math.floor(scale(laid.position + laid.size)) - 1);
    for (let x = left; x < right; x++) if (mark.isWriteExecute || !columns[x]?.isWriteExecute) columns[x] = mark;
  }
  const lines: { -readonly [Key in keyof PermissionLine]: PermissionLine[Key] }[] = [];
  columns.forEach((mark, x) => {
    if (!mark) return;
    const last = lines.at(-1);
    const goesOn = last?.to === x && last.isWriteExecute === mark.isWriteExecute;
    if (last && goesOn && cssColor(last.color) === cssColor(mark.color)) last.to = x + 1;
    else lines.push({ from: x, to: x + 1, ...mark });
  });
  return { edges: [...edges], names, lines };
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
