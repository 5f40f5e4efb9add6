/** One search at a time over a snapshot: asked, streamed, cancelled; and which of its hits is the current one. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { FindEvent, FindRequest, NotSearched, StringRow, StringsEvent } from "../../../shared/api/index.ts";
import type { PatternForm, StringKind } from "../../../shared/find/index.ts";
import { parseAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { ApiError, asApiError, isAbort, requestLines } from "../../api/index.ts";
import type { Hit, Place } from "../../viewer/contract.ts";
import type { FilledPlace } from "../filling/fillers.ts";
import { placeAt } from "../place/places.ts";

export type Wanted =
  | { readonly kind: "pattern"; readonly form: PatternForm; readonly text: string; readonly ignoreCase: boolean }
  | { readonly kind: "strings"; readonly leastLength: number; readonly of: StringKind | null };

export interface Asked {
  readonly wanted: Wanted;
  readonly scope: Pick<FindRequest, "regions" | "among">;
  /** In pages left to files too. */
  readonly filled: boolean;
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

export type FindState =
  | { readonly state: "idle" }
  | ({ readonly asked: Asked; readonly hits: readonly FoundHit[]; readonly progress: Progress | null } & (
      | { readonly state: "searching" | "cancelled" }
      | { readonly state: "done"; readonly limitMet: boolean; readonly notSearched: NotSearched | null }
      | { readonly state: "failed"; readonly error: ApiError }
    ));

export interface Find {
  readonly answer: FindState;
  readonly hits: readonly FoundHit[];
  /** Index in `hits`; −1 before one was gone to. */
  readonly current: number;
  readonly setCurrent: (index: number) => void;
  readonly search: (asked: Asked) => void;
  readonly cancel: () => void;
}

const NONE: readonly FoundHit[] = [];

export function useFind(snapshot: string): Find {
  const [answer, setAnswer] = useState<FindState>({ state: "idle" });
  const [current, setCurrent] = useState(-1);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const search = useCallback(
    (asked: Asked) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      let hits: readonly FoundHit[] = [];
      let progress: Progress | null = null;
      setCurrent(-1);
      const tell = (state: FindState) => {
        if (running.current === controller) setAnswer(state);
      };
      const run = async () => {
        tell({ state: "searching", asked, hits, progress });
        for await (const event of eventsOf(snapshot, asked, controller.signal)) {
          if (event.kind === "failed") {
            tell({ state: "failed", asked, hits, progress, error: new ApiError(event.problem) });
            return;
          }
          if (event.kind === "found") hits = [...hits, ...hitsOf(event)];
          else progress = event;
          tell(
            event.kind === "done"
              ? { state: "done", asked, hits, progress, limitMet: event.limitMet, notSearched: event.notSearched }
              : { state: "searching", asked, hits, progress },
          );
        }
      };
      run().catch((error: unknown) =>
        tell(
          isAbort(error)
            ? { state: "cancelled", asked, hits, progress }
            : { state: "failed", asked, hits, progress, error: asApiError(error) },
        ),
      );
    },
    [snapshot],
  );
  return {
    answer,
    hits: answer.state === "idle" ? NONE : answer.hits,
    current,
    setCurrent,
    search,
    cancel: () => running.current?.abort(),
  };
}

type Event = FindEvent | StringsEvent;

function eventsOf(snapshot: string, { wanted, scope, filled }: Asked, signal: AbortSignal): AsyncGenerator<Event> {
  const parameters = { snapshot };
  if (wanted.kind === "strings") {
    const body = { leastLength: wanted.leastLength, kinds: wanted.of ? [wanted.of] : [], filled, ...scope };
    return requestLines("strings", { parameters, body, signal });
  }
  const { form, text, ignoreCase } = wanted;
  return requestLines("find", { parameters, body: { pattern: { form, text, ignoreCase }, filled, ...scope }, signal });
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
