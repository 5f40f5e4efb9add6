/** Stripping when nobody asks: what is stripped, in which order, what it makes way for, and that it goes on. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createStripper, type StripperParts } from "../server/jobs/index.ts";
import { addBaseline, createKnownSets, removeKnownSet } from "../server/known-sets/index.ts";
import { deleteSnapshot, openStore, type Store } from "../server/store/index.ts";
import { Face } from "./faces/face.ts";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "./ingest/temporary-store.ts";

const sample = (name: string) => samplePath("podman", name);

async function redisAndNginx(store: Store) {
  const redis = await ingest(store, sample("redis-t0.tar.zst"), "redis");
  const nginx = await ingest(store, sample("nginx-t0.tar.zst"), "nginx");
  return { redis: redis.snapshot, nginx: nginx.snapshot };
}

function stripperOf(store: Store, parts: Partial<StripperParts> = {}) {
  const known = createKnownSets(store);
  const never = (error: unknown) => {
    throw error;
  };
  const stripper = createStripper({
    store,
    known,
    isIdle: () => true,
    whenQuiet: async () => undefined,
    onFailed: never,
    onGivenUp: never,
    ...parts,
  });
  onTestFinished(() => stripper.close());
  const areStripped = () => store.catalog.snapshots().every((snapshot) => known.isStripped(snapshot));
  return { known, stripper, whenStripped: () => vi.waitFor(() => expect(areStripped()).toBe(true), 60_000) };
}

test("all are stripped, the newest first, and again what a set that comes or goes, or a deleted snapshot, changes", async () => {
  const store = temporaryStore();
  const { redis, nginx } = await redisAndNginx(store);
  const kept = vi.spyOn(store.catalog, "setStripping");
  const { known, stripper, whenStripped } = stripperOf(store);
  stripper.look();
  await whenStripped();
  expect(kept.mock.calls.map(([id]) => id)).toEqual([nginx.id, redis.id]);
  expect(known.provenance(nginx)).toMatchObject({ alike: 324, new: 395 });

  await addBaseline(store, redis, "clean");
  expect(known.isStripped(nginx)).toBe(true);
  await removeKnownSet(store, "clean");
  deleteSnapshot(store, redis);
  expect(known.isStripped(nginx)).toBe(false);
  expect(known.provenance(nginx)).toMatchObject({ alike: 0, new: 719 });
  stripper.look();
  await whenStripped();
  expect(known.provenance(nginx)).toMatchObject({ alike: 0, new: 719 });
});

test("it stands still while somebody waits for an answer, and goes on from there", async () => {
  const store = temporaryStore();
  await redisAndNginx(store);
  let turns = 0;
  let answer = Promise.withResolvers<void>();
  const { known, stripper, whenStripped } = stripperOf(store, {
    async whenQuiet() {
      turns++;
      if (turns === 3) await answer.promise;
    },
  });
  stripper.look();
  await vi.waitFor(() => expect(turns).toBe(3), 60_000);
  for (let n = 0; n < 100; n++) await new Promise(setImmediate);
  expect(turns).toBe(3);
  expect(store.catalog.snapshots().some((snapshot) => known.isStripped(snapshot))).toBe(false);
  answer.resolve();
  answer = Promise.withResolvers();
  await whenStripped();
});

test("an ingest stops it at its next turn, and it begins again when that has ended", async () => {
  const store = temporaryStore();
  await redisAndNginx(store);
  let isIdle = true;
  let turns = 0;
  const { known, stripper, whenStripped } = stripperOf(store, {
    isIdle: () => isIdle,
    async whenQuiet() {
      turns++;
      if (turns !== 3) return;
      isIdle = false;
      stripper.look();
    },
  });
  stripper.look();
  await vi.waitFor(() => expect(turns).toBe(3), 60_000);
  for (let n = 0; n < 100; n++) await new Promise(setImmediate);
  expect(turns).toBe(3);
  expect(store.catalog.snapshots().some((snapshot) => known.isStripped(snapshot))).toBe(false);
  isIdle = true;
  stripper.look();
  await whenStripped();
});

test("while another process writes nothing is begun; a note of one that is dead stops nothing", async () => {
  const store = temporaryStore();
  await redisAndNginx(store);
  const child = spawn(process.execPath, ["--eval", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "inherit"] });
  onTestFinished(() => void child.kill());
  const note = { operation: "ingest app.tar", startedAt: new Date().toISOString(), pid: child.pid };
  writeFileSync(path.join(store.directory, "lock.json"), JSON.stringify(note));
  let turns = 0;
  const { known, stripper, whenStripped } = stripperOf(store, {
    async whenQuiet() {
      turns++;
    },
  });
  stripper.look();
  await vi.waitFor(() => expect(turns).toBe(1), 60_000);
  for (let n = 0; n < 100; n++) await new Promise(setImmediate);
  expect(turns).toBe(1);
  expect(store.catalog.snapshots().some((snapshot) => known.isStripped(snapshot))).toBe(false);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await gone;
  // By itself: nobody tells it that the other has ended.
  await whenStripped();
});

test("a snapshot that cannot be stripped is told once, and the others are stripped", async () => {
  const store = temporaryStore();
  const { redis, nginx } = await redisAndNginx(store);
  const open = store.manifest;
  vi.spyOn(store, "manifest").mockImplementation((snapshot) => {
    if (snapshot.id === nginx.id) throw new Error("a chunk is damaged");
    return open(snapshot);
  });
  const told: string[] = [];
  const { known, stripper } = stripperOf(store, {
    onFailed: (error, { container }) => told.push(`${container} ${error}`),
  });
  stripper.look();
  await vi.waitFor(() => expect(known.isStripped(redis)).toBe(true), 60_000);
  stripper.look();
  await stripper.close();
  expect(told).toEqual(["nginx Error: a chunk is damaged"]);
  expect(known.isStripped(nginx)).toBe(false);
});

test("a server strips what was there before it, what comes, and after a restart what was left", async () => {
  const folder = path.join(temporaryFolder(), "store");
  const before = openStore(folder);
  await ingest(before, sample("redis-t0.tar.zst"), "redis");
  before.close();
  let face = await Face.open(folder);
  const stripped = async () => {
    const { containers } = await face.until(({ jobs }) => jobs.length === 0);
    return containers.flatMap(({ snapshots }) => snapshots).map(({ isStripped }) => isStripped);
  };
  const areStripped = (number: number) =>
    vi.waitFor(async () => expect(await stripped()).toEqual(Array(number).fill(true)), {
      timeout: 60_000,
      interval: 400,
    });
  await areStripped(1);
  await ingest(face.store, sample("nginx-t0.tar.zst"), "nginx");
  await face.close();
  face = await Face.open(folder);
  onTestFinished(() => face.close());
  await areStripped(2);
  const events = await fetch(`${face.server.url}/api/events`);
  const reader = events.body?.getReader();
  await reader?.read();
  await addBaseline(face.store, face.store.snapshot("redis/t0"), "clean");
  await reader?.read();
  await reader?.cancel();
  await areStripped(2);
});
