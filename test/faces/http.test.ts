import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../server/http/index.ts";
import { pageContents, snapshotStrip } from "../../server/inspect/index.ts";
import { addBaseline, addKnownSet, createKnownSets, removeKnownSet } from "../../server/known-sets/index.ts";
import { openStore, type Store } from "../../server/store/index.ts";
import { cutTile } from "../../server/tiles/index.ts";
import {
  ComparedPageSchema,
  ComparisonSchema,
  FindEventSchema,
  InspectedPageSchema,
  KnownSetDetailSchema,
  LibrarySchema,
  ListedPageSchema,
  PictureDifferenceSchema,
  ProblemSchema,
  ReceiptsSchema,
  ROUTES,
  SnapshotDetailSchema,
  SnapshotTamperingSchema,
  StringsEventSchema,
} from "../../shared/api/index.ts";
import { decodeTiles } from "../../shared/tile/index.ts";
import { ingest, samplePath } from "../ingest/temporary-store.ts";

let folder: string;
let store: Store;
let server: RunningServer;
let t0: string;
let t1: string;
const logged: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  store = openStore(folder);
  t0 = (await ingest(store, samplePath("podman", "app-t0.tar.zst"), 'app"<img>/..')).snapshot.id;
  t1 = (await ingest(store, samplePath("podman", "app-t1.tar.zst"), 'app"<img>/..')).snapshot.id;
  const log = pino({ level: "warn" }, { write: (line: string) => void logged.push(line) });
  server = await startServer(store, { host: "127.0.0.1", port: 0, log });
});

afterAll(async () => {
  await server.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (place: string, headers: Record<string, string> = {}) => fetch(server.url + place, { headers });

/** `fetch` sets Host itself: a raw request says what it likes. */
function rawGet(place: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + place, { headers }, (response) => {
      let body = "";
      response.on("data", (piece: Buffer) => {
        body += piece.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject).end();
  });
}

const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

describe("answers are what their schemas say", () => {
  test("library, snapshot, page, comparison, compared page, picture difference", async () => {
    const library = LibrarySchema.parse(await (await get("/api/library")).json());
    expect(library.containers[0].snapshots.map(({ name }) => name)).toEqual(["t0", "t1"]);
    const detail = SnapshotDetailSchema.parse(await (await get(`/api/snapshots/${t1}`)).json());
    expect(detail.maps).toHaveLength(71);
    const page = InspectedPageSchema.parse(
      await (await get(`/api/snapshots/${t1}/page?space=p1&address=0x7fe203e1f000`)).json(),
    );
    expect(page).toMatchObject({ provenance: "new", againstParent: { bytes: 1, runs: [[0x25, 0x26]] } });
    expect(page.strings.find(({ offset }) => offset === 0)).toMatchObject({ secret: true });
    for (const [space, what] of [
      ["p9", "process 9"],
      ["s9", "shared segment 9"],
    ]) {
      const { reason } = InspectedPageSchema.parse(
        await (await get(`/api/snapshots/${t1}/page?space=${space}&address=0x1000`)).json(),
      );
      expect(reason).toMatch(new RegExp(`^There is no ${what} in t1\\.$`));
    }
    const comparison = ComparisonSchema.parse(await (await get(`/api/comparisons/${t0}/${t1}`)).json());
    expect(comparison).toMatchObject({ differing: 272, compared: 2021, zeroThatHadContent: 4 });
    expect(comparison.differences).toHaveLength(77);
    const compared = ComparedPageSchema.parse(
      await (await get(`/api/comparisons/${t0}/${t1}/page?space=p1&address=0x7fe20384c000`)).json(),
    );
    expect(compared).toMatchObject({ verdict: "moved", from: { space: "p1", address: "0x7fe20384b000" } });
    const difference = PictureDifferenceSchema.parse(
      await (await get(`/api/comparisons/${t0}/${t1}/picture-difference`)).json(),
    );
    expect(difference).toMatchObject({ layout: "hilbert", channel: "class", level: 3, width: 1024, height: 512 });
    expect(difference.pixels).toBeGreaterThan(0);
  });

  test("what looks tampered with, and what could not be told", async () => {
    const tampering = SnapshotTamperingSchema.parse(await (await get(`/api/snapshots/${t1}/tampering`)).json());
    expect(tampering).toMatchObject({ snapshot: t1, findings: [], compared: { pages: 0 } });
    expect(tampering.notCompared.unknownFile).toBe(411);
    expect(tampering.limits).toHaveLength(2);
    const lines = (await (await get(`/api/snapshots/${t1}/file-pages`)).text()).trim().split("\n");
    const pages = lines.map((line) => ListedPageSchema.parse(JSON.parse(line)));
    expect(pages).toHaveLength(411);
    expect(new Set(pages.map(({ why }) => why))).toEqual(new Set(["no known set has the file"]));
    expect((await get("/api/snapshots/none/file-pages")).status).toBe(404);
    expect((await get("/api/snapshots/none/tampering")).status).toBe(404);
  });

  test("a machine's facts, with registers beyond 2^63", async () => {
    const machine = (await ingest(store, samplePath("machine", "bare64.elf.zst"), "bare64")).snapshot.id;
    const { facts } = SnapshotDetailSchema.parse(await (await get(`/api/snapshots/${machine}`)).json());
    expect(facts.machine?.processors[0].qemu?.registers).toMatchObject({ r15: "0xd0d0cafe12345678" });
    const container = SnapshotDetailSchema.parse(await (await get(`/api/snapshots/${t1}`)).json());
    expect(container.facts.machine).toBeNull();
  });

  test("a known set, and the pages that are in it", async () => {
    await addKnownSet(store, samplePath("images", "tiny-oci.tar"), "tiny", quiet);
    await addBaseline(store, store.snapshot(t0), "clean");
    const library = LibrarySchema.parse(await (await get("/api/library")).json());
    expect(library.knownSets).toMatchObject([
      { name: "clean", source: 'snapshot app"<img>/../t0', imageOf: [], leftToFiles: 0 },
      { name: "tiny", source: "OCI image", imageOf: [], leftToFiles: 0, sameContent: 0 },
    ]);
    const detail = KnownSetDetailSchema.parse(await (await get("/api/known/tiny")).json());
    expect(detail).toMatchObject({ files: 1, pages: 5, layers: [{ files: 1, pages: 5 }], buildIds: [] });
    expect((await get("/api/known/none")).status).toBe(404);
    const snapshot = SnapshotDetailSchema.parse(await (await get(`/api/snapshots/${t1}`)).json());
    expect(snapshot.image).toMatchObject({ id: expect.stringMatching(/^e31ec42c/), knownSet: null });
    const page = InspectedPageSchema.parse(
      await (await get(`/api/snapshots/${t1}/page?space=p1&address=0x7fe20384c000`)).json(),
    );
    expect(page.files).toContainEqual(
      expect.objectContaining({
        set: "clean",
        baseline: { snapshot: 'app"<img>/../t0', space: "p1", address: "0x7fe20384b000" },
      }),
    );
    await removeKnownSet(store, "clean");
    await removeKnownSet(store, "tiny");
  });

  test("tiles are the ones that are cut from the store", async () => {
    const response = await get(`/api/snapshots/${t1}/tiles/class?level=3&tiles=0,2`);
    const tiles = decodeTiles(new Uint8Array(await response.arrayBuffer()));
    const source = snapshotStrip(store, createKnownSets(store), store.snapshot(t1));
    for (const tile of tiles) expect(tile).toEqual(await cutTile(source, pageContents(store), "class", 3, tile.index));
    expect(tiles.map(({ index }) => index)).toEqual([0, 2]);

    // Who holds a tile names it, and gets its head alone; of the next snapshot's the difference.
    const held = new Map(tiles.map((tile) => [tile.digest, tile]));
    const again = await get(`/api/snapshots/${t1}/tiles/class?level=3&tiles=0,2&held=,${tiles[1].digest}`);
    const batch = new Uint8Array(await again.arrayBuffer());
    expect(batch.length).toBe(8 + 40 + 3 * 65_536 + 40);
    expect(decodeTiles(batch, held)).toEqual(tiles);
    const before = await get(`/api/snapshots/${t0}/tiles/class?level=3&tiles=0,2&held=${[...held.keys()].join()}`);
    const alone = await get(`/api/snapshots/${t0}/tiles/class?level=3&tiles=0,2`);
    expect(decodeTiles(new Uint8Array(await before.arrayBuffer()), held)).toEqual(
      decodeTiles(new Uint8Array(await alone.arrayBuffer())),
    );
    expect((await get(`/api/snapshots/${t1}/tiles/class?level=3&tiles=0&held=abc`)).status).toBe(400);
  });

  test("bytes: one state a page, then the bytes; above 2^63 as well", async () => {
    const known = new Uint8Array(
      await (await get(`/api/snapshots/${t1}/bytes?space=p1&address=7fe203e1f000&length=20`)).arrayBuffer(),
    );
    expect([known[0], Buffer.from(known.subarray(1)).toString()]).toEqual([0, "AWS_ACCESS_KEY_ID=AK"]);
    const vsyscall = new Uint8Array(
      await (await get(`/api/snapshots/${t1}/bytes?space=p1&address=0xffffffffff600000&length=16`)).arrayBuffer(),
    );
    expect([...vsyscall]).toEqual([7, ...new Array(16).fill(0)]);
    const nowhere = new Uint8Array(
      await (await get(`/api/snapshots/${t1}/bytes?space=p1&address=0x1000&length=8192`)).arrayBuffer(),
    );
    expect([nowhere[0], nowhere[1], nowhere.length]).toEqual([255, 255, 8194]);
  });

  test("with the library come the newest 100 receipts, the number of all, and each refusal that is open", async () => {
    const before = store.catalog.receiptCount();
    const at = "2026-11-23T04:06:49.000Z";
    const problem = { type: "", title: "", status: 422, detail: "", code: "dump-cut", advice: "", facts: {} };
    const add = (file: string, refused: boolean) =>
      store.catalog.addReceipt({
        ...{ at, file, bytes: 1, sha256: null, container: null, snapshot: null, result: "", upload: null },
        problem: refused ? JSON.stringify(problem) : null,
      });
    const [cut] = [add("cut", true), add("came again", true), add("dismissed", true)];
    store.catalog.dismissReceipt(cut + 2);
    add("came again", false);
    for (let n = 0; n < 120; n++) add(`${n}`, false);
    const library = LibrarySchema.parse(await (await get("/api/library")).json());
    expect(library.received).toBe(before + 124);
    expect(library.receipts.map(({ file }) => file)).toEqual(Array.from({ length: 100 }, (_, n) => `${119 - n}`));
    expect(library.refused).toMatchObject([{ receipt: cut, file: "cut", problem: { code: "dump-cut" } }]);
    const log = ReceiptsSchema.parse(await (await get("/api/receipts")).json()).receipts;
    expect(log).toHaveLength(before + 124);
    expect(log.slice(0, 100)).toEqual(library.receipts);
    store.catalog.dismissReceipt(cut);
    expect(LibrarySchema.parse(await (await get("/api/library")).json()).refused).toEqual([]);
  });

  test("OpenAPI describes every route", async () => {
    const document = (await (await get("/api/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(document.openapi).toBe("3.1.0");
    const described = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(described.sort()).toEqual(Object.keys(ROUTES).sort());
  });

  test("nobody keeps an answer of the API, so none is digested for a tag", async () => {
    const { headers } = await get("/api/library");
    expect([headers.get("cache-control"), headers.get("etag")]).toEqual(["no-store", null]);
  });

  test("the dump comes back as an attachment whose name cannot lead anywhere", async () => {
    const response = await get(`/api/snapshots/${t0}/dump`);
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="app__img__..-t0.tar"');
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await response.arrayBuffer()).byteLength).toBe(8_288_256);
    const picture = await get(`/api/snapshots/${t0}/picture.png?width=256`);
    expect([...new Uint8Array(await picture.arrayBuffer()).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  });
});

describe("refused", () => {
  test.each([
    ["/api/snapshots/nothing", 404, "not-found"],
    ["/api/nothing", 404, "not-found"],
    ["/api/snapshots/T1/page?space=x9&address=0", 400, "bad-request"],
    ["/api/snapshots/T1/bytes?space=p1&address=zz&length=1", 400, "bad-request"],
    ["/api/snapshots/T1/bytes?space=p1&address=0&length=99999999", 400, "bad-request"],
    ["/api/snapshots/T1/tiles/class?level=3&tiles=99999", 400, "bad-request"],
    ["/api/snapshots/T1/tiles/nothing?level=3&tiles=0", 404, "not-found"],
    ["/api/comparisons/T1/nothing", 404, "not-found"],
    ["/API/library", 404, "not-found"],
    ["/%00", 404, "not-found"],
  ])("%s: %i %s", async (place, status, code) => {
    const response = await get(place.replace("T1", t1));
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(ProblemSchema.parse(await response.json())).toMatchObject({ code, status });
  });

  test.each([
    [{ host: "evil.example" }],
    [{ origin: "http://evil.example" }],
    [{ origin: "null" }],
    [{ "sec-fetch-site": "cross-site" }],
  ])("a request of another site %o, and the log names it", async (headers) => {
    logged.length = 0;
    expect((await rawGet("/api/library", headers)).status).toBe(403);
    expect(logged.join("")).toContain("refused:");
    expect((await rawGet("/API/library", headers)).status).not.toBe(200);
  });

  test("nothing but this server may be asked by its pages", async () => {
    const policy = (await get("/")).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });
});

test("who leaves a picture before it is drawn is no failure, and the next one is drawn", async () => {
  const before = logged.length;
  const url = `${server.url}/api/comparisons/${t0}/${t1}/picture-difference?level=3`;
  const left = Array.from({ length: 6 }, () => {
    const leaving = new AbortController();
    const answer = fetch(url, { signal: leaving.signal }).catch((error: Error) => error.name);
    setImmediate(() => leaving.abort());
    return answer;
  });
  expect(await Promise.all(left)).toEqual(Array(6).fill("AbortError"));
  const drawn = await fetch(url);
  expect(PictureDifferenceSchema.parse(await drawn.json()).pixels).toBeGreaterThan(0);
  expect(logged.slice(before)).toEqual([]);
});

describe("uploads", () => {
  const tus = { "Tus-Resumable": "1.0.0" };

  async function create(name: string, length: number): Promise<string> {
    const response = await fetch(`${server.url}/api/uploads`, {
      method: "POST",
      headers: {
        ...tus,
        "Upload-Length": String(length),
        "Upload-Metadata": `filename ${Buffer.from(name).toString("base64")}`,
      },
    });
    expect(response.status).toBe(201);
    return response.headers.get("location") ?? "";
  }

  const patch = (location: string, offset: number, bytes: Uint8Array<ArrayBuffer>) =>
    fetch(new URL(location, server.url), {
      method: "PATCH",
      headers: { ...tus, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
      body: bytes,
    });

  async function settled(receipts: number): Promise<ReturnType<typeof LibrarySchema.parse>> {
    for (;;) {
      const library = LibrarySchema.parse(await (await get("/api/library")).json());
      if (library.jobs.length === 0 && library.received >= receipts) return library;
    }
  }

  const start = (body: object) =>
    fetch(`${server.url}/api/ingests`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });

  test("arrives in two pieces, is ingested, and is dropped", async () => {
    const bytes = new Uint8Array(readFileSync(samplePath("podman", "tiny-t0.tar")));
    const location = await create("tiny.tar", bytes.length);
    const upload = location.split("/").at(-1) ?? "";
    expect((await patch(location, 0, bytes.slice(0, 100_000))).status).toBe(204);
    const early = await start({ upload });
    expect([early.status, (await early.json()) as object]).toMatchObject([400, { code: "bad-request" }]);
    const head = await fetch(new URL(location, server.url), { method: "HEAD", headers: tus });
    expect(head.headers.get("upload-offset")).toBe("100000");
    expect((await patch(location, 100_000, bytes.slice(100_000))).status).toBe(204);
    const before = store.catalog.receiptCount();
    expect((await start({ upload })).status).toBe(202);
    const library = await settled(before + 1);
    expect(library.receipts[0]).toMatchObject({
      file: "tiny.tar",
      container: "tiny",
      result: expect.stringContaining("tiny t0, 47 pages"),
    });
    expect(readdirSync(store.uploads)).toEqual([]);
  });

  test("the same file again is refused by its name, and added when asked for", async () => {
    const bytes = new Uint8Array(readFileSync(samplePath("podman", "tiny-t0.tar")));
    const location = await create("again.tar", bytes.length);
    const upload = location.split("/").at(-1) ?? "";
    await patch(location, 0, bytes);
    const before = store.catalog.receiptCount();
    await start({ upload });
    const refused = (await settled(before + 1)).receipts[0];
    expect(refused).toMatchObject({
      upload,
      problem: { code: "received-already", status: 409, facts: { container: "tiny", name: "t0" } },
    });
    await start({ upload, again: true });
    const library = await settled(before + 2);
    expect(library.containers.find(({ name }) => name === "tiny")?.snapshots.map(({ name }) => name)).toEqual([
      "t0",
      "t1",
    ]);
    expect(library.receipts.find(({ receipt }) => receipt === refused.receipt)?.dismissed).toBe(true);
    expect(readdirSync(store.uploads)).toEqual([]);
  });

  test("a refused one is kept until it is dismissed", async () => {
    const bytes = new TextEncoder().encode("not a dump ".repeat(500));
    const location = await create("text.txt", bytes.length);
    const upload = location.split("/").at(-1) ?? "";
    await patch(location, 0, bytes);
    const before = store.catalog.receiptCount();
    await start({ upload });
    const refused = (await settled(before + 1)).receipts[0];
    expect(refused.problem?.code).toBe("unknown-format");
    expect(readdirSync(store.uploads).sort()).toEqual([upload, `${upload}.json`]);
    await fetch(`${server.url}/api/receipts/${refused.receipt}`, { method: "DELETE" });
    expect(readdirSync(store.uploads)).toEqual([]);
  });

  test("a cancelled one leaves nothing behind", async () => {
    const location = await create("gone.tar", 1000);
    expect((await fetch(new URL(location, server.url), { method: "DELETE", headers: tus })).status).toBe(204);
    expect(readdirSync(store.uploads)).toEqual([]);
  });
});

describe("searches", () => {
  const ask = (route: "hits" | "strings", body: object, signal?: AbortSignal) =>
    fetch(`${server.url}/api/snapshots/${t1}/${route}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
  const linesOf = async (response: Response) =>
    (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const pattern = { form: "text", text: "AKIAFAKEDUMPSCOPE001" };

  test("hits come as lines that the schema knows, and the last one says so", async () => {
    const response = await ask("hits", { pattern });
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const events = (await linesOf(response)).map((line) => FindEventSchema.parse(line));
    expect(events.flatMap((event) => (event.kind === "found" ? event.found : []))).toEqual(
      ["0x7fe204008a82", "0x7fe20401ae32", "0x7fe204084cb2"].map((address) => ({ address, length: 20 })),
    );
    expect(events.at(-1)).toMatchObject({ kind: "done", count: 3, limitMet: false, pages: 2013, pagesRead: 1997 });
  });

  test.each([
    ["hits", { pattern }],
    ["hits", { pattern: { form: "hex", text: "00" }, limit: 5000 }],
    ["strings", {}],
  ] as const)(
    "%s of %j: every byte before what is next was searched, though progress is told seldom",
    async (route, body) => {
      const lines = await linesOf(await ask(route, body));
      const searched: { space: string; start: string; end?: string }[] = lines.flatMap((line) => line.searched ?? []);
      let at = "0x0";
      for (const { space, start, end } of searched) {
        expect([space, start]).toEqual(["p1", at]);
        at = end ?? "the end";
      }
      expect(at).toBe(lines.at(-1).next?.address ?? "the end");
    },
  );

  test("what is next begins the answer that goes on from there", async () => {
    const first = await linesOf(await ask("hits", { pattern, limit: 2 }));
    expect(first.at(-1)).toMatchObject({ limitMet: true, next: { space: "p1", address: "0x7fe204084cb2" } });
    const rest = await linesOf(await ask("hits", { pattern, limit: 2, from: first.at(-1).next }));
    expect(rest.flatMap((line) => line.found ?? [])).toEqual([{ address: "0x7fe204084cb2", length: 20 }]);
    // Of the whole scope, as before.
    expect(rest.at(-1)).toMatchObject({ limitMet: false, next: null, notSearched: first.at(-1).notSearched });
    expect((await ask("hits", { pattern, from: { space: "p9", address: "0x0" } })).status).toBe(404);
  });

  test("a region and a provenance narrow it", async () => {
    const regions = [{ space: "p1", start: "0x7fe203e1f000", end: "0x7fe203e20000" }];
    const done = async (body: object) => (await linesOf(await ask("hits", body))).at(-1);
    const fake = { form: "hex", text: "41 4b 49 41 46 41 4b 45" };
    expect(await done({ pattern: fake, regions })).toMatchObject({ count: 1, pages: 1 });
    expect(await done({ pattern: fake, regions, among: ["new"] })).toMatchObject({ count: 1 });
    expect(await done({ pattern: fake, regions, among: ["unchanged"] })).toMatchObject({ count: 0 });
    expect(await done({ pattern: fake, limit: 2 })).toMatchObject({ count: 2, limitMet: true });
  });

  test("strings come with their kinds, secrets marked", async () => {
    const regions = [{ space: "p1", start: "0x7fe203e1f000", end: "0x7fe203e20000" }];
    const events = (await linesOf(await ask("strings", { kinds: ["key"], regions }))).map((line) =>
      StringsEventSchema.parse(line),
    );
    const [first] = events.flatMap((event) => (event.kind === "found" ? event.found : []));
    expect(first).toMatchObject({ address: "0x7fe203e1f000", encoding: "ascii", kinds: ["key"], secret: true });
  });

  test.each([
    [{ pattern: { form: "regex", text: "(" } }, 400, "regex-invalid"],
    [{ pattern: { form: "hex", text: "de a" } }, 400, "bytes-invalid"],
    [{ pattern: { form: "sound", text: "x" } }, 400, "bad-request"],
    [{ pattern, regions: [{ space: "p9" }] }, 404, "not-found"],
    [{ pattern, regions: [{ space: "p1", start: "0x2000", end: "0x1000" }] }, 400, "bad-request"],
  ])("%j is a problem", async (body, status, code) => {
    const response = await ask("hits", body);
    expect(response.status).toBe(status);
    expect(ProblemSchema.parse(await response.json()).code).toBe(code);
  });

  test("who leaves ends the search, and nothing is logged of it", async () => {
    const before = logged.length;
    const controller = new AbortController();
    const hard = { form: "regex", text: "(?:[ -~]|\\x00)*[ -~]{300}[^ -~]{300}q" };
    const leaving = ask("hits", { pattern: hard }, controller.signal);
    controller.abort();
    await expect(leaving).rejects.toThrow();
    expect((await linesOf(await ask("hits", { pattern }))).at(-1)).toMatchObject({ count: 3 });
    expect(logged).toHaveLength(before);
  });
});
