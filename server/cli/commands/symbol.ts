/** `dumpscope symbol`: where a symbol of the mapped files stands. */
import { createKnownSets } from "../../known-sets/index.ts";
import { symbolsOf } from "../../symbols/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { plural, table } from "../words.ts";

export const symbol: Command = {
  name: "symbol",
  usage: "SNAPSHOT NAME [--file FILE]",
  summary: "where a dynamic symbol of the mapped files stands, as known sets or the dump itself have them",
  positionals: 2,
  options: { file: { value: "FILE", help: "only of files whose path ends so: libc.so.6" } },
  async run(line) {
    const reference = line.positional(0, "SNAPSHOT");
    const name = line.positional(1, "NAME");
    const store = openDataStore();
    try {
      const record = store.snapshot(reference);
      const found = symbolsOf(store, createKnownSets(store), record, name, line.text("file"));
      const { symbols, symbolCount, without, withoutCount } = found;
      line.print({ snapshot: record.id, ...found }, [
        ...(symbols.length === 0
          ? [`no file whose symbols are known defines ${name}`]
          : table(
              ["space", "address", "bytes", "version", "file"],
              symbols.map((one) => [one.space, one.address, one.size, one.version ?? "", one.path]),
            )),
        ...(symbolCount > symbols.length ? [`and ${plural(symbolCount - symbols.length, "more", "more")}`] : []),
        ...(withoutCount === 0
          ? []
          : [`no symbols are known of ${plural(withoutCount, "mapped file")}: ${without.join(", ")}`]),
      ]);
      return 0;
    } finally {
      store.close();
    }
  },
};
