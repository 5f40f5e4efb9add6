/**
 * A selection between the picture and memory: what lies between two bytes of the strip, or in a rectangle of it, as
 * regions of spaces; and where regions lie on the strip. Addresses ascend along the strip within a space, so whatever
 * lies between two of its bytes is one region, with the holes between.
 */
import type { Region } from "../../shared/find/index.ts";
import { curveCell, type PicturePlane, rasterRow } from "../../shared/layout/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { BLOCK_PAGES, type LaidMapping, type Strip } from "../../shared/strip/index.ts";

/** Half-open, ascending: bytes along the strip, or cells. */
export type Run = readonly [from: number, to: number];

/** The shown pages of one run of blocks: bytes [from, to) along the strip, and the address of the first. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly address: bigint;
}

function* piecesOf({ position, start, pages, runs }: LaidMapping): Generator<Piece> {
  for (const { block, blocks, at } of runs) {
    const first = block * BLOCK_PAGES;
    const shown = Math.min(blocks * BLOCK_PAGES, pages - first);
    const from = (position + at) * PAGE_SIZE;
    yield { from, to: from + shown * PAGE_SIZE, address: BigInt(start + first) * 4096n };
  }
}

/** One region for each space of which shown bytes lie in a run of the strip. */
export function regionsBetween(strip: Strip, [from, to]: Run): Region[] {
  const regions: Region[] = [];
  const first = bisect(
    strip.mappings.length,
    (i) => (strip.mappings[i].position + strip.mappings[i].size) * PAGE_SIZE <= from,
  );
  for (const laid of strip.mappings.slice(first)) {
    if (laid.position * PAGE_SIZE >= to) break;
    for (const piece of piecesOf(laid)) {
      const [a, b] = [Math.max(from, piece.from), Math.min(to, piece.to)];
      if (a >= b) continue;
      const start = piece.address + BigInt(a - piece.from);
      const end = piece.address + BigInt(b - piece.from);
      const last = regions.at(-1);
      if (last?.space === laid.space) regions[regions.length - 1] = { ...last, end };
      else regions.push({ space: laid.space, start, end });
    }
  }
  return regions;
}

/** The regions of several runs: what they have between them is in none. */
export function regionsOfRuns(strip: Strip, runs: readonly Run[]): Region[] {
  const regions: Region[] = [];
  for (const region of runs.flatMap((run) => regionsBetween(strip, run))) {
    const last = regions.at(-1);
    if (last?.space === region.space && last.end === region.start)
      regions[regions.length - 1] = { ...last, end: region.end };
    else regions.push(region);
  }
  return regions;
}

/** Where regions lie on the strip, ascending: each from its first shown byte to its last, with the gaps between. */
export function spansOfRegions(strip: Strip, regions: readonly Region[]): Run[] {
  const bySpace = Map.groupBy(strip.mappings, ({ space }) => space);
  const spans: Run[] = [];
  for (const { space, start, end } of regions) {
    let first: number | undefined;
    let last = 0;
    const laid = bySpace.get(space) ?? [];
    const next = bisect(laid.length, (i) => BigInt(laid[i].start + laid[i].pages) * 4096n <= start);
    for (const mapping of laid.slice(next)) {
      if (BigInt(mapping.start) * 4096n >= end) break;
      for (const { from, to, address } of piecesOf(mapping)) {
        const behind = address + BigInt(to - from);
        if (behind <= start || address >= end) continue;
        const a = start > address ? Number(start - address) : 0;
        const b = end < behind ? Number(end - address) : to - from;
        first ??= from + a;
        last = from + b;
      }
    }
    if (first !== undefined) spans.push([first, last]);
  }
  return spans.sort(([x], [y]) => x - y);
}

/** Shown bytes that lie in no region: each run of blocks for itself, ascending. */
export function spansOutside(strip: Strip, regions: readonly Region[]): Run[] {
  const inside = spansOfRegions(strip, regions);
  const outside: Run[] = [];
  let next = 0;
  for (const laid of strip.mappings)
    for (const { from, to } of piecesOf(laid)) {
      while (next < inside.length && inside[next][1] <= from) next++;
      let at = from;
      for (let i = next; i < inside.length && inside[i][0] < to; i++) {
        if (inside[i][0] > at) outside.push([at, inside[i][0]]);
        at = Math.max(at, inside[i][1]);
      }
      if (at < to) outside.push([at, to]);
    }
  return outside;
}

/** Cells of a plane that bytes of the strip touch: runs that touch or overlap become one. */
export function cellsOfRuns(runs: readonly Run[], level: number): Run[] {
  const cellBytes = 4 ** level;
  const cells: [number, number][] = [];
  for (const [from, to] of runs) {
    const [first, behind] = [Math.floor(from / cellBytes), Math.ceil(to / cellBytes)];
    const last = cells.at(-1);
    if (last && first <= last[1]) last[1] = Math.max(last[1], behind);
    else cells.push([first, behind]);
  }
  return cells;
}

/** Cells in a rectangle of the plane, exactly: [left, right) × [top, bottom). */
export function cellsOfRectangle(
  plane: PicturePlane,
  {
    left,
    top,
    right,
    bottom,
  }: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
): Run[] {
  const cells: [number, number][] = [];
  const add = (from: number, to: number) => {
    const last = cells.at(-1);
    if (last && last[1] === from) last[1] = to;
    else if (from < to) cells.push([from, to]);
  };
  if (plane.rows) {
    for (let y = Math.max(0, top); y < Math.min(plane.height, bottom); y++) {
      const row = rasterRow(plane.rows, y);
      if (row) add(row.cell + Math.max(0, left), row.cell + Math.min(row.cells, right));
    }
    return cells;
  }
  const visit = (index: number, bits: number) => {
    const side = 2 ** bits;
    const from = index * 4 ** bits;
    if (from >= plane.cells) return;
    const corner = curveCell(plane.layout, index, plane.order - bits);
    const [x, y] = [corner.x * side, corner.y * side];
    if (x >= right || y >= bottom || x + side <= left || y + side <= top) return;
    const isInside = x >= left && y >= top && x + side <= right && y + side <= bottom;
    if (isInside) add(from, Math.min(plane.cells, from + 4 ** bits));
    else for (let child = 0; child < 4; child++) visit(index * 4 + child, bits - 1);
  };
  visit(0, plane.order);
  return cells;
}
