/** Likenesses as the store keeps them: made once, in pieces, whatever comes between. */
import { spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { alikePages, likenessesOf } from "../../server/likeness/index.ts";
import { makeLikenesses } from "../../server/likeness/likeness.ts";
import { deleteSnapshot, openStore, type SnapshotRecord, type Store, verifyStore } from "../../server/store/index.ts";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";
import { namesIn } from "./whole.ts";

const { signal } = new AbortController();

async function storeOfRedis(): Promise<{ readonly store: Store; readonly snapshot: SnapshotRecord }> {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "redis-t0.tar.zst"), "redis");
  return { store, snapshot };
}

/** Likeness and row of each entry, as text. */
async function entriesOf(store: Store, snapshot: SnapshotRecord): Promise<string[]> {
  const runs = await likenessesOf(store, snapshot, { signal });
  return runs
    .flatMap((run) => {
      const bytes = Buffer.from(run.entries(0, run.count));
      return Array.from({ length: run.count }, (_, i) => bytes.toString("hex", i * 36, i * 36 + 36));
    })
    .sort();
}

test("they are made once, and found by whoever opens the store", async () => {
  const { store, snapshot } = await storeOfRedis();
  const first = await entriesOf(store, snapshot);
  expect(first.length).toBe(595);
  const files = namesIn(store.directory);
  const kept = store.catalog.likeness(snapshot.id);
  const beside = openStore(store.directory);
  expect(await entriesOf(beside, snapshot)).toEqual(first);
  beside.close();
  expect(namesIn(store.directory)).toEqual(files);
  expect(store.catalog.likeness(snapshot.id)).toEqual(kept);
  expect(await verifyStore(store)).toMatchObject({ ok: true, problems: [] });
});

test("what is made in pieces is what is made at once, and goes on where it was interrupted", async () => {
  const { store, snapshot } = await storeOfRedis();
  const whole = await entriesOf(store, snapshot);
  store.catalog.transaction(() =>
    store.catalog.setLikeness(snapshot.id, { version: 1, nextRow: 0, isWhole: false, runs: [] }),
  );
  const interruption = new AbortController();
  let pieces = 0;
  const transaction = <T>(work: () => T): T => {
    const result = store.catalog.transaction(work);
    if (++pieces === 3) interruption.abort();
    return result;
  };
  const interrupting: Store = { ...store, catalog: { ...store.catalog, transaction } };
  await expect(makeLikenesses(interrupting, snapshot, { signal: interruption.signal }, 50)).rejects.toThrow(/abort/);
  const part = store.catalog.likeness(snapshot.id);
  expect(part).toMatchObject({ isWhole: false });
  expect(part?.runs.length).toBe(3);
  const record = await makeLikenesses(store, snapshot, { signal }, 50);
  expect(record.runs.slice(0, 3)).toEqual(part?.runs);
  expect(record.runs.length).toBeGreaterThan(5);
  expect(await entriesOf(store, snapshot)).toEqual(whole);
  // Runs are merged when two snapshots are joined: against itself, every page is the same and none alike.
  expect((await alikePages(store, snapshot, [snapshot], { signal })).count).toBe(0);
});

test("joining many runs finds what joining one run finds", async () => {
  const { store, snapshot } = await storeOfRedis();
  const { snapshot: nginx } = await ingest(store, samplePath("podman", "nginx-t0.tar.zst"), "nginx");
  const whole = await alikePages(store, nginx, [snapshot], { signal });
  for (const each of [snapshot, nginx]) {
    store.catalog.transaction(() =>
      store.catalog.setLikeness(each.id, { version: 1, nextRow: 0, isWhole: false, runs: [] }),
    );
    expect((await makeLikenesses(store, each, { signal }, 30)).runs.length).toBeGreaterThan(5);
  }
  expect(await alikePages(store, nginx, [snapshot], { signal })).toEqual(whole);
  expect(whole.count).toBe(324);
});

test("likenesses of an older definition are made anew", async () => {
  const { store, snapshot } = await storeOfRedis();
  const now = await entriesOf(store, snapshot);
  const kept = store.catalog.likeness(snapshot.id);
  store.catalog.transaction(() =>
    store.catalog.setLikeness(snapshot.id, { version: 0, nextRow: 9, isWhole: true, runs: [] }),
  );
  expect(await entriesOf(store, snapshot)).toEqual(now);
  expect(store.catalog.likeness(snapshot.id)).toEqual(kept);
});

test("they go with their snapshot", async () => {
  const { store, snapshot } = await storeOfRedis();
  await entriesOf(store, snapshot);
  expect(store.blobs.list("likeness").length).toBe(1);
  deleteSnapshot(store, snapshot);
  expect(store.blobs.list("likeness")).toEqual([]);
  expect(store.catalog.likeness(snapshot.id)).toBeUndefined();
  await expect(likenessesOf(store, snapshot, { signal })).rejects.toThrow(/redis\/t0 has been deleted/);
});

test.each(["a flipped byte", "a file that is gone"])("%s is made good by the next who asks", async (damage) => {
  const { store, snapshot } = await storeOfRedis();
  const sound = await entriesOf(store, snapshot);
  const [name] = store.blobs.list("likeness");
  const file = path.join(store.directory, "likeness", name);
  if (damage === "a flipped byte") {
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
  } else rmSync(file);
  const fresh = openStore(store.directory);
  const { ok, problems } = await verifyStore(fresh);
  expect({ ok, hurt: problems.map(({ snapshots }) => snapshots) }).toEqual({ ok: false, hurt: [[]] });
  expect(await entriesOf(fresh, snapshot)).toEqual(sound);
  expect(await verifyStore(fresh)).toMatchObject({ ok: true });
  fresh.close();
});

test("while another operation writes, nothing is made and its name is told; what is there is found", async () => {
  const { store, snapshot } = await storeOfRedis();
  const other = (await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny")).snapshot;
  const kept = await entriesOf(store, snapshot);
  using _lock = await store.lock("ingest app.tar");
  await expect(likenessesOf(store, other, { signal })).rejects.toThrow(/ingest app\.tar/);
  expect(await entriesOf(store, snapshot)).toEqual(kept);
  expect(store.catalog.likeness(other.id)).toBeUndefined();
});

test("two at once make the same, and neither undoes what the other has done", async () => {
  const { store, snapshot } = await storeOfRedis();
  const second = openStore(store.directory);
  const reached: number[] = [];
  const watching = (one: Store): Store => ({
    ...one,
    catalog: {
      ...one.catalog,
      setLikeness(id, record) {
        reached.push(record.nextRow);
        one.catalog.setLikeness(id, record);
      },
    },
  });
  const made = await Promise.all([
    makeLikenesses(watching(store), snapshot, { signal }, 50),
    makeLikenesses(watching(second), snapshot, { signal }, 120),
  ]);
  second.close();
  expect(made[0]).toEqual(made[1]);
  expect(reached.length).toBe(made[0].runs.length);
  expect(reached).toEqual(reached.toSorted((a, b) => a - b));
  expect((await entriesOf(store, snapshot)).length).toBe(595);
});

test("a dump that tells no mappings has none", async () => {
  const store = temporaryStore();
  const { snapshot } = await ingest(store, samplePath("podman", "redis-pre.tar.zst"), "redis");
  expect(await entriesOf(store, snapshot)).toEqual([]);
});

/** Changes of the folder after which the maker is killed: a run takes three or four, and there are nine of them. */
const MOMENTS = [1, 2, 3, 4, 5, 7, 10, 14, 18, 23, 28];

test(`whoever is killed while making them (${MOMENTS.length} moments) leaves a store in which the next goes on`, async () => {
  const { store, snapshot } = await storeOfRedis();
  const whole = await entriesOf(store, snapshot);
  store.catalog.transaction(() =>
    store.catalog.setLikeness(snapshot.id, { version: 1, nextRow: 0, isWhole: false, runs: [] }),
  );
  store.sweep();
  const folder = path.join(import.meta.dirname, "../../server");
  const program = `
    import { openStore } from ${JSON.stringify(path.join(folder, "store/index.ts"))};
    import { makeLikenesses } from ${JSON.stringify(path.join(folder, "likeness/likeness.ts"))};
    const store = openStore(process.argv[1]);
    await makeLikenesses(store, store.snapshot("redis/t0"), { signal: new AbortController().signal }, 50);
    store.close();`;
  const directory = path.join(temporaryFolder(), "killed");
  const reached = new Set<number>();
  for (const moment of MOMENTS) {
    cpSync(store.directory, directory, { recursive: true });
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, directory], { stdio: "ignore" });
    let changes = 0;
    const watcher = watch(path.join(directory, "likeness"), () => {
      if (++changes === moment) child.kill("SIGKILL");
    });
    await new Promise((resolve) => child.on("close", resolve));
    watcher.close();
    const after = openStore(directory);
    expect(await verifyStore(after), `change ${moment}`).toMatchObject({ ok: true, problems: [] });
    reached.add(after.catalog.likeness(snapshot.id)?.runs.length ?? 0);
    const named = [...after.catalog.namedBlobs().likeness].sort();
    expect(after.blobs.list("likeness").sort()).toEqual(named);
    expect(await entriesOf(after, snapshot)).toEqual(whole);
    after.close();
    rmSync(directory, { recursive: true });
  }
  // They were met at more than one stage.
  expect(reached.size).toBeGreaterThan(2);
});
