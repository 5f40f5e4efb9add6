/** Stripping real checkpoints: what is found, where it is said, and that it stays true when sets and snapshots come and go. */
import { expect, test } from "vitest";
import { createFillings } from "../server/filling/index.ts";
import { inspectPage, pageContents, snapshotStrip, waysStrip } from "../server/inspect/index.ts";
import { addBaseline, createKnownSets, deleteUnneeded, removeKnownSet } from "../server/known-sets/index.ts";
import { deleteSnapshot, type SnapshotRecord, type Store } from "../server/store/index.ts";
import { pageWays, stripReport, stripSnapshot } from "../server/stripping/index.ts";
import { cutTile } from "../server/tiles/index.ts";
import { type PageAddress, pageAddressOf, parseAddress } from "../shared/memory/index.ts";
import { PROVENANCES, pagesInWays, sumOfStripCounts, WAYS, wayBit } from "../shared/provenance/index.ts";
import type { Space } from "../shared/snapshot/index.ts";
import { cellStateCode, LEFT_TO_DELETED_FILE, LEFT_TO_FILE } from "../shared/tile/index.ts";
import { ingest, samplePath, temporaryStore } from "./ingest/temporary-store.ts";

const IMAGE = cellStateCode("image");
const options = { signal: new AbortController().signal };
const sample = (name: string) => samplePath("podman", name);

async function strip(store: Store, snapshot: SnapshotRecord) {
  const known = createKnownSets(store);
  const stripping = await stripSnapshot(store, known, snapshot, options);
  const filling = await createFillings(store, known).of(snapshot);
  return { known, stripping, report: stripReport(store, known, snapshot, stripping, filling) };
}

test("nginx is explained by redis up to addresses: counts, provenance, and a page that says where", async () => {
  const store = temporaryStore();
  await ingest(store, sample("redis-t0.tar.zst"), "redis");
  const { snapshot } = await ingest(store, sample("nginx-t0.tar.zst"), "nginx");
  expect(createKnownSets(store).provenance(snapshot)).toMatchObject({ alike: 0, shared: 7, new: 719 });
  expect(createKnownSets(store).isStripped(snapshot)).toBe(false);

  const { known, stripping, report } = await strip(store, snapshot);
  // Counted by the measurement of docs/likeness.md.
  expect(report).toMatchObject({
    recorded: 726,
    zero: 0,
    same: 0,
    relocated: 0,
    alike: 324,
    shared: 7,
    explained: 324,
  });
  expect(report.sharedWith).toEqual([{ container: "redis", pages: 7 }]);
  expect(report.alikeTo).toEqual([{ snapshot: "redis/t0", baselineOf: null, pages: 324 }]);
  expect(known.isStripped(snapshot)).toBe(true);
  const provenance = known.provenance(snapshot);
  expect(provenance).toMatchObject({ shared: 7, alike: 324, new: 395 });
  expect(report.provenance).toEqual(provenance);
  expect(PROVENANCES.reduce((sum, name) => sum + provenance[name], 0)).toBe(726);
  expect(report.byProcess.map(({ pid, recorded }) => [pid, recorded])).toEqual(
    [1, 2, 3].map((pid) => [
      pid,
      report.byMapping.filter(({ space }) => space === `p${pid}`).reduce((n, m) => n + m.recorded, 0),
    ]),
  );

  const row = stripping.alike[0];
  const place = placeOfRow(store, snapshot, row);
  const page = inspectPage(store, known, snapshot, place.space, place.page);
  expect(page).toMatchObject({ provenance: "alike", related: { snapshot: expect.any(String), space: "p1" } });
  expect(page.reason).toMatch(/^redis t0 has the same page at 0x[0-9a-f]+, up to the addresses in it/);
  // What it is said to be alike to is another content at another place of the same file.
  const other = store.catalog.snapshot(page.related?.snapshot ?? "");
  if (!other || !page.related) throw new Error("the page is related to nothing");
  const address = parseAddress(page.related.address);
  if (address === undefined) throw new Error("the related address is none");
  const there = inspectPage(store, known, other, page.related.space as Space, pageAddressOf(address));
  expect(there.hash).not.toBe(page.hash);
});

function placeOfRow(store: Store, snapshot: SnapshotRecord, row: number): { space: Space; page: PageAddress } {
  for (const { mapping, chunks } of store.manifest(snapshot).laid)
    for (const chunk of chunks)
      if (row >= chunk.row && row < chunk.row + chunk.rows)
        return { space: mapping.space, page: (chunk.start + row - chunk.row) as PageAddress };
  throw new Error(`there is no row ${row}`);
}

test("a baseline explains at once what is asked next, and no more when it is taken away", async () => {
  const store = temporaryStore();
  const first = await ingest(store, sample("redis-t0.tar.zst"), "redis");
  const next = await ingest(store, sample("redis-t1.tar.zst"), "redis", { parent: "none" });
  const before = (await strip(store, next.snapshot)).report;
  expect(before).toMatchObject({ same: 0, alike: 0, explained: 44 });
  await addBaseline(store, first.snapshot, "clean");
  // Contents at once; alike pages when somebody asks again.
  const known = createKnownSets(store);
  expect(known.provenance(next.snapshot)).toMatchObject({ known: 719, alike: 0 });
  expect(known.isStripped(next.snapshot)).toBe(false);
  const { report } = await strip(store, next.snapshot);
  expect(report.same).toBe(719);
  expect(report.alikeTo.every(({ baselineOf }) => baselineOf === "clean")).toBe(true);
  await removeKnownSet(store, "clean");
  expect((await strip(store, next.snapshot)).report).toEqual(before);
});

test("what was alike to a snapshot that is deleted is not alike to it any more", async () => {
  const store = temporaryStore();
  const redis = await ingest(store, sample("redis-t0.tar.zst"), "redis");
  const { snapshot } = await ingest(store, sample("nginx-t0.tar.zst"), "nginx");
  expect((await strip(store, snapshot)).report.alike).toBe(324);
  deleteSnapshot(store, redis.snapshot);
  expect(createKnownSets(store).isStripped(snapshot)).toBe(false);
  expect((await strip(store, snapshot)).report).toMatchObject({ alike: 0, alikeTo: [] });
});

test("tiles of ways light exactly the pages that each way counts, in all mappings and in one", async () => {
  const store = temporaryStore();
  await ingest(store, sample("redis-t0.tar.zst"), "redis");
  const first = await ingest(store, sample("app-t0.tar.zst"), "app");
  const { snapshot } = await ingest(store, sample("app-t1.tar.zst"), "app");
  await addBaseline(store, first.snapshot, "clean");
  const { known, stripping, report } = await strip(store, snapshot);
  const ways = pageWays(store, known, snapshot, stripping);
  const contents = { bytes: unasked, summaries: unasked, totals: unasked };
  for (const isMeant of [() => true, (mapping: number) => mapping === 7, (mapping: number) => mapping > 20]) {
    const source = waysStrip(store, snapshot, snapshotStrip(store, known, snapshot).strip, ways, isMeant);
    const counts = sumOfStripCounts(report.byMapping.filter((_, mapping) => isMeant(mapping)));
    const pages = await cutTile(source, contents, "ways", 6, 0);
    for (const way of WAYS) {
      const lit = pages.a.reduce((sum, bits) => sum + ((bits & wayBit(way)) === 0 ? 0 : 1), 0);
      expect(lit, way).toBe(pagesInWays(counts.byWays, [way]));
    }
    const left = (to: number) => pages.b.reduce((sum, bits) => sum + ((bits & to) === 0 ? 0 : 1), 0);
    expect(left(LEFT_TO_FILE)).toBe(counts.leftToFile - counts.ofDeletedFiles);
    expect(left(LEFT_TO_DELETED_FILE)).toBe(counts.ofDeletedFiles);
    // Of a coarser cell in every way of its pages, and also left to a file if one of them is.
    const coarse = await cutTile(source, contents, "ways", 8, 0);
    for (let cell = 0; cell < 4096; cell++) {
      const of = (plane: Uint8Array) => plane.subarray(cell * 16, cell * 16 + 16).reduce((all, bits) => all | bits, 0);
      expect([coarse.a[cell], coarse.b[cell]]).toEqual([of(pages.a), of(pages.b)]);
    }
    const fine = await cutTile(source, contents, "ways", 4, 0);
    expect(fine.a.filter((_, cell) => cell % 16 === 5)).toEqual(pages.a.subarray(0, 4096));
  }
  // In provenance the same bits tell what is the image's from what was left to /tmp/ghost.bin.
  const source = snapshotStrip(store, known, snapshot);
  const provenance = await cutTile(source, pageContents(store), "provenance", 6, 0);
  const left = (to: number) =>
    provenance.b.filter((bits, cell) => provenance.state[cell] === IMAGE && (bits & to) !== 0).length;
  expect([left(LEFT_TO_FILE), left(LEFT_TO_DELETED_FILE)]).toEqual([report.leftToFile - 3, 3]);
  expect(known.ofDeletedFiles(snapshot)).toBe(3);
  // They overlap: unchanged pages are the baseline's too, and each is counted in both ways.
  expect(
    report.byWays.find(({ ways: its }) => its.includes("unchanged") && its.includes("same"))?.pages,
  ).toBeGreaterThan(0);
  expect(report.same).toBeGreaterThan(report.provenance.known);
  expect(report.byWays.reduce((sum, { pages }) => sum + pages, 0)).toBe(report.recorded);
});

async function unasked(): Promise<Uint8Array> {
  throw new Error("ways are of pages, not of bytes");
}

test("the snapshot of a baseline is not deleted while a set needs it, and the sentence names the set", async () => {
  const store = temporaryStore();
  const redis = await ingest(store, sample("redis-t0.tar.zst"), "redis");
  const { snapshot } = await ingest(store, sample("nginx-t0.tar.zst"), "nginx");
  await addBaseline(store, redis.snapshot, "clean", { withBytes: true });
  await expect(deleteUnneeded(store, redis.snapshot)).rejects.toMatchObject({
    code: "baseline-needed",
    message: expect.stringMatching(/^redis\/t0 is the baseline of the known set clean:/),
    facts: { knownSet: "clean" },
  });
  expect((await strip(store, snapshot)).report.alikeTo).toEqual([
    { snapshot: "redis/t0", baselineOf: "clean", pages: 324 },
  ]);
  // Of the same dump another snapshot serves as well.
  const again = await ingest(store, sample("redis-t0.tar.zst"), "copy");
  await deleteUnneeded(store, redis.snapshot);
  await expect(deleteUnneeded(store, again.snapshot)).rejects.toMatchObject({ code: "baseline-needed" });
  await removeKnownSet(store, "clean");
  await deleteUnneeded(store, again.snapshot);
  expect(store.catalog.snapshots().map(({ id }) => id)).toEqual([snapshot.id]);
});
