/** `dumpscope export`: the dump as it arrived, digest checked. */
import { open, rename, rm } from "node:fs/promises";
import { exportDump } from "../../export/index.ts";
import { asWriteError, type Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { bytes } from "../words.ts";

export const exportCommand: Command = {
  name: "export",
  usage: "SNAPSHOT --out FILE",
  summary: "the dump byte for byte, digest checked",
  positionals: 1,
  options: { out: { value: "FILE", help: "written only when the digest is right" } },
  async run(line, signal) {
    const reference = line.positional(0, "SNAPSHOT");
    const out = line.required("out");
    const store = openDataStore();
    const unfinished = `${out}.unfinished`;
    try {
      const record = store.snapshot(reference);
      let written = 0;
      const file = await open(unfinished, "w").catch((error: unknown) => {
        throw asWriteError(error, out);
      });
      try {
        for await (const piece of exportDump(store, record)) {
          signal.throwIfAborted();
          await file.write(piece);
          written += piece.length;
        }
        await file.sync();
        await rename(unfinished, out).catch((error: unknown) => {
          throw asWriteError(error, out);
        });
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      const sha256 = record.unpackedSha256 ?? record.sha256;
      line.print({ snapshot: record.id, out, bytes: written, sha256, arrivedSha256: record.sha256 }, [
        `${record.container}/${record.name} → ${out}, ${bytes(written)}`,
        `sha256 ${sha256}${record.unpackedSha256 === null ? "" : ` (uncompressed; it arrived as ${record.sha256})`}`,
      ]);
      return 0;
    } finally {
      store.close();
    }
  },
};
