/** What is done with a store: comparison, export, verify, random pages, tiles. */
import path from "node:path";
import { compareSnapshots } from "../../server/compare/index.ts";
import { exportDump } from "../../server/export/index.ts";
import { pageContents, snapshotStrip } from "../../server/inspect/index.ts";
import { createKnownSets } from "../../server/known-sets/index.ts";
import { openStore, verifyStore } from "../../server/store/index.ts";
import { cutTile } from "../../server/tiles/index.ts";
import { CHANNELS } from "../../shared/channel/index.ts";
import { tileCount } from "../../shared/tile/index.ts";
import type { Pair } from "../pair.ts";
import { median, percentile, timeCommand } from "../yardsticks/commands.ts";
import { type Row, row } from "./row.ts";

const RANDOM_PAGES = 2000;
const LEVELS = [0, 2, 3, 4, 6, 8];
const TILES_A_LEVEL = 32;

export async function benchReading(pair: Pair, directory: string): Promise<Row[]> {
  const store = openStore(path.resolve(directory));
  try {
    const [a, b] = store.catalog.snapshots();
    const rows: Row[] = [];
    rows.push(
      row(
        "comparison, in the server",
        await timed(() => compareSnapshots(store, a, b)),
        "cmp -l, piped",
        timeCommand("sh", ["-c", `cmp -l '${pair.first}' '${pair.second}' | wc -l`]),
      ),
    );
    const digest = timeCommand("openssl", ["dgst", "-sha256", pair.first]);
    const exportSeconds = await timed(async () => {
      for await (const piece of exportDump(store, b)) void piece;
    });
    rows.push(row("export with its digest", exportSeconds, "openssl dgst -sha256", digest));
    rows.push(row("verify of the whole store", await timed(() => verifyStore(store)), "openssl dgst -sha256", digest));

    const distinct = store.manifest(b).distinctPages();
    const reads = Array.from({ length: RANDOM_PAGES }, (_, i) => {
      // A full-period step through the pages: scattered, and the same in every run.
      const page = distinct.slice((i * 7919) % distinct.length).subarray(0, 1);
      const start = performance.now();
      store.pages.bytes(page);
      return performance.now() - start;
    });
    rows.push(latency("a random page", reads));

    const source = snapshotStrip(store, createKnownSets(store), b);
    const contents = pageContents(store);
    for (const channel of CHANNELS) {
      for (const level of LEVELS) {
        const count = Math.min(TILES_A_LEVEL, tileCount(source.end, level));
        const cuts: number[] = [];
        for (let index = 0; index < count; index++) {
          const start = performance.now();
          await cutTile(source, contents, channel, level, index);
          cuts.push(performance.now() - start);
        }
        rows.push(latency(`a tile of ${channel}, level ${level} (${count})`, cuts));
      }
    }
    return rows;
  } finally {
    store.close();
  }
}

async function timed(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    await work();
    times.push((performance.now() - start) / 1000);
  }
  return median(times);
}

function latency(what: string, milliseconds: readonly number[]): Row {
  const p50 = percentile(milliseconds, 0.5).toFixed(2);
  const p95 = percentile(milliseconds, 0.95).toFixed(2);
  return { what, measured: `p50 ${p50} ms, p95 ${p95} ms`, yardstick: "", ratio: null };
}
