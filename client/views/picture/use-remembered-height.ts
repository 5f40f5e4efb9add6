/** The height of the bytes pane: dragged without React, remembered, restored by double click. */
import { type RefObject, useCallback, useLayoutEffect } from "react";

const LEAST = 64;

export interface RememberedHeight {
  height(): number;
  move(height: number): void;
  restore(): void;
}

export function useRememberedHeight(pane: RefObject<HTMLElement | null>, key: string): RememberedHeight {
  const name = `dumpscope.height.${key}`;
  useLayoutEffect(() => {
    const stored = Number(localStorage.getItem(name));
    if (pane.current && stored >= LEAST) pane.current.style.height = `${stored}px`;
  }, [pane, name]);
  const height = useCallback(() => pane.current?.offsetHeight ?? 0, [pane]);
  const move = useCallback(
    (next: number) => {
      const whole = Math.max(LEAST, Math.round(next));
      if (pane.current) pane.current.style.height = `${whole}px`;
      localStorage.setItem(name, String(whole));
    },
    [pane, name],
  );
  const restore = useCallback(() => {
    if (pane.current) pane.current.style.height = "";
    localStorage.removeItem(name);
  }, [pane, name]);
  return { height, move, restore };
}
