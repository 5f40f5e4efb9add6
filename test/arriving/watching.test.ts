/** What looking at a dump costs, and when it ends: over stand-ins for the queue and the uploads. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { copyFile, truncate } from "node:fs/promises";
import path from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { type Arriving, openArriving } from "../../server/arriving/index.ts";
import { samplePath, temporaryFolder } from "../ingest/temporary-store.ts";

interface Watching {
  readonly arriving: Arriving;
  readonly scratch: string;
  /** How often the uploads were asked for one. */
  asked(): number;
  add(id: string, file: string, totalBytes: number): void;
}

/** @param bytesOf how many bytes of an upload are here. */
function openWatching(bytesOf: (file: string) => number): Watching {
  const scratch = path.join(temporaryFolder(), "scratch");
  mkdirSync(scratch);
  const uploads = new Map<string, { readonly file: string; readonly totalBytes: number }>();
  let asked = 0;
  const failures: unknown[] = [];
  const arriving = openArriving({
    store: { scratch, catalog: { refusals: () => [] } },
    jobs: { arriving: () => undefined, ended: () => undefined, subscribe: () => () => undefined },
    uploads: {
      async arriving(id) {
        asked++;
        const upload = uploads.get(id);
        return upload && { ...upload, fileName: id, bytes: bytesOf(upload.file) };
      },
    },
    onFailed: (error) => failures.push(error),
  });
  onTestFinished(async () => {
    await arriving.close();
    expect(failures).toEqual([]);
  });
  return {
    arriving,
    scratch,
    asked: () => asked,
    add: (id, file, totalBytes) => uploads.set(id, { file, totalBytes }),
  };
}

/** Lets what was begun come to its end: files are read by the machine, not by the clock of the test. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

function holdClock(): void {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
}
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const compressed = samplePath("podman", "app-t0.tar.zst");
const plain = samplePath("podman", "tiny-t0.tar");

test("a dump that nobody asks for any more is closed, and its scratch file is gone", async () => {
  holdClock();
  const { arriving, scratch, asked, add } = openWatching(() => 1);
  add("one", compressed, 2);
  await arriving.look("one");
  expect(readdirSync(scratch)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(9000);
  expect(readdirSync(scratch)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(3000);
  await until(() => readdirSync(scratch).length === 0);
  const before = asked();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(before);
});

test("as long as somebody listens it stays open, is looked at once a second, and tells what has come", async () => {
  holdClock();
  const file = path.join(temporaryFolder(), "growing.tar");
  await copyFile(plain, file);
  await truncate(file, 200_000);
  let bytes = 200_000;
  const { arriving, asked, add } = openWatching(() => bytes);
  add("one", file, 264_704);
  let told = 0;
  const stop = await arriving.watch("one", () => told++);
  const before = asked();
  await vi.advanceTimersByTimeAsync(1000);
  await until(() => told === 1);
  for (let second = 0; second < 30; second++) await vi.advanceTimersByTimeAsync(1000);
  expect(asked()).toBeGreaterThan(before + 1);
  expect(asked()).toBeLessThanOrEqual(before + 31);
  // Nothing has come, so nothing was told.
  expect(told).toBe(1);
  await copyFile(plain, file);
  bytes = 264_704;
  await until(async () => {
    // A read takes as long as the clock is put forward meanwhile, and the next one waits for four times that.
    await vi.advanceTimersByTimeAsync(1000);
    const seen = await arriving.look("one");
    return seen.state === "arriving" && seen.picture?.here === 47;
  });
  expect(told).toBeGreaterThan(1);
  stop();
});

test("asking more often than once a second reads the file no oftener", async () => {
  holdClock();
  const file = path.join(temporaryFolder(), "growing.tar");
  await copyFile(plain, file);
  await truncate(file, 200_000);
  const { arriving, add } = openWatching(() => 200_000);
  add("one", file, 264_704);
  const first = await arriving.look("one");
  await copyFile(plain, file);
  expect(await arriving.look("one")).toEqual(first);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await arriving.look("one")).not.toEqual(first);
});

test("four dumps are watched at a time; one that nobody listens to makes room", async () => {
  holdClock();
  const { arriving, add } = openWatching(() => 264_704);
  const names = ["a", "b", "c", "d", "e", "f"];
  for (const name of names) add(name, plain, 264_704);
  await arriving.look("a");
  for (const name of ["b", "c", "d", "e"]) await arriving.watch(name, () => undefined);
  await expect(arriving.look("f")).rejects.toMatchObject({ code: "limit-met", facts: { limit: 4 } });
});

test("a bomb ends at the limit of an ingest, and says so", async () => {
  vi.stubEnv("DUMPSCOPE_UNPACK_LIMIT", "1000000");
  const file = path.join(temporaryFolder(), "bomb.zst");
  const bytes = zstdCompressSync(Buffer.alloc(50_000_000));
  writeFileSync(file, bytes);
  const { arriving, add } = openWatching(() => bytes.length);
  add("bomb", file, bytes.length);
  await until(async () => {
    const seen = await arriving.look("bomb");
    return seen.state === "arriving" && (seen.reason ?? "").includes("unpacks to more than 1000000 bytes");
  });
});

test("what is no dump is told apart from what is not here yet", async () => {
  const file = path.join(temporaryFolder(), "note.txt");
  writeFileSync(file, "This is no dump, and will not become one.\n".repeat(40));
  const { arriving, add } = openWatching(() => 1680);
  add("note", file, 1680);
  const seen = await arriving.look("note");
  expect(seen).toMatchObject({ state: "arriving", picture: null, reason: expect.stringContaining("no known format") });
  await expect(arriving.picture("note")).rejects.toMatchObject({ code: "not-found" });
  await expect(arriving.look("nothing")).rejects.toMatchObject({ code: "not-found" });
});
