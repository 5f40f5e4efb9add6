/**
 * What ingest leaves for later: its packs are compressed in haste or not at all, and have no summaries, which are made
 * from the pages whenever they are asked for. Finishing gives each its final form; nothing that was promised waits for it.
 */
import { DumpError } from "../../shared/errors/index.ts";
import { startThreads } from "../threads/index.ts";
import type { FromFinishWorker, ToFinishWorker } from "./finish-pack.ts";
import type { Store } from "./store.ts";

export interface Finished {
  readonly packs: number;
  readonly pages: number;
}

export interface FinishOptions {
  /** Takes the lock for each pack, a fraction of a second. */
  lock(): Promise<Disposable>;
  readonly signal: AbortSignal;
}

/**
 * Finishes one pack after another until none is left or the signal comes: what is done by then stays done.
 * @throws DumpError `store-busy` of the lock; `store-damaged`; `disk-full`: the pack stays as it was
 */
export async function finishPacks(store: Store, { lock, signal }: FinishOptions): Promise<Finished> {
  let packs = 0;
  let pages = 0;
  if (!store.catalog.hasUnfinished()) return { packs, pages };
  const threads = startThreads<ToFinishWorker, FromFinishWorker>(new URL("./finish-worker.ts", import.meta.url), 1);
  try {
    while (!signal.aborted) {
      using _lock = await lock();
      const next = store.catalog.packs().find((pack) => pack.summaries === null);
      if (!next) break;
      try {
        const finished = await threads.request(0, {
          kind: "finish",
          id: packs,
          directory: store.directory,
          pack: next.name,
        });
        store.catalog.transaction(() => store.catalog.finishPack(next.name, finished.name, finished.summaries));
      } catch (cause) {
        throw cause instanceof Error && "code" in cause && cause.code === "store-damaged"
          ? new DumpError("store-damaged", cause.message, { blob: `packs/${next.name}` }, { cause })
          : cause;
      } finally {
        store.sweep();
      }
      packs++;
      pages += next.pages;
    }
  } finally {
    await threads.close();
  }
  return { packs, pages };
}
