/** The bytes of both sides in step, and the hits of a search marked in them and in the pictures. */
import { useEffect } from "react";
import type { Comparison } from "../../../shared/api/index.ts";
import type { HexPane } from "../../hex/index.ts";
import { jointHexMapping, pointedMappings } from "../picture/hex-mappings.ts";
import { bytesSource, useHexPane } from "../picture/use-hex-pane.ts";
import { usePageStates } from "../picture/use-page-states.ts";
import type { ComparedSides } from "./compared-side.ts";
import type { FindOfBoth } from "./use-find-of-both.ts";
import { type LaidJoint, pictureOfSide } from "./use-joint-strip.ts";

/** @param all the strip of all pages: what another one folds away is scrolled through too */
export function useHexOfBoth(sides: ComparedSides, joint: Comparison["joint"], all: LaidJoint): HexPane | null {
  const [a, b] = sides;
  const ids = { a: a.detail.snapshot, b: b.detail.snapshot };
  const states = {
    a: usePageStates(a.viewer, all.strip, pictureOfSide(ids, all, "a").source),
    b: usePageStates(b.viewer, all.strip, pictureOfSide(ids, all, "b").source),
  };
  return useHexPane(
    () => ({
      sides: sides.map(({ key, name, detail, ownSpace, jointSpace }) => ({
        name,
        source: bytesSource(detail.snapshot, states[key], ownSpace),
        byteOrder: detail.facts.byteOrder,
        pointed: pointedMappings(detail.maps, jointSpace),
      })),
      mappings: joint.map(jointHexMapping),
    }),
    sides[0].viewer,
  );
}

export function useMarkedHits(sides: ComparedSides, hex: HexPane | null, searched: FindOfBoth["searched"]): void {
  useEffect(() => {
    for (const [index, { key, viewer }] of sides.entries()) {
      viewer.setSearched(searched[key]);
      hex?.setHits(index, searched[key].hits);
    }
  }, [sides, hex, searched]);
}
