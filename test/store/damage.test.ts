import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { exportDump } from "../../server/export/index.ts";
import { inspectPage } from "../../server/inspect/index.ts";
import { addKnownSet, createKnownSets } from "../../server/known-sets/index.ts";
import {
  BLOB_KINDS,
  collectGarbage,
  deleteSnapshot,
  openStore,
  type SnapshotRecord,
  type Store,
  verifyStore,
} from "../../server/store/index.ts";
import { pageAddress } from "../../shared/memory/index.ts";
import { finish, ingest, samplePath, temporaryStore } from "../ingest/temporary-store.ts";

async function exported(store: Store, snapshot: SnapshotRecord): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of exportDump(store, snapshot)) hash.update(piece);
  return hash.digest("hex");
}

test("verify finds a flipped byte in any file of the store, and names whom it hurts", async () => {
  const store = temporaryStore();
  const signal = new AbortController().signal;
  await addKnownSet(store, samplePath("images", "tiny-oci.tar"), "tiny", { signal, onProgress: () => undefined });
  const tiny = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  expect(await finish(store)).toMatchObject({ packs: 1 });
  const nginx = await ingest(store, samplePath("podman", "nginx-t0.tar.zst"), "nginx");
  expect(await verifyStore(store)).toMatchObject({ ok: true, problems: [] });
  const ofTiny = new Set([tiny.snapshot.manifest, tiny.snapshot.provenanceBlob, tiny.snapshot.original]);
  let flipped = 0;
  for (const kind of BLOB_KINDS) {
    for (const name of store.blobs.list(kind)) {
      const file = path.join(store.directory, kind, name);
      const bytes = readFileSync(file);
      // First, last and a middle byte: head, footer, and content.
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        const damaged = Buffer.from(bytes);
        damaged[at] ^= 0x10;
        writeFileSync(file, damaged);
        const fresh = openStore(store.directory);
        const { ok, problems } = await verifyStore(fresh);
        fresh.close();
        expect.soft(ok, `${kind}/${name} byte ${at}`).toBe(false);
        const hurt = new Set(problems.flatMap(({ snapshots }) => snapshots));
        if (ofTiny.has(name)) expect.soft([...hurt], `${kind}/${name} byte ${at}`).toEqual(["tiny/t0"]);
        if (kind === "known") expect.soft([...hurt]).toEqual([]);
        if (kind === "packs") expect.soft(hurt.size, `${kind}/${name}`).toBeGreaterThan(0);
        flipped++;
      }
      writeFileSync(file, bytes);
    }
  }
  expect(flipped).toBeGreaterThan(30);
  expect((await verifyStore(store)).ok).toBe(true);
  const [pack] = store.catalog.packs();
  rmSync(path.join(store.directory, "packs", pack.name));
  const fresh = openStore(store.directory);
  const missing = await verifyStore(fresh);
  fresh.close();
  expect(missing.problems.some(({ what }) => what.includes("is missing"))).toBe(true);
  expect(nginx.snapshot.name).toBe("t0");
});

test("delete and gc free what nobody needs, and leave the rest exact", async () => {
  const store = temporaryStore();
  const first = await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  const second = await ingest(store, samplePath("podman", "app-t1.tar.zst"), "app");
  const other = await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  deleteSnapshot(store, first.snapshot);
  expect(await exported(store, second.snapshot)).toBe(second.snapshot.unpackedSha256);
  deleteSnapshot(store, second.snapshot);
  const before = store.storedBytes();
  const freed = await collectGarbage(store);
  const shared = other.distinctPages - other.pagesProcessed;
  expect(shared).toBe(2);
  expect(freed.pages).toBe(1980 + 197 - shared);
  expect(before - store.storedBytes()).toBe(freed.bytes);
  expect(await exported(store, other.snapshot)).toBe(other.sha256);
  expect(await verifyStore(store)).toMatchObject({ ok: true });
  // What was freed is new again, under numbers that were never used.
  const again = await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app");
  expect(again.snapshot.name).toBe("t2");
  expect(again.pagesProcessed).toBe(1980 - shared);
  expect(await exported(store, again.snapshot)).toBe(again.snapshot.unpackedSha256);
});

test("a pack of which a part is needed is rewritten, and every page reads back", async () => {
  const store = temporaryStore();
  const first = await ingest(store, samplePath("podman", "redis-t0.tar.zst"), "redis");
  const second = await ingest(store, samplePath("podman", "redis-t2.tar.zst"), "redis");
  deleteSnapshot(store, first.snapshot);
  const freed = await collectGarbage(store);
  // 619 of t0's pages are t2's as well: more than half, so its pack stays.
  expect(freed.packsRewritten).toBe(0);
  const third = await ingest(store, samplePath("podman", "redis-t1.tar.zst"), "redis", { parent: "none" });
  deleteSnapshot(store, second.snapshot);
  await collectGarbage(store);
  expect(await exported(store, third.snapshot)).toBe(third.snapshot.unpackedSha256);
  expect(await verifyStore(store)).toMatchObject({ ok: true });
});

test("the reason of a shared page keeps the other's name when that is deleted", async () => {
  const store = temporaryStore();
  const first = await ingest(store, samplePath("podman", "tiny-t0.tar"), "first");
  const second = await ingest(store, samplePath("podman", "tiny-t0.tar"), "second", { parent: "none" });
  const reason = () =>
    inspectPage(store, createKnownSets(store), second.snapshot, "p1", pageAddress(0x10000000n)).reason;
  expect(reason()).toBe("first t0 has the same bytes at 0x10000000.");
  deleteSnapshot(store, first.snapshot);
  expect(reason()).toBe("first t0 has the same bytes. That snapshot has been deleted since.");
});
