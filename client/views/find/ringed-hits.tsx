/** In the status line, while no list of hits is there to say so: that not every hit in view has a ring. */
import type { Viewer } from "../../viewer/contract.ts";
import { useRingedHits } from "../picture/use-viewer.ts";

export interface RingedHitsProps {
  readonly viewer: Viewer;
  /** The other side's, in a comparison. */
  readonly beside?: Viewer;
}

export function RingedHits({ viewer, beside = viewer }: RingedHitsProps) {
  const ringed = [useRingedHits(viewer), useRingedHits(beside)];
  return ringed.includes("one-of-many") ? <span>Of hits that lie close one is ringed</span> : null;
}
