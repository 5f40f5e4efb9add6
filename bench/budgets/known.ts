/**
 * What known sets cost: the ingest of a dump beside one of a million pages, and adding one to a store of a hundred
 * snapshots, which must cost the look-ups of its own pages.
 */
import { hash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { ingestDump } from "../../server/ingest/index.ts";
import { addKnownSet, createKnownSets } from "../../server/known-sets/index.ts";
import { buildKnownSet } from "../../server/known-sets/known-set.ts";
import { type PageWorkers, startPageWorkers } from "../../server/page-workers/index.ts";
import { openStore, type Store } from "../../server/store/index.ts";
import { END_MARK, makeEntry } from "../../test/readers/make-tar.ts";
import type { Pair } from "../pair.ts";
import { median, timeCommand } from "../yardsticks/commands.ts";
import { plainRow, type Row, timeRow } from "./row.ts";

const PAGE = 4096;
const SET_PAGES = 1_000_000;
const SNAPSHOTS = 100;
/** Pages of each of the hundred, of which the next one has all but a hundredth. */
const SNAPSHOT_PAGES = 4096;
/** Pages of the set that is added, a quarter of which the snapshots have. */
const ADDED_PAGES = 16_384;
const IMAGE_BYTES = 2 ** 30;
/** The two times differ by less than single ones vary. */
const ROUNDS = 7;

const options = { signal: new AbortController().signal, onProgress: () => undefined };

export async function benchKnown(pair: Pair, folder: string): Promise<Row[]> {
  const workers = startPageWorkers();
  try {
    return [
      ...(await ingestRows(pair, path.join(folder, "known-ingest"), workers)),
      ...(await addRows(path.join(folder, "known-add"), workers)),
      await imageRow(pair, path.join(folder, "known-image")),
    ];
  } finally {
    await workers.close();
  }
}

async function ingestRows(pair: Pair, folder: string, workers: PageWorkers): Promise<Row[]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [which, into] of times.entries()) {
      const store = openStore(path.join(folder, `${round}-${which}`));
      if (which === 1) addSynthetic(store);
      const start = performance.now();
      await ingestRaw(store, pair.first, workers);
      into.push((performance.now() - start) / 1000);
      store.close();
      rmSync(store.directory, { recursive: true });
    }
  }
  const [without, beside] = times.map(median);
  return [timeRow("ingest beside a known set of 1 million pages", beside, { name: "without", value: without }, "1.1")];
}

function ingestRaw(store: Store, file: string, workers: PageWorkers, container = "bench"): Promise<unknown> {
  const request = { file, container, asRaw: true, base: 0n, keepCut: false };
  return ingestDump(store, request, { ...options, workers });
}

/** A set of pages that no dump has: hashes of numbers. */
function addSynthetic(store: Store): void {
  const builder = buildKnownSet(store.blobs);
  const file = builder.addFile({ paths: ["/made"], layer: 0 });
  for (let page = 0; page < SET_PAGES; page++)
    builder.addPage(file, page, hash("sha256", `known ${page}`, "buffer"), 0);
  const built = builder.finish({ layers: [], notes: [], packages: [], packageOf: () => -1 });
  const record = { name: "made", source: "file", digest: null, addedAt: new Date(0).toISOString(), ...built };
  store.catalog.transaction(() => store.catalog.addKnownSet(record));
}

async function addRows(folder: string, workers: PageWorkers): Promise<Row[]> {
  mkdirSync(path.join(folder, "root"), { recursive: true });
  const dump = path.join(folder, "dump.raw");
  writeFileSync(path.join(folder, "root/file"), contentOf(SNAPSHOT_PAGES - ADDED_PAGES / 4, ADDED_PAGES, -1));
  const empty = openStore(path.join(folder, "empty"));
  const full = openStore(path.join(folder, "full"));
  for (let snapshot = 0; snapshot < SNAPSHOTS; snapshot++) {
    writeFileSync(dump, contentOf(0, SNAPSHOT_PAGES, snapshot));
    await ingestRaw(full, dump, workers);
  }
  const known = createKnownSets(full);
  const times: [number[], number[]] = [[], []];
  const listing: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [which, store] of [empty, full].entries()) {
      const start = performance.now();
      await addKnownSet(store, path.join(folder, "root"), `set ${round}`, options);
      times[which].push((performance.now() - start) / 1000);
    }
    const start = performance.now();
    for (const record of full.catalog.snapshots()) known.provenance(record);
    listing.push(performance.now() - start);
  }
  empty.close();
  full.close();
  rmSync(folder, { recursive: true });
  const yardstick = { name: "into an empty store", value: median(times[0]) };
  return [
    timeRow(
      `known add of ${ADDED_PAGES} pages, ${SNAPSHOTS} snapshots`,
      median(times[1]),
      yardstick,
      "its own look-ups",
    ),
    plainRow(`what it explains in ${SNAPSHOTS} snapshots, counted`, `${median(listing).toFixed(0)} ms`),
  ];
}

/** Pages of numbers; every hundredth has the mark of its snapshot. */
function contentOf(first: number, count: number, mark: number): Buffer {
  const bytes = Buffer.alloc(count * PAGE, 0x5a);
  for (let page = 0; page < count; page++) {
    bytes.writeUInt32LE(first + page, page * PAGE);
    if ((first + page) % 100 === 99) bytes.writeInt32LE(mark, page * PAGE + 4);
  }
  return bytes;
}

/** A tar of a root file system of 1 GiB, of files of all sizes, made of the pages of the pair. */
async function imageRow(pair: Pair, folder: string): Promise<Row> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "root.tar");
  const bytes = writeRootTar(file, pair.first);
  const store = openStore(path.join(folder, "store"));
  const openssl = { name: "openssl dgst -sha256", value: timeCommand("openssl", ["dgst", "-sha256", file]) };
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await addKnownSet(store, file, `set ${round}`, options);
    times.push((performance.now() - start) / 1000);
  }
  store.close();
  rmSync(folder, { recursive: true });
  const rate = bytes / 1e6 / median(times);
  return timeRow(`known add of a tar of 1 GiB, ${rate.toFixed(0)} MB/s`, median(times), openssl, "floor 3");
}

/** @returns its length */
function writeRootTar(file: string, from: string): number {
  const source = openSync(from, "r");
  const out = openSync(file, "w");
  const sizes = [300, 5000, 20_000, 70_000, 1_000_000, 6_000_000];
  let written = 0;
  for (let i = 0, at = 0; written < IMAGE_BYTES; i++) {
    const content = Buffer.alloc(sizes[i % sizes.length]);
    const got = readSync(source, content, 0, content.length, at);
    content.fill(i & 255, got);
    // Bytes that are read again stand in another place of their pages, so that no page comes twice.
    at = got < content.length ? i * 61 : at + got;
    written += writeSync(out, makeEntry({ name: `usr/lib/dir${i % 100}/file${i}`, content }));
  }
  written += writeSync(out, END_MARK);
  closeSync(source);
  closeSync(out);
  return written;
}
