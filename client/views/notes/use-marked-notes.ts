/** The notes of a snapshot, marked in a picture of it. */
import { useEffect, useMemo } from "react";
import type { Space } from "../../../shared/snapshot/index.ts";
import { useNotes } from "../../api/index.ts";
import type { MarkedBytes, Viewer } from "../../viewer/contract.ts";
import { markedBytes } from "./noted-places.ts";

export interface MarkedNotes {
  readonly query: ReturnType<typeof useNotes>;
  /** The same as long as they are. */
  readonly marked: readonly MarkedBytes[];
}

/** @param names what the picture calls the spaces of the snapshot, where it calls them otherwise */
export function useMarkedNotes(snapshot: string, viewer: Viewer, names?: ReadonlyMap<string, Space>): MarkedNotes {
  const query = useNotes(snapshot);
  const notes = query.data?.notes;
  const marked = useMemo(
    () =>
      markedBytes(notes ?? []).map(({ place, length }) => ({
        place: { ...place, space: names?.get(place.space) ?? place.space },
        length,
      })),
    [notes, names],
  );
  useEffect(() => viewer.setNotes(marked), [viewer, marked]);
  return { query, marked };
}
