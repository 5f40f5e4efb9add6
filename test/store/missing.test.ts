import { renameSync, truncateSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { addKnownSet } from "../../server/known-sets/index.ts";
import {
  BLOB_KINDS,
  type BlobKind,
  collectGarbage,
  deleteSnapshot,
  openStore,
  type Store,
  verifyStore,
} from "../../server/store/index.ts";
import { finish, ingest, samplePath, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";

/**
 * Two containers that share no page that is not zero: each file of a snapshot is of that one only. One pack has its
 * final form, the other is as ingest has left it.
 */
async function filledStore(): Promise<Store> {
  const store = temporaryStore();
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  await addKnownSet(store, samplePath("images", "tiny-oci.tar"), "tiny", options);
  await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  await finish(store);
  await ingest(store, samplePath("cores", "known64.core.zst"), "core");
  return store;
}

async function hurtBy(directory: string): Promise<{ ok: boolean; hurt: string[]; what: string }> {
  // Opened anew, so that no open descriptor still reads what is gone.
  const fresh = openStore(directory);
  const { ok, problems } = await verifyStore(fresh);
  fresh.close();
  return {
    ok,
    hurt: [...new Set(problems.flatMap(({ snapshots }) => snapshots))].sort(),
    what: problems.map(({ what }) => what).join("\n"),
  };
}

test("verify names whom it hurts that a file is gone, or is shorter, and nobody else", async () => {
  const store = await filledStore();
  const owners = new Map<string, string[]>();
  const own = (kind: BlobKind, name: string, label: string) =>
    owners.set(`${kind}/${name}`, [...(owners.get(`${kind}/${name}`) ?? []), label].sort());
  const packs = store.catalog.packs();
  for (const record of store.catalog.snapshots()) {
    const label = `${record.container}/${record.name}`;
    own("manifests", record.manifest, label);
    own("manifests", record.provenanceBlob, label);
    own("originals", record.original, label);
    for (const blob of store.manifest(record).refersTo) own("manifests", blob, label);
    const pages = store.manifest(record).distinctPages();
    for (const pack of packs.filter((one) => pages.some((page) => page >= one.firstPage && page <= one.lastPage))) {
      own("packs", pack.name, label);
      if (pack.summaries !== null) own("summaries", pack.summaries, label);
    }
    for (const run of store.catalog.runs()) own("index", run.name, label);
  }
  const aside = path.join(temporaryFolder(), "aside");
  let tried = 0;
  for (const kind of BLOB_KINDS) {
    for (const name of store.blobs.list(kind)) {
      const file = path.join(store.directory, kind, name);
      const hurt = owners.get(`${kind}/${name}`) ?? [];
      renameSync(file, aside);
      const gone = await hurtBy(store.directory);
      renameSync(aside, file);
      expect.soft({ ok: gone.ok, hurt: gone.hurt }, `${kind}/${name} gone`).toEqual({ ok: false, hurt });
      expect.soft(gone.what).toContain(`${kind}/${name} is missing`);
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(10);
  expect(await hurtBy(store.directory)).toEqual({ ok: true, hurt: [], what: "" });
  const [pack] = packs;
  truncateSync(path.join(store.directory, "packs", pack.name), 100);
  expect((await hurtBy(store.directory)).hurt).toEqual(owners.get(`packs/${pack.name}`));
});

test("verify beside a writer misses nothing that the writer has taken away", async () => {
  const store = await filledStore();
  const beside = openStore(store.directory);
  // What verify has listed goes while it reads: its first blob is being hashed when the others are deleted.
  const verified = verifyStore(beside);
  for (const record of store.catalog.snapshots()) deleteSnapshot(store, record);
  await collectGarbage(store);
  expect(await verified).toMatchObject({ ok: true, problems: [] });
  beside.close();
});
