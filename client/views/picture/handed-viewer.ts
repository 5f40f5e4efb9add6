/**
 * A viewer on its way from one screen to the next: who watched a dump arrive sees its snapshot at the same view, with
 * the tiles that are there already. Whoever takes it gives it back; when nobody has it any more it is released.
 */
import type { Viewer } from "../../viewer/contract.ts";

interface Handed {
  readonly snapshot: string;
  readonly viewer: Viewer;
  holders: number;
}

let handed: Handed | null = null;

/** @param viewer shows the snapshot already. One that nobody has taken until the next is released. */
export function handViewer(snapshot: string, viewer: Viewer): void {
  if (handed?.holders === 0) handed.viewer.dispose();
  handed = { snapshot, viewer, holders: 0 };
}

/** The one that waits for a snapshot, left where it is. */
export function handedViewer(snapshot: string): Viewer | null {
  return handed?.snapshot === snapshot ? handed.viewer : null;
}

/** @returns the viewer, and how to give it back */
export function takeHandedViewer(snapshot: string): { readonly viewer: Viewer; release(): void } | null {
  const mine = handed;
  if (mine?.snapshot !== snapshot) return null;
  mine.holders++;
  return {
    viewer: mine.viewer,
    release() {
      mine.holders--;
      // A screen may be taken down and put up again at once: it is the same one.
      queueMicrotask(() => {
        if (mine.holders > 0) return;
        mine.viewer.dispose();
        if (handed === mine) handed = null;
      });
    },
  };
}
