/** Whoever asked has left: then nobody waits for the answer. */
import type { Response } from "express";

export function signalOfLeaving(response: Response): AbortSignal {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  return gone.signal;
}
