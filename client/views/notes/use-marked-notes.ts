/** The notes of a snapshot, marked in a picture of it. */
import { useEffect, useMemo } from "react";
import { useNotes } from "../../api/index.ts";
import type { MarkedBytes, Viewer } from "../../viewer/contract.ts";
import { markedBytes } from "./noted-places.ts";

export interface MarkedNotes {
  readonly query: ReturnType<typeof useNotes>;
  /** The same as long as they are. */
  readonly marked: readonly MarkedBytes[];
}

export function useMarkedNotes(snapshot: string, viewer: Viewer): MarkedNotes {
  const query = useNotes(snapshot);
  const notes = query.data?.notes;
  const marked = useMemo(() => markedBytes(notes ?? []), [notes]);
  useEffect(() => viewer.setNotes(marked), [viewer, marked]);
  return { query, marked };
}
