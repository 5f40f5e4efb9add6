/** What is done with a store: comparison, export, verify, random pages. */
import path from "node:path";
import { compareSnapshots } from "../../server/compare/index.ts";
import { exportDump } from "../../server/export/index.ts";
import { openStore, type Store, verifyStore } from "../../server/store/index.ts";
import type { Pair } from "../pair.ts";
import { median, timeCommand } from "../yardsticks/commands.ts";
import { latency, plainRow, type Row, timeRow, type Yardstick } from "./row.ts";

const RANDOM_PAGES = 2000;

/** @param directory store with both snapshots, finished. */
export async function benchReading(pair: Pair, directory: string, openssl: Yardstick): Promise<Row[]> {
  const rows: Row[] = [];
  const cmp = timeCommand("sh", ["-c", `cmp -l '${pair.first}' '${pair.second}' | wc -l`]);
  const comparison = await timedInFreshStores(directory, (store) => {
    const [a, b] = store.catalog.snapshots();
    compareSnapshots(store, a, b);
  });
  rows.push(
    timeRow("comparison, in the server", comparison, { name: "cmp -l, piped", value: cmp }, "floor 1/20, aim 1/100"),
  );
  const exporting = await timedInFreshStores(directory, async (store) => {
    for await (const piece of exportDump(store, store.catalog.snapshots()[1])) void piece;
  });
  rows.push(timeRow("export with its digest", exporting, openssl));
  rows.push(timeRow("verify of the whole store", await timedInFreshStores(directory, verifyStore), openssl));

  const store = openStore(path.resolve(directory));
  try {
    const snapshot = store.catalog.snapshots()[1];
    const distinct = store.manifest(snapshot).distinctPages();
    const reads = Array.from({ length: RANDOM_PAGES }, (_, i) => {
      // A full-period step through the pages: scattered, and the same in every run.
      const page = distinct.slice((i * 7919) % distinct.length).subarray(0, 1);
      const start = performance.now();
      store.pages.bytes(page);
      return performance.now() - start;
    });
    rows.push(plainRow("a random page", latency(reads)));
  } finally {
    store.close();
  }
  return rows;
}

/** Median of three, each over a store opened anew, so that no cache of ours answers. */
async function timedInFreshStores(directory: string, work: (store: Store) => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const store = openStore(path.resolve(directory));
    const start = performance.now();
    await work(store);
    times.push((performance.now() - start) / 1000);
    store.close();
  }
  return median(times);
}
