/**
 * The viewer on a snapshot of 16 GiB: latency of tiles at every level, and a tour of 200 pans and zooms in a browser, of
 * the snapshot, of its next one with 1 % changed in 64 runs, and of the one after that with 1 % changed page by page.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pageContents, snapshotStrip, unrankedStrip } from "../../server/inspect/index.ts";
import { createKnownSets } from "../../server/known-sets/index.ts";
import { openStore } from "../../server/store/index.ts";
import { createTileCutter } from "../../server/tiles/index.ts";
import { tileCount } from "../../shared/tile/index.ts";
import { launchChromium } from "../../test/chromium.ts";
import { type LargeSnapshots, makeLargeSnapshots } from "../large-snapshots.ts";
import { openTourist, type Tour } from "../tour.ts";
import { percentile } from "../yardsticks/commands.ts";
import { latency, plainRow, type Row } from "./row.ts";
import { benchCancels } from "./searches.ts";

const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");
const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const CHANNELS = ["class", "provenance"] as const;
/** Spread over the strip. */
const TILES_A_LEVEL = 24;

/** @param content pages of real memory. @param gibibytes of each snapshot */
export async function benchViewer(content: Buffer, folder: string, gibibytes: number): Promise<Row[]> {
  const directory = path.join(folder, "viewer-store");
  const large = await makeLargeSnapshots(directory, content, gibibytes);
  const size = `${gibibytes} GiB, ${large.distinctPages} distinct pages`;
  const rows: Row[] = [];
  for (const channel of CHANNELS)
    for (const level of LEVELS) rows.push(await tileRow(directory, large, channel, level, size));
  rows.push(...(await benchCancels(directory, large.first, `${gibibytes} GiB`)));
  rows.push(...(await tourRows(directory, large, `${gibibytes} GiB`)));
  rmSync(directory, { recursive: true });
  return rows;
}

async function tileRow(
  directory: string,
  { first }: LargeSnapshots,
  channel: (typeof CHANNELS)[number],
  level: number,
  size: string,
): Promise<Row> {
  const store = openStore(path.resolve(directory));
  try {
    const snapshot = store.snapshot(first);
    const known = createKnownSets(store);
    const source = channel === "provenance" ? snapshotStrip(store, known, snapshot) : unrankedStrip(store, snapshot);
    const request = { key: snapshot.manifest, source, contents: pageContents(store), channel, level };
    const cutter = createTileCutter({ cacheBytes: 256 << 20 });
    const all = tileCount(source.end, level);
    const count = Math.min(TILES_A_LEVEL, all);
    const cut = async () => {
      const times: number[] = [];
      for (let n = 0; n < count; n++) {
        const start = performance.now();
        await cutter.tiles(request, [Math.floor((n * all) / count)]);
        times.push(performance.now() - start);
      }
      return latency(times);
    };
    const budget = level >= 3 ? "warm p95: floor 10 ms, aim 3" : "";
    const measured = `cold ${await cut()}; warm ${await cut()}`;
    return plainRow(`a tile of ${channel}, level ${level} (${count}), ${size}`, measured, budget);
  } finally {
    store.close();
  }
}

async function tourRows(directory: string, large: LargeSnapshots, size: string): Promise<Row[]> {
  const server = await serve(directory);
  const browser = await launchChromium();
  try {
    // One window, as of a person who goes from each snapshot to the next.
    const tourist = await openTourist(browser, server.url);
    const visit = (which: "first" | "next" | "scattered") => tourist.visit(`/s/${large[which]}`);
    const first = await visit("first");
    const next = await visit("next");
    const tours = { first, next, scattered: await visit("scattered") };
    await tourist.close();
    return rowsOf(tours, size);
  } finally {
    await browser.close();
    await server.close();
  }
}

function rowsOf({ first, next, scattered }: Record<"first" | "next" | "scattered", Tour>, size: string): Row[] {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  const traffic = ({ requests, bytes }: Tour["whole"]) => `${requests} requests, ${megabytes(bytes)}`;
  const beside = (what: string, of: (tour: Tour) => Tour["whole"], tour: Tour, budget: string): Row => ({
    what,
    measured: traffic(of(tour)),
    yardstick: `the first: ${traffic(of(first))}`,
    ratio: of(tour).bytes / of(first).bytes,
    budget,
  });
  const screen = (tour: Tour) => tour.firstScreen;
  const whole = (tour: Tour) => tour.whole;
  const frames = [0.5, 0.95, 1].map((share) => percentile(first.frames, share).toFixed(1));
  return [
    plainRow(`first screen of ${size}`, traffic(first.firstScreen)),
    plainRow(`tour of 200 pans and zooms of ${size}`, traffic(first.whole)),
    plainRow(
      "script of a frame on that tour, main thread",
      `p50 ${frames[0]} ms, p95 ${frames[1]} ms, most ${frames[2]} ms of ${first.frames.length} frames`,
      "p95: floor 8 ms, aim 4",
    ),
    plainRow(
      "client after that tour",
      `heap ${megabytes(first.heapBytes)}, arrays ${megabytes(first.arrayBytes)}, textures ${megabytes(first.textureBytes)}`,
    ),
    beside("first screen of the next, 1 % changed in 64 runs", screen, next, "floor 0.15, aim 0.05"),
    beside("the same tour of the next, 1 % changed in 64 runs", whole, next, "floor 0.15, aim 0.05"),
    beside("first screen of the one after it, 1 % changed page by page", screen, scattered, ""),
    beside("the same tour of the one after it, 1 % changed page by page", whole, scattered, ""),
    {
      ...plainRow("tiles given to the GPU on the tour of the next", megabytes(next.uploadedBytes)),
      yardstick: `the first: ${megabytes(first.uploadedBytes)}`,
      ratio: next.uploadedBytes / first.uploadedBytes,
    },
  ];
}

async function serve(store: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, [LAUNCHER, "serve", "--port", "0", "--json"], {
    env: { ...process.env, DUMPSCOPE_DATA: store, DUMPSCOPE_LOG: "silent" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!child.stdout) throw new Error("the server says nothing");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    url: (JSON.parse(line) as { url: string }).url,
    async close() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
