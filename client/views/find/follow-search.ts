/** A search as it is asked and as it goes on: the lines of the server's answer, one after another, become what is found. */
import type { FindEvent, FindRequest, NotSearched, StringRow, StringsEvent } from "../../../shared/api/index.ts";
import { BEYOND, type PatternForm, type Region, type StringKind } from "../../../shared/find/index.ts";
import { parseAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { ApiError, asApiError, isAbort, requestLines } from "../../api/index.ts";
import type { Hit, Place } from "../../viewer/contract.ts";
import type { FilledPlace } from "../filling/fillers.ts";
import { placeAt } from "../place/places.ts";
import type { Counted, GoOn } from "./go-on.ts";

export type Wanted =
  | { readonly kind: "pattern"; readonly form: PatternForm; readonly text: string; readonly ignoreCase: boolean }
  | { readonly kind: "strings"; readonly leastLength: number; readonly of: StringKind | null };

export interface Asked {
  readonly wanted: Wanted;
  readonly scope: Pick<FindRequest, "regions" | "among">;
  /** In pages left to files too. */
  readonly filled: boolean;
  /** The scope is what lies between two addresses, as they were written. */
  readonly between?: readonly [first: string, behind: string];
}

export interface FoundHit extends Hit {
  /** Of a search for strings. */
  readonly string: StringRow | null;
  /** Of a hit that touches a filled page: what that is filled from. */
  readonly filled: FilledPlace | null;
}

export interface Progress {
  readonly rows: number;
  readonly rowsDone: number;
  readonly pages: number;
  readonly pagesRead: number;
}

/** What has been found until now, and in what. */
export interface Found {
  readonly asked: Asked;
  readonly hits: readonly FoundHit[];
  /** As in `Searched`. */
  readonly ranges: readonly Region[];
  readonly progress: Progress | null;
}

export type FindState =
  | { readonly state: "idle" }
  | (Found &
      (
        | { readonly state: "searching" | "cancelled" }
        /** `next`: the first that was left out, since the limit is met. */
        | {
            readonly state: "done";
            readonly next: FindRequest["from"] | null;
            readonly notSearched: NotSearched | null;
          }
        | { readonly state: "failed"; readonly error: ApiError }
      ));

export const NOTHING_FOUND: Omit<Found, "asked"> = { hits: [], ranges: [], progress: null };

/** Searches, and tells each state on the way; the last one when it resolves. It never rejects. */
export async function followSearch(
  snapshot: string,
  { found: before, from, counted }: GoOn,
  signal: AbortSignal,
  tell: (state: Exclude<FindState, { state: "idle" }>) => void,
): Promise<void> {
  let found = before;
  try {
    tell({ state: "searching", ...found });
    for await (const event of eventsOf(snapshot, before.asked, from, signal)) {
      if (event.kind === "failed") {
        tell({ state: "failed", ...found, error: new ApiError(event.problem) });
        return;
      }
      found = withEvent(found, counted, event);
      tell(
        event.kind === "done"
          ? { state: "done", ...found, next: event.next, notSearched: event.notSearched }
          : { state: "searching", ...found },
      );
    }
  } catch (error) {
    tell(isAbort(error) ? { state: "cancelled", ...found } : { state: "failed", ...found, error: asApiError(error) });
  }
}

type Event = FindEvent | StringsEvent;

function eventsOf(
  snapshot: string,
  { wanted, scope: asked, filled }: Asked,
  from: FindRequest["from"],
  signal: AbortSignal,
): AsyncGenerator<Event> {
  const parameters = { snapshot };
  const scope = from ? { ...asked, from } : asked;
  if (wanted.kind === "strings") {
    const body = { leastLength: wanted.leastLength, kinds: wanted.of ? [wanted.of] : [], filled, ...scope };
    return requestLines("strings", { parameters, body, signal });
  }
  const { form, text, ignoreCase } = wanted;
  return requestLines("find", { parameters, body: { pattern: { form, text, ignoreCase }, filled, ...scope }, signal });
}

/** @param counted before this answer began */
export function withEvent(found: Found, counted: Counted, event: Exclude<Event, { kind: "failed" }>): Found {
  if (event.kind === "found") return { ...found, hits: [...found.hits, ...hitsOf(event)] };
  const ranges = event.searched.length > 0 ? withRanges(found.ranges, event.searched) : found.ranges;
  const { rows, rowsDone } = event;
  const [pages, pagesRead] = [counted.pages + event.pages, counted.pagesRead + event.pagesRead];
  return { ...found, ranges, progress: { rows, rowsDone, pages, pagesRead } };
}

/** Ranges that touch become one. */
function withRanges(
  before: readonly Region[],
  more: Extract<Event, { kind: "progress" }>["searched"],
): readonly Region[] {
  const ranges = [...before];
  for (const { space, start: first, end: behind } of more) {
    const start = parseAddress(first) ?? BEYOND;
    const end = behind === undefined ? BEYOND : (parseAddress(behind) ?? start);
    const last = ranges.at(-1);
    if (last?.space === space && last.end === start) ranges[ranges.length - 1] = { ...last, end };
    else ranges.push({ space: space as Space, start, end });
  }
  return ranges;
}

function hitsOf(event: Extract<Event, { kind: "found" }>): FoundHit[] {
  return event.found.map((found) => {
    const place: Place = placeAt(event.space as Space, parseAddress(found.address)!);
    const string = "text" in found ? found : null;
    // A string's length is told in characters.
    const width = string?.encoding === "utf-16le" ? 2 : 1;
    return { place, length: found.length * width, string, filled: found.filled ?? null };
  });
}
