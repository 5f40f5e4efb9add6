/** `dumpscope gc`: frees pages that no snapshot needs. */
import { collectGarbage } from "../../store/index.ts";
import { type Command, openDataStore } from "../command.ts";
import { bytes, count } from "../words.ts";

export const gc: Command = {
  name: "gc",
  usage: "",
  summary: "frees pages that no snapshot needs",
  positionals: 0,
  options: {},
  async run(line) {
    const store = openDataStore();
    try {
      using _lock = store.lock("gc");
      const freed = collectGarbage(store);
      line.print(
        {
          bytesFreed: freed.bytes,
          pagesFreed: freed.pages,
          packsRemoved: freed.packsRemoved,
          packsRewritten: freed.packsRewritten,
          finished: [],
        },
        [
          `${count(freed.pages)} pages and ${bytes(freed.bytes)} freed; ${freed.packsRemoved} packs removed, ${freed.packsRewritten} rewritten`,
        ],
      );
      return 0;
    } finally {
      store.close();
    }
  },
};
