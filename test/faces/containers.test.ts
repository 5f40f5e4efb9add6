import { createHash } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import pino from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { exportDump } from "../../server/export/index.ts";
import { startServer } from "../../server/http/index.ts";
import { openStore, type Store } from "../../server/store/index.ts";
import type { Library, SnapshotDetailSchema } from "../../shared/api/index.ts";
import { ingest, samplePath, temporaryFolder } from "../ingest/temporary-store.ts";
import { pairOf } from "../journeys/world.ts";

interface Face {
  readonly store: Store;
  ask(method: string, place: string, body?: object): Promise<{ readonly status: number; readonly answer: object }>;
  get<T>(place: string): Promise<T>;
  /** When nothing is under way. */
  library(): Promise<Library>;
}

async function openFace(): Promise<Face> {
  const store = openStore(path.join(temporaryFolder(), "store"));
  const server = await startServer(store, { host: "127.0.0.1", port: 0, log: pino({ level: "silent" }) });
  onTestFinished(async () => {
    await server.close();
    store.close();
  });
  const get = async <T>(place: string) => (await (await fetch(server.url + place)).json()) as T;
  return {
    store,
    get,
    async ask(method, place, body) {
      const headers = { "Content-Type": "application/json" };
      const response = await fetch(server.url + place, { method, headers, body: JSON.stringify(body) });
      return { status: response.status, answer: (await response.json()) as object };
    },
    library: () =>
      vi.waitFor(
        async () => {
          const library = await get<Library>("/api/library");
          expect(library.jobs).toEqual([]);
          return library;
        },
        { timeout: 100_000 },
      ),
  };
}

const TINY = samplePath("podman", "tiny-t0.tar");
const APP = samplePath("podman", "app-t0.tar.zst");
const NEXT = samplePath("podman", "app-t1.tar.zst");

describe("a container is renamed", () => {
  test("its snapshots keep ids and names, and the next one follows them", async () => {
    const face = await openFace();
    const { snapshot } = await ingest(face.store, APP, "app/<b>");
    const next = await ingest(face.store, NEXT, "app/<b>");
    expect(await face.ask("PATCH", `/api/containers/${encodeURIComponent("app/<b>")}`, { name: " web " })).toEqual({
      status: 200,
      answer: {},
    });
    const { containers } = await face.library();
    expect(containers.map(({ name, snapshots }) => [name, snapshots.map((one) => [one.snapshot, one.name])])).toEqual([
      [
        "web",
        [
          [snapshot.id, "t0"],
          [next.snapshot.id, "t1"],
        ],
      ],
    ]);
    expect(face.store.snapshot("web/t1").id).toBe(next.snapshot.id);
    const detail = await face.get<(typeof SnapshotDetailSchema)["_output"]>(`/api/snapshots/${snapshot.id}`);
    expect(detail).toMatchObject({ container: "web", name: "t0" });
    expect((await ingest(face.store, APP, "web")).snapshot.name).toBe("t2");
    // The old name is free: another container begins at its beginning.
    expect((await ingest(face.store, TINY, "app/<b>")).snapshot.name).toBe("t0");
  });

  test("what is said of it elsewhere says its new name", async () => {
    const face = await openFace();
    const a = (await ingest(face.store, APP, "app")).snapshot.id;
    const b = (await ingest(face.store, NEXT, "other")).snapshot.id;
    const comparison = `/api/comparisons/${a}/${b}`;
    expect(await face.get<object>(comparison)).toMatchObject({ a: { container: "app" } });
    const place = `/api/snapshots/${b}/page?space=p1&address=0x7fe20384b000`;
    await face.ask("PATCH", "/api/containers/app", { name: "web" });
    expect(await face.get<object>(comparison)).toMatchObject({ a: { container: "web" } });
    expect(await face.get<object>(place)).toMatchObject({
      provenance: "shared",
      reason: expect.stringMatching(/^web t0 has the same bytes/),
    });
  });

  test.each([
    ["app", { name: "tiny" }, 409, "name-taken", "There is a container tiny already"],
    ["app", { name: "gone" }, 409, "name-taken", "deleted"],
    ["nothing", { name: "web" }, 404, "not-found", "nothing"],
    ["app", { name: " " }, 400, "bad-request", "name"],
    ["app", {}, 400, "bad-request", "name"],
  ])("%s to %o is refused: %i %s", async (container, body, status, code, said) => {
    const face = await openFace();
    await ingest(face.store, APP, "app");
    await ingest(face.store, TINY, "tiny");
    const gone = await ingest(face.store, TINY, "gone");
    await face.ask("DELETE", `/api/snapshots/${gone.snapshot.id}`);
    const { answer, ...refused } = await face.ask("PATCH", `/api/containers/${container}`, body);
    expect({ ...refused, answer }).toMatchObject({ status, answer: { code, detail: expect.stringContaining(said) } });
    expect((await face.library()).containers.map(({ name }) => name).sort()).toEqual(["app", "tiny"]);
  });

  test("while another process writes, nothing is renamed, and it is said who writes", async () => {
    const face = await openFace();
    await ingest(face.store, TINY, "tiny");
    using _lock = await face.store.lock("gc");
    expect(await face.ask("PATCH", "/api/containers/tiny", { name: "web" })).toMatchObject({
      answer: { code: "store-busy", detail: expect.stringContaining("gc") },
    });
    expect(face.store.snapshot("tiny/t0").container).toBe("tiny");
  });
});

describe("a snapshot is explained against another one", () => {
  async function digestOf(store: Store, reference: string): Promise<string> {
    const hash = createHash("sha256");
    for await (const piece of exportDump(store, store.snapshot(reference))) hash.update(piece);
    return hash.digest("hex");
  }

  const pair = pairOf("app-t0.tar.zst", "app-t1.tar.zst").provenance;

  test.each([
    { against: "app/t0", said: "app t0", provenance: pair },
    // What is the same in t0 is then shared with it.
    {
      against: "none",
      said: "no snapshot",
      provenance: { ...pair, unchanged: 0, moved: 0, shared: pair.unchanged + pair.moved + pair.shared },
    },
  ])("$against: as a new snapshot of the same dump; by its old self no page is explained", async (row) => {
    const face = await openFace();
    const t0 = (await ingest(face.store, APP, "app")).snapshot;
    const t1 = (await ingest(face.store, NEXT, "app")).snapshot;
    const pages = face.store.catalog.nextPage;
    const asked = await face.ask("POST", `/api/snapshots/${t1.id}/explanations`, { parent: row.against });
    expect(asked.status).toBe(202);
    const { containers, receipts } = await face.library();
    expect(containers[0].snapshots).toMatchObject([
      { name: "t0" },
      { name: "t1", snapshot: t1.id, parent: t0.id },
      { name: "t2", parent: row.against === "none" ? null : t0.id, bytes: t1.bytes, file: t1.file },
    ]);
    expect(face.store.snapshot("app/t2")).toMatchObject({ sha256: t1.sha256, provenance: row.provenance });
    expect(receipts[0]).toMatchObject({
      file: t1.file,
      sha256: t1.sha256,
      result: `app t2, 2013 pages, 197 new; t1 again, explained against ${row.said}`,
    });
    expect(face.store.catalog.nextPage).toBe(pages);
    expect(await digestOf(face.store, "app/t2")).toBe(t1.unpackedSha256);
    expect(readdirSync(face.store.uploads)).toEqual([]);
  });

  test("raw bytes stay raw bytes at their base", async () => {
    const face = await openFace();
    const file = path.join(temporaryFolder(), "bytes.raw");
    writeFileSync(file, Buffer.alloc(3 * 4096 + 5, "bytes"));
    const { id, pages } = (await ingest(face.store, file, "raw", { asRaw: true, base: 0x40_0000n })).snapshot;
    const other = (await ingest(face.store, TINY, "tiny")).snapshot;
    await face.ask("POST", `/api/snapshots/${id}/explanations`, { parent: other.id });
    await face.library();
    const again = face.store.snapshot("raw/t1");
    expect(again).toMatchObject({ format: "raw", pages, parent: other.id });
    expect(face.store.manifest(again).laid[0].mapping.range.start).toBe(0x400);
  });

  test("itself, or what is not there, explains nothing; a parent that goes meanwhile is a refusal", async () => {
    const face = await openFace();
    const { id } = (await ingest(face.store, TINY, "tiny")).snapshot;
    const explain = (parent: string) => face.ask("POST", `/api/snapshots/${id}/explanations`, { parent });
    expect(await explain(id)).toMatchObject({ status: 400, answer: { code: "bad-request" } });
    expect(await explain("nothing")).toMatchObject({ status: 404, answer: { code: "not-found" } });
    const parent = (await ingest(face.store, APP, "app")).snapshot.id;
    {
      // Until it is deleted, the job waits for its turn.
      using _lock = await face.store.lock("delete");
      expect((await explain(parent)).status).toBe(202);
      expect((await face.get<Library>("/api/library")).jobs).toMatchObject([{ container: "tiny", parent }]);
      face.store.catalog.transaction(() => face.store.catalog.removeSnapshot(parent));
    }
    const { receipts, containers } = await face.library();
    expect(receipts[0]).toMatchObject({ file: "tiny-t0.tar", problem: { code: "not-found" } });
    expect(containers.map(({ snapshots }) => snapshots.length)).toEqual([1]);
    expect(readdirSync(face.store.uploads)).toEqual([]);
  });
});
