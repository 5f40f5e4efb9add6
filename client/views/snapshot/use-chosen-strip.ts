/**
 * The strip that a person has chosen, laid from what the server says it shows. Until that is known the one before stays,
 * and when it cannot be known too: its error is told.
 */
import { useMemo } from "react";
import type { ApiStrip, SnapshotDetail } from "../../../shared/api/index.ts";
import { layStrip, type Strip, type StripChoice } from "../../../shared/strip/index.ts";
import { type SnapshotTiles, snapshotTiles, useStrip } from "../../api/index.ts";
import type { PictureMapping } from "../../viewer/contract.ts";
import { shownMappings, useLastLaid } from "../picture/laid-strip.ts";
import type { StripLaying } from "../picture/strip-switch.tsx";

export interface LaidStrip {
  readonly choice: StripChoice;
  readonly strip: Strip;
  /** All mappings of the snapshot in their order; those that the strip does not show have no block. */
  readonly mappings: readonly PictureMapping[];
  readonly source: SnapshotTiles;
  /** Recorded or residual pages on it; `null` for all. */
  readonly pages: number | null;
}

export interface ChosenStrip extends StripLaying {
  readonly laid: LaidStrip;
}

/** @param all the strip of all pages. */
export function useChosenStrip(detail: SnapshotDetail, all: LaidStrip, choice: StripChoice): ChosenStrip {
  const query = useStrip(detail.snapshot, choice, JSON.stringify(detail.provenance));
  const chosen = useMemo(
    () => (choice === "all" ? all : query.data?.strip === choice ? lay(detail.snapshot, all, query.data) : null),
    [detail.snapshot, all, choice, query.data],
  );
  return useLastLaid(chosen, all, query);
}

function lay(snapshot: string, all: LaidStrip, { strip: choice, content, shown, pages }: ApiStrip): LaidStrip {
  const mappings = shownMappings(all.mappings, shown);
  return { choice, strip: layStrip(mappings), mappings, source: snapshotTiles(snapshot, { choice, content }), pages };
}
