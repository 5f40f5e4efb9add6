/**
 * Whether somebody waits for an answer of this server, or asked for one just now: what nobody asked for then stands
 * still. Streams of events stay open and wait for nothing, so they are not counted; uploads are mounted before it.
 */
import { setTimeout } from "node:timers/promises";
import type { RequestHandler } from "express";

/** Requests of one person's act come so close to each other: a picture asks for tiles, then for what is under the cursor. */
const QUIET_MS = 300;
/** Whoever asks without a pause, for hours, must not keep it from ever being done. */
const MOST_MS = 1000;

export interface Traffic {
  /** To be mounted before the handlers. */
  readonly watch: RequestHandler;
  /**
   * Settles when nobody has waited for a while, at once when that is so already, and after a second in any case: for one
   * more piece of work. Rejects when the signal comes.
   */
  whenQuiet(signal: AbortSignal): Promise<void>;
}

/** @param now milliseconds */
export function createTraffic(now = () => performance.now()): Traffic {
  let waiting = 0;
  let last = Number.NEGATIVE_INFINITY;
  return {
    watch(request, response, next) {
      if (!request.path.endsWith("/events")) {
        waiting++;
        response.once("close", () => {
          waiting--;
          last = now();
        });
      }
      next();
    },
    async whenQuiet(signal) {
      const asked = now();
      for (;;) {
        const left = Math.min(waiting > 0 ? QUIET_MS : last + QUIET_MS - now(), asked + MOST_MS - now());
        if (left <= 0) return;
        await setTimeout(Math.ceil(left), undefined, { signal });
      }
    },
  };
}
