/**
 * One search over both sides of a comparison: A first, then B, of which the server then reads only the pages that A does
 * not share. Both are cancelled, taken away and gone on with together.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Comparison, SnapshotDetail } from "../../../shared/api/index.ts";
import type { Region } from "../../../shared/find/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import type { Searched } from "../../viewer/contract.ts";
import { type Asked, type FindState, type FoundHit, followSearch, NOTHING_FOUND } from "../find/follow-search.ts";
import { fromTheBeginning, type GoOn, goOnOf } from "../find/go-on.ts";
import { type HitOfBoth, type HitSide, hitsOfBoth } from "./hits-of-both.ts";
import { regionsOfSide } from "./regions-of-side.ts";
import type { spaceNames } from "./space-names.ts";

export interface FindSides {
  readonly left: SnapshotDetail;
  readonly right: SnapshotDetail;
  readonly joint: Comparison["joint"];
  readonly spaces: ReturnType<typeof spaceNames>;
}

type Side = "a" | "b";
/** Which hits are listed and gone through. */
export type ShownHits = "all" | HitSide;

export interface FindOfBoth {
  /** In the spaces of the joint strip; `null` while nothing is asked. */
  readonly asked: Asked | null;
  readonly a: FindState;
  readonly b: FindState;
  /** The side that is being searched. */
  readonly turn: Side | null;
  /** Of both, in the order of the joint strip. */
  readonly hits: readonly HitOfBoth[];
  readonly shown: ShownHits;
  readonly setShown: (shown: ShownHits) => void;
  /** Those of `hits` that are shown. */
  readonly listed: readonly HitOfBoth[];
  /** Of each side what its picture shows; the same object as long as nothing more is found or searched. */
  readonly searched: Readonly<Record<Side, Searched>>;
  /** Index in `listed`; −1 before one was gone to. */
  readonly current: number;
  /** @param key of the hit */
  readonly setCurrent: (key: string) => void;
  readonly search: (asked: Asked) => void;
  /** Finds what comes next on each side that has not come to its end; `undefined` when both have. */
  readonly goOn: (() => void) | undefined;
  readonly cancel: () => void;
  readonly clear: () => void;
}

interface Run {
  readonly asked: Asked;
  readonly turn: Side | null;
  readonly a: FindState;
  readonly b: FindState;
}

const IDLE: FindState = { state: "idle" };
const NO_HITS: readonly FoundHit[] = [];
const NOWHERE: readonly Region[] = [];
/** Of a side that has none of the spaces. */
const NOTHING_HERE = {
  state: "done",
  ...NOTHING_FOUND,
  progress: { rows: 0, rowsDone: 0, pages: 0, pagesRead: 0 },
  next: null,
  notSearched: null,
} as const;

export function useFindOfBoth({ left, right, joint, spaces }: FindSides): FindOfBoth {
  const [now, setNow] = useState<Run | null>(null);
  const [shown, setShown] = useState<ShownHits>("all");
  const [currentKey, setCurrentKey] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback(
    (started: Run, parts: Readonly<Record<Side, GoOn | null>>) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      const waiting = (side: Side, part: GoOn | null) =>
        part ? { state: "searching" as const, ...part.found } : started[side];
      setNow({ ...started, a: waiting("a", parts.a), b: waiting("b", parts.b) });
      const change = (part: Partial<Run>) => {
        if (running.current === controller) setNow((before) => before && { ...before, ...part });
      };
      const follow = async () => {
        let isStopped = false;
        for (const side of ["a", "b"] as const) {
          const part = parts[side];
          if (!part) continue;
          if (isStopped) {
            change({ [side]: { state: "cancelled", ...part.found } });
            continue;
          }
          change({ turn: side });
          const snapshot = side === "a" ? left.snapshot : right.snapshot;
          await followSearch(snapshot, part, controller.signal, (state) => {
            isStopped = state.state === "failed" || state.state === "cancelled";
            change({ [side]: state });
          });
        }
        change({ turn: null });
      };
      void follow();
    },
    [left.snapshot, right.snapshot],
  );

  const search = useCallback(
    (asked: Asked) => {
      setCurrentKey(null);
      setShown("all");
      const partOf = (detail: SnapshotDetail, nameOf: (space: Space) => Space): GoOn | null => {
        const { regions, among } = asked.scope;
        const own = regions && regionsOfSide(detail, regions, nameOf);
        if (own?.length === 0) return null;
        const scope = { ...(own ? { regions: own } : {}), ...(among ? { among } : {}) };
        return fromTheBeginning({ ...asked, scope });
      };
      const a = partOf(left, (space) => spaces.inA.get(space) ?? space);
      const b = partOf(right, (space) => space);
      const started = (part: GoOn | null): FindState =>
        part ? { state: "searching", ...part.found } : { asked, ...NOTHING_HERE };
      run({ asked, turn: null, a: started(a), b: started(b) }, { a, b });
    },
    [run, left, right, spaces],
  );

  const [a, b] = [now?.a ?? IDLE, now?.b ?? IDLE];
  const searchedA = useSearched(a, spaces.inB);
  const searchedB = useSearched(b, null);
  const hits = useMemo(() => {
    const order = [...new Set(joint.map(({ space }) => space))];
    const spacesOf = (detail: SnapshotDetail, inB: ReadonlyMap<string, Space> | null) =>
      new Set(detail.laid.map(({ space }) => inB?.get(space) ?? (space as Space)));
    return hitsOfBoth(
      { ...searchedA, spaces: spacesOf(left, spaces.inB) },
      { ...searchedB, spaces: spacesOf(right, null) },
      order,
    );
  }, [searchedA, searchedB, left, right, joint, spaces]);
  const listed = useMemo(
    () => (shown === "all" ? hits : hits.filter(({ side, isOpen }) => side === shown && !isOpen)),
    [hits, shown],
  );
  const current = useMemo(
    () => (currentKey === null ? -1 : listed.findIndex(({ key }) => key === currentKey)),
    [listed, currentKey],
  );
  const more = now?.turn === null ? { a: goOnOf(a) ?? null, b: goOnOf(b) ?? null } : null;
  return {
    asked: now?.asked ?? null,
    a,
    b,
    turn: now?.turn ?? null,
    hits,
    shown,
    setShown,
    listed,
    searched: useMemo(() => ({ a: searchedA, b: searchedB }), [searchedA, searchedB]),
    current,
    setCurrent: setCurrentKey,
    search,
    goOn: now && more && (more.a || more.b) ? () => run(now, more) : undefined,
    cancel: () => running.current?.abort(),
    clear: () => {
      running.current?.abort();
      running.current = null;
      setCurrentKey(null);
      setShown("all");
      setNow(null);
    },
  };
}

/** What a picture shows of a side's search, in the spaces of the joint strip. @param inB what that calls the side's spaces */
function useSearched(answer: FindState, inB: ReadonlyMap<string, Space> | null): SearchedHits {
  const hits = answer.state === "idle" ? NO_HITS : answer.hits;
  const ranges = answer.state === "idle" ? NOWHERE : answer.ranges;
  return useMemo(() => {
    const named = (space: Space) => inB?.get(space) ?? space;
    return {
      hits: inB ? hits.map((hit) => ({ ...hit, place: { ...hit.place, space: named(hit.place.space) } })) : hits,
      ranges: inB ? ranges.map((range) => ({ ...range, space: named(range.space) })) : ranges,
      filled: false,
    };
  }, [hits, ranges, inB]);
}

interface SearchedHits extends Searched {
  readonly hits: readonly FoundHit[];
}
