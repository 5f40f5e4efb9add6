/**
 * Hands on the picture: d3-zoom turns wheel, drag and pinch into a transform; its scale counts as a step of the zoom
 * (2^step), rounded, so that a cell is always whole device pixels; its translation counts only while dragging.
 */
import { select, type ZoomTransform, zoom, zoomIdentity } from "d3";
import { type ScreenPoint, ZOOM_STEPS } from "./coordinates.ts";

export interface CameraInput {
  /** Tells the gesture that the zoom has changed by other means. */
  setStep(step: number): void;
  dispose(): void;
}

export interface CameraHands {
  /** By CSS pixels. */
  pan(dx: number, dy: number): void;
  zoomTo(step: number, at: ScreenPoint): void;
}

/** A notch of a mouse wheel is about 100 pixels: one step. */
const WHEEL_PIXELS = 100;

export function listenToCamera(host: HTMLElement, hands: CameraHands): CameraInput {
  const target = select(host);
  let last: ZoomTransform = zoomIdentity;
  let isOwn = false;
  const behaviour = zoom<HTMLElement, unknown>()
    .scaleExtent([1, 2 ** (ZOOM_STEPS.length - 1)])
    .clickDistance(4)
    .wheelDelta((event: WheelEvent) => {
      const pixels = event.deltaY * (event.deltaMode === 1 ? 33 : event.deltaMode === 2 ? 100 : 1);
      // Pinching on a touchpad comes as small deltas with Ctrl.
      const steps = (-pixels / WHEEL_PIXELS) * (event.ctrlKey ? 10 : 1);
      return Math.max(-1, Math.min(1, steps));
    })
    .filter((event: MouseEvent) => !event.shiftKey && (event.type === "wheel" || (!event.ctrlKey && !event.button)))
    .on("zoom", ({ transform, sourceEvent }: { transform: ZoomTransform; sourceEvent: unknown }) => {
      const before = last;
      last = transform;
      if (isOwn) return;
      if (transform.k !== before.k) hands.zoomTo(Math.round(Math.log2(transform.k)), pointOf(host, sourceEvent));
      else hands.pan(transform.x - before.x, transform.y - before.y);
    });
  target.call(behaviour).on("dblclick.zoom", null);
  return {
    setStep(step) {
      if (Math.round(Math.log2(last.k)) === step) return;
      isOwn = true;
      target.call(behaviour.transform, zoomIdentity.scale(2 ** step));
      isOwn = false;
    },
    dispose() {
      target.on(".zoom", null);
    },
  };
}

function pointOf(host: HTMLElement, event: unknown): ScreenPoint {
  const box = host.getBoundingClientRect();
  if (event instanceof MouseEvent) return { x: event.clientX - box.left, y: event.clientY - box.top };
  if (typeof TouchEvent !== "undefined" && event instanceof TouchEvent && event.touches.length > 0) {
    const touches = [...event.touches];
    return {
      x: touches.reduce((sum, touch) => sum + touch.clientX, 0) / touches.length - box.left,
      y: touches.reduce((sum, touch) => sum + touch.clientY, 0) / touches.length - box.top,
    };
  }
  return { x: box.width / 2, y: box.height / 2 };
}
