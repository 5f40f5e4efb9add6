/** The commands of Find: the field by key, from hit to hit and round at both ends, the search taken away. */
import { useState } from "react";
import { useActs } from "../../keys/index.ts";
import { announce } from "../shell/announce.ts";

export interface FindActsOptions {
  /** Hits that are listed. */
  readonly count: number;
  /** Index of the one that was gone to; −1 before. */
  readonly current: number;
  readonly isIdle: boolean;
  /** The panel is shown. */
  readonly isOpen: boolean;
  readonly onOpen: () => void;
  readonly onGo: (index: number) => void;
  readonly onClear: () => void;
}

/** @returns counts up when a key asks for the field. */
export function useFindActs({ count, current, isIdle, isOpen, onOpen, onGo, onClear }: FindActsOptions): number {
  const [asked, setAsked] = useState(0);
  const step = (by: 1 | -1) => {
    const next = current < 0 && by < 0 ? count - 1 : current + by;
    const isPast = next < 0 || next >= count;
    onGo((next + count) % count);
    if (isPast) announce(by > 0 ? "Last hit. Starting again at the first." : "First hit. Starting again at the last.");
  };
  const unavailable = count === 0 ? "nothing is found" : undefined;
  useActs({
    find: {
      run: () => {
        onOpen();
        setAsked((before) => before + 1);
      },
    },
    "next-hit": { run: () => step(1), unavailable },
    "previous-hit": { run: () => step(-1), unavailable },
    "clear-find": { run: onClear, unavailable: isIdle ? "nothing is searched for" : undefined },
    "tab-find": { run: onOpen, inUse: isOpen },
  });
  return asked;
}
