/**
 * What ingest leaves for later: its packs have no summaries, which are made from the pages whenever they are asked for,
 * and are compressed in haste or not at all. Finishing makes all summaries first, because pictures are waiting for them,
 * then packs densely; nothing that was promised waits for either.
 */
import { DumpError } from "../../shared/errors/index.ts";
import { startThreads, type Threads } from "../threads/index.ts";
import type { PackRow } from "./catalog.ts";
import type { FromFinishWorker, ToFinishWorker } from "./final-form.ts";
import type { Store } from "./store.ts";

/** Packs that are worked on at once, under one taking of the lock. */
const AT_ONCE = 2;

export interface Finished {
  readonly packs: number;
  readonly pages: number;
}

export interface FinishOptions {
  /** Takes the lock for each few packs, a fraction of a second. */
  lock(): Promise<Disposable>;
  readonly signal: AbortSignal;
  /** Called once no pack lacks its summaries. */
  onSummarised?(): void;
}

/**
 * Finishes pack after pack until none is left or the signal comes: what is done by then stays done.
 * @throws DumpError `store-busy` of the lock; `store-damaged`; `disk-full`: the packs stay as they were
 */
export async function finishPacks(store: Store, { lock, signal, onSummarised }: FinishOptions): Promise<Finished> {
  if (!store.catalog.hasUnfinished()) return { packs: 0, pages: 0 };
  const threads = startThreads<ToFinishWorker, FromFinishWorker>(
    new URL("./finish-worker.ts", import.meta.url),
    AT_ONCE,
  );
  const done = { packs: 0, pages: 0 };
  try {
    while (!signal.aborted) {
      using _lock = await lock();
      const packs = store.catalog.packs();
      const bare = packs.filter(({ summaries }) => summaries === null);
      const isBare = bare.length > 0;
      if (!isBare) onSummarised?.();
      const next = (isBare ? bare : packs.filter(({ isDense }) => !isDense)).slice(0, AT_ONCE);
      if (next.length === 0) break;
      try {
        const made = await makeAll(store, threads, next, isBare ? "summarise" : "pack-densely");
        store.catalog.transaction(() => {
          for (const [i, { name }] of next.entries()) {
            if (isBare) store.catalog.setSummaries(name, made[i]);
            else store.catalog.replacePack(name, made[i]);
          }
        });
      } finally {
        store.sweep();
      }
      if (isBare) continue;
      done.packs += next.length;
      done.pages += next.reduce((sum, { pages }) => sum + pages, 0);
    }
  } finally {
    await threads.close();
  }
  return done;
}

/** The blobs made of each pack. All threads have answered when it settles, so nothing of it is still being written. */
async function makeAll(
  store: Store,
  threads: Threads<ToFinishWorker, FromFinishWorker>,
  packs: readonly PackRow[],
  kind: ToFinishWorker["kind"],
): Promise<string[]> {
  const answers = await Promise.allSettled(
    packs.map(({ name }, thread) =>
      threads.request(thread, { kind, id: thread, directory: store.directory, pack: name }),
    ),
  );
  return answers.map((answer, i) => {
    if (answer.status === "fulfilled") return answer.value.name;
    const cause: unknown = answer.reason;
    const isDamage = cause instanceof Error && "code" in cause && cause.code === "store-damaged";
    throw isDamage
      ? new DumpError("store-damaged", cause.message, { blob: `packs/${packs[i].name}` }, { cause })
      : cause;
  });
}
