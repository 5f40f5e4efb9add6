/** One polite line for readers: the newest text wins, at most every 500 ms. */
const PAUSE_MS = 500;
const listeners = new Set<() => void>();
let shown = "";
let next: string | null = null;
let timer: number | undefined;

export function announce(text: string): void {
  next = text;
  if (timer === undefined) timer = window.setTimeout(flush, PAUSE_MS);
}

function flush(): void {
  timer = undefined;
  if (next === null || next === shown) return;
  shown = next;
  next = null;
  for (const listener of listeners) listener();
}

export function announced(): string {
  return shown;
}

export function subscribeAnnounced(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
