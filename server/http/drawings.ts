/**
 * Pictures of whole snapshots and their differences take a core for seconds and tens of MiB each: two at a time, the
 * others wait their turn in the order they came. What nobody waits for any more is not drawn.
 */
import type { Response } from "express";

const MOST = 2;

export interface Drawings {
  /**
   * @param draw begins when there is room; its signal fires when the client has left.
   * @throws AbortError when the client leaves before its turn.
   */
  draw<T>(response: Pick<Response, "once" | "off">, draw: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

export function createDrawings(): Drawings {
  const waiting = new Set<() => void>();
  let running = 0;

  function turn(signal: AbortSignal): Promise<void> {
    if (running < MOST) {
      running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        waiting.delete(begin);
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        waiting.delete(begin);
        reject(signal.reason);
      };
      waiting.add(begin);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** The place goes to who has waited longest, without becoming free in between. */
  function end(): void {
    const [next] = waiting;
    if (next) next();
    else running--;
  }

  return {
    async draw(response, draw) {
      const gone = new AbortController();
      const leave = () => gone.abort();
      response.once("close", leave);
      try {
        await turn(gone.signal);
        try {
          return await draw(gone.signal);
        } finally {
          end();
        }
      } finally {
        response.off("close", leave);
      }
    },
  };
}
