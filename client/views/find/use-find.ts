/** One search at a time over a snapshot: asked, streamed, cancelled; and which of its hits is the current one. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Region } from "../../../shared/find/index.ts";
import type { Searched } from "../../viewer/contract.ts";
import { type Asked, type FindState, type FoundHit, followSearch } from "./follow-search.ts";
import { fromTheBeginning, type GoOn, goOnOf } from "./go-on.ts";

export interface Find {
  readonly answer: FindState;
  readonly hits: readonly FoundHit[];
  /** The same object as long as nothing more is found or searched. */
  readonly searched: Searched;
  /** Index in `hits`; −1 before one was gone to. */
  readonly current: number;
  readonly setCurrent: (index: number) => void;
  readonly search: (asked: Asked) => void;
  /** Finds what comes next; `undefined` when the search came to its end, or is on its way. */
  readonly goOn: (() => void) | undefined;
  readonly cancel: () => void;
  /** Takes the search away, with its hits. */
  readonly clear: () => void;
}

const NONE: readonly FoundHit[] = [];
const NOWHERE: readonly Region[] = [];

export function useFind(snapshot: string): Find {
  const [answer, setAnswer] = useState<FindState>({ state: "idle" });
  const [current, setCurrent] = useState(-1);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback(
    (next: GoOn) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      void followSearch(snapshot, next, controller.signal, (state) => {
        if (running.current === controller) setAnswer(state);
      });
    },
    [snapshot],
  );
  const search = useCallback(
    (asked: Asked) => {
      setCurrent(-1);
      run(fromTheBeginning(asked));
    },
    [run],
  );
  const hits = answer.state === "idle" ? NONE : answer.hits;
  const ranges = answer.state === "idle" ? NOWHERE : answer.ranges;
  const filled = answer.state !== "idle" && answer.asked.filled;
  const searched = useMemo(() => ({ hits, ranges, filled }), [hits, ranges, filled]);
  const next = goOnOf(answer);
  return {
    answer,
    hits,
    searched,
    current,
    setCurrent,
    search,
    goOn: next && (() => run(next)),
    cancel: () => running.current?.abort(),
    clear: () => {
      running.current?.abort();
      running.current = null;
      setCurrent(-1);
      setAnswer({ state: "idle" });
    },
  };
}
