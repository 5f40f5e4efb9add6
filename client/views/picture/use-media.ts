/** Whether a media query holds now. */
import { useCallback, useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** The widths at which the screens fold (interface, section 4). */
export const NARROW = "(width < 1200px)";
export const DRAWER = "(width < 900px)";
export const WIDE = "(width > 2000px)";
export const TOO_SMALL = "(width < 720px) or (height < 560px)";
export const STILL = "(prefers-reduced-motion: reduce)";
