/**
 * Selecting from one end: what keys and hands extend stays at its anchor, until somebody moves the cursor otherwise. An
 * end is a byte, or the whole of a line that stands for pages without bytes.
 */
import type { Region } from "../../shared/find/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";

/** Addresses of one space, [from, behind). */
export interface End {
  readonly space: Space;
  readonly from: bigint;
  readonly behind: bigint;
}

export interface Extending {
  /** The next extension begins at the cursor again. */
  forget(): void;
  /** @param from where it begins, if nothing is being extended. @returns from the anchor to `to`, both included */
  to(from: End, to: End): Region;
}

export function createExtending(): Extending {
  let anchor: End | undefined;
  return {
    forget() {
      anchor = undefined;
    },
    to(from, to) {
      anchor = anchor?.space === to.space ? anchor : from;
      const [first, last] = anchor.from < to.from ? [anchor, to] : [to, anchor];
      return { space: to.space, start: first.from, end: last.behind };
    },
  };
}
