import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { SUMMARY_BYTES } from "../../shared/summary/index.ts";
import { type Blobs, createFileBlobs } from "./blobs.ts";
import { openCatalog } from "./catalog.ts";
import { compressFrame, FRAME_PAGES } from "./frame.ts";
import { createHashTable } from "./hash-table.ts";
import { createPageIntake } from "./intake.ts";
import { lockStore } from "./lock.ts";
import { createManifest, openManifest, openProvenance, writeProvenance } from "./manifest.ts";
import { entriesOf, mergeRuns, openRun, writeRun } from "./page-index.ts";
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
    expect(first).toEqual({ name: createHash("sha256").update("one two").digest("hex"), bytes: 7, grown: 7 });
    expect(put().grown).toBe(0);
    expect(Buffer.from(store.read("packs", first.name, 4, 3)).toString()).toBe("two");
    expect(() => store.read("packs", first.name, 4, 4)).toThrow(/ends at byte 7/);
  });

  test("what is abandoned leaves nothing behind", () => {
    const store = blobs();
    const writer = store.create("manifests");
    writer.append(randomBytes(10));
    writer.abandon();
    expect(store.list("manifests")).toEqual([]);
    expect(store.sweepUnfinished()).toBe(0);
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
        (keys, others, parts) => {
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
            const entries = entriesOf(table.sorted());
            return openRun(store, "index", writeRun(store, "index", table.size, () => [entries]).run.name);
          });
          const merged = openRun(store, "index", writeRun(store, "index", keys.length, () => mergeRuns(runs)).run.name);
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

function intakeOf(store: ReturnType<typeof openStore>, texts: readonly string[]): Uint32Array {
  const { content, hashes } = pagesOf(texts);
  const intake = createPageIntake(store.blobs, store.catalog);
  const { pages, fresh } = intake.number(hashes, texts.length, new Uint8Array(texts.length));
  for (let at = 0; at < fresh.length; at += FRAME_PAGES) {
    const rows = fresh.slice(at, at + FRAME_PAGES);
    const gather = (bytes: Uint8Array, unit: number) =>
      Buffer.concat(Array.from(rows, (row) => bytes.subarray(row * unit, row * unit + unit)));
    intake.keep({
      contents: compressFrame(gather(content, 4096)),
      summaries: compressFrame(new Uint8Array(rows.length * SUMMARY_BYTES)),
      pages: rows.map((row) => pages[row]),
      hashes: gather(hashes, 32),
    });
  }
  const result = intake.finish();
  store.catalog.transaction(() => result.commit());
  return pages;
}

describe("pages", () => {
  test("equal contents get one number, and every number reads back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"), { minLength: 1, maxLength: 90 }), {
          minLength: 1,
          maxLength: 5,
        }),
        (batches) => {
          const directory = folder();
          const store = openStore(directory);
          try {
            const numberOf = new Map<string, number>();
            for (const batch of batches) {
              intakeOf(store, batch).forEach((page, i) => {
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

  test("a changed byte of a pack is told from its hash, never given out", () => {
    const store = openStore(folder());
    onTestFinished(() => store.close());
    const pages = intakeOf(store, ["first", "second"]);
    const [name] = store.blobs.list("packs");
    const file = path.join(store.directory, "packs", name);
    const bytes = readFileSync(file);
    bytes[20] ^= 1;
    writeFileSync(file, bytes);
    expect(() => store.pages.bytes(pages)).toThrow(/cannot be unpacked|does not match its hash|another length/);
  });
});

describe("manifest", () => {
  test("chunks that an earlier manifest holds are referred to, and read back the same", () => {
    const store = blobs();
    // Page numbers of a hash's look: nothing that compresses away.
    const page = new Uint32Array(1024).map((_, row) => (row * 2_654_435_761) % 0xffff_fff0);
    const columns = { state: new Uint8Array(1024), page, partial: [{ row: 0, from: 16, to: 4096 }] };
    const facts = { processes: [], notes: [] } as never;
    const write = (known: Parameters<typeof createManifest>[1]) => {
      const writer = createManifest(store, known);
      const chunk = writer.chunk(1024, columns);
      const laid = [{ mapping: { space: "p1" } as never, counts: {} as never, shown: [], chunks: [chunk] }];
      return { chunk, ...writer.finish({ facts, laid, segmentMaps: [], hasMappings: true }, Uint32Array.of(7)) };
    };
    const first = write(new Map());
    const second = write(new Map([[first.chunk.digest, { ...first.chunk, blob: first.name }]]));
    expect(second.grown).toBeLessThan(first.grown);
    const manifest = openManifest(store, second.name);
    expect([...manifest.refersTo]).toEqual([first.name]);
    expect(manifest.columns(manifest.laid[0].chunks[0])).toEqual(columns);
    expect([...manifest.distinctPages()]).toEqual([7]);
  });

  test("provenance reads back across its sections, with the sharers", () => {
    const store = blobs();
    const codes = Uint8Array.from({ length: 150_000 }, (_, row) => row % 6);
    const { name } = writeProvenance(store, codes, [{ snapshot: "x", name: "redis t0" }], Uint32Array.of(4, 0));
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
    expect(() => openCatalog(directory)).toThrow(/has version 99; this program reads version 1/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("a second writer is refused with the name and start of the first", () => {
    const directory = folder();
    const first = lockStore(directory, "ingest app.tar");
    expect(() => lockStore(directory, "gc")).toThrow(/ingest app.tar \(process \d+\) has been writing since \d{4}-/);
    first[Symbol.dispose]();
    lockStore(directory, "gc")[Symbol.dispose]();
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
