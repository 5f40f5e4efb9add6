/** Goes to the next page that is lit, or back; each step begins where the one before it ended, however fast keys are. */
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Strip } from "../../../shared/strip/index.ts";
import { asApiError } from "../../api/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import { nextPosition, type ProvenanceTiles, placeOfPosition } from "./page-provenance.ts";

export interface ResidualStepsOptions {
  readonly tiles: ProvenanceTiles;
  readonly strip: Strip;
  readonly viewer: Viewer;
  /** Codes of PROVENANCES. */
  readonly codes: ReadonlySet<number>;
  readonly jump: (act: () => void) => void;
  readonly say: (text: string) => void;
}

export function useResidualSteps(options: ResidualStepsOptions): (step: 1 | -1) => void {
  const current = useRef(options);
  useLayoutEffect(() => {
    current.current = options;
  });
  const before = useRef<Promise<void>>(Promise.resolve());
  const hasLeft = useRef(false);
  useEffect(() => {
    hasLeft.current = false;
    return () => {
      hasLeft.current = true;
    };
  }, []);

  async function go(step: 1 | -1): Promise<void> {
    if (hasLeft.current) return;
    const { tiles, strip, viewer, codes, jump, say } = current.current;
    const from = viewer.cursor ? viewer.positionOf(viewer.cursor) : undefined;
    try {
      const position = await nextPosition(tiles, strip.end, from ?? (step > 0 ? -1 : 0), step, codes);
      if (hasLeft.current) return;
      const place = position === undefined ? undefined : placeOfPosition(strip, position);
      if (place) jump(() => viewer.setCursor(place, { show: true }));
      else say("No residual page");
    } catch (error) {
      if (!hasLeft.current) say(`Provenance could not be read: ${asApiError(error).message}`);
    }
  }

  return (step) => {
    before.current = before.current.then(() => go(step));
  };
}
