/** Stripping real checkpoints: what is found, where it is said, and that it stays true when sets and snapshots come and go. */
import { expect, test } from "vitest";
import { inspectPage } from "../server/inspect/index.ts";
import { addBaseline, createKnownSets, removeKnownSet } from "../server/known-sets/index.ts";
import { deleteSnapshot, type SnapshotRecord, type Store } from "../server/store/index.ts";
import { stripReport, stripSnapshot } from "../server/stripping/index.ts";
import { type PageAddress, pageAddressOf, parseAddress } from "../shared/memory/index.ts";
import { PROVENANCES } from "../shared/provenance/index.ts";
import type { Space } from "../shared/snapshot/index.ts";
import { ingest, samplePath, temporaryStore } from "./ingest/temporary-store.ts";

const options = { signal: new AbortController().signal };
const sample = (name: string) => samplePath("podman", name);

async function strip(store: Store, snapshot: SnapshotRecord) {
  const known = createKnownSets(store);
  const stripping = await stripSnapshot(store, known, snapshot, options);
  return { known, stripping, report: stripReport(store, known, snapshot, stripping) };
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
