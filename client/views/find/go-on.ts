/**
 * From where a search goes on that ended before its end: behind the first hits that one answer holds, or where it was
 * cancelled or failed. Pure: what stands of the answer, and what is asked next, add up to the answer of one search.
 */
import type { FindRequest } from "../../../shared/api/index.ts";
import { BEYOND, type Region } from "../../../shared/find/index.ts";
import { type Address, formatAddress, parseAddress } from "../../../shared/memory/index.ts";
import { addressOf } from "../place/places.ts";
import { type Asked, type FindState, type Found, NOTHING_FOUND, type Progress } from "./follow-search.ts";

const PAGE = 4096n;
const LAST_BYTE = BEYOND - 1n;

/** What is asked next, and what stands before it. */
export interface GoOn {
  /** What stands: every hit of it begins before `from`. */
  readonly found: Found;
  /** `undefined`: from the beginning. */
  readonly from: FindRequest["from"];
  readonly counted: Counted;
}

/** Pages that are counted already, and will not be again. */
export type Counted = Pick<Progress, "pages" | "pagesRead">;

/** Nothing before it. */
export function fromTheBeginning(asked: Asked): GoOn {
  return { found: { asked, ...NOTHING_FOUND }, from: undefined, counted: { pages: 0, pagesRead: 0 } };
}

/** @returns `undefined` when there is nothing to go on with */
export function goOnOf(answer: FindState): GoOn | undefined {
  switch (answer.state) {
    case "idle":
    case "searching":
      return undefined;
    case "done":
      return answer.next ? behind(answer, answer.next) : undefined;
    case "cancelled":
    case "failed":
      return stopped(answer);
    default:
      return answer satisfies never;
  }
}

function behind(found: Found, from: NonNullable<FindRequest["from"]>): GoOn {
  return { found, from, counted: countedBefore(found, (parseAddress(from.address) ?? 0n) % PAGE !== 0n) };
}

/** It may have told hits that lie behind what it has settled: these are found again. */
function stopped({ asked, hits, ranges, progress }: Found): GoOn {
  const last = ranges.at(-1);
  if (!last || !progress) return fromTheBeginning(asked);
  const spaces = new Set(ranges.map(({ space }) => space));
  const standing = hits.filter(
    ({ place }) => spaces.has(place.space) && (place.space !== last.space || addressOf(place) < last.end),
  );
  // The last byte of 64 bits has no address behind it.
  const end = last.end > LAST_BYTE ? LAST_BYTE : last.end;
  const isAmid = last.end % PAGE !== 0n && last.end !== LAST_BYTE && !endsThere(asked, last);
  return {
    found: { asked, hits: standing, ranges: ranges.with(-1, { ...last, end }), progress },
    from: { space: last.space, address: formatAddress(end as Address) },
    counted: countedBefore({ progress }, isAmid),
  };
}

/** The page amid which it goes on has been counted. */
function countedBefore({ progress }: Pick<Found, "progress">, isAmid: boolean): Counted {
  const { pages, pagesRead } = progress ?? { pages: 0, pagesRead: 0 };
  return { pages: pages - (isAmid ? 1 : 0), pagesRead };
}

/** Whether a part of what is asked for ends where a range does: then nothing of the page is left to search. */
function endsThere({ scope }: Asked, { space, end }: Region): boolean {
  return scope.regions?.some((region) => region.space === space && parseAddress(region.end ?? "") === end) === true;
}
