/** Ingests that run beside each other: what they leave is what they leave one after another. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { exportDump } from "../../server/export/index.ts";
import { compressFrame } from "../../server/frames/index.ts";
import { createIngestGroup, type IngestedDump, type IngestRequest, ingestDump } from "../../server/ingest/index.ts";
import { startPageWorkers } from "../../server/page-workers/index.ts";
import {
  collectGarbage,
  createPageIntake,
  createPageNumbers,
  deleteSnapshot,
  openStore,
  type PageIntake,
  type SnapshotRecord,
  type Store,
  verifyStore,
} from "../../server/store/index.ts";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";
import { namesIn, toldBy } from "./whole.ts";

const PAGE = 4096;

describe("intakes", () => {
  const letter = fc.constantFrom(..."abcdefghijklmnop");
  const step = fc.record({ who: fc.nat(2), texts: fc.array(letter, { minLength: 1, maxLength: 6 }) });
  const end = fc.record({ who: fc.nat(2), commits: fc.boolean() });

  test("a content that several of them bring has one number, whoever commits first, and every number reads back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof({ weight: 4, arbitrary: step }, end), { maxLength: 24 }), async (acts) => {
        const store = openStore(path.join(temporaryFolder(), "store"));
        try {
          await play(store, acts);
        } finally {
          store.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  type Act = { who: number; texts: string[] } | { who: number; commits: boolean };

  async function play(store: Store, acts: readonly Act[]): Promise<void> {
    const numbers = createPageNumbers(store.catalog.nextPage);
    const open = () => ({ intake: createPageIntake(store.blobs, store.catalog, numbers), texts: [""], pages: [-1] });
    const players = [open(), open(), open()];
    const committed = new Map<string, number>();
    const ends = players.map((_, who) => ({ who, commits: true }));
    for (const act of [...acts, ...ends]) {
      const { intake, texts, pages } = players[act.who];
      if ("texts" in act) {
        texts.push(...act.texts);
        pages.push(...give(intake, act.texts));
        continue;
      }
      players[act.who] = open();
      if (!act.commits) {
        await intake.abandon();
        continue;
      }
      const settled = Uint32Array.from(pages.slice(1));
      intake.settle(settled);
      const before = committed.size;
      texts.slice(1).forEach((text, i) => {
        expect(committed.get(text) ?? settled[i], text).toBe(settled[i]);
        expect(intake.isOwn(settled[i]), text).toBe(!committed.has(text) || fresh.has(text));
        if (!committed.has(text)) fresh.add(text);
        committed.set(text, settled[i]);
      });
      fresh.clear();
      expect(intake.added).toBe(committed.size - before);
      const finished = await intake.finish();
      store.catalog.transaction(() => finished.commit());
    }
    expect(new Set(committed.values()).size).toBe(committed.size);
    const bytes = store.pages.bytes(Uint32Array.from(committed.values()));
    expect(Array.from(committed.keys(), (_, i) => String.fromCharCode(bytes[i * PAGE]))).toEqual([...committed.keys()]);
    const ranges = store.catalog.packs().map(({ firstPage, lastPage }) => [firstPage, lastPage]);
    ranges.forEach(([first], i) => {
      if (i > 0) expect(first).toBeGreaterThan(ranges[i - 1][1]);
    });
    expect((await verifyStore(store)).problems).toEqual([]);
  }

  /** Contents that came first with the commit that is looked at. */
  const fresh = new Set<string>();

  /** One batch, and the frame of what is new of it. */
  function give(intake: PageIntake, texts: readonly string[]): number[] {
    const content = Buffer.alloc(texts.length * PAGE);
    const hashes = Buffer.alloc(texts.length * 32);
    texts.forEach((text, i) => {
      const page = content.subarray(i * PAGE, (i + 1) * PAGE);
      page.write(text);
      hashes.set(createHash("sha256").update(page).digest(), i * 32);
    });
    const columns = {
      zero: new Uint8Array(texts.length),
      guesses: new Uint32Array(texts.length).fill(0xffff_ffff),
      pages: new Uint32Array(texts.length),
      fresh: new Uint16Array(texts.length),
    };
    const rows = columns.fresh.subarray(0, intake.number(hashes, texts.length, columns));
    if (rows.length > 0) {
      const gather = (bytes: Uint8Array, unit: number) =>
        Buffer.concat(Array.from(rows, (row) => bytes.subarray(row * unit, (row + 1) * unit)));
      intake.keep({
        contents: compressFrame(gather(content, PAGE), "fast"),
        pages: Uint32Array.from(rows, (row) => columns.pages[row]),
        hashes: gather(hashes, 32),
      });
    }
    return [...columns.pages];
  }
});

type Asked = Pick<IngestRequest, "file" | "container"> & Partial<IngestRequest>;

/** All at once. */
function ingestBeside(store: Store, asked: readonly Asked[], signals: readonly AbortSignal[] = []) {
  const group = createIngestGroup(store);
  const workers = startPageWorkers();
  onTestFinished(() => workers.close());
  return Promise.allSettled(
    asked.map((request, i) =>
      ingestDump(
        store,
        { asRaw: false, base: 0n, keepCut: false, ...request },
        { signal: signals[i] ?? new AbortController().signal, workers, onProgress: () => undefined },
        group,
      ),
    ),
  );
}

async function exported(store: Store, snapshot: SnapshotRecord): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of exportDump(store, snapshot)) hash.update(piece);
  return hash.digest("hex");
}

const SAMPLES = ["redis-t0.tar.zst", "redis-t1.tar.zst", "redis-t2.tar.zst"].map((name) => samplePath("podman", name));

test("dumps that share most of their pages, read at once, keep each content once and come back exactly", async () => {
  const store = temporaryStore();
  const asked = SAMPLES.map((file, i) => ({ file, container: `c${i}` }));
  const ended = await ingestBeside(store, asked);
  const taken = ended.map((one) => (one as PromiseFulfilledResult<IngestedDump>).value);
  const alone = temporaryStore();
  let processed = 0;
  for (const [i, file] of SAMPLES.entries()) processed += (await ingest(alone, file, `c${i}`)).pagesProcessed;
  expect(taken.reduce((sum, one) => sum + one.pagesProcessed, 0)).toBe(processed);
  // Whoever was there first is new, whoever came later shares: together they are what they are one after another.
  const total = (which: "new" | "shared") => taken.reduce((sum, { provenance }) => sum + provenance[which], 0);
  expect(total("new")).toBe(processed);
  expect(total("new") + total("shared")).toBe(taken.reduce((sum, { pages }) => sum + pages.present, 0));
  for (const { snapshot } of taken) expect(await exported(store, snapshot)).toBe(snapshot.unpackedSha256);
  expect((await verifyStore(store)).problems).toEqual([]);
  expect(namesIn(store.directory)).toEqual(toldBy(store.directory).named);

  deleteSnapshot(store, taken[0].snapshot);
  await collectGarbage(store);
  for (const { snapshot } of taken.slice(1)) expect(await exported(store, snapshot)).toBe(snapshot.unpackedSha256);
  expect((await verifyStore(store)).problems).toEqual([]);
  const again = await ingest(store, SAMPLES[0], "c0");
  expect(await exported(store, again.snapshot)).toBe(again.snapshot.unpackedSha256);
  const left = new Set(taken.slice(1).flatMap(({ snapshot }) => [...store.manifest(snapshot).distinctPages()]));
  const lacked = [...store.manifest(again.snapshot).distinctPages()].filter((page) => !left.has(page));
  expect(again.provenance.new).toBe(lacked.length);
});

test("one that is refused, and one that is cancelled, leave nothing behind and the others alone", async () => {
  const store = temporaryStore();
  const folder = temporaryFolder();
  const large = path.join(folder, "large.raw");
  writeFileSync(large, Buffer.alloc(64 << 20, Buffer.from(Array.from({ length: 4099 }, (_, i) => i % 256))));
  const unknown = path.join(folder, "unknown.bin");
  writeFileSync(unknown, Buffer.alloc(PAGE, "no dump"));
  const stop = new AbortController();
  stop.abort();
  const asked = [
    { file: large, container: "large", asRaw: true },
    { file: unknown, container: "unknown" },
    { file: SAMPLES[0], container: "cancelled" },
    { file: SAMPLES[1], container: "kept" },
  ];
  const signals = asked.map(({ container }) => (container === "cancelled" ? stop : new AbortController()).signal);
  const ended = await ingestBeside(store, asked, signals);
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(
    store.catalog
      .snapshots()
      .map(({ container }) => container)
      .sort(),
  ).toEqual(["kept", "large"]);
  for (const record of store.catalog.snapshots())
    expect(await exported(store, record)).toBe(record.unpackedSha256 ?? record.sha256);
  expect((await verifyStore(store)).problems).toEqual([]);
  expect(namesIn(store.directory)).toEqual(toldBy(store.directory).named);
});
