/**
 * Lays the mappings of a snapshot on its strip: spaces in order, addresses ascending, blocks of 16 pages in which
 * nothing is recorded or left to a file take no room, each mapping aligned to a power of four so that in Hilbert order
 * it is made of whole squares. The surprise: alignment depends on the folded size, at most a quarter of it.
 */

import type { PageAddress, Position, Range } from "../memory/index.ts";
import { bisect } from "../memory/index.ts";
import type { Space } from "../snapshot/index.ts";

/** Pages of a block, the unit of folding: 64 KiB. */
export const BLOCK_PAGES = 16;
const LARGEST_ALIGNMENT = 1024;

/** What a strip needs to know of a mapping: a range of a space, and which of its blocks are shown. */
export interface StripSource {
  readonly space: Space;
  readonly start: PageAddress;
  readonly pages: number;
  /** Blocks counted from `start`, ascending, disjoint, not empty. A mapping without any is left out. */
  readonly shown: readonly Range<number>[];
}

export interface LaidMapping {
  /** Index of the mapping in the list that was laid. */
  readonly source: number;
  readonly space: Space;
  readonly start: PageAddress;
  readonly pages: number;
  readonly position: Position;
  /** Folded, padded size in pages: a multiple of 16. */
  readonly size: number;
  /** The shown blocks and where each run of them begins, in pages from `position`. */
  readonly runs: readonly { readonly block: number; readonly blocks: number; readonly at: number }[];
}

export interface Strip {
  /** In the order of the strip, positions ascending. */
  readonly mappings: readonly LaidMapping[];
  /** Positions that belong to a mapping. */
  readonly used: number;
  /** First position behind the last mapping. */
  readonly end: number;
}

/** @param sources in strip order: processes by pid, then segments by id; addresses ascending. */
export function layStrip(sources: readonly StripSource[]): Strip {
  const mappings: LaidMapping[] = [];
  let next = 0;
  let used = 0;
  for (let source = 0; source < sources.length; source++) {
    const { space, start, pages, shown } = sources[source];
    const runs: { block: number; blocks: number; at: number }[] = [];
    let size = 0;
    for (const range of shown) {
      runs.push({ block: range.start, blocks: range.end - range.start, at: size });
      size += (range.end - range.start) * BLOCK_PAGES;
    }
    if (size === 0) continue;
    let alignment = BLOCK_PAGES;
    while (alignment * 4 <= size / 4 && alignment < LARGEST_ALIGNMENT) alignment *= 4;
    const at = Math.ceil(next / alignment) * alignment;
    mappings.push({ source, space, start, pages, position: at as Position, size, runs });
    next = at + size;
    used += size;
  }
  return { mappings, used, end: next };
}

/** Whether every page stands at the same position in both. */
export function isSameStrip(a: Strip, b: Strip): boolean {
  return (
    a === b ||
    (a.mappings.length === b.mappings.length &&
      a.mappings.every((laid, i) => {
        const other = b.mappings[i];
        return (
          laid.source === other.source &&
          laid.space === other.space &&
          laid.start === other.start &&
          laid.pages === other.pages &&
          laid.position === other.position &&
          laid.runs.length === other.runs.length &&
          laid.runs.every((run, r) => run.block === other.runs[r].block && run.blocks === other.runs[r].blocks)
        );
      }))
  );
}

/** The laid mapping at a position, or `undefined` in a gap or behind the end. */
export function mappingAt(strip: Strip, at: number): LaidMapping | undefined {
  const behind = bisect(strip.mappings.length, (i) => strip.mappings[i].position <= at);
  const mapping = behind > 0 ? strip.mappings[behind - 1] : undefined;
  return mapping && at < mapping.position + mapping.size ? mapping : undefined;
}

/** The page at a position; `undefined` in a gap and in the padding behind a mapping's last page. */
export function pageAtPosition(
  strip: Strip,
  at: number,
): { readonly mapping: LaidMapping; readonly page: PageAddress } | undefined {
  const mapping = mappingAt(strip, at);
  if (!mapping) return undefined;
  const offset = at - mapping.position;
  const run = lastRun(mapping.runs, (candidate) => candidate.at <= offset);
  const page = run.block * BLOCK_PAGES + (offset - run.at);
  return page < mapping.pages ? { mapping, page: (mapping.start + page) as PageAddress } : undefined;
}

/** Mappings of each space, addresses ascending, in whatever order the strip has them; made once, because there may be 66,000. */
const mappingsBySpace = new WeakMap<Strip, ReadonlyMap<Space, readonly LaidMapping[]>>();

/** The position of a page; `undefined` when its block is folded away or no laid mapping holds it. */
export function positionOfPage(strip: Strip, space: Space, page: PageAddress): Position | undefined {
  let bySpace = mappingsBySpace.get(strip);
  if (!bySpace) {
    bySpace = Map.groupBy(
      strip.mappings.toSorted((x, y) => x.start - y.start),
      (laid) => laid.space,
    );
    mappingsBySpace.set(strip, bySpace);
  }
  const laid = bySpace.get(space) ?? [];
  const behind = bisect(laid.length, (i) => laid[i].start <= page);
  const mapping = behind > 0 ? laid[behind - 1] : undefined;
  if (!mapping || page >= mapping.start + mapping.pages) return undefined;
  const block = Math.floor((page - mapping.start) / BLOCK_PAGES);
  const run = lastRun(mapping.runs, (candidate) => candidate.block <= block);
  if (run === undefined || block >= run.block + run.blocks) return undefined;
  return (mapping.position + run.at + (page - mapping.start - run.block * BLOCK_PAGES)) as Position;
}

function lastRun<T>(runs: readonly T[], holds: (run: T) => boolean): T {
  return runs[bisect(runs.length, (i) => holds(runs[i])) - 1];
}
