/**
 * Tells browsers that the library has changed: by a job here, or by another process that wrote into the store. The
 * catalog is looked at twice a second, so that a command's snapshot shows within two seconds.
 */
import type { Request, Response } from "express";

const LOOK_MS = 500;
/** Progress is told at most this often. */
const TELL_MS = 100;

export interface EventSource {
  subscribe(listener: () => void): () => void;
  close(): void;
}

/** @param revision changes when the catalog does; @param onJobs calls back whenever a job has changed. */
export function createEventSource(revision: () => string, onJobs: (listener: () => void) => () => void): EventSource {
  const listeners = new Set<() => void>();
  let told = 0;
  let pending: NodeJS.Timeout | undefined;
  const tell = () => {
    if (pending) return;
    pending = setTimeout(
      () => {
        pending = undefined;
        told = performance.now();
        for (const listener of listeners) listener();
      },
      Math.max(0, TELL_MS - (performance.now() - told)),
    );
  };
  let last = revision();
  const look = setInterval(() => {
    const now = revision();
    if (now !== last) tell();
    last = now;
  }, LOOK_MS);
  look.unref();
  const stop = onJobs(tell);
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      clearInterval(look);
      clearTimeout(pending);
      stop();
    },
  };
}

/** Server-sent events: `library` whenever it has changed. */
export function streamEvents(source: EventSource, request: Request, response: Response): void {
  response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.flushHeaders();
  response.write("retry: 1000\n\nevent: library\ndata: {}\n\n");
  const stop = source.subscribe(() => response.write("event: library\ndata: {}\n\n"));
  request.on("close", stop);
}
