/** What must not grow: memory with the dump and with the store, and the start of the server with the store. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { watchDumpscope, watchScript } from "../command.ts";
import { makeLargeStore } from "../large-store.ts";
import { writeSparseDump } from "../sparse-dump.ts";
import { plainRow, type Row } from "./row.ts";

const INGEST_BESIDE = path.join(import.meta.dirname, "../../test/store/ingest-beside.ts");
const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");
const MEMORY_BUDGET = "floor 400 MiB, aim 250";
/** 64 GiB of distinct pages. */
const LARGE_STORE_PAGES = 2 ** 24;

/** @param full also 64 GiB, and the store of 64 GiB of distinct pages: 8 GB of disk and ten minutes. */
export async function benchScale(folder: string, full: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const dump = path.join(folder, "sparse.raw");
  const empty = path.join(folder, "sparse-store");
  const large = path.join(folder, "large-store");
  rows.push(plainRow("start of the server, empty store", await startOfServer(empty)));
  if (full) {
    await makeLargeStore(large, LARGE_STORE_PAGES);
    rows.push(plainRow("start of the server, 16.7 million pages", await startOfServer(large)));
  }
  for (const gibibytes of full ? [1, 8, 64] : [1, 8]) {
    writeSparseDump(dump, gibibytes);
    rows.push(await memoryOf(empty, dump, `an ingest of ${gibibytes} GiB, empty store`));
    if (full) rows.push(await memoryOf(large, dump, `an ingest of ${gibibytes} GiB, store of 16.7 million pages`));
    rmSync(empty, { recursive: true, force: true });
  }
  rows.push(await memoryOfThree(folder));
  rmSync(dump);
  rmSync(large, { recursive: true, force: true });
  return rows;
}

async function memoryOf(store: string, dump: string, what: string): Promise<Row> {
  const run = await watchDumpscope(
    store,
    "ingest",
    dump,
    "--container",
    "bench",
    "--format",
    "raw",
    "--parent",
    "none",
  );
  return plainRow(`memory of ${what}`, memoryText(run.peakMiB, run.seconds), MEMORY_BUDGET);
}

/** Three dumps that one process takes in beside each other, as a server does. */
async function memoryOfThree(folder: string): Promise<Row> {
  const store = path.join(folder, "beside-store");
  const dumps = [1, 2, 3].map((gibibytes) => {
    const file = path.join(folder, `sparse-${gibibytes}.raw`);
    writeSparseDump(file, gibibytes);
    return file;
  });
  const { seconds, peakMiB } = await watchScript(
    INGEST_BESIDE,
    store,
    ...dumps.flatMap((file, n) => [file, `bench${n}`]),
  );
  for (const file of dumps) rmSync(file);
  rmSync(store, { recursive: true });
  return plainRow(
    "memory of ingests of 1, 2 and 3 GiB at once, empty store",
    memoryText(peakMiB, seconds),
    MEMORY_BUDGET,
  );
}

function memoryText(peakMiB: number | undefined, seconds: number): string {
  return `${peakMiB === undefined ? "no /proc here" : `${peakMiB.toFixed(0)} MiB`} in ${seconds.toFixed(1)} s`;
}

/** From the start of the process until it says its address. */
async function startOfServer(store: string): Promise<string> {
  const start = performance.now();
  const child = spawn(process.execPath, [LAUNCHER, "serve", "--port", "0", "--json"], {
    env: { ...process.env, DUMPSCOPE_DATA: store, DUMPSCOPE_LOG: "silent" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const milliseconds = performance.now() - start;
  child.kill("SIGTERM");
  await once(child, "exit");
  return `${milliseconds.toFixed(0)} ms`;
}
