/** `dumpscope gc`: frees pages that no snapshot needs, and does what ingest has left for later, as an idle server does. */
import { createKnownSets } from "../../known-sets/index.ts";
import { collectGarbage, type Finished, type Freed, finishPacks, type Store } from "../../store/index.ts";
import { newestUnstripped, stripAhead } from "../../stripping/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { bytes, plural } from "../words.ts";

export const gc: Command = {
  name: "gc",
  usage: "",
  summary: "frees pages that no snapshot needs, finishes and strips what ingest left for later",
  positionals: 0,
  options: {},
  async run(line, signal) {
    const store = openDataStore();
    try {
      const { freed, finished, bytesSaved } = await tidy(store, signal);
      const stripped = await stripAll(store, signal);
      line.print(
        {
          bytesFreed: freed.bytes,
          pagesFreed: freed.pages,
          packsRemoved: freed.packsRemoved,
          packsRewritten: freed.packsRewritten,
          packsFinished: finished.packs,
          pagesFinished: finished.pages,
          bytesSaved,
          snapshotsStripped: stripped,
        },
        [
          `freed     ${plural(freed.pages, "page")}, ${bytes(freed.bytes)}; ${plural(freed.packsRemoved, "pack")} removed, ${freed.packsRewritten} rewritten`,
          `finished  ${plural(finished.pages, "page")} in ${plural(finished.packs, "pack")}; the store is ${bytes(Math.abs(bytesSaved))} ${bytesSaved < 0 ? "larger" : "smaller"} by it`,
          `stripped  ${plural(stripped, "snapshot")}`,
        ],
      );
      return 0;
    } finally {
      store.close();
    }
  },
};

interface Tidied {
  readonly freed: Freed;
  readonly finished: Finished;
  readonly bytesSaved: number;
}

async function tidy(store: Store, signal: AbortSignal): Promise<Tidied> {
  using _lock = await store.lock("gc");
  const freed = await collectGarbage(store);
  const before = store.storedBytes();
  const finished = await finishPacks(store, { signal, lock: async () => new DisposableStack() });
  signal.throwIfAborted();
  // Summaries are added by it, so the store may be larger afterwards.
  return { freed, finished, bytesSaved: before - store.storedBytes() };
}

/** Takes the lock by itself, for a moment each time. @returns how many snapshots */
async function stripAll(store: Store, signal: AbortSignal): Promise<number> {
  const known = createKnownSets(store);
  for (let stripped = 0; ; stripped++) {
    const next = newestUnstripped(store, known);
    if (!next) return stripped;
    await stripAhead(store, known, next, { signal });
  }
}
