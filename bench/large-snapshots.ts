/**
 * Snapshots of many GiB without the dumps they came from: a row of mappings of 256 MiB whose pages are those of real
 * memory over and over, each time with their bytes rotated further, so that classes and entropy stay and no page but the
 * all-zero one repeats. Then the same with 1 % of the pages changed in 64 equal runs, and that with 1 % changed one by one.
 *
 * (Of the machine dumps; of the bundled samples, of which there are fewer pages, some do beyond 1 GiB.)
 *
 * They are written into the store page by page as an ingest writes them, which spares a dump of as many GiB and the
 * reading of it; 16 GiB of the machine dumps' pages are 2.6 million distinct ones, 4.3 GB in haste, with summaries.
 */
import { hash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { compressFrame, FRAME_PAGES } from "../server/frames/index.ts";
import { ingestDump } from "../server/ingest/index.ts";
import {
  createManifest,
  createPageIntake,
  createProvenance,
  FINISHING,
  finishPacks,
  type Manifest,
  openStore,
  type SnapshotRecord,
  type Store,
} from "../server/store/index.ts";
import { CHUNK_PAGES, NO_PAGE, ZERO_PAGE } from "../shared/manifest/index.ts";
import { provenanceCode } from "../shared/provenance/index.ts";
import { stateCode } from "../shared/snapshot/index.ts";
import { checkpoint, image, message, mm, pagemap } from "../test/readers/make-checkpoint.ts";

const PAGE = 4096;
/** 256 MiB. */
const MAPPING_PAGES = 65_536;
const FIRST_ADDRESS = 0x10_0000_0000n;
const ANONYMOUS = 0x201;
const RUNS = 64;
/** Bytes that one time is rotated further than the one before, and a page with each change within that. */
const ROTATION = 32;
const CHANGED_ROTATION = 8;
const SEED = 7;

export interface LargeSnapshots {
  readonly first: string;
  /** 1 % of the pages changed in 64 equal runs. */
  readonly next: string;
  /** 1 % of the pages of the next changed, each by itself. */
  readonly scattered: string;
  readonly pages: number;
  readonly distinctPages: number;
}

export async function makeLargeSnapshots(
  directory: string,
  content: Buffer,
  gibibytes: number,
): Promise<LargeSnapshots> {
  const pages = gibibytes * 2 ** 18;
  const store = openStore(path.resolve(directory));
  try {
    const frame = await ingestFrame(store, pages);
    const changed = pages / 100;
    const changes = [inRuns(pages, changed), inPlaces(pages, changed)];
    const first = await writeSnapshot(store, frame, content, pages, []);
    const { distinctPages } = store.snapshot(first);
    const next = await writeSnapshot(store, frame, content, pages, changes.slice(0, 1));
    const scattered = await writeSnapshot(store, frame, content, pages, changes);
    await summarise(store);
    return { first, next, scattered, pages, distinctPages };
  } finally {
    store.close();
  }
}

/** A checkpoint of as many pages, all of them zero: what there is beside pages is its. */
async function ingestFrame(store: Store, pages: number): Promise<SnapshotRecord> {
  const areas = Array.from({ length: pages / MAPPING_PAGES }, (_, n) => {
    // A page between two areas keeps them apart.
    const start = FIRST_ADDRESS + BigInt(n * (MAPPING_PAGES + 1) * PAGE);
    return { start, end: start + BigInt(MAPPING_PAGES * PAGE), status: ANONYMOUS };
  });
  const dump = checkpoint({
    "core-1.img": image("core", [message([[1, 1]])]),
    "mm-1.img": mm(areas),
    "pagemap-1.img": pagemap(
      1,
      areas.map(({ start }) => ({ vaddr: start, pages: MAPPING_PAGES, flags: 0 })),
    ),
    "pages-1.img": new Uint8Array(0),
    "pstree.img": image("pstree", [
      message([
        [1, 1],
        [2, 0],
        [5, 1],
      ]),
    ]),
  });
  const file = path.join(store.scratch, "frame.tar");
  writeFileSync(file, dump);
  const request = { file, container: "frame", asRaw: false, base: 0n, keepCut: false };
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  return (await ingestDump(store, request, options)).snapshot;
}

/** @param changes each made to what the one before has left. @returns the id */
async function writeSnapshot(
  store: Store,
  frame: SnapshotRecord,
  content: Buffer,
  pages: number,
  changes: readonly ReadonlySet<number>[],
): Promise<string> {
  const numbers = new Uint32Array(pages);
  const intake = createPageIntake(store.blobs, store.catalog);
  const batch = Buffer.alloc(FRAME_PAGES * PAGE);
  const fresh = Buffer.alloc(FRAME_PAGES * PAGE);
  const hashes = Buffer.alloc(FRAME_PAGES * 32);
  const columns = {
    zero: new Uint8Array(FRAME_PAGES),
    guesses: new Uint32Array(FRAME_PAGES).fill(NO_PAGE),
    pages: new Uint32Array(FRAME_PAGES),
    fresh: new Uint16Array(FRAME_PAGES),
  };
  const before = store.catalog.snapshots("large").find(({ name }) => name === `t${changes.length - 1}`);
  const known = before && numbersOf(store.manifest(before));
  const changed = changes.at(-1) ?? new Set();
  for (let first = 0; first < pages; first += FRAME_PAGES) {
    // What is as it was has the number it had.
    if (known && !isAnyIn(changed, first)) {
      numbers.set(known.subarray(first, first + FRAME_PAGES), first);
      continue;
    }
    for (let i = 0; i < FRAME_PAGES; i++) {
      const page = batch.subarray(i * PAGE, (i + 1) * PAGE);
      fillPage(page, content, first + i, changes.filter((one) => one.has(first + i)).length);
      columns.zero[i] = page.equals(NOTHING) ? 1 : 0;
      hashes.write(hash("sha256", page, "binary"), i * 32, 32, "latin1");
    }
    const count = intake.number(hashes, FRAME_PAGES, columns);
    numbers.set(columns.pages, first);
    if (count === 0) continue;
    const rows = columns.fresh.subarray(0, count);
    rows.forEach((row, n) => {
      batch.copy(fresh, n * PAGE, row * PAGE, (row + 1) * PAGE);
    });
    intake.keep({
      contents: compressFrame(fresh.subarray(0, count * PAGE), "fast"),
      pages: Uint32Array.from(rows, (row) => columns.pages[row]),
      hashes: Buffer.concat(Array.from(rows, (row) => hashes.subarray(row * 32, row * 32 + 32))),
    });
  }
  const finished = await intake.finish();
  const record = recordOf(store, frame, numbers, before);
  store.catalog.transaction(() => {
    finished.commit();
    store.catalog.addSnapshot(record, []);
    // Pages are read as often as not: their final form is not what is measured.
    for (const { name } of store.catalog.packs()) store.catalog.replacePack(name, name);
  });
  return record.id;
}

const NOTHING = Buffer.alloc(PAGE);

/**
 * Runs of 64 pages stay together; each time they follow one another in another order, so that no picture of it repeats.
 * @param times how often the page has changed
 */
function fillPage(page: Buffer, content: Buffer, at: number, times: number): void {
  const runs = Math.floor(content.length / PAGE / FRAME_PAGES);
  const count = runs * FRAME_PAGES;
  const time = Math.floor(at / count);
  const run = orderOf(time, runs)[Math.floor((at % count) / FRAME_PAGES)];
  const from = (run * FRAME_PAGES + (at % FRAME_PAGES)) * PAGE;
  const by = ((time * ROTATION) % PAGE) + times * CHANGED_ROTATION;
  content.copy(page, 0, from + by, from + PAGE);
  content.copy(page, PAGE - by, from, from + by);
}

let order: { readonly time: number; readonly runs: Uint32Array } | undefined;

/** The runs of pages in the order of this time. */
function orderOf(time: number, count: number): Uint32Array {
  if (order?.time !== time || order.runs.length !== count) {
    const random = createRandom(SEED + time);
    const runs = Uint32Array.from({ length: count }, (_, n) => n);
    for (let n = count - 1; time > 0 && n > 0; n--) {
      const other = random(n + 1);
      [runs[n], runs[other]] = [runs[other], runs[n]];
    }
    order = { time, runs };
  }
  return order.runs;
}

function isAnyIn(changed: ReadonlySet<number>, first: number): boolean {
  for (let page = first; page < first + FRAME_PAGES; page++) if (changed.has(page)) return true;
  return false;
}

function numbersOf(manifest: Manifest): Uint32Array {
  return Uint32Array.from(
    manifest.laid.flatMap(({ chunks }) =>
      chunks.flatMap((chunk) => {
        const { state, page } = manifest.columns(chunk);
        return Array.from(page, (number, row) => (state[row] === ZERO ? ZERO_PAGE : number));
      }),
    ),
  );
}

const DATA = stateCode("data");
const ZERO = stateCode("zero");

/** The manifest of the frame with these pages in it, and its record. */
function recordOf(
  store: Store,
  frame: SnapshotRecord,
  numbers: Uint32Array,
  before: SnapshotRecord | undefined,
): SnapshotRecord {
  const directory = store.manifest(frame);
  const writer = createManifest(store.blobs, new Map());
  const provenance = createProvenance(store.blobs);
  const known = before && numbersOf(store.manifest(before));
  const counts = { zero: 0, unchanged: 0, fresh: 0 };
  let row = 0;
  const laid = directory.laid.map((entry) => {
    const first = row;
    const chunks = entry.chunks.flatMap(({ start, rows }) =>
      Array.from({ length: Math.ceil(rows / CHUNK_PAGES) }, (_, n) => {
        const length = Math.min(CHUNK_PAGES, rows - n * CHUNK_PAGES);
        const page = numbers.slice(row, row + length);
        const state = Uint8Array.from(page, (number) => (number === ZERO_PAGE ? ZERO : DATA));
        provenance.append(
          Uint8Array.from(page, (number, i) => {
            const why = number === ZERO_PAGE ? "zero" : known?.[row + i] === number ? "unchanged" : "new";
            counts[why === "new" ? "fresh" : why]++;
            return provenanceCode(why);
          }),
        );
        row += length;
        const columns = { state, page: page.map((number) => (number === ZERO_PAGE ? NO_PAGE : number)), partial: [] };
        return writer.chunk(start + n * CHUNK_PAGES, columns);
      }),
    );
    const zero = numbers.subarray(first, row).filter((number) => number === ZERO_PAGE).length;
    return { ...entry, counts: { ...entry.counts, zero, present: row - first - zero }, chunks };
  });
  const distinct = distinctOf(numbers);
  const ordinal = store.catalog.snapshots("large").length;
  const { facts, segmentMaps, hasMappings } = directory;
  const id = hash("sha256", `large ${ordinal}`).slice(0, 10);
  return {
    ...frame,
    id,
    container: "large",
    name: `t${ordinal}`,
    sha256: hash("sha256", id),
    manifest: writer.finish({ facts, laid, segmentMaps, hasMappings }, distinct),
    provenanceBlob: provenance.finish([], new Uint32Array(0)),
    parent: before?.id ?? null,
    pages: { ...frame.pages, zero: counts.zero, present: numbers.length - counts.zero },
    provenance: { ...frame.provenance, zero: counts.zero, unchanged: counts.unchanged, new: counts.fresh },
    distinctPages: distinct.length,
  };
}

function distinctOf(numbers: Uint32Array): Uint32Array {
  const sorted = numbers.filter((number) => number !== ZERO_PAGE).sort();
  return sorted.filter((number, i) => i === 0 || number !== sorted[i - 1]);
}

async function summarise(store: Store): Promise<void> {
  await finishPacks(store, { signal: new AbortController().signal, lock: () => store.lock(FINISHING) });
}

/** The same numbers below `limit` in every run. */
export function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    // Numerical Recipes' generator; its low bits are poor, so the high ones decide.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function inRuns(pages: number, changed: number): Set<number> {
  const random = createRandom(SEED);
  const length = Math.floor(changed / RUNS);
  // One run in each 64th, so that none meets another.
  const stretch = Math.floor(pages / RUNS);
  const found = new Set<number>();
  for (let run = 0; run < RUNS; run++) {
    const start = run * stretch + random(stretch - length);
    for (let page = start; page < start + length; page++) found.add(page);
  }
  return found;
}

function inPlaces(pages: number, changed: number): Set<number> {
  const random = createRandom(SEED);
  const found = new Set<number>();
  while (found.size < Math.floor(changed)) found.add(random(pages));
  return found;
}
