/**
 * Which bytes of a scope a search has settled: every hit that touches one of them has been told. They are ranges in
 * which each byte that is known was looked at; a hole has none, so a range goes on over it.
 */
import type { Region } from "../../shared/find/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";

/** A byte, by the number of its page and its place in it. */
export interface BytePlace {
  readonly space: Space;
  /** Page address. */
  readonly page: number;
  readonly offset: number;
}

export interface Searched {
  /** A page with bytes, in the order of the walk: one that does not count is in no range. */
  pass(space: Space, page: number, counts: boolean): void;
  /** What has been settled since it was asked before, as every hit that begins before `place` is told; without a place all. */
  before(place?: BytePlace): Region[];
}

interface Gap {
  readonly space: Space;
  readonly start: bigint;
  end: bigint;
}

/** @param regions of the scope, in the order of the walk */
export function createSearched(regions: readonly Region[]): Searched {
  const order = new Map<Space, number>();
  for (const { space } of regions) if (!order.has(space)) order.set(space, order.size);
  const rankOf = (space: Space) => order.get(space) ?? order.size;
  /** Pages that do not count; those with none that counts between them are one. Before `firstGap` they are behind. */
  const gaps: Gap[] = [];
  let firstGap = 0;
  let isInGap = false;
  let region = 0;
  let behind = regions[0]?.start ?? 0n;

  /** The part of the region that is not behind, up to `end`. */
  function* settle({ space }: Region, end: bigint): Generator<Region> {
    let start = behind;
    for (; firstGap < gaps.length; firstGap++) {
      const gap = gaps[firstGap];
      const ahead = rankOf(gap.space) - rankOf(space);
      if (ahead < 0) continue;
      if (ahead > 0 || gap.start >= end) break;
      if (start < gap.start) yield { space, start, end: gap.start };
      if (gap.end > start) start = gap.end;
      // It goes on beyond, or may still grow.
      if (gap.end >= end || firstGap === gaps.length - 1) break;
    }
    if (start < end) yield { space, start, end };
  }

  return {
    pass(space, page, counts) {
      const last = gaps.at(-1);
      const end = BigInt(page + 1) * 4096n;
      if (counts) isInGap = false;
      else if (isInGap && last?.space === space) last.end = end;
      else gaps.push({ space, start: BigInt(page) * 4096n, end });
      if (!counts) isInGap = true;
    },
    before(place) {
      const settled: Region[] = [];
      const at = place && BigInt(place.page) * 4096n + BigInt(place.offset);
      for (; region < regions.length; region++) {
        const here = regions[region];
        const ahead = place ? rankOf(place.space) - rankOf(here.space) : 1;
        if (ahead < 0) break;
        const end = at === undefined || ahead > 0 || at > here.end ? here.end : at;
        if (end > behind) {
          settled.push(...settle(here, end));
          behind = end;
        }
        if (end < here.end) break;
        behind = regions[region + 1]?.start ?? behind;
      }
      return settled;
    },
  };
}
