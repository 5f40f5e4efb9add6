/** The window of time that the axis shows: the wheel zooms at the pointer, drag pans, `fit` shows everything again. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { fitTimes, panTimes, type TimeWindow, zoomTimes } from "./time-axis.ts";

const PIXELS_PER_STEP = 240;
/** A press that moves less is a click on a bar. */
const DRAG_FROM = 4;

export interface TimeView {
  readonly window: TimeWindow;
  readonly width: number;
  fit(): void;
}

interface Drag {
  readonly x: number;
  readonly window: TimeWindow;
  readonly cell: HTMLElement;
  moving: boolean;
}

/** @param area holds the head of the axis (`data-axis`) and the rows' parts of it (`data-time`). */
export function useTimeWindow(area: RefObject<HTMLElement | null>, times: readonly number[], ready: boolean): TimeView {
  const [width, setWidth] = useState(0);
  const [moved, setMoved] = useState<TimeWindow | null>(null);
  const window_ = moved ?? fitTimes(times, width || 1);
  // Outlives the renders that a drag itself causes.
  const dragged = useRef<Drag | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the axis is in the document only when the library is
  useEffect(() => {
    const axis = area.current?.querySelector<HTMLElement>("[data-axis]");
    if (!axis) return;
    const observer = new ResizeObserver(() => setWidth(axis.clientWidth));
    observer.observe(axis);
    return () => observer.disconnect();
  }, [area, ready]);

  useEffect(() => {
    const element = area.current;
    if (!element || width === 0) return;
    const cellOf = (event: Event) =>
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-time], [data-axis]") : null;
    const onWheel = (event: WheelEvent) => {
      const cell = cellOf(event);
      if (!cell) return;
      event.preventDefault();
      const share = (event.clientX - cell.getBoundingClientRect().left) / width;
      const factor = 2 ** (event.deltaY / PIXELS_PER_STEP);
      setMoved(zoomTimes(window_, factor, window_.from + (window_.to - window_.from) * share));
    };
    const onDown = (event: PointerEvent) => {
      const cell = cellOf(event);
      if (cell && event.button === 0) dragged.current = { x: event.clientX, window: window_, cell, moving: false };
    };
    const onMove = (event: PointerEvent) => {
      const drag = dragged.current;
      if (!drag) return;
      const by = event.clientX - drag.x;
      if (!drag.moving && Math.abs(by) < DRAG_FROM) return;
      drag.moving = true;
      drag.cell.dataset.dragged = "true";
      setMoved(panTimes(drag.window, (-by / width) * (drag.window.to - drag.window.from)));
    };
    const onUp = () => {
      const drag = dragged.current;
      dragged.current = null;
      if (!drag) return;
      delete drag.cell.dataset.dragged;
      if (drag.moving) {
        // The click that ends a drag opens nothing.
        window.addEventListener("click", swallow, { capture: true, once: true });
        window.setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
      }
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    element.addEventListener("pointerdown", onDown);
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    return () => {
      element.removeEventListener("wheel", onWheel);
      element.removeEventListener("pointerdown", onDown);
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
    };
  });

  return { window: window_, width, fit: () => setMoved(null) };
}

function swallow(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}
