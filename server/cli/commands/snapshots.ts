/** `dumpscope snapshots`: what is in the store. */
import { snapshotSummary } from "../../inspect/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { count, table } from "../words.ts";

export const snapshots: Command = {
  name: "snapshots",
  usage: "[--container NAME]",
  summary: "lists snapshots, oldest first",
  positionals: 0,
  options: { container: { value: "NAME", help: "only this container's" } },
  async run(line) {
    const store = openDataStore();
    try {
      const known = createKnownSets(store);
      const list = store.catalog.snapshots(line.text("container")).map((record) => snapshotSummary(known, record));
      const rows = list.map((snapshot) => [
        snapshot.snapshot,
        `${snapshot.container}/${snapshot.name}`,
        snapshot.format,
        snapshot.checkpointedAt ?? "time not in the dump",
        snapshot.pages.present + snapshot.pages.zero + snapshot.pages.inParent,
        // Stripping may still find some of them to be relocated or alike.
        `${snapshot.isStripped ? "" : "at most "}${count(snapshot.provenance.new)}`,
      ]);
      line.print(
        { snapshots: list },
        rows.length === 0
          ? ["no snapshots"]
          : table(["id", "snapshot", "format", "dumped at", "recorded", "new"], rows),
      );
      return 0;
    } finally {
      store.close();
    }
  },
};
