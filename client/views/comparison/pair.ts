/** Two viewers that show one place: the camera is shared, the selection follows whichever side was touched. */
import type { Viewer } from "../../viewer/contract.ts";

/** @returns stops it. */
export function pairSelections(a: Viewer, b: Viewer): () => void {
  let last = a.selection;
  const follow = (from: Viewer, to: Viewer) => () => {
    if (from.selection === last) return;
    last = from.selection;
    to.select(last);
  };
  const unsubscribes = [a.subscribe(follow(a, b)), b.subscribe(follow(b, a))];
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe();
  };
}
