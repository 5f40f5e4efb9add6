/** Two viewers that show one place: the camera is shared, cursor and selection follow whichever side was touched. */
import type { Viewer } from "../../viewer/contract.ts";

/** @returns stops it. */
export function pairCursors(a: Viewer, b: Viewer): () => void {
  const unsubscribes = [
    keepEqual(a, b, {
      of: ({ cursor }) => cursor,
      set: (to, cursor) => to.setCursor(cursor),
    }),
    keepEqual(a, b, {
      of: ({ regions }) => regions,
      set: (to, regions) => to.setRegions(regions),
    }),
  ].flat();
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe();
  };
}

interface Shared<T> {
  of(viewer: Viewer): T;
  set(viewer: Viewer, value: T): void;
}

/**
 * Each side is compared with what it was itself: a frame of the one that was not touched must not undo what was done to
 * the other, which may not have drawn it yet.
 */
function keepEqual<T>(a: Viewer, b: Viewer, { of, set }: Shared<T>): (() => void)[] {
  const seen = new Map([a, b].map((side) => [side, of(side)]));
  const follow = (from: Viewer, to: Viewer) => () => {
    const now = of(from);
    if (now === seen.get(from)) return;
    seen.set(from, now);
    set(to, now);
    seen.set(to, of(to));
  };
  return [a.subscribe(follow(a, b)), b.subscribe(follow(b, a))];
}
