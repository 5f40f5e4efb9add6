/** Shift and drag selects: what lies between two cells on the curve, with Alt the rectangle between them. */
import type { ScreenPoint } from "./coordinates.ts";

export interface RegionHands {
  /** @returns whether something can begin there. */
  begin(at: ScreenPoint): boolean;
  extend(at: ScreenPoint, isRectangle: boolean): void;
  /** Pressed and let go without moving: from the cursor to there. */
  extendFromCursor(at: ScreenPoint): void;
}

/** A hand that only clicks moves up to so many CSS pixels. */
const STILL = 4;

export function listenToRegionDrag(host: HTMLElement, hands: RegionHands, signal: AbortSignal): void {
  let began: { readonly pointer: number; readonly at: ScreenPoint } | undefined;
  let isMoved = false;
  const listen = { signal };
  host.addEventListener(
    "pointerdown",
    (event) => {
      const at = { x: event.offsetX, y: event.offsetY };
      if (!event.shiftKey || event.button !== 0 || !hands.begin(at)) return;
      began = { pointer: event.pointerId, at };
      isMoved = false;
      host.setPointerCapture(event.pointerId);
    },
    listen,
  );
  host.addEventListener(
    "pointermove",
    (event) => {
      if (began?.pointer !== event.pointerId) return;
      isMoved ||= Math.hypot(event.offsetX - began.at.x, event.offsetY - began.at.y) > STILL;
      if (isMoved) hands.extend({ x: event.offsetX, y: event.offsetY }, event.altKey);
    },
    listen,
  );
  const end = (event: PointerEvent) => {
    if (began?.pointer !== event.pointerId) return;
    if (!isMoved && event.type === "pointerup") hands.extendFromCursor(began.at);
    began = undefined;
  };
  host.addEventListener("pointerup", end, listen);
  host.addEventListener("pointercancel", end, listen);
}
