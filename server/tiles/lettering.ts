/**
 * Text of pictures as outlines of Inter, the font that comes with the application: the same on every machine, also on
 * one without fonts, where a `<text>` comes out as boxes. Because only outlines reach the SVG, nothing that a dump
 * calls itself can be markup.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Contour, type OutlinePoint, type Outlines, readWoff2 } from "./woff2-outlines.ts";

const FONT = "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";
const ELLIPSIS = "…";

/** Polygons in ems, y up, for what the Latin subset of the font lacks: the arrow of "moved", and a box for all else. */
const ARROW: Polygon = [
  [0.08, 0.33],
  [0.66, 0.33],
  [0.46, 0.13],
  [0.54, 0.06],
  [0.85, 0.37],
  [0.54, 0.68],
  [0.46, 0.61],
  [0.66, 0.41],
  [0.08, 0.41],
];
const BOX: Polygon = [
  [0.08, 0],
  [0.52, 0],
  [0.52, 0.72],
  [0.08, 0.72],
];
const BOX_INSIDE: Polygon = [
  [0.14, 0.06],
  [0.14, 0.66],
  [0.46, 0.66],
  [0.46, 0.06],
];
type Polygon = readonly (readonly [number, number])[];

let loaded: Outlines | undefined;
function font(): Outlines {
  loaded ??= readWoff2(readFileSync(fileURLToPath(import.meta.resolve(FONT))));
  return loaded;
}

/** Width in pixels of a line of text. */
export function textWidth(text: string, size: number): number {
  return lettersOf(text).reduce((sum, letter) => sum + letter.advance, 0) * (size / font().unitsPerEm);
}

/** The text, cut with an ellipsis if it is wider than `width` pixels. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  let room = width - textWidth(ELLIPSIS, size);
  let kept = "";
  for (const letter of text) {
    room -= textWidth(letter, size);
    if (room < 0) break;
    kept += letter;
  }
  return kept.trimEnd() + ELLIPSIS;
}

/** The `d` of an SVG path that draws a line of text; `x` and `y` in pixels, `y` of the baseline. */
export function textPath(text: string, x: number, y: number, size: number): string {
  const scale = size / font().unitsPerEm;
  let path = "";
  let left = x;
  for (const { contours, advance } of lettersOf(text)) {
    for (const contour of contours) path += contourPath(contour, left, y, scale);
    left += advance * scale;
  }
  return path;
}

interface Letter {
  readonly advance: number;
  readonly contours: readonly Contour[];
}

/** Characters that the font lacks, and control characters, become a box: seen, not hidden. */
function lettersOf(text: string): Letter[] {
  const outlines = font();
  const { unitsPerEm } = outlines;
  const drawn = (advance: number, ...polygons: Polygon[]): Letter => ({
    advance: advance * unitsPerEm,
    contours: polygons.map((points) => points.map(([x, y]) => ({ x: x * unitsPerEm, y: y * unitsPerEm, isOn: true }))),
  });
  return [...text].map((letter) => {
    const codePoint = letter.codePointAt(0) ?? 0;
    const advance = codePoint >= 0x20 ? outlines.advance(codePoint) : undefined;
    if (advance !== undefined) return { advance, contours: outlines.contours(codePoint) ?? [] };
    return letter === "→" ? drawn(0.93, ARROW) : drawn(0.6, BOX, BOX_INSIDE);
  });
}

/** Between two control points in a row lies a point of the outline that is not written down: their middle. */
function contourPath(contour: Contour, left: number, baseline: number, scale: number): string {
  if (contour.length === 0) return "";
  const at = (x: number, y: number) => `${(left + x * scale).toFixed(2)} ${(baseline - y * scale).toFixed(2)}`;
  const point = (i: number): OutlinePoint => contour[i % contour.length];
  const middle = (p: OutlinePoint, q: OutlinePoint) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });
  const on = contour.findIndex((candidate) => candidate.isOn);
  const first = Math.max(on, 0);
  const start = on >= 0 ? point(first) : middle(point(0), point(contour.length - 1));
  let path = `M${at(start.x, start.y)}`;
  for (let step = on >= 0 ? 1 : 0; step < contour.length + (on >= 0 ? 1 : 0); step++) {
    const here = point(first + step);
    if (here.isOn) {
      path += `L${at(here.x, here.y)}`;
      continue;
    }
    const next = point(first + step + 1);
    const end = next.isOn ? next : middle(here, next);
    path += `Q${at(here.x, here.y)} ${at(end.x, end.y)}`;
    if (next.isOn) step++;
  }
  return `${path}Z`;
}
