/**
 * The joint strip of a comparison: the union of both sides, so that both share one camera. Mappings of one space that
 * overlap, on either side or across, become one range: mappings may be split or merged between snapshots.
 */
import type { PageAddress, Range } from "../memory/index.ts";
import { parseSpace, type Space } from "../snapshot/index.ts";
import { BLOCK_PAGES, type StripSource } from "./strip.ts";

export interface JointSource extends StripSource {
  /** First source of each side that lies in the range; `undefined` where the side has none. */
  readonly a: number | undefined;
  readonly b: number | undefined;
}

interface Piece {
  readonly space: Space;
  readonly start: number;
  readonly end: number;
  readonly a: number | undefined;
  readonly b: number | undefined;
  readonly shown: readonly Range<number>[];
}

export function joinStrips(a: readonly StripSource[], b: readonly StripSource[]): JointSource[] {
  const pieces = [
    ...a.map((source, index) => piece(source, index, undefined)),
    ...b.map((source, index) => piece(source, undefined, index)),
  ];
  pieces.sort((x, y) => compareSpaces(x.space, y.space) || x.start - y.start);
  const joint: JointSource[] = [];
  for (let first = 0; first < pieces.length; ) {
    let end = pieces[first].end;
    let next = first + 1;
    while (next < pieces.length && pieces[next].space === pieces[first].space && pieces[next].start < end) {
      end = Math.max(end, pieces[next].end);
      next++;
    }
    const group = pieces.slice(first, next);
    const start = pieces[first].start;
    joint.push({
      space: pieces[first].space,
      start: start as PageAddress,
      pages: end - start,
      a: group.find((member) => member.a !== undefined)?.a,
      b: group.find((member) => member.b !== undefined)?.b,
      shown: unionOfBlocks(group.flatMap((member) => shownPages(member, start))),
    });
    first = next;
  }
  return joint;
}

function piece(source: StripSource, a: number | undefined, b: number | undefined): Piece {
  return { space: source.space, start: source.start, end: source.start + source.pages, a, b, shown: source.shown };
}

/** Processes by pid, then segments by id, then whole-machine spaces. */
function compareSpaces(x: Space, y: Space): number {
  if (x === y) return 0;
  const order = { process: 0, segment: 1, physical: 2, raw: 3 } as const;
  const left = parseSpace(x);
  const right = parseSpace(y);
  if (!left || !right) return x < y ? -1 : 1;
  return order[left.kind] - order[right.kind] || left.id - right.id;
}

/** Blocks of a joint range (counted from `start`) that hold a shown page of the piece. */
function shownPages(member: Piece, start: number): Range<number>[] {
  return member.shown.map((range) => {
    const first = member.start - start + range.start * BLOCK_PAGES;
    const last = Math.min(member.start - start + range.end * BLOCK_PAGES, member.end - start);
    return { start: Math.floor(first / BLOCK_PAGES), end: Math.ceil(last / BLOCK_PAGES) };
  });
}

function unionOfBlocks(ranges: Range<number>[]): Range<number>[] {
  const sorted = ranges.toSorted((x, y) => x.start - y.start);
  const union: { start: number; end: number }[] = [];
  for (const range of sorted) {
    const last = union.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else union.push({ ...range });
  }
  return union;
}
