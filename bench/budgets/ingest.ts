/** First and next ingest by the command line, process start included, against the digest of the same file. */

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import type { Pair } from "../pair.ts";
import { median, timeCommand } from "../yardsticks/commands.ts";
import { type Row, row } from "./row.ts";

const CLI = path.join(import.meta.dirname, "../../server/cli/main.ts");

export interface IngestRows {
  readonly rows: readonly Row[];
  /** The store of the last round, with both snapshots. */
  readonly store: string;
  readonly bytesStored: readonly [number, number];
}

export function benchIngest(pair: Pair, folder: string): IngestRows {
  const store = path.join(folder, "store");
  const times: [number[], number[]] = [[], []];
  let bytesStored: [number, number] = [0, 0];
  for (let round = 0; round < 3; round++) {
    rmSync(store, { recursive: true, force: true });
    const [first, second] = [pair.first, pair.second].map((file, which) => {
      const start = performance.now();
      const { stdout, status } = spawnSync(
        process.execPath,
        [CLI, "ingest", file, "--container", "bench", "--format", "raw", "--json"],
        {
          env: { ...process.env, DUMPSCOPE_DATA: store },
          encoding: "utf8",
        },
      );
      if (status !== 0) throw new Error(`ingest of ${file} ended with status ${status}`);
      times[which].push((performance.now() - start) / 1000);
      return (JSON.parse(stdout) as { bytesStored: number }).bytesStored;
    });
    bytesStored = [first, second];
  }
  const digest = timeCommand("openssl", ["dgst", "-sha256", pair.first]);
  const rows = [
    row("first ingest, command included", median(times[0]), "openssl dgst -sha256", digest),
    row("next ingest, command included", median(times[1]), "openssl dgst -sha256", digest),
  ];
  return { rows, store, bytesStored };
}
