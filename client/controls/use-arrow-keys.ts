/**
 * One tab stop for a row or column of buttons: arrows, Home and End go from one to the next, and Tab comes back to where
 * one was. The buttons are those that the element has at the time, so that a composite may leave some out.
 */
import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from "react";

export interface ArrowKeys<E extends HTMLElement> {
  readonly ref: RefObject<E | null>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** What is returned is spread over the element around the buttons. */
export function useArrowKeys<E extends HTMLElement>(): ArrowKeys<E> {
  const ref = useRef<E>(null);
  const stop = useRef<Element | null>(null);
  const buttons = () => [...(ref.current?.querySelectorAll<HTMLElement>("button") ?? [])];
  const stopAt = (next: Element | undefined) => {
    stop.current = next ?? null;
    for (const button of buttons()) button.tabIndex = button === next ? 0 : -1;
  };
  // Buttons come and go with what is shown.
  useLayoutEffect(() => {
    const all = buttons();
    stopAt(all.find((button) => button === stop.current) ?? all[0]);
  });
  return {
    ref,
    onFocus: (event) => {
      const focused = event.target.closest("button");
      if (focused) stopAt(focused);
    },
    onKeyDown: (event) => {
      // With a modifier they mean something else: back and forward, for one.
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const all = buttons();
      const focused = document.activeElement;
      const now = focused instanceof HTMLElement ? all.indexOf(focused) : -1;
      const step = STEPS[event.key];
      const next = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : now + (step ?? 0);
      if (now < 0 || next === now) return;
      event.preventDefault();
      event.stopPropagation();
      all[Math.max(0, Math.min(all.length - 1, next))]?.focus();
    },
  };
}
