/** The floors of stripping on real checkpoints and their image, and counts that others have made. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createFillings } from "../../server/filling/index.ts";
import { addBaseline, addKnownSet, createKnownSets } from "../../server/known-sets/index.ts";
import type { SnapshotRecord, Store } from "../../server/store/index.ts";
import { stripReport, stripSnapshot } from "../../server/stripping/index.ts";
import { ingest, temporaryStore } from "../ingest/temporary-store.ts";

const corpus = process.env.DUMPSCOPE_CORPUS ?? "";
const options = { signal: new AbortController().signal, onProgress: () => undefined };
const dump = (name: string) => path.join(corpus, "podman", `${name}.tar.zst`);

async function strip(store: Store, snapshot: SnapshotRecord) {
  const known = createKnownSets(store);
  const stripping = await stripSnapshot(store, known, snapshot, options);
  return stripReport(store, known, snapshot, stripping, await createFillings(store, known).of(snapshot));
}

async function withSlim(): Promise<Store> {
  const store = temporaryStore();
  await addKnownSet(store, path.join(corpus, "images/slim-oci.tar"), "slim", options);
  return store;
}

// Relocated: docs/relocation.md; same: the manifest's known pages.
test.each([
  ["app-t0", 114],
  ["redis-t0", 181],
  ["nginx-t0", 375],
])("%s has %i relocated pages, and as many same as the manifest counts", async (name, relocated) => {
  const facts = JSON.parse(readFileSync(path.join(corpus, "podman/facts.json"), "utf8")) as {
    readonly dumps: Readonly<Record<string, { readonly known: number }>>;
  };
  const counted = facts.dumps[`${name}.tar.zst`].known;
  const store = await withSlim();
  const { snapshot } = await ingest(store, dump(name), name);
  const report = await strip(store, snapshot);
  expect(report.relocated).toBe(relocated);
  expect(report.same).toBe(counted);
  expect(report.leftToFile).toBe(snapshot.pages.absent.file);
  // The set keeps no bytes: only what the dump itself has of a deleted file can be filled.
  const ghosts = name === "app-t0" ? 3 : 0;
  expect(report).toMatchObject({ ofDeletedFiles: ghosts, fromGhost: ghosts, fromImage: 0 });
  expect(report.byFile.reduce((sum, one) => sum + one.relocated, 0)).toBe(relocated);
  // Each file of a mapping is of a package of the image, but what was deleted.
  const strangers = report.byFile.filter((file) => file.package === null).map((file) => file.path);
  expect(strangers).toEqual(name === "app-t0" ? ["/tmp/ghost.bin"] : []);
});

test("with redis-t0 as baseline 68 % of redis-inc and 45 % of nginx are same, relocated or alike", async () => {
  const store = await withSlim();
  const clean = await ingest(store, dump("redis-t0"), "clean");
  await addBaseline(store, clean.snapshot, "baseline");
  await ingest(store, dump("redis-pre"), "redis");
  const inc = await ingest(store, dump("redis-inc"), "redis");
  const nginx = await ingest(store, dump("nginx-t0"), "nginx");
  const share = async ({ snapshot }: { readonly snapshot: SnapshotRecord }) => {
    const { explained, zero, recorded } = await strip(store, snapshot);
    return (explained - zero) / (recorded - zero);
  };
  expect(await share(inc)).toBeGreaterThanOrEqual(0.68);
  expect(await share(nginx)).toBeGreaterThanOrEqual(0.45);
});
