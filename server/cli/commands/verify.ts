/** `dumpscope verify`: every pack, manifest and reference re-read and re-hashed. */
import { verifyStore } from "../../store/index.ts";
import { type Command, openDataStore } from "../command.ts";
import { bytes, count } from "../words.ts";

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
        `${count(result.blobs)} blobs, ${bytes(result.bytes)}, ${count(result.pages)} pages: ${result.ok ? "all good" : `${count(result.problems.length)} problems`}`,
      ]);
      return result.ok ? 0 : 1;
    } finally {
      store.close();
    }
  },
};
