/** One search at a time over a snapshot: asked, streamed, cancelled; and which of its hits is the current one. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { FindRequest } from "../../../shared/api/index.ts";
import type { Region } from "../../../shared/find/index.ts";
import type { Searched } from "../../viewer/contract.ts";
import { type Asked, type FindState, type Found, type FoundHit, followSearch, NOTHING_FOUND } from "./follow-search.ts";

export interface Find {
  readonly answer: FindState;
  readonly hits: readonly FoundHit[];
  /** The same object as long as nothing more is found or searched. */
  readonly searched: Searched;
  /** Index in `hits`; −1 before one was gone to. */
  readonly current: number;
  readonly setCurrent: (index: number) => void;
  readonly search: (asked: Asked) => void;
  /** After a search that met its limit: finds what comes next. */
  readonly goOn: () => void;
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
    (before: Found, from?: FindRequest["from"]) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      void followSearch(snapshot, before, from, controller.signal, (state) => {
        if (running.current === controller) setAnswer(state);
      });
    },
    [snapshot],
  );
  const search = useCallback(
    (asked: Asked) => {
      setCurrent(-1);
      run({ asked, ...NOTHING_FOUND });
    },
    [run],
  );
  const hits = answer.state === "idle" ? NONE : answer.hits;
  const ranges = answer.state === "idle" ? NOWHERE : answer.ranges;
  const filled = answer.state !== "idle" && answer.asked.filled;
  const searched = useMemo(() => ({ hits, ranges, filled }), [hits, ranges, filled]);
  return {
    answer,
    hits,
    searched,
    current,
    setCurrent,
    search,
    goOn: () => {
      if (answer.state === "done" && answer.next) run(answer, answer.next);
    },
    cancel: () => running.current?.abort(),
    clear: () => {
      running.current?.abort();
      running.current = null;
      setCurrent(-1);
      setAnswer({ state: "idle" });
    },
  };
}
