/** The browser application that the journeys drive: built when it is missing or its sources have changed since. */
import { mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const root = path.join(import.meta.dirname, "../..");
const lock = path.join(root, "dist", "client.building");
/** A build takes seconds; a lock that old was left by one that was killed. */
const STALE_MS = 120_000;

/** Files of tests run side by side: one builds, the others wait. `npm test` has built it already. */
export async function ensureClient(): Promise<void> {
  mkdirSync(path.dirname(lock), { recursive: true });
  while (!takeLock()) await new Promise((resolve) => setTimeout(resolve, 200));
  try {
    // Plain JavaScript without types; named by a value so that the compiler does not look for them.
    const script = pathToFileURL(path.join(root, "scripts/built.mjs")).href;
    const { buildClient } = (await import(script)) as { buildClient(options: object): Promise<void> };
    await buildClient({ onlyIfChanged: true });
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const there = statSync(lock, { throwIfNoEntry: false });
    if (there && Date.now() - there.mtimeMs > STALE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
