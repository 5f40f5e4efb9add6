/** Two viewers that show one place: the camera is shared, cursor and selection follow whichever side was touched. */
import type { Viewer } from "../../viewer/contract.ts";

/** @returns stops it. */
export function pairCursors(a: Viewer, b: Viewer): () => void {
  let last = a.cursor;
  let regions = a.regions;
  const follow = (from: Viewer, to: Viewer) => () => {
    if (from.cursor !== last) {
      last = from.cursor;
      to.setCursor(last);
    }
    if (from.regions !== regions) {
      regions = from.regions;
      to.setRegions(regions);
    }
  };
  const unsubscribes = [a.subscribe(follow(a, b)), b.subscribe(follow(b, a))];
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe();
  };
}
