/**
 * First and next ingest of the pair: by the command line, process start included, and inside a process whose threads
 * run already, as in the server. Medians of three, each into an empty store.
 */
import { rmSync } from "node:fs";
import path from "node:path";
import { ingestDump } from "../../server/ingest/index.ts";
import { startPageWorkers } from "../../server/page-workers/index.ts";
import { openStore } from "../../server/store/index.ts";
import { runDumpscope } from "../command.ts";
import type { Pair } from "../pair.ts";
import { BORG, bytesBelow, RESTIC, timeBackups } from "../yardsticks/backup.ts";
import { median, timeCommand } from "../yardsticks/commands.ts";
import { plainRow, type Row, sizeRow, timeRow } from "./row.ts";

export interface IngestRows {
  readonly rows: readonly Row[];
  /** The store of the last round, with both snapshots, finished. */
  readonly store: string;
}

export async function benchIngest(pair: Pair, folder: string): Promise<IngestRows> {
  const store = path.join(folder, "store");
  const byCommand: [number[], number[]] = [[], []];
  const finishing: number[] = [];
  let atCommit = 0;
  let finished: [number, number] = [0, 0];
  let summaries = 0;
  let processed: unknown;
  for (let round = 0; round < 3; round++) {
    rmSync(store, { recursive: true, force: true });
    const sizes: number[] = [];
    for (const [which, file] of [pair.first, pair.second].entries()) {
      const run = await runDumpscope(store, "ingest", file, "--container", "bench", "--format", "raw");
      byCommand[which].push(run.seconds);
      processed = run.result.pagesProcessed;
      if (which === 0) atCommit = storedBy(store);
      const gc = await runDumpscope(store, "gc");
      if (which === 0) finishing.push(gc.seconds);
      sizes.push(storedBy(store));
    }
    finished = [sizes[0], sizes[1] - sizes[0]];
    summaries = bytesBelow(path.join(store, "summaries"));
  }
  const inServer = await timeInServer(pair, path.join(folder, "server-store"));

  const openssl = { name: "openssl dgst -sha256", value: timeCommand("openssl", ["dgst", "-sha256", pair.first]) };
  const restic = timeBackups(RESTIC, pair, folder);
  const borg = timeBackups(BORG, pair, folder);
  const of = (name: string, value: number | undefined) => ({ name, value });
  const [first, next] = [median(byCommand[0]), median(byCommand[1])];
  const rows = [
    timeRow("first ingest, by command", first, openssl, "floor 3"),
    timeRow("first ingest, by command", first, of("restic backup", restic?.seconds[0]), "floor 1/1.8"),
    timeRow("first ingest, by command", first, of("borg create", borg?.seconds[0]), "below 1"),
    timeRow("next ingest, by command", next, openssl, "floor 1.8"),
    timeRow("next ingest, by command", next, of("restic backup", restic?.seconds[1]), "floor 1/2"),
    timeRow("next ingest, by command", next, of("borg create", borg?.seconds[1]), "below 1"),
    timeRow("first ingest, in the server", inServer[0], openssl, "aim 1.5"),
    timeRow("next ingest, in the server", inServer[1], openssl, "aim 1.1"),
    plainRow("pages processed of the next", String(processed), "those the store lacked"),
    timeRow("gc that finishes the first", median(finishing), openssl),
    sizeRow("stored by the first, at commit", atCommit, of("restic", restic?.bytes[0])),
    sizeRow("stored by the first, finished", finished[0], of("restic", restic?.bytes[0]), "floor 1.05, aim 0.9"),
    sizeRow("stored by the next, finished", finished[1], of("borg", borg?.bytes[1]), "floor 1"),
    sizeRow(
      "summaries of both, beside",
      summaries,
      of("restic, both", restic && restic.bytes[0] + restic.bytes[1]),
      "0.1",
    ),
  ];
  return { rows, store };
}

/** All files of the store but its summaries, which the budget counts apart. */
function storedBy(store: string): number {
  return bytesBelow(store) - bytesBelow(path.join(store, "summaries"));
}

async function timeInServer(pair: Pair, directory: string): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  const workers = startPageWorkers();
  try {
    for (let round = 0; round < 3; round++) {
      rmSync(directory, { recursive: true, force: true });
      const store = openStore(directory);
      for (const [which, file] of [pair.first, pair.second].entries()) {
        const request = { file, container: "bench", asRaw: true, base: 0n, keepCut: false };
        const start = performance.now();
        await ingestDump(store, request, {
          signal: new AbortController().signal,
          workers,
          onProgress: () => undefined,
        });
        times[which].push((performance.now() - start) / 1000);
      }
      store.close();
    }
  } finally {
    await workers.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return [median(times[0]), median(times[1])];
}
