/**
 * Tells browsers that the library has changed: by a job here, or by another process that wrote into the store. The
 * catalog is looked at twice a second, so that a command's snapshot shows within two seconds.
 */
import type { Response } from "express";

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

/**
 * Server-sent events of one name, the first at once: what happened before anybody listened was not told.
 * @param onClose called when nobody listens any more. @returns sends an event
 */
export function streamEvents(name: string, onClose: () => void, response: Response): () => void {
  const tell = () => void response.write(`event: ${name}\ndata: {}\n\n`);
  response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.flushHeaders();
  response.write("retry: 1000\n\n");
  tell();
  if (response.closed) onClose();
  else response.on("close", onClose);
  return tell;
}
