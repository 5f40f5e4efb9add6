import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { exportDump } from "../../server/export/index.ts";
import { openStore, verifyStore } from "../../server/store/index.ts";
import { totalsOfSummaries } from "../../shared/summary/index.ts";
import { finish, ingest, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";

const PAGES = 24_000;

/** More pages than one pack holds, each with some bytes of its own between zeros. */
function largeDump(): { readonly file: string; readonly sha256: string } {
  const content = Buffer.alloc(PAGES * 4096);
  for (let page = 0; page < PAGES; page++) {
    const own = createHash("shake256", { outputLength: 256 }).update(String(page)).digest();
    for (let copy = 0; copy < 4; copy++) content.set(own, page * 4096 + copy * 1024);
  }
  const file = path.join(temporaryFolder(), "large.raw");
  writeFileSync(file, content);
  return { file, sha256: createHash("sha256").update(content).digest("hex") };
}

test("finishing changes the form of packs and nothing that is read from them, for whoever reads beside it too", async () => {
  const store = temporaryStore();
  const { file, sha256 } = largeDump();
  const { snapshot, bytesStored } = await ingest(store, file, "large", { asRaw: true });
  const pages = store.manifest(snapshot).distinctPages();
  expect(pages.length).toBe(PAGES);
  const hasty = store.catalog.packs();
  expect(hasty.map(({ summaries, isDense }) => ({ summaries, isDense }))).toEqual([
    { summaries: null, isDense: false },
    { summaries: null, isDense: false },
  ]);
  // The first pack is compressed while it is read; of the second what was not under way when the first was full is stored as it is.
  const bytesOf = (names: readonly string[]) => names.map((name) => store.blobs.size("packs", name));
  const [first, second] = bytesOf(hasty.map(({ name }) => name));
  expect(first / 16_384).toBeLessThan(1024);
  expect(second / (PAGES - 16_384)).toBeGreaterThan(2048);

  const beside = openStore(store.directory);
  const sample = pages.filter((_, i) => i % 97 === 0);
  const before = {
    bytes: beside.pages.bytes(sample),
    summaries: beside.pages.summaries(sample),
    totals: beside.pages.totals(sample),
  };
  expect(Buffer.from(totalsOfSummaries(before.summaries)).equals(before.totals)).toBe(true);
  expect(await finish(store)).toEqual({ packs: 2, pages: PAGES });
  expect(store.catalog.packs().every(({ summaries, isDense }) => summaries !== null && isDense)).toBe(true);
  expect(store.storedBytes()).toBeLessThan(bytesStored);
  for (const reader of [store, beside]) {
    expect(Buffer.from(reader.pages.bytes(sample)).equals(before.bytes)).toBe(true);
    expect(Buffer.from(reader.pages.summaries(sample)).equals(before.summaries)).toBe(true);
    expect(Buffer.from(reader.pages.totals(sample)).equals(before.totals)).toBe(true);
    // Runs of neighbours, which are copied as such, and pages that stand apart.
    for (const some of [pages, pages.filter((_, i) => i % 5 !== 2)])
      expect(Buffer.from(reader.pages.totals(some)).equals(totalsOfSummaries(reader.pages.summaries(some)))).toBe(true);
    // Pages that this reader has not met before, whose packs have other names now.
    reader.pages.bytes(pages.filter((_, i) => i % 97 === 50));
  }
  beside.close();
  const hash = createHash("sha256");
  for await (const piece of exportDump(store, snapshot)) hash.update(piece);
  expect(hash.digest("hex")).toBe(sha256);
  expect(await verifyStore(store)).toMatchObject({ ok: true, problems: [] });
  expect(await finish(store)).toEqual({ packs: 0, pages: 0 });
});

test("summaries that were made before totals were kept have the same totals", async () => {
  const store = temporaryStore();
  const file = path.join(temporaryFolder(), "dump.raw");
  writeFileSync(file, randomBytes(200 * 4096));
  const { snapshot } = await ingest(store, file, "dump", { asRaw: true });
  await finish(store);
  const pages = store.manifest(snapshot).distinctPages();
  const totals = store.pages.totals(pages);
  const [{ name, summaries }] = store.catalog.packs();
  if (summaries === null) throw new Error("the pack has been finished");

  const size = store.blobs.size("summaries", summaries);
  const bytes = store.blobs.read("summaries", summaries, 0, size);
  const footer = new DataView(bytes.buffer, size - 12);
  const older = store.blobs.create("summaries");
  older.append(bytes.subarray(0, size - 12 - 12));
  footer.setUint32(4, footer.getUint32(4, true) - 12, true);
  older.append(bytes.subarray(size - 12));
  const olderName = older.finish();
  store.catalog.transaction(() => store.catalog.setSummaries(name, olderName));
  expect(Buffer.from(store.pages.totals(pages)).equals(totals)).toBe(true);
  expect(await verifyStore(store)).toMatchObject({ ok: true, problems: [] });
});
