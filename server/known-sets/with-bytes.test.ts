import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { NO_PAGE } from "../../shared/manifest/index.ts";
import { finish, ingest, samplePath, temporaryFolder, temporaryStore } from "../../test/ingest/temporary-store.ts";
import { collectGarbage, deleteSnapshot, type Store, verifyStore } from "../store/index.ts";
import { addBaseline, addKnownSet, openKnownSet, removeKnownSet } from "./index.ts";

const PAGE = 4096;
const options = { signal: new AbortController().signal, onProgress: () => undefined };

function contentOf(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * PAGE);
  numbers.forEach((number, page) => {
    bytes.writeUInt32LE(number, page * PAGE);
  });
  return bytes;
}

/** A file of a root file system, a page for each number; 0 is a page of zeros. */
function rootOf(name: string, numbers: readonly number[], tail = 0): string {
  const root = temporaryFolder();
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), Buffer.concat([contentOf(numbers), Buffer.alloc(tail, 7)]));
  return root;
}

function dumpOf(numbers: readonly number[]): string {
  const file = path.join(temporaryFolder(), "dump.raw");
  writeFileSync(file, contentOf(numbers));
  return file;
}

const numbersIn = (store: Store) => store.catalog.packs().reduce((sum, { pages }) => sum + pages, 0);
const gc = async (store: Store) => {
  using _lock = await store.lock("gc");
  return collectGarbage(store);
};
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

test("the pages are in the store, each once, and come back as the file's bytes", async () => {
  const store = temporaryStore();
  await ingest(store, dumpOf(range(1, 200)), "raw", { asRaw: true });
  const numbers = [...range(150, 400), 0, 0, ...range(150, 3), 0];
  const record = await addKnownSet(store, rootOf("usr/lib/x.so", numbers, 100), "x", { ...options, withBytes: true });
  // 150 to 549 and the tail; 51 of them the dump has brought.
  expect(record).toMatchObject({ pages: 401, withBytes: true });
  expect(numbersIn(store)).toBe(200 + 350);
  const pages = openKnownSet(store.blobs, record).numbersOf("/usr/lib/x.so");
  if (!pages) throw new Error("the set has no numbers");
  expect(pages.length).toBe(numbers.length + 1);
  const expected = Buffer.concat([contentOf(numbers), Buffer.alloc(100, 7), Buffer.alloc(PAGE - 100)]);
  pages.forEach((page, i) => {
    const bytes = page === NO_PAGE ? Buffer.alloc(PAGE) : Buffer.from(store.pages.bytes(Uint32Array.of(page)));
    expect(bytes.equals(expected.subarray(i * PAGE, (i + 1) * PAGE))).toBe(true);
  });
  expect((await verifyStore(store)).problems).toEqual([]);
  // Another set with the same pages adds none, and one without bytes names none.
  await addKnownSet(store, rootOf("y", range(150, 400)), "y", { ...options, withBytes: true });
  expect(numbersIn(store)).toBe(550);
  const plain = await addKnownSet(store, rootOf("z", range(9000, 5)), "z", options);
  expect(numbersIn(store)).toBe(550);
  expect(openKnownSet(store.blobs, plain).numbersOf("/z")).toBeUndefined();
});

test("a dump that comes later stores none of them anew, and they are known, not shared", async () => {
  const store = temporaryStore();
  await addKnownSet(store, rootOf("x", range(1, 100)), "x", { ...options, withBytes: true });
  const { pagesProcessed, provenance } = await ingest(store, dumpOf(range(51, 100)), "raw", { asRaw: true });
  expect(pagesProcessed).toBe(50);
  expect(provenance).toMatchObject({ known: 50, new: 50, shared: 0 });
  await removeKnownSet(store, "x");
  expect((await ingest(store, dumpOf(range(1, 1)), "raw", { asRaw: true })).provenance).toMatchObject({ new: 1 });
});

test("gc leaves the pages of a set that keeps its bytes, and frees them when it is gone", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, dumpOf(range(1, 300)), "raw", { asRaw: true });
  const set = await addKnownSet(store, rootOf("x", range(201, 300)), "x", { ...options, withBytes: true });
  await addKnownSet(store, rootOf("y", range(1, 10)), "y", options);
  await finish(store);
  deleteSnapshot(store, snapshot);
  await gc(store);
  // Of the 300 that came with the dump the set has a third, and 200 of its own.
  expect(numbersIn(store)).toBe(300);
  expect((await verifyStore(store)).problems).toEqual([]);
  const pages = openKnownSet(store.blobs, set).numbersOf("/x") ?? new Uint32Array(0);
  expect(Buffer.from(store.pages.bytes(pages)).equals(contentOf(range(201, 300)))).toBe(true);
  await removeKnownSet(store, "x");
  await gc(store);
  expect(numbersIn(store)).toBe(0);
  expect((await verifyStore(store)).problems).toEqual([]);
});

test("a baseline that keeps its bytes outlives its snapshot", async () => {
  const store = temporaryStore();
  const { snapshot, distinctPages } = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  await addBaseline(store, snapshot, "clean", { withBytes: true });
  const without = await addBaseline(store, snapshot, "hashes");
  expect(without.withBytes).toBe(false);
  deleteSnapshot(store, snapshot);
  await gc(store);
  expect(numbersIn(store)).toBe(distinctPages);
  expect((await verifyStore(store)).problems).toEqual([]);
  const again = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  expect(again.pagesProcessed).toBe(0);
});

test("verify names a set whose pages are gone", async () => {
  const store = temporaryStore();
  await addKnownSet(store, rootOf("x", range(1, 5)), "x", { ...options, withBytes: true });
  const [pack] = store.catalog.packs();
  store.catalog.transaction(() => store.catalog.removePack(pack.name));
  const { problems } = await verifyStore(store);
  expect(problems.map(({ what }) => what)).toContain("5 of 5 pages that the known set x keeps are in no pack");
});
