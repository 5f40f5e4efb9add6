import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { GHOST_PAGES } from "../../test/filling/ghost.ts";
import { expected, ingest, samplePath, temporaryFolder, temporaryStore } from "../../test/ingest/temporary-store.ts";
import { END_MARK, makeEntry, makeTar } from "../../test/readers/make-tar.ts";
import { addKnownSet, createKnownSets, removeKnownSet } from "../known-sets/index.ts";
import { collectGarbage, type SnapshotRecord, type Store } from "../store/index.ts";
import { createFillings, type Filling } from "./index.ts";

const PAGE = 4096;
const options = { signal: new AbortController().signal, onProgress: () => undefined };
const TINY = samplePath("images", "tiny-oci.tar");

const filled = (store: Store, snapshot: SnapshotRecord) => createFillings(store, createKnownSets(store)).of(snapshot);

/** The bytes of pages of a space; `undefined` where nothing is filled. */
function contentsOf(filling: Filling, space: Space, page: number, count: number): (Buffer | undefined)[] {
  return Array.from(filling.numbers(space, page, count), (number) =>
    number === NO_PAGE
      ? undefined
      : number === ZERO_PAGE
        ? Buffer.alloc(PAGE)
        : Buffer.from(filling.bytes(Uint32Array.of(number))),
  );
}

/** A root file system with one file of these pages, each full of one byte. */
function rootOf(name: string, values: readonly number[]): string {
  const root = temporaryFolder();
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), Buffer.concat(values.map((value) => Buffer.alloc(PAGE, value))));
  return root;
}

test("pages of a deleted file are filled from the dump's ghost file byte for byte, and from no image", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  await addKnownSet(store, rootOf("tmp/ghost.bin", [1, 2, 3]), "stranger", { ...options, withBytes: true });
  const filling = await filled(store, snapshot);
  expect(filling.counts).toEqual({ ofDeletedFiles: 3, fromGhost: 3, fromImage: 0 });
  const [run, ...others] = [...filling.runs()];
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    space: "p1",
    count: 3,
    offset: 0,
    source: { kind: "ghost", path: "/tmp/ghost.bin", member: "checkpoint/ghost-file-1.img" },
  });
  expect(contentsOf(filling, "p1", run.page - 1, 5)).toEqual([undefined, ...GHOST_PAGES, undefined]);
});

test("a deleted file of which the dump has nothing stays empty, whatever an image calls so", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  const { laid, ...manifest } = store.manifest(snapshot);
  const isGhost = (one: (typeof laid)[number]) => one.mapping.path === "/tmp/ghost.bin";
  const renamed = laid.map((one) => (isGhost(one) ? { ...one, mapping: { ...one.mapping, path: "/usr/bin/x" } } : one));
  const without: Store = { ...store, manifest: () => ({ ...manifest, laid: renamed }) };
  await addKnownSet(store, rootOf("usr/bin/x", [1, 2, 3]), "x", { ...options, withBytes: true });
  expect((await filled(without, snapshot)).counts).toEqual({ ofDeletedFiles: 3, fromGhost: 0, fromImage: 0 });
});

test("a set that is removed and added again under its name counts as it is now, its pages too", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  const known = createKnownSets(store);
  const fillings = createFillings(store, known);
  await addKnownSet(store, TINY, "tiny", options);
  expect((await fillings.of(snapshot)).counts.fromImage).toBe(0);
  await removeKnownSet(store, "tiny");
  await addKnownSet(store, TINY, "tiny", { ...options, withBytes: true });
  const before = await fillings.of(snapshot);
  expect(before.counts.fromImage).toBeGreaterThan(0);
  const contents = async () => {
    const filling = await fillings.of(snapshot);
    const [{ space, page, count }] = filling.runs();
    return contentsOf(filling, space, page, count);
  };
  const there = await contents();
  await removeKnownSet(store, "tiny");
  await collectGarbage(store);
  // Others have taken the numbers of its pages.
  await addKnownSet(store, rootOf("x", [1, 2, 3, 4]), "others", { ...options, withBytes: true });
  await addKnownSet(store, TINY, "tiny", { ...options, withBytes: true });
  expect(known.sets().map(({ record }) => record.withBytes)).toEqual([true, true]);
  expect(await contents()).toEqual(there);
});

test("a file that the container had changed is not filled from the image", async () => {
  const store = temporaryStore();
  const changed = makeTar([{ name: "tiny", content: "another program" }]);
  const dump = path.join(temporaryFolder(), "changed.tar");
  const sample = readFileSync(samplePath("podman", "tiny-t0.tar"));
  // Behind the last member: of two of one name the last one counts.
  const end = sample.length - END_MARK.length;
  const difference = makeEntry({ name: "rootfs-diff.tar", content: changed });
  writeFileSync(dump, Buffer.concat([sample.subarray(0, end), difference, END_MARK]));
  const { snapshot } = await ingest(store, dump, "tiny");
  await addKnownSet(store, TINY, "tiny", { ...options, withBytes: true });
  expect((await filled(store, snapshot)).counts).toEqual({ ofDeletedFiles: 0, fromGhost: 0, fromImage: 0 });
});

test("pages left to files of the image are filled while the set is there, and no count of the dump changes", async () => {
  const counted = expected<{ dumps: Record<string, { absentFileByPath: Record<string, number> }> }>("podman");
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  const known = createKnownSets(store);
  const fillings = createFillings(store, known);
  const none = { ofDeletedFiles: 0, fromGhost: 0, fromImage: 0 };
  expect((await fillings.of(snapshot)).counts).toEqual(none);
  await addKnownSet(store, TINY, "hashes", options);
  expect((await fillings.of(snapshot)).counts).toEqual(none);
  const before = known.provenance(snapshot);
  await addKnownSet(store, TINY, "tiny", { ...options, withBytes: true });
  const filling = await fillings.of(snapshot);
  expect(filling.counts).toEqual({ ...none, fromImage: counted.dumps["tiny-t0.tar"].absentFileByPath["/tiny"] });
  expect(filling.laidCounts.reduce((sum, { fromImage }) => sum + fromImage, 0)).toBe(filling.counts.fromImage);
  expect(known.provenance(snapshot)).toEqual(before);
  for (const { source, space, page, count } of filling.runs()) {
    expect(source).toMatchObject({
      kind: "image",
      path: "/tiny",
      set: "tiny",
      layer: expect.stringMatching(/^sha256:/),
    });
    expect(contentsOf(filling, space, page, count)).not.toContain(undefined);
  }
  await removeKnownSet(store, "tiny");
  expect((await fillings.of(snapshot)).counts).toEqual(none);
});

test("path and offset choose the page: what is filled is the file's byte for byte", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  // As long as the file that is mapped; no page is another.
  const root = rootOf(
    "tiny",
    Array.from({ length: 12 }, (_, page) => page + 1),
  );
  await addKnownSet(store, root, "made", { ...options, withBytes: true });
  const filling = await filled(store, snapshot);
  let pages = 0;
  for (const { space, page, count, offset } of filling.runs()) {
    contentsOf(filling, space, page, count).forEach((content, i) => {
      expect(content?.every((byte) => byte === offset / PAGE + i + 1)).toBe(true);
      pages++;
    });
  }
  expect(pages).toBe(filling.counts.fromImage);
  expect(pages).toBeGreaterThan(0);
});

test("the container's own image comes first, then the first by name, and no stranger where the own keeps no bytes", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  const known = createKnownSets(store);
  const digest = known.imageDigestOf(snapshot);
  const fillings = createFillings(store, known);
  const sets = async () => [
    ...new Set((await fillings.of(snapshot)).fillers.map(({ source }) => source.kind === "image" && source.set)),
  ];
  const twelve = (from: number) =>
    rootOf(
      "tiny",
      Array.from({ length: 12 }, (_, page) => from + page),
    );
  await addKnownSet(store, twelve(1), "b", { ...options, withBytes: true });
  await addKnownSet(store, twelve(20), "a", { ...options, withBytes: true });
  expect(await sets()).toEqual(["a"]);
  const own = await addKnownSet(store, TINY, "own", options);
  expect(own.digest).toBe(digest);
  expect(await sets()).toEqual([]);
  await addKnownSet(store, TINY, "own-bytes", { ...options, withBytes: true });
  expect(await sets()).toEqual(["own-bytes"]);
});
