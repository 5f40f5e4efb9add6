/** `dumpscope gc`: frees pages that no snapshot needs, and finishes what ingest has left for later. */
import { collectGarbage, finishPacks } from "../../store/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { bytes, plural } from "../words.ts";

export const gc: Command = {
  name: "gc",
  usage: "",
  summary: "frees pages that no snapshot needs, finishes what ingest left for later",
  positionals: 0,
  options: {},
  async run(line, signal) {
    const store = openDataStore();
    try {
      using _lock = await store.lock("gc");
      const freed = await collectGarbage(store);
      const before = store.storedBytes();
      const finished = await finishPacks(store, { signal, lock: async () => new DisposableStack() });
      signal.throwIfAborted();
      // Summaries are added by it, so the store may be larger afterwards.
      const bytesSaved = before - store.storedBytes();
      line.print(
        {
          bytesFreed: freed.bytes,
          pagesFreed: freed.pages,
          packsRemoved: freed.packsRemoved,
          packsRewritten: freed.packsRewritten,
          packsFinished: finished.packs,
          pagesFinished: finished.pages,
          bytesSaved,
        },
        [
          `freed     ${plural(freed.pages, "page")}, ${bytes(freed.bytes)}; ${plural(freed.packsRemoved, "pack")} removed, ${freed.packsRewritten} rewritten`,
          `finished  ${plural(finished.pages, "page")} in ${plural(finished.packs, "pack")}; the store is ${bytes(Math.abs(bytesSaved))} ${bytesSaved < 0 ? "larger" : "smaller"} by it`,
        ],
      );
      return 0;
    } finally {
      store.close();
    }
  },
};
