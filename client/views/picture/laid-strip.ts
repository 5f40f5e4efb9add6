/** What the strips of a snapshot and of a comparison have in common, when another one than that of all pages is chosen. */
import { useEffect, useState } from "react";
import { asApiError } from "../../api/index.ts";
import type { PictureMapping } from "../../viewer/contract.ts";
import type { StripLaying } from "./strip-switch.tsx";

interface Asked {
  readonly error: Error | null;
  refetch(): unknown;
}

/** The strip that was laid last stands until the chosen one is known (`null`), and when it cannot be known. */
export function useLastLaid<T>(chosen: T | null, all: T, query: Asked): StripLaying & { readonly laid: T } {
  const [last, setLast] = useState(chosen ?? all);
  useEffect(() => {
    if (chosen) setLast(chosen);
  }, [chosen]);
  return {
    laid: chosen ?? last,
    isLaying: chosen === null && !query.error,
    error: chosen === null && query.error ? asApiError(query.error) : null,
    retry: () => void query.refetch(),
  };
}

/** @param shown of each mapping the blocks of 16 pages that take room, [from, to) */
export function shownMappings(
  all: readonly PictureMapping[],
  shown: readonly (readonly (readonly [number, number])[])[],
): readonly PictureMapping[] {
  return all.map((mapping, index) => ({
    ...mapping,
    // Most of them are folded away: a count of all would be written where only some are.
    imagePages: 0,
    isOfDeletedFile: false,
    shown: shown[index].map(([start, end]) => ({ start, end })),
  }));
}
