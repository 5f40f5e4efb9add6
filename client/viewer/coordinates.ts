/**
 * The three spaces of the viewer, once. All have x to the right and y down.
 *
 *     plane point   cells of the level shown, float64, from the corner of the layout's plane
 *     screen point  CSS pixels from the corner of the canvas: what events speak of
 *     device point  hardware pixels from the corner of the canvas: what is drawn
 *
 * A cell is a whole number of device pixels, so the step from plane to device is exact.
 */
import type { Zoom } from "./contract.ts";

export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}
export type ScreenPoint = PlanePoint;
export type DevicePoint = PlanePoint;

/** The canvas in device pixels, and how many of them make a CSS pixel. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** Margin around the picture in CSS pixels: ticks of the cursor, names of pages. */
export const MARGIN = 20;
/** Left of a raster in CSS pixels: addresses of pages. */
export const GUTTER = 142;
/** From so many CSS pixels per byte on, cells carry their value as text. */
const TEXT_FROM = 12;

/** From the coarsest to the finest: levels 12 … 0 at one device pixel per cell, then more pixels per byte. */
export const ZOOM_STEPS: readonly Zoom[] = [
  ...Array.from({ length: 13 }, (_, n) => ({ level: 12 - n, pixels: 1 })),
  ...[2, 4, 8, 12, 16, 24, 32].map((pixels) => ({ level: 0, pixels })),
];

/** The step that is nearest to a zoom that may come from a link. */
export function stepOf({ level, pixels }: Zoom): number {
  if (level > 0) return Math.max(0, 12 - level);
  let best = 12;
  for (let step = 12; step < ZOOM_STEPS.length; step++) if (ZOOM_STEPS[step].pixels <= pixels) best = step;
  return best;
}

export function carriesText(zoom: Zoom, ratio: number): boolean {
  return zoom.level === 0 && zoom.pixels >= TEXT_FROM * ratio;
}

/** Device pixel of the plane's corner; whole, so that cells are. */
export function planeOrigin(center: PlanePoint, pixels: number, view: Viewport): DevicePoint {
  return {
    x: Math.round(view.width / 2 - center.x * pixels),
    y: Math.round(view.height / 2 - center.y * pixels),
  };
}
