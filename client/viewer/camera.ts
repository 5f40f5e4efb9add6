/**
 * Where the viewer looks. A plain shared value: both sides of a comparison hold the same camera, so neither can drift.
 * Its centre is a plane point, so it also says of which plane: layout and width of the raster.
 */
import type { Layout } from "../../shared/layout/index.ts";
import type { Zoom } from "./contract.ts";
import type { PlanePoint } from "./coordinates.ts";

export interface CameraState {
  readonly layout: Layout;
  readonly rasterWidth: number;
  readonly zoom: Zoom;
  /** What lies in the middle of the canvas. */
  readonly center: PlanePoint;
  /** The state is what *Fit* gave: it is fitted again when the canvas changes its size. */
  readonly isFit: boolean;
}

export interface Camera {
  /** `null` until a viewer with a canvas has placed it. */
  readonly state: CameraState | null;
  set(state: CameraState): void;
  /** Called at once after each change. */
  subscribe(listener: () => void): () => void;
}

export function createCamera(): Camera {
  let state: CameraState | null = null;
  const listeners = new Set<() => void>();
  return {
    get state() {
      return state;
    },
    set(next) {
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
