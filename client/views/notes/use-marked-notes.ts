/** The notes of a snapshot, marked in a picture of it. */
import { useEffect } from "react";
import { useNotes } from "../../api/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import { markedBytes } from "./noted-places.ts";

export function useMarkedNotes(snapshot: string, viewer: Viewer): ReturnType<typeof useNotes> {
  const query = useNotes(snapshot);
  const notes = query.data?.notes;
  useEffect(() => viewer.setNotes(notes ? markedBytes(notes) : []), [viewer, notes]);
  return query;
}
