/** `dumpscope delete`: a snapshot goes at once; its pages go with the next `gc`. */
import { deleteSnapshot } from "../../store/index.ts";
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
      using _lock = await store.lock(`delete ${record.container}/${record.name}`);
      const freed = deleteSnapshot(store, record);
      line.print({ deleted: record.id, container: record.container, name: record.name, bytesFreed: freed.bytes }, [
        `${record.container}/${record.name} deleted, ${bytes(freed.bytes)} freed; gc frees its pages`,
      ]);
      return 0;
    } finally {
      store.close();
    }
  },
};
