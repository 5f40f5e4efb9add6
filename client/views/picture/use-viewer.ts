/** React reads the viewer through small selectors; what they select is already a stable reference. */
import { useSyncExternalStore } from "react";
import type { Region } from "../../../shared/find/index.ts";
import type {
  Graphics,
  Hovered,
  Look,
  PictureMapping,
  Place,
  TileStatus,
  Viewer,
  Zoom,
} from "../../viewer/contract.ts";

export function useLook(viewer: Viewer): Look {
  return useSyncExternalStore(viewer.subscribe, () => viewer.look);
}

export function useCursor(viewer: Viewer): Place | null {
  return useSyncExternalStore(viewer.subscribe, () => viewer.cursor);
}

/** The selection; the same array as long as it is the same. */
export function useRegions(viewer: Viewer): readonly Region[] {
  return useSyncExternalStore(viewer.subscribe, () => viewer.regions);
}

export function useHovered(viewer: Viewer): Hovered | null {
  return useSyncExternalStore(viewer.subscribe, () => viewer.hovered);
}

/** The mapping that a hand on the ruler or a list points at. */
export function useOutlined(viewer: Viewer): PictureMapping | null {
  return useSyncExternalStore(viewer.subscribe, () => viewer.outlined);
}

/** The cell that the cursor stands in. */
export function useSelectedCell(viewer: Viewer): Hovered | null {
  return useSyncExternalStore(viewer.subscribe, () => viewer.selectedCell);
}

export function useZoom(viewer: Viewer): Zoom {
  return useSyncExternalStore(viewer.subscribe, () => viewer.zoom);
}

export function useTileStatus(viewer: Viewer): TileStatus {
  return useSyncExternalStore(viewer.subscribe, () => viewer.status);
}

/** What draws the picture. */
export function useGraphics(viewer: Viewer): Graphics {
  return useSyncExternalStore(viewer.subscribe, () => viewer.graphics);
}

/** Which of the hits in view are ringed. */
export function useRingedHits(viewer: Viewer): Viewer["ringedHits"] {
  return useSyncExternalStore(viewer.subscribe, () => viewer.ringedHits);
}
