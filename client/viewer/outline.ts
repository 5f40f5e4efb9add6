/**
 * Lines between cells: the borders of mappings, and the outline of a run of cells. Lines of square layouts are made
 * in blocks of 64 KiB (16 pages, a cell of level 8), because every mapping is laid in whole blocks.
 */
import { type Curve, curveCell, type PicturePlane, type RasterPlane, rasterCell } from "../../shared/layout/index.ts";
import { bisect } from "../../shared/memory/index.ts";

/** A horizontal or vertical line from (x0, y0) to (x1, y1), in units of the caller. */
export type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/** Intervals on parallel lines: line → ends of intervals. */
type Lines = Map<number, number[]>;

class Edges {
  readonly vertical: Lines = new Map();
  readonly horizontal: Lines = new Map();

  addSquare(x: number, y: number, side: number): void {
    this.addBox(x, y, x + side, y + side);
  }

  addBox(left: number, top: number, right: number, bottom: number): void {
    push(this.vertical, left, top, bottom);
    push(this.vertical, right, top, bottom);
    push(this.horizontal, top, left, right);
    push(this.horizontal, bottom, left, right);
  }

  /** Squares of one region share their inner edges, which so cancel: what is covered an odd number of times is its outline. */
  outline(): Segment[] {
    const segments: Segment[] = [];
    for (const [line, ends] of this.vertical) for (const [from, to] of odd(ends)) segments.push([line, from, line, to]);
    for (const [line, ends] of this.horizontal)
      for (const [from, to] of odd(ends)) segments.push([from, line, to, line]);
    return segments;
  }
}

function push(lines: Lines, line: number, from: number, to: number): void {
  const ends = lines.get(line);
  if (ends) ends.push(from, to);
  else lines.set(line, [from, to]);
}

function* odd(ends: number[]): Generator<[number, number]> {
  ends.sort((p, q) => p - q);
  for (let n = 0; n < ends.length; n += 2) {
    const from = ends[n];
    let to = ends[n + 1];
    while (n + 2 < ends.length && ends[n + 2] === to) {
      to = ends[n + 3];
      n += 2;
    }
    if (to > from) yield [from, to];
  }
}

/** Aligned squares that make up the cells [from, to) of a curve of 2^order cells a side. */
export function* squaresOf(
  curve: Curve,
  from: number,
  to: number,
  order: number,
): Generator<{ x: number; y: number; side: number }> {
  let at = from;
  while (at < to) {
    let bits = 0;
    while (bits < order && at % 4 ** (bits + 1) === 0 && at + 4 ** (bits + 1) <= to) bits++;
    const corner = curveCell(curve, at / 4 ** bits, order - bits);
    const side = 2 ** bits;
    yield { x: corner.x * side, y: corner.y * side, side };
    at += 4 ** bits;
  }
}

/** The outline of the cells [from, to) of a curve, in cells. */
export function squareOutline(curve: Curve, from: number, to: number, order: number): Segment[] {
  const edges = new Edges();
  for (const { x, y, side } of squaresOf(curve, from, to, order)) edges.addSquare(x, y, side);
  return edges.outline();
}

/** The outline of several runs of cells together: runs are ascending and apart. */
export function runsOutline(plane: PicturePlane, runs: readonly (readonly [number, number])[]): Segment[] {
  const edges = new Edges();
  if (plane.rows) {
    for (const [from, to] of runs) {
      const first = rasterCell(plane.rows, from);
      const last = rasterCell(plane.rows, to - 1);
      if (!first || !last) continue;
      if (first.y === last.y) edges.addBox(first.x, first.y, last.x + 1, first.y + 1);
      else {
        // Rows that end early are outlined as if they were whole: what is behind their end is no memory.
        edges.addBox(first.x, first.y, plane.width, first.y + 1);
        edges.addBox(0, first.y + 1, plane.width, last.y);
        edges.addBox(0, last.y, last.x + 1, last.y + 1);
      }
    }
  } else {
    for (const [from, to] of runs)
      for (const { x, y, side } of squaresOf(plane.layout, from, to, plane.order)) edges.addSquare(x, y, side);
  }
  return edges.outline();
}

/** The outline of the cells [from, to) of a raster that lie in one stretch: a rectangle with a step at each end. */
export function rasterOutline(rows: RasterPlane, from: number, to: number): Segment[] {
  const first = rasterCell(rows, from);
  const last = rasterCell(rows, to - 1);
  if (!first || !last) return [];
  const { width } = rows;
  if (first.y === last.y || (first.x === 0 && last.x === width - 1))
    return rectangle(first.y === last.y ? first.x : 0, first.y, last.x + 1, last.y + 1);
  const top = first.y;
  const bottom = last.y + 1;
  const left = first.x;
  const right = last.x + 1;
  const segments: Segment[] = [
    [left, top, width, top],
    [left, top, left, top + 1],
    [0, top + 1, left, top + 1],
    [0, top + 1, 0, bottom],
    [0, bottom, right, bottom],
    [right, bottom - 1, right, bottom],
    [right, bottom - 1, width, bottom - 1],
    [width, top, width, bottom - 1],
  ];
  return segments.filter(([x0, y0, x1, y1]) => x0 !== x1 || y0 !== y1);
}

export function rectangle(x0: number, y0: number, x1: number, y1: number): Segment[] {
  return [
    [x0, y0, x1, y0],
    [x0, y1, x1, y1],
    [x0, y0, x0, y1],
    [x1, y0, x1, y1],
  ];
}

/** Borders of some mappings on a square layout, in blocks; each line once, though two mappings share it. */
export function bordersOf(outlines: Iterable<readonly Segment[]>): Segment[] {
  const vertical: Lines = new Map();
  const horizontal: Lines = new Map();
  for (const outline of outlines) {
    for (const [x0, y0, x1, y1] of outline) {
      if (x0 === x1) push(vertical, x0, y0, y1);
      else push(horizontal, y0, x0, x1);
    }
  }
  const all: Segment[] = [];
  for (const [line, ends] of vertical) for (const [from, to] of union(ends)) all.push([line, from, line, to]);
  for (const [line, ends] of horizontal) for (const [from, to] of union(ends)) all.push([from, line, to, line]);
  return all;
}

function union(ends: readonly number[]): [number, number][] {
  const intervals: [number, number][] = [];
  for (let n = 0; n < ends.length; n += 2) intervals.push([ends[n], ends[n + 1]]);
  intervals.sort((p, q) => p[0] - q[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of intervals) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Rows of a raster at which another mapping begins, within [top, bottom). */
export function mappingRows(rows: RasterPlane, top: number, bottom: number): number[] {
  const found: number[] = [];
  const first = bisect(rows.firstRow.length, (n) => rows.firstRow[n] < top);
  for (let n = first; n < rows.firstRow.length; n++) {
    const row = rows.firstRow[n];
    if (row > bottom) break;
    if (n === 0 || rows.mapping[n] !== rows.mapping[n - 1]) found.push(row);
  }
  return found;
}

/** The outline of the cells [from, to) on any plane. */
export function outlineOf(plane: PicturePlane, from: number, to: number): Segment[] {
  return plane.rows ? rasterOutline(plane.rows, from, to) : squareOutline(plane.layout, from, to, plane.order);
}
