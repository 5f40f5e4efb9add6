/** A canvas in device pixels that is drawn again when its size, or what it shows, has changed: once per frame. */
import { type RefObject, useLayoutEffect, useRef } from "react";
import { whenFontsArrive } from "../viewer/index.ts";

export interface CanvasSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/**
 * @param draw in CSS pixels; the context is scaled. Called after every render and whenever `subscribe` says so.
 * @returns a ref for the canvas.
 */
export function useCanvas(
  draw: (context: CanvasRenderingContext2D, size: CanvasSize) => void,
  subscribe?: (listener: () => void) => () => void,
): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const current = useRef(draw);
  const invalidate = useRef<() => void>(() => {});
  useLayoutEffect(() => {
    current.current = draw;
    invalidate.current();
  });
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    let request = 0;
    const paint = () => {
      request = 0;
      const ratio = window.devicePixelRatio;
      const { clientWidth, clientHeight } = element;
      const width = Math.round(clientWidth * ratio);
      const height = Math.round(clientHeight * ratio);
      if (width === 0 || height === 0) return;
      if (element.width !== width) element.width = width;
      if (element.height !== height) element.height = height;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, clientWidth, clientHeight);
      current.current(context, { width: clientWidth, height: clientHeight, ratio });
    };
    const later = () => {
      if (request === 0) request = requestAnimationFrame(paint);
    };
    invalidate.current = later;
    const observer = new ResizeObserver(later);
    observer.observe(element);
    const unsubscribe = subscribe?.(later);
    const controller = new AbortController();
    whenFontsArrive(later, controller.signal);
    paint();
    return () => {
      controller.abort();
      cancelAnimationFrame(request);
      observer.disconnect();
      unsubscribe?.();
    };
  }, [subscribe]);
  return canvas;
}
