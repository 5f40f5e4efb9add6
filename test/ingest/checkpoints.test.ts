import { createHash } from "node:crypto";
import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

import { compareSnapshots, stripSources } from "../../server/compare/index.ts";
import { exportDump } from "../../server/export/index.ts";
import { ingestDump } from "../../server/ingest/index.ts";
import { addKnownSet } from "../../server/known-sets/index.ts";
import type { SnapshotRecord, Store } from "../../server/store/index.ts";
import type { PageCounts } from "../../shared/api/index.ts";
import type { ProvenanceCounts, VerdictCounts } from "../../shared/provenance/index.ts";
import { layStrip } from "../../shared/strip/index.ts";
import { expected, ingest, samplePath, temporaryFolder, temporaryStore } from "./temporary-store.ts";

interface Checkpoint {
  readonly unpacked: { readonly sha256: string; readonly bytes: number };
  readonly stored: { readonly sha256: string; readonly bytes: number };
  readonly processes: number;
  readonly mappings: number | null;
  readonly alone: {
    readonly pages: PageCounts;
    readonly distinctPages: number;
    readonly provenance: ProvenanceCounts;
    readonly pagesProcessed: number;
  };
  readonly known: { readonly image: string; readonly pages: number };
  readonly strip: { readonly mappings: number; readonly used: number; readonly end: number };
}
interface Pair {
  readonly a: string;
  readonly b: string;
  readonly verdicts: VerdictCounts;
  readonly zeroThatWasPresent: number;
  readonly provenance: ProvenanceCounts;
  readonly newDistinct: number;
}
const podman = expected<{
  dumps: Record<string, Checkpoint>;
  pairs: Pair[];
  foreignParent: { parent: string; dump: string; missing: number };
}>("podman");

async function exported(store: Store, snapshot: SnapshotRecord): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of exportDump(store, snapshot)) hash.update(piece);
  return hash.digest("hex");
}

/** Found when somebody strips the snapshot, not by the ingest. */
const NOT_STRIPPED = { relocated: 0, alike: 0 };

describe.each(Object.entries(podman.dumps))("%s alone", (file, truth) => {
  test("counts, digests, strip and export are those counted independently", async () => {
    const store = temporaryStore();
    const result = await ingest(store, samplePath("podman", file), "container");
    expect({ processes: result.processes, mappings: result.mappings }).toEqual({
      processes: truth.processes,
      mappings: truth.mappings,
    });
    const { pages, distinctPages, provenance, pagesProcessed } = result;
    expect({ pages, distinctPages, provenance, pagesProcessed }).toEqual({
      ...truth.alone,
      provenance: { ...truth.alone.provenance, ...NOT_STRIPPED },
    });
    expect(result.sha256).toBe(truth.stored.sha256);
    expect(result.bytesRead).toBe(truth.stored.bytes);
    const strip = layStrip(stripSources(store.manifest(result.snapshot)));
    expect({ mappings: strip.mappings.length, used: strip.used, end: strip.end }).toEqual(truth.strip);
    expect(await exported(store, result.snapshot)).toBe(truth.unpacked.sha256);
  });
});

describe.each(podman.pairs)("$a → $b", ({ a, b, verdicts, zeroThatWasPresent, provenance, newDistinct }) => {
  test("verdicts and provenance are those counted independently", async () => {
    const store = temporaryStore();
    const first = await ingest(store, samplePath("podman", a), "container");
    // redis-t2 is also compared with redis-t0: the parent is named, so that it need not be the latest.
    const second = await ingest(store, samplePath("podman", b), "container", { parent: first.snapshot.id });
    const comparison = compareSnapshots(store, first.snapshot, second.snapshot);
    expect(comparison.verdicts).toEqual(verdicts);
    expect(comparison.zeroThatHadContent).toBe(zeroThatWasPresent);
    expect(second.provenance).toEqual({ ...provenance, ...NOT_STRIPPED });
    expect(second.pagesProcessed).toBe(newDistinct);
    expect(await exported(store, second.snapshot)).toBe(podman.dumps[b].unpacked.sha256);
  });
});

test("a dump whose image is the only other content has the known pages that were counted", async () => {
  const store = temporaryStore();
  const signal = new AbortController().signal;
  await addKnownSet(store, samplePath("images", "tiny-oci.tar"), "tiny", { signal, onProgress: () => undefined });
  const ofTiny = Object.entries(podman.dumps).filter(([, { known }]) => known.image === "tiny-oci.tar");
  expect(ofTiny.length).toBeGreaterThan(3);
  for (const [file, { known }] of ofTiny) {
    // An incremental dump alone leaves the parent's pages unresolved; its known pages were counted with the parent.
    if (file.includes("inc")) continue;
    const result = await ingest(store, samplePath("podman", file), file, { parent: "none" });
    expect.soft(result.provenance.known, file).toBe(known.pages);
  }
});

test("the same file again stores no page and processes none", async () => {
  const store = temporaryStore();
  const first = await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  const packs = store.blobs.list("packs");
  const second = await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  expect(second.snapshot.name).toBe("t1");
  expect(second.pagesProcessed).toBe(0);
  expect(second.provenance).toMatchObject({ unchanged: first.pages.present, new: 0, moved: 0 });
  expect(store.blobs.list("packs")).toEqual(packs);
});

test("in-parent pages are never resolved from another container of the same name", async () => {
  const { parent, dump, missing } = podman.foreignParent;
  const store = temporaryStore();
  const first = await ingest(store, samplePath("podman", parent), "tiny");
  const second = await ingest(store, samplePath("podman", dump), "tiny");
  expect(second.snapshot.parent).toBe(first.snapshot.id);
  expect(second.snapshot.pagesParent).toBeNull();
  expect(second.pages.absent.missing).toBe(missing);
  expect(second.snapshot.unresolved).toBe(missing);
  expect(Object.values(second.provenance).reduce((sum, count) => sum + count, 0) + missing).toBe(
    second.pages.present + second.pages.zero + second.pages.inParent,
  );
  expect(store.manifest(second.snapshot).facts.notes.join(" ")).toMatch(/34 pages are in a parent that is not here/);
});

test("a page that another container has is shared, and keeps the other's name when that is deleted", async () => {
  const store = temporaryStore();
  await ingest(store, samplePath("podman", "tiny-t0.tar"), "first");
  const second = await ingest(store, samplePath("podman", "tiny-t0.tar"), "second", { parent: "none" });
  expect(second.provenance).toMatchObject({ shared: 40, new: 0 });
  expect(second.pagesProcessed).toBe(0);
});

test("a dump that came before its parent is ingested again when the parent comes, once", async () => {
  const store = temporaryStore();
  const early = await ingest(store, samplePath("podman", "redis-inc.tar.zst"), "redis");
  expect(early.snapshot.unresolved).toBe(698);
  const parent = await ingest(store, samplePath("podman", "redis-pre.tar.zst"), "redis");
  const [again, ...more] = parent.again;
  expect(more).toEqual([]);
  const pair = podman.pairs.find(({ b }) => b === "redis-inc.tar.zst");
  expect(again.provenance).toEqual({ ...pair?.provenance, ...NOT_STRIPPED });
  expect(again.snapshot).toMatchObject({
    name: "t2",
    unresolved: 0,
    pagesParent: parent.snapshot.id,
    sha256: early.sha256,
  });
  expect(await exported(store, again.snapshot)).toBe(podman.dumps["redis-inc.tar.zst"].unpacked.sha256);
  expect(store.snapshot(early.snapshot.id).unresolved).toBe(698);
  const twice = await ingest(store, samplePath("podman", "redis-pre.tar.zst"), "redis");
  expect([twice.again, twice.stillWaiting]).toEqual([[], []]);
});

test("a file that is written to while it is read is refused, and nothing is stored", async () => {
  const store = temporaryStore();
  const file = path.join(temporaryFolder(), "growing.raw");
  writeFileSync(file, Buffer.alloc(2 << 20, 7));
  const options = {
    signal: new AbortController().signal,
    onProgress: () => appendFileSync(file, "more"),
  };
  const request = { file, container: "raw", asRaw: true, base: 0n, keepCut: false };
  await expect(ingestDump(store, request, options)).rejects.toMatchObject({ code: "file-changed" });
  expect(store.catalog.snapshots()).toEqual([]);
  expect(store.storedBytes()).toBe(0);
});

test("a file that is cut while it is read is said to have changed, and nothing is stored", async () => {
  const store = temporaryStore();
  const file = path.join(temporaryFolder(), "shrinking.raw");
  writeFileSync(file, Buffer.alloc(32 << 20, 7));
  const options = { signal: new AbortController().signal, onProgress: () => truncateSync(file, 4096) };
  const request = { file, container: "raw", asRaw: true, base: 0n, keepCut: false };
  await expect(ingestDump(store, request, options)).rejects.toMatchObject({ code: "file-changed" });
  expect(store.catalog.snapshots()).toEqual([]);
  expect(store.storedBytes()).toBe(0);
});
