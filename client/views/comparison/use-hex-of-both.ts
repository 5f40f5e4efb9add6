/** The bytes of both sides in step, and the hits of a search marked in them and in the pictures. */
import { useEffect } from "react";
import type { Comparison } from "../../../shared/api/index.ts";
import type { HexPane } from "../../hex/index.ts";
import { jointHexMapping, pointedMappings } from "../picture/hex-mappings.ts";
import { bytesSource, useHexPane } from "../picture/use-hex-pane.ts";
import type { ComparedSides } from "./compared-side.ts";
import type { FindOfBoth } from "./use-find-of-both.ts";

export function useHexOfBoth(sides: ComparedSides, joint: Comparison["joint"]): HexPane | null {
  return useHexPane(
    () => ({
      sides: sides.map(({ name, detail, viewer, ownSpace, jointSpace }) => ({
        name,
        source: bytesSource(detail.snapshot, viewer, ownSpace),
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
