/** Going to mappings of one picture: opened from a list, or their edges by key. */
import type { PageAddress } from "../../../shared/memory/index.ts";
import type { Strip } from "../../../shared/strip/index.ts";
import type { PictureMapping, Viewer } from "../../viewer/contract.ts";
import { edgeOf } from "../place/mapping-edge.ts";

export interface MappingMoves {
  /** Selects its first shown page, and fits it. */
  openMapping(index: number): void;
  toEdge(mapping: number, end: "start" | "end"): void;
}

/** @param jump makes the move a step of the history */
export function mappingMoves(
  viewer: Viewer,
  strip: Strip,
  mappings: readonly PictureMapping[],
  jump: (move: () => void) => void,
): MappingMoves {
  return {
    openMapping(index) {
      const { space, start } = mappings[index];
      const laid = strip.mappings.find((candidate) => candidate.source === index);
      if (!laid) return;
      const page = (start + laid.runs[0].block * 16) as PageAddress;
      jump(() => {
        viewer.setCursor({ space, page, offset: 0 });
        viewer.fitMapping(index);
      });
    },
    toEdge(mapping, end) {
      const edge = edgeOf(strip, mapping, end);
      if (edge) viewer.setCursor(edge, { show: true });
    },
  };
}
