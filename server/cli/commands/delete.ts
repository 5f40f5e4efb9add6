/** `dumpscope delete`: a snapshot goes at once; its pages go with the next `gc`. */
import { deleteUnneeded } from "../../known-sets/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { bytes } from "../words.ts";

export const deleteCommand: Command = {
  name: "delete",
  usage: "SNAPSHOT",
  summary: "deletes a snapshot",
  positionals: 1,
  options: {},
  async run(line) {
    const store = openDataStore();
    try {
      const record = store.snapshot(line.positional(0, "SNAPSHOT"));
      const freed = await deleteUnneeded(store, record);
      line.print({ deleted: record.id, container: record.container, name: record.name, bytesFreed: freed.bytes }, [
        `${record.container}/${record.name} deleted, ${bytes(freed.bytes)} freed; gc frees its pages`,
      ]);
      return 0;
    } finally {
      store.close();
    }
  },
};
