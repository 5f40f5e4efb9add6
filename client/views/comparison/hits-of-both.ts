/**
 * The hits of both sides as one list. A hit is on both when it stands at the same place with the same length on each; on
 * one alone only when the other was searched there, or has no such space: else it is open. What a text, bytes or a string
 * is says its bytes; what an expression found, or a pattern with wildcards or of any case, may have others on each side.
 */
import type { Region } from "../../../shared/find/index.ts";
import { bisect } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import type { Place } from "../../viewer/contract.ts";
import type { FoundHit, Wanted } from "../find/follow-search.ts";
import { addressOf } from "../place/places.ts";

/** What was found on a side, and where it was searched, in the spaces of the joint strip. */
export interface SearchedSide {
  readonly hits: readonly FoundHit[];
  /** As in `Searched`: of what touches one of them nothing is left to tell. */
  readonly ranges: readonly Region[];
  /** Spaces that it has. */
  readonly spaces: ReadonlySet<Space>;
}

export type HitSide = "both" | "a" | "b";

export interface HitOfBoth {
  /** Equal keys, equal hits, while more are found. */
  readonly key: string;
  readonly place: Place;
  /** Bytes. */
  readonly length: number;
  readonly side: HitSide;
  /** Of one on one side: the other was not searched there, and may have it too. */
  readonly isOpen: boolean;
  /** As B has it, where B has it. */
  readonly found: FoundHit;
}

/**
 * @param spaces those of the joint strip in its order
 * @returns in the order of the joint strip; at one place the shorter first, then A's
 */
export function hitsOfBoth(a: SearchedSide, b: SearchedSide, spaces: readonly string[]): HitOfBoth[] {
  const inA = new Map(a.hits.map((hit) => [keyOf(hit), hit]));
  const inB = new Set(b.hits.map(keyOf));
  const [touchesA, touchesB] = [touching(a.ranges), touching(b.ranges)];
  const isSearched = ({ place, length }: FoundHit, side: SearchedSide, touches: ReturnType<typeof touching>) => {
    const start = addressOf(place);
    return !side.spaces.has(place.space) || touches(place.space, start, start + BigInt(length));
  };
  const joined: HitOfBoth[] = [];
  const add = (key: string, found: FoundHit, side: HitSide, isOpen: boolean) =>
    joined.push({
      key: `${side === "b" ? "b" : "a"} ${key}`,
      place: found.place,
      length: found.length,
      side,
      isOpen,
      found,
    });
  for (const [key, hit] of inA) if (!inB.has(key)) add(key, hit, "a", !isSearched(hit, b, touchesB));
  for (const hit of b.hits) {
    const key = keyOf(hit);
    const isInBoth = inA.has(key);
    add(key, hit, isInBoth ? "both" : "b", !isInBoth && !isSearched(hit, a, touchesA));
  }
  const order = new Map(spaces.map((space, index) => [space, index]));
  const rank = (space: string) => order.get(space) ?? spaces.length;
  return joined.sort(
    (x, y) =>
      rank(x.place.space) - rank(y.place.space) ||
      x.place.page - y.place.page ||
      x.place.offset - y.place.offset ||
      x.length - y.length ||
      (x.side === y.side ? 0 : x.side === "a" ? -1 : 1),
  );
}

/** Whether hits of one key have the same bytes, whatever their pages hold. */
export function saysItsBytes(wanted: Wanted, { string }: Pick<FoundHit, "string">): boolean {
  if (wanted.kind === "strings") return string !== null && string.text.length === string.length;
  return wanted.form !== "regex" && !wanted.ignoreCase && !(wanted.form === "hex" && wanted.text.includes("?"));
}

export interface HitCounts {
  readonly both: number;
  /** On A alone, where B was searched. */
  readonly a: number;
  readonly b: number;
  /** On one side, where the other was not searched. */
  readonly open: number;
}

export function countHits(hits: readonly HitOfBoth[]): HitCounts {
  const counts = { both: 0, a: 0, b: 0, open: 0 };
  for (const { side, isOpen } of hits) counts[isOpen ? "open" : side]++;
  return counts;
}

function keyOf({ place: { space, page, offset }, length, string }: FoundHit): string {
  const place = `${space} ${page} ${offset} ${length}`;
  return string ? `${place} ${string.encoding} ${string.text}` : place;
}

/** @returns whether bytes of a space, [start, end), touch one of the ranges. */
function touching(ranges: readonly Region[]): (space: Space, start: bigint, end: bigint) => boolean {
  const bySpace = Map.groupBy(
    ranges.toSorted((x, y) => (x.start < y.start ? -1 : 1)),
    ({ space }) => space,
  );
  return (space, start, end) => {
    const own = bySpace.get(space) ?? [];
    const n = bisect(own.length, (i) => own[i].end <= start);
    return n < own.length && own[n].start < end;
  };
}
