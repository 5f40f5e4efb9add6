/** Two viewers that show one place: the camera is shared, the cursor follows whichever side was touched. */
import type { Viewer } from "../../viewer/contract.ts";

/** @returns stops it. */
export function pairCursors(a: Viewer, b: Viewer): () => void {
  let last = a.cursor;
  const follow = (from: Viewer, to: Viewer) => () => {
    if (from.cursor === last) return;
    last = from.cursor;
    to.setCursor(last);
  };
  const unsubscribes = [a.subscribe(follow(a, b)), b.subscribe(follow(b, a))];
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe();
  };
}
