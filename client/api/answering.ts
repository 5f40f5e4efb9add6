/** Whether the server answers. Who has given up because it did not is told once it does again. */
import { ROUTES } from "../../shared/api/index.ts";

/** While it is silent it is asked so often. */
const PAUSE_MS = 1000;

const listeners = new Set<() => void>();
let isSilent = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** @returns stops telling. */
export function whenAnsweredAgain(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A request had no answer. */
export function noteSilence(): void {
  isSilent = true;
  timer ??= setTimeout(ask, PAUSE_MS);
}

/** Whatever the answer said. */
export function noteAnswer(): void {
  if (!isSilent) return;
  isSilent = false;
  clearTimeout(timer);
  timer = undefined;
  for (const listener of [...listeners]) listener();
}

async function ask(): Promise<void> {
  timer = undefined;
  try {
    await fetch(ROUTES.library.path, { method: "HEAD", cache: "no-store" });
  } catch {
    noteSilence();
    return;
  }
  noteAnswer();
}
