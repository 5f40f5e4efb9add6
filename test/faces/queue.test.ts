import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import pino from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type RunningServer, startServer } from "../../server/http/index.ts";
import { type JobRequest, openQueue } from "../../server/jobs/index.ts";
import { addKnownSet } from "../../server/known-sets/index.ts";
import { openStore, type Store, tryLockStore } from "../../server/store/index.ts";
import type { Library } from "../../shared/api/index.ts";
import { holdThreads } from "../held-threads.ts";
import { ingest, samplePath, temporaryFolder } from "../ingest/temporary-store.ts";
import { openKillable } from "../journeys/world.ts";

vi.mock("../../server/threads/index.ts", async (original) =>
  (await import("../held-threads.ts")).heldThreads(await original()),
);

interface Server {
  readonly url: string;
  library(): Promise<Library>;
}

const TUS = { "Tus-Resumable": "1.0.0" };

/** Sends a file whole and asks for its ingest. @returns its upload, and the job */
async function give(url: string, file: string, more: object = {}): Promise<{ upload: string; job: string }> {
  const bytes = readFileSync(file);
  const created = await fetch(`${url}/api/uploads`, {
    method: "POST",
    headers: {
      ...TUS,
      "Upload-Length": String(bytes.length),
      "Upload-Metadata": `filename ${Buffer.from(path.basename(file)).toString("base64")}`,
    },
  });
  const upload = created.headers.get("location")?.split("/").at(-1) ?? "";
  await fetch(`${url}/api/uploads/${upload}`, {
    method: "PATCH",
    headers: { ...TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream" },
    body: new Uint8Array(bytes),
  });
  return { upload, job: await askFor(url, upload, more) };
}

async function askFor(url: string, upload: string, more: object = {}): Promise<string> {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ upload, ...more });
  const started = await fetch(`${url}/api/ingests`, { method: "POST", headers, body });
  expect(started.status).toBe(202);
  return ((await started.json()) as { job: string }).job;
}

async function settled({ library }: Pick<Server, "library">): Promise<Library> {
  return vi.waitFor(
    async () => {
      const now = await library();
      expect(now.jobs).toEqual([]);
      return now;
    },
    { timeout: 100_000 },
  );
}

const oldestFirst = ({ receipts }: Library) => receipts.map(({ file, result }) => `${file}: ${result}`).reverse();
const TINY = samplePath("podman", "tiny-t0.tar");
const NEXT = samplePath("podman", "tiny-t1.tar");

test("a killed server takes in what it had been asked for, once and in the order of each container; what was cancelled stays away", async () => {
  const server = await openKillable();
  onTestFinished(() => server.close());
  const image = path.join(temporaryFolder(), "cancelled.tar.zst");
  copyFileSync(samplePath("podman", "nginx-t0.tar.zst"), image);
  // While another process writes, every job waits.
  const writer = tryLockStore(server.folder, "test");
  await give(server.url, samplePath("podman", "redis-t0.tar.zst"));
  const cancelled = await give(server.url, image);
  await give(server.url, TINY, { container: "named" });
  await give(server.url, NEXT, { container: "named", parent: "none" });
  await fetch(`${server.url}/api/jobs/${cancelled.job}`, { method: "DELETE" });
  await server.kill();
  writer[Symbol.dispose]();
  await server.restart();
  // Killed once more, wherever it is then: what comes of it is the same.
  await vi.waitFor(async () => expect((await server.library()).receipts.length).toBeGreaterThan(0), 60_000);
  await server.kill();
  await server.restart();
  const library = await settled(server);
  const snapshots = library.containers.flatMap((container) => container.snapshots);
  expect(snapshots.map(({ container, name, parent }) => [container, name, parent]).sort()).toEqual([
    ["named", "t0", null],
    ["named", "t1", null],
    ["redis", "t0", null],
  ]);
  expect(oldestFirst(library).sort()).toEqual([
    "cancelled.tar.zst: cancelled",
    expect.stringMatching(/^redis-t0\.tar\.zst: redis t0,/),
    expect.stringMatching(/^tiny-t0\.tar: named t0,/),
    expect.stringMatching(/^tiny-t1\.tar: named t1,/),
  ]);
  expect(readdirSync(path.join(server.folder, "uploads"))).toEqual([]);
  expect(queueOf(server.folder)).toEqual([]);
});

function queueOf(store: string): string[] {
  return readdirSync(path.join(store, "queue")).filter((name) => /^[0-9a-f]{12}\.json/.test(name));
}

class Face implements Server {
  readonly store: Store;
  readonly #server: RunningServer;

  private constructor(store: Store, server: RunningServer) {
    this.store = store;
    this.#server = server;
  }

  static async open(data: string): Promise<Face> {
    const store = openStore(data);
    return new Face(store, await startServer(store, { host: "127.0.0.1", port: 0, log: pino({ level: "silent" }) }));
  }

  get url(): string {
    return this.#server.url;
  }

  library = async (): Promise<Library> => (await (await fetch(`${this.url}/api/library`)).json()) as Library;

  async close(): Promise<void> {
    await this.#server.close();
    this.store.close();
  }
}

test("a server that is stopped in the middle of a dump goes on with it, and with those behind it", async () => {
  const data = path.join(temporaryFolder(), "store");
  const first = await Face.open(data);
  const goOn = holdThreads();
  onTestFinished(goOn);
  const large = path.join(temporaryFolder(), "large.raw");
  writeFileSync(large, Buffer.alloc(16 << 20, "not zero"));
  const running = await give(first.url, large, { format: "raw", container: "raw", base: "0x1000" });
  const waiting = await give(first.url, TINY, { container: "raw" });
  // Asked for again, an upload that waits waits once.
  expect(await askFor(first.url, waiting.upload)).toBe(waiting.job);
  await vi.waitFor(async () => expect((await first.library()).jobs[0].pages).toBeGreaterThan(0), 60_000);
  const closed = first.close();
  goOn();
  await closed;
  expect(queueOf(data).sort()).toEqual([running, waiting].map(({ job }) => `${job}.json`).sort());

  const second = await Face.open(data);
  onTestFinished(() => second.close());
  const library = await settled(second);
  expect(oldestFirst(library)).toEqual([
    expect.stringMatching(/^large\.raw: raw t0, 4096 pages/),
    expect.stringMatching(/^tiny-t0\.tar: raw t1,/),
  ]);
  expect(second.store.snapshot("raw/t0").sha256).toBe(library.receipts[1].sha256);
  expect(readdirSync(second.store.uploads)).toEqual([]);
});

describe("killed between the end of a job and its last note", () => {
  const upload = "0".repeat(32);
  const OPTIONS = { container: undefined, parent: undefined, asRaw: false, base: 0n, keepCut: false };

  /** A store in the state of that moment: `work` is what the job did. */
  async function leave(
    file: string,
    request: Pick<JobRequest, "kind">["kind"],
    work: (store: Store) => Promise<unknown>,
    more: { readonly isCancelled?: boolean } = {},
  ): Promise<string> {
    const data = path.join(temporaryFolder(), "store");
    const store = openStore(data);
    const arrived = path.join(store.uploads, upload);
    copyFileSync(file, arrived);
    writeFileSync(`${arrived}.json`, "{}");
    const asked = { file: arrived, fileName: path.basename(file), bytes: statSync(file).size, upload };
    const queue = openQueue(store);
    queue.put({
      job: "0123456789ab",
      place: 1,
      askedAt: new Date().toISOString(),
      request:
        request === "dump"
          ? { ...asked, ...OPTIONS, kind: "dump", once: false }
          : { ...asked, kind: "known", name: "slim", withBytes: false },
      isCancelled: false,
      begun: { at: new Date().toISOString(), receipt: 0 },
      ...more,
    });
    await work(store);
    queue.close();
    store.close();
    return data;
  }

  const taken = (store: Store) => ingest(store, path.join(store.uploads, upload), "tiny", { fileName: "tiny-t0.tar" });

  test.each([{ isCancelled: false }, { isCancelled: true }])(
    "%o: a dump that is in is not taken in again",
    async (more) => {
      const face = await Face.open(await leave(TINY, "dump", taken, more));
      onTestFinished(() => face.close());
      const library = await settled(face);
      expect(library.containers.map(({ snapshots }) => snapshots.length)).toEqual([1]);
      expect(oldestFirst(library)).toEqual([expect.stringMatching(/^tiny-t0\.tar: tiny t0,/)]);
      expect(readdirSync(face.store.uploads)).toEqual([]);
      expect(queueOf(face.store.directory)).toEqual([]);
    },
  );

  test("another file of the same name and size does not stand for it", async () => {
    const other = async (store: Store) => {
      const file = path.join(temporaryFolder(), "tiny-t0.tar");
      const bytes = readFileSync(TINY);
      // One byte of a page.
      bytes[bytes.indexOf("pages-1.img") + 1024] ^= 1;
      writeFileSync(file, bytes);
      await ingest(store, file, "tiny");
    };
    const face = await Face.open(await leave(TINY, "dump", other));
    onTestFinished(() => face.close());
    expect((await settled(face)).containers.map(({ snapshots }) => snapshots.length)).toEqual([2]);
  });

  test("a refusal is told once, and keeps its upload", async () => {
    const refused = async (store: Store) => {
      const problem = { type: "", title: "", status: 422, detail: "", code: "dump-cut", advice: "", facts: {} };
      const receipt = { sha256: null, container: null, snapshot: null, result: "refused", upload };
      const { size } = statSync(TINY);
      const at = new Date().toISOString();
      store.catalog.addReceipt({ ...receipt, at, file: "tiny-t0.tar", bytes: size, problem: JSON.stringify(problem) });
    };
    const face = await Face.open(await leave(TINY, "dump", refused));
    onTestFinished(() => face.close());
    expect(oldestFirst(await settled(face))).toEqual(["tiny-t0.tar: refused"]);
    expect(existsSync(path.join(face.store.uploads, upload))).toBe(true);
  });

  test("a known set that is there gets its receipt, and is not refused for its own name", async () => {
    const image = samplePath("images", "tiny-oci.tar");
    const added = (store: Store) =>
      addKnownSet(store, path.join(store.uploads, upload), "slim", {
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
    const face = await Face.open(await leave(image, "known", added));
    onTestFinished(() => face.close());
    const library = await settled(face);
    expect(library.knownSets.map(({ name }) => name)).toEqual(["slim"]);
    expect(oldestFirst(library)).toEqual([expect.stringContaining("known set slim,")]);
  });
});

test("a second server of the same store does not take the jobs of the first", async () => {
  const data = path.join(temporaryFolder(), "store");
  const first = await Face.open(data);
  const goOn = holdThreads(0);
  onTestFinished(goOn);
  await give(first.url, TINY);
  const waiting = await give(first.url, NEXT);
  const second = await Face.open(data);
  expect((await second.library()).jobs).toEqual([]);
  await second.close();
  expect(queueOf(data)).toContain(`${waiting.job}.json`);
  goOn();
  expect((await settled(first)).containers[0].snapshots).toHaveLength(2);
  await first.close();
});
