import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { compressFrame, FRAME_PAGES } from "../frames/index.ts";
import { type Blobs, createFileBlobs } from "./blobs.ts";
import { openCatalog } from "./catalog.ts";
import { createHashTable } from "./hash-table.ts";
import { createPageIntake } from "./intake.ts";
import { FINISHING, KEEPING_LIKENESSES, lockStore } from "./lock.ts";
import { createManifest, createProvenance, openManifest, openProvenance } from "./manifest.ts";
import { createPageHashes } from "./page-hashes.ts";
import { entriesOf, type KeyBytes, mergeRuns, openRun, PAGE_KEY, writeRun } from "./page-index.ts";
import { openStore } from "./store.ts";

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function blobs(): Blobs {
  const made = createFileBlobs(folder());
  onTestFinished(() => made.close());
  return made;
}

const hashOf = (text: string) => createHash("sha256").update(text).digest();

describe("blobs", () => {
  test("a blob is named by its content; the same content costs nothing again", () => {
    const store = blobs();
    const put = () => {
      const writer = store.create("packs");
      writer.append(Buffer.from("one "));
      writer.append(Buffer.from("two"));
      return writer.finish();
    };
    const first = put();
    expect(first).toBe(createHash("sha256").update("one two").digest("hex"));
    expect(put()).toBe(first);
    expect(store.list("packs")).toEqual([first]);
    expect(store.sweepUnfinished()).toBe(0);
    expect(Buffer.from(store.read("packs", first, 4, 3)).toString()).toBe("two");
    expect(() => store.read("packs", first, 4, 4)).toThrow(/ends at byte 7/);
  });

  test("what is abandoned leaves nothing behind", () => {
    const store = blobs();
    const writer = store.create("manifests");
    writer.append(randomBytes(10));
    writer.abandon();
    expect(store.list("manifests")).toEqual([]);
    expect(store.sweepUnfinished()).toBe(0);
  });

  test("what has gone is told alike whoever asks for it first: a reader then looks for its new form", () => {
    const store = blobs();
    const name = "0".repeat(64);
    for (const ask of [() => store.size("packs", name), () => store.read("packs", name, 0, 1)])
      expect(ask).toThrow(expect.objectContaining({ code: "store-damaged", facts: { blob: `packs/${name}` } }));
  });
});

describe("hash table and runs", () => {
  test("find what was added and nothing else, whatever the number of runs", () => {
    const store = blobs();
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { maxLength: 400 }),
        fc.array(fc.string(), { maxLength: 50 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom<KeyBytes>(8, 32),
        (keys, others, parts, keyBytes) => {
          const model = new Map(keys.map((key, page) => [key, page]));
          const runs = Array.from({ length: parts }, (_, part) => {
            const table = createHashTable();
            keys.forEach((key, page) => {
              if (page % parts !== part) return;
              const hash = hashOf(key);
              expect(table.find(hash, 0)).toBe(-1);
              table.add(hash, 0, page);
              expect(table.value(table.find(hash, 0))).toBe(page);
            });
            const sorted = table.sorted();
            const { name } = writeRun(store, "index", keyBytes, table.size, () => entriesOf(sorted, keyBytes));
            return openRun(store, "index", name);
          });
          const written = writeRun(store, "index", PAGE_KEY, keys.length, () => mergeRuns(runs));
          const merged = openRun(store, "index", written.name);
          for (const key of [...keys, ...others]) {
            const expected = model.get(key) ?? -1;
            expect(merged.find(hashOf(key), 0)).toBe(expected);
            expect(Math.max(...runs.map((run) => run.find(hashOf(key), 0)))).toBe(expected);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

/** Pages of which the first bytes are `text`, one a text. */
function pagesOf(texts: readonly string[]): { readonly content: Uint8Array; readonly hashes: Uint8Array } {
  const content = Buffer.alloc(texts.length * 4096);
  const hashes = Buffer.alloc(texts.length * 32);
  texts.forEach((text, i) => {
    content.write(text, i * 4096);
    hashes.set(
      createHash("sha256")
        .update(content.subarray(i * 4096, i * 4096 + 4096))
        .digest(),
      i * 32,
    );
  });
  return { content, hashes };
}

async function intakeOf(store: ReturnType<typeof openStore>, texts: readonly string[]): Promise<Uint32Array> {
  const { content, hashes } = pagesOf(texts);
  const intake = createPageIntake(store.blobs, store.catalog);
  const pages = new Uint32Array(texts.length);
  const fresh = new Uint16Array(texts.length);
  const columns = { zero: new Uint8Array(texts.length), guesses: new Uint32Array(texts.length), pages, fresh };
  const count = intake.number(hashes, texts.length, columns);
  for (let at = 0; at < count; at += FRAME_PAGES) {
    const rows = fresh.slice(at, Math.min(count, at + FRAME_PAGES));
    const gather = (bytes: Uint8Array, unit: number) =>
      Buffer.concat(Array.from(rows, (row) => bytes.subarray(row * unit, row * unit + unit)));
    intake.keep({
      contents: compressFrame(gather(content, 4096), "fast"),
      pages: Uint32Array.from(rows, (row) => pages[row]),
      hashes: gather(hashes, 32),
    });
  }
  const result = await intake.finish();
  store.catalog.transaction(() => result.commit());
  return pages;
}

describe("pages", () => {
  test("equal contents get one number, and every number reads back", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"), { minLength: 1, maxLength: 90 }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (batches) => {
          const directory = folder();
          const store = openStore(directory);
          try {
            const numberOf = new Map<string, number>();
            for (const batch of batches) {
              (await intakeOf(store, batch)).forEach((page, i) => {
                expect(numberOf.get(batch[i]) ?? page).toBe(page);
                numberOf.set(batch[i], page);
              });
            }
            expect(new Set(numberOf.values()).size).toBe(numberOf.size);
            const pages = Uint32Array.from(numberOf.values());
            const bytes = store.pages.bytes(pages);
            expect([...numberOf.keys()]).toEqual(Array.from(pages, (_, i) => String.fromCharCode(bytes[i * 4096])));
            expect(Buffer.from(store.pages.hashes(pages))).toEqual(Buffer.from(pagesOf([...numberOf.keys()]).hashes));
          } finally {
            store.close();
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test("a changed byte of a pack is told from its hash, never given out", async () => {
    const store = openStore(folder());
    onTestFinished(() => store.close());
    const pages = await intakeOf(store, ["first", "second"]);
    const [name] = store.blobs.list("packs");
    const file = path.join(store.directory, "packs", name);
    const bytes = readFileSync(file);
    bytes[20] ^= 1;
    writeFileSync(file, bytes);
    expect(() => store.pages.bytes(pages)).toThrow(/cannot be unpacked|does not match its hash|another length/);
  });
});

describe("look-ups", () => {
  test("pages whose hashes begin alike are told apart, and one that no pack holds is not found", async () => {
    const store = openStore(folder());
    onTestFinished(() => store.close());
    const [a, b] = await intakeOf(store, ["a", "b"]);
    const { hashes } = pagesOf(["a", "b", "c"]);
    const equals = createPageHashes(store.blobs, store.catalog.packs()).equals;
    expect([equals(a, hashes, 0), equals(a, hashes, 32), equals(b, hashes, 32), equals(99, hashes, 0)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    // Keys of 8 bytes that are one and the same: only the whole hash tells which page is meant.
    const entries = new Uint8Array(24);
    for (const [i, page] of [a, b].entries()) {
      entries.set(hashes.subarray(0, 8), i * 12);
      new DataView(entries.buffer).setUint32(i * 12 + 8, page, true);
    }
    const alike = openRun(store.blobs, "index", writeRun(store.blobs, "index", PAGE_KEY, 2, () => [entries]).name);
    const begins = Buffer.from(hashes.subarray(32, 64));
    begins.set(hashes.subarray(0, 8));
    const found = (hash: Uint8Array) => alike.find(hash, 0, (page) => equals(page, hashes, page === a ? 0 : 32));
    expect(found(hashes.subarray(0, 32))).toBe(a);
    expect(alike.find(begins, 0, (page) => page === b)).toBe(b);
    expect(alike.find(begins, 0, () => false)).toBe(-1);
  });

  test("a run too large for memory finds all of its pages and, but for few, asks no disk for others", () => {
    const store = blobs();
    const count = 400_000;
    const keyAt = (row: number) => createHash("sha256").update(`${row}`).digest();
    const table = createHashTable();
    for (let row = 0; row < count; row++) table.add(keyAt(row), 0, row);
    const sorted = table.sorted();
    const { name } = writeRun(store, "index", PAGE_KEY, count, () => entriesOf(sorted, PAGE_KEY));
    let reads = 0;
    const read: Blobs["read"] = (...args) => {
      reads++;
      return store.read(...args);
    };
    const counting = { ...store, read };
    const run = openRun(counting, "index", name);
    for (let row = 0; row < count; row += 997) expect(run.find(keyAt(row), 0)).toBe(row);
    reads = 0;
    for (let row = count; row < count + 10_000; row++) expect(run.find(keyAt(row), 0)).toBe(-1);
    expect(reads).toBeLessThan(500);
  });
});

describe("manifest", () => {
  test("chunks that an earlier manifest holds are referred to, and read back the same", () => {
    const store = blobs();
    // Page numbers of a hash's look: nothing that compresses away.
    const page = new Uint32Array(1024).map((_, row) => (row * 2_654_435_761) % 0x7fff_fff0);
    const columns = { state: new Uint8Array(1024), page, partial: [{ row: 0, from: 16, to: 4096 }] };
    const facts = { processes: [], notes: [] } as never;
    const write = (known: Parameters<typeof createManifest>[1]) => {
      const writer = createManifest(store, known);
      const chunk = writer.chunk(1024, columns);
      const laid = [{ mapping: { space: "p1" } as never, counts: {} as never, shown: [], chunks: [chunk] }];
      return { chunk, name: writer.finish({ facts, laid, segmentMaps: [], hasMappings: true }, Uint32Array.of(7)) };
    };
    const first = write(new Map());
    const second = write(new Map([[first.chunk.digest, { ...first.chunk, blob: first.name }]]));
    expect(store.size("manifests", second.name)).toBeLessThan(store.size("manifests", first.name));
    const manifest = openManifest(store, second.name);
    expect([...manifest.refersTo]).toEqual([first.name]);
    expect(manifest.columns(manifest.laid[0].chunks[0])).toEqual(columns);
    expect([...manifest.distinctPages()]).toEqual([7]);
  });

  test("facts from before machines had facts of their own say nothing of one", () => {
    const store = blobs();
    const facts = { processes: [], notes: ["old"], more: { "kernel release": "6.1.0" } } as never;
    const writer = createManifest(store, new Map());
    const name = writer.finish({ facts, laid: [], segmentMaps: [], hasMappings: true }, new Uint32Array(0));
    expect(openManifest(store, name).facts).toEqual({
      ...{ processes: [], notes: ["old"], more: { "kernel release": "6.1.0" } },
      machine: null,
    });
  });

  test("provenance reads back across its sections, with the sharers", () => {
    const store = blobs();
    const codes = Uint8Array.from({ length: 150_000 }, (_, row) => row % 6);
    const writer = createProvenance(store);
    for (let at = 0; at < codes.length; at += 7777) writer.append(codes.subarray(at, at + 7777));
    const name = writer.finish([{ snapshot: "x", name: "redis t0" }], Uint32Array.of(4, 0));
    const reader = openProvenance(store, name);
    expect(reader.codes(65_530, 70_000)).toEqual(codes.slice(65_530, 135_530));
    expect(reader.sharerOf(4)?.name).toBe("redis t0");
    expect(reader.sharerOf(5)).toBeUndefined();
  });
});

describe("catalog and lock", () => {
  test("a store of another version is refused, and left as it is", () => {
    const directory = folder();
    const catalog = openCatalog(directory);
    catalog.close();
    const file = path.join(directory, "catalog.sqlite");
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    const database = new DatabaseSync(file);
    database.exec("UPDATE meta SET value = '99' WHERE key = 'version'");
    database.close();
    const before = readFileSync(file);
    expect(() => openCatalog(directory)).toThrow(/has version 99; this program reads version 3/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("a second writer is refused with the name and start of the first", async () => {
    const directory = folder();
    const first = await lockStore(directory, "ingest app.tar");
    await expect(lockStore(directory, "gc")).rejects.toThrow(
      /ingest app.tar \(process \d+\) has been writing since \d{4}-/,
    );
    first[Symbol.dispose]();
    (await lockStore(directory, "gc"))[Symbol.dispose]();
  });

  test("who writes waits for a pack that is being finished, and what nobody asked for waits for nobody", async () => {
    const directory = folder();
    const first = await lockStore(directory, FINISHING);
    await expect(lockStore(directory, FINISHING)).rejects.toThrow(/finish \(process/);
    const second = lockStore(directory, "gc");
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
  });

  test("the keeping of likenesses is a moment's work: who writes waits for it, and it waits for a pack", async () => {
    const directory = folder();
    for (const [holder, waiting] of [
      [KEEPING_LIKENESSES, "gc"],
      [FINISHING, KEEPING_LIKENESSES],
    ]) {
      const first = await lockStore(directory, holder);
      const second = lockStore(directory, waiting);
      first[Symbol.dispose]();
      (await second)[Symbol.dispose]();
    }
  });

  test("names are not reused after the last snapshot of a container is deleted", () => {
    const catalog = openCatalog(folder());
    onTestFinished(() => catalog.close());
    const record = { id: "a", container: "app", name: catalog.nextName("app"), sha256: "" } as Parameters<
      typeof catalog.addSnapshot
    >[0];
    catalog.addSnapshot(record, []);
    catalog.removeSnapshot("a");
    expect(catalog.nextName("app")).toBe("t1");
  });
});
