/** `dumpscope verify`: every pack, manifest and reference re-read and re-hashed. */
import { verifyStore } from "../../store/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { bytes, plural } from "../words.ts";

export const verify: Command = {
  name: "verify",
  usage: "",
  summary: "re-reads and re-hashes everything",
  positionals: 0,
  options: {},
  async run(line, signal) {
    const store = openDataStore();
    try {
      const result = await verifyStore(store, signal);
      line.print(result, [
        ...result.problems.map(
          ({ what, snapshots }) => `${what}; hurts ${snapshots.length === 0 ? "no snapshot" : snapshots.join(", ")}`,
        ),
        `${plural(result.blobs, "blob")}, ${bytes(result.bytes)}, ${plural(result.pages, "page")}: ${result.ok ? "all good" : plural(result.problems.length, "problem")}`,
      ]);
      return result.ok ? 0 : 1;
    } finally {
      store.close();
    }
  },
};
