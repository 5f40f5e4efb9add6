/** Goes to where entropy changes next, and says from what to what; a new search ends the one before. */
import { useEffect, useRef } from "react";
import type { Strip } from "../../../shared/strip/index.ts";
import { asApiError } from "../../api/index.ts";
import { formatEntropy } from "../../format/index.ts";
import type { TileSource, Viewer } from "../../viewer/contract.ts";
import { ENTROPY_STEP, nextEntropyChange } from "./entropy-change.ts";

export interface EntropySearchOptions {
  readonly strip: Strip;
  readonly source: TileSource;
  readonly viewer: Viewer;
  readonly jump: (act: () => void) => void;
  readonly say: (text: string) => void;
}

export function useEntropySearch({ strip, source, viewer, jump, say }: EntropySearchOptions): () => Promise<void> {
  const searching = useRef<AbortController | null>(null);
  useEffect(() => () => searching.current?.abort(), []);
  return async () => {
    searching.current?.abort();
    const search = new AbortController();
    searching.current = search;
    try {
      const change = await nextEntropyChange(strip, source, viewer.cursor, viewer.positionOf, search.signal);
      if (search.signal.aborted) return;
      if (!change) {
        say(`No change of entropy by ${ENTROPY_STEP} bits per byte or more`);
        return;
      }
      jump(() => viewer.setCursor(change.place, { show: true }));
      say(`Entropy: ${formatEntropy(change.before)} → ${formatEntropy(change.after)} bits per byte`);
    } catch (error) {
      if (!search.signal.aborted) say(`Entropy could not be read: ${asApiError(error).message}`);
    }
  };
}
