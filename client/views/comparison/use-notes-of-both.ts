/** The notes of both sides, marked in their pictures and bytes, and as one list. */
import { useEffect, useMemo } from "react";
import type { Space } from "../../../shared/snapshot/index.ts";
import { asApiError, useNotes } from "../../api/index.ts";
import type { HexPane } from "../../hex/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import { markedBytes } from "../notes/noted-places.ts";
import { notesOfBoth, renameSpaces } from "./notes-of-both.ts";

export interface NotedSides {
  /** Ids. */
  readonly a: string;
  readonly b: string;
  readonly pair: Readonly<Record<"a" | "b", Viewer>>;
  readonly hex: HexPane | null;
  /** What the joint strip calls the spaces of A. */
  readonly inB: ReadonlyMap<string, Space>;
}

export function useNotesOfBoth({ a, b, pair, hex, inB }: NotedSides) {
  const ofA = useNotes(a);
  const ofB = useNotes(b);
  const notesA = useMemo(
    () => ofA.data?.notes.map((note) => renameSpaces(note, (space) => inB.get(space))),
    [ofA.data, inB],
  );
  const notesB = ofB.data?.notes;
  useEffect(() => {
    for (const [side, notes] of [notesA, notesB].entries()) {
      const marked = markedBytes(notes ?? []);
      pair[side === 0 ? "a" : "b"].setNotes(marked);
      hex?.setNotes(side, marked);
    }
  }, [pair, hex, notesA, notesB]);
  const error = ofA.error ?? ofB.error;
  return {
    notes: useMemo(() => (notesA && notesB ? notesOfBoth(notesA, notesB) : undefined), [notesA, notesB]),
    error: error && asApiError(error),
    retry: () => {
      void ofA.refetch();
      void ofB.refetch();
    },
  };
}
