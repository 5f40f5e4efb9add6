/** Comparisons of dumps made for one question each: what differs is all that differs, and nothing is claimed that was not compared. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { compareSnapshots } from "../../server/compare/index.ts";
import { createComparisons } from "../../server/http/comparisons.ts";
import { createKnownSets } from "../../server/known-sets/index.ts";
import { placesOf, type SnapshotRecord, type Store } from "../../server/store/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import { snapshotOf } from "../find/snapshots.ts";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";

const NONE = { unchanged: 0, zero: 0, moved: 0, changed: 0, added: 0, removed: 0, unresolved: 0 };

async function rawSnapshot(store: Store, bytes: Uint8Array, container: string): Promise<SnapshotRecord> {
  const file = path.join(temporaryFolder(), "memory.raw");
  writeFileSync(file, bytes);
  return (await ingest(store, file, container, { asRaw: true })).snapshot;
}

test("of two dumps of one size a byte that was flipped is one changed page, wherever it is", async () => {
  const store = temporaryStore();
  const bytes = randomBytes(16 * 4096);
  const a = await rawSnapshot(store, bytes, "raw");
  const comparisons = createComparisons(store, createKnownSets(store));
  for (const at of [0, 7 * 4096 + 1234, 16 * 4096 - 1]) {
    const flipped = Buffer.from(bytes);
    flipped[at] ^= 0x80;
    const b = await rawSnapshot(store, flipped, "raw");
    const { verdicts, differences } = compareSnapshots(store, a, b);
    const page = Math.floor(at / 4096) as PageAddress;
    expect(verdicts).toEqual({ ...NONE, unchanged: 15, changed: 1 });
    expect(differences).toMatchObject([{ verdict: "changed", start: page, pages: 1 }]);
    const open = comparisons.open(a.id, b.id);
    expect(comparisons.describe(open)).toMatchObject({ compared: 16, differing: 1 });
    expect(comparisons.page(open, "raw", page)).toMatchObject({
      bytes: 1,
      known: 4096,
      runs: [[at % 4096, (at % 4096) + 1]],
    });
  }
});

test("a dump that is longer by one byte has one page added, of which one byte is known", async () => {
  const store = temporaryStore();
  const bytes = randomBytes(8192);
  const a = await rawSnapshot(store, bytes, "raw");
  const b = await rawSnapshot(store, Buffer.concat([bytes, Buffer.from([7])]), "raw");
  const longer = compareSnapshots(store, a, b);
  expect(longer.verdicts).toEqual({ ...NONE, unchanged: 2, added: 1 });
  expect(longer.differences).toMatchObject([{ verdict: "added", start: 2, pages: 1 }]);
  const shorter = compareSnapshots(store, b, a);
  expect(shorter.verdicts).toEqual({ ...NONE, unchanged: 2, removed: 1 });
  expect(placesOf(store.manifest(b)).columns("raw", 2, 1).partial).toEqual(new Map([[0, [0, 1]]]));
});

test("a mapping at another address with the same pages is moved, and no page of it changed", async () => {
  const store = temporaryStore();
  const content = randomBytes(64 * 4096);
  const stays = { address: 0x10000n, content: randomBytes(4096) };
  const a = await snapshotOf(store, [stays, { address: 0x7f0000000000n, content }], "a");
  const b = await snapshotOf(store, [stays, { address: 0x7fff12345000n, content }], "b");
  const { verdicts, differences } = compareSnapshots(store, a, b);
  expect(verdicts).toEqual({ ...NONE, unchanged: 1, moved: 64, removed: 64 });
  expect(differences.map(({ verdict, pages }) => `${verdict} ${pages}`)).toEqual(["removed 64", "moved 64"]);
});

test("dumps that differ everywhere are one difference: each place is held against its own, and none is aligned", async () => {
  const store = temporaryStore();
  const a = await rawSnapshot(store, randomBytes(2048 * 4096), "raw");
  const b = await rawSnapshot(store, randomBytes(2048 * 4096), "raw");
  const { verdicts, differences } = compareSnapshots(store, a, b);
  expect(verdicts).toEqual({ ...NONE, changed: 2048 });
  expect(differences).toMatchObject([{ verdict: "changed", start: 0, pages: 2048 }]);
});

test("snapshots of different containers are compared, with a notice of how", async () => {
  const store = temporaryStore();
  const bytes = randomBytes(4 * 4096);
  const a = await rawSnapshot(store, bytes, "one");
  const b = await rawSnapshot(store, bytes, "other");
  const comparisons = createComparisons(store, createKnownSets(store));
  expect(comparisons.describe(comparisons.open(a.id, b.id))).toMatchObject({
    differing: 0,
    compared: 4,
    notice: "one and other are different containers; places are matched by process and address.",
  });
});

test("pages whose content is not here are not said to be compared", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "redis-inc.tar.zst"), "redis");
  const { verdicts } = compareSnapshots(store, snapshot, snapshot);
  expect(verdicts.unresolved).toBe(698);
  const comparisons = createComparisons(store, createKnownSets(store));
  const said = comparisons.describe(comparisons.open(snapshot.id, snapshot.id));
  expect(said.compared).toBe(verdicts.unchanged + verdicts.zero);
  expect(said.notice).toContain("698 pages of t0 are in a parent that is not here; they have no verdict.");
});
