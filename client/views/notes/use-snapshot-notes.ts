/** The notes of a snapshot for its panels, and the one that is being written, which no other panel takes away. */
import { useState } from "react";
import type { Note } from "../../../shared/api/index.ts";
import { type ApiError, asApiError } from "../../api/index.ts";
import type { MarkedBytes, Viewer } from "../../viewer/contract.ts";
import { useMarkedNotes } from "./use-marked-notes.ts";

export interface SnapshotNotes {
  /** `undefined` while they are asked for. */
  readonly notes: readonly Note[] | undefined;
  /** Their bytes. */
  readonly marked: readonly MarkedBytes[];
  readonly error: ApiError | null;
  readonly retry: () => void;
  /** What is written and not added yet. */
  readonly draft: string;
  readonly setDraft: (text: string) => void;
}

export function useSnapshotNotes(snapshot: string, viewer: Viewer): SnapshotNotes {
  const { query, marked } = useMarkedNotes(snapshot, viewer);
  const { data, error, refetch } = query;
  const [draft, setDraft] = useState("");
  return {
    notes: data?.notes,
    marked,
    error: error && asApiError(error),
    retry: () => void refetch(),
    draft,
    setDraft,
  };
}
