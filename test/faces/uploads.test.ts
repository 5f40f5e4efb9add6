import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ProblemSchema, ROUTES } from "../../shared/api/index.ts";
import { holdThreads } from "../held-threads.ts";
import { samplePath, temporaryFolder } from "../ingest/temporary-store.ts";
import { Face, TUS } from "./face.ts";

vi.mock("../../server/threads/index.ts", async (original) =>
  (await import("../held-threads.ts")).heldThreads(await original()),
);

const sample = (file: string) => readFileSync(samplePath("podman", file));

test("two uploads at once, piece by piece in turn, give the counts that each gives alone", async () => {
  const face = await Face.open(path.join(temporaryFolder(), "store"));
  onTestFinished(() => face.close());
  const files = [sample("tiny-t0.tar"), sample("nginx-t0.tar.zst")];
  const uploads = await Promise.all(files.map((bytes, i) => face.create(`${i}.tar`, bytes.length)));
  for (let at = 0; at < Math.max(...files.map(({ length }) => length)); at += 60_000) {
    await Promise.all(
      files.map((bytes, i) => (at < bytes.length ? face.send(uploads[i], at, bytes.subarray(at, at + 60_000)) : 204)),
    );
  }
  const started = await Promise.all(uploads.map((upload) => face.ask("POST", "/api/ingests", { upload })));
  expect(started.map(({ status }) => status)).toEqual([202, 202]);
  const library = await face.until(({ jobs, receipts }) => jobs.length === 0 && receipts.length === 2);
  const counts = Object.fromEntries(library.containers.map(({ name, snapshots }) => [name, snapshots[0].pages]));
  expect(counts).toMatchObject({ tiny: { present: 40, zero: 7 }, nginx: { present: 726, zero: 0 } });
  expect(readdirSync(face.store.uploads)).toEqual([]);
  expect(readdirSync(face.store.scratch)).toEqual([]);
});

test("a small dump does not wait for a large one; one of the same container does", async () => {
  const face = await Face.open(path.join(temporaryFolder(), "store"));
  onTestFinished(() => face.close());
  const goOn = holdThreads(1);
  onTestFinished(goOn);
  const bytes = randomBytes(16 << 20);
  const upload = async (name: string, content: Buffer) => {
    const id = await face.create(name, content.length);
    await face.send(id, 0, content);
    return id;
  };
  await face.ask("POST", "/api/ingests", { upload: await upload("large.raw", bytes), container: "r", format: "raw" });
  await face.ask("POST", "/api/ingests", { upload: await upload("behind.tar", sample("tiny-t0.tar")), container: "r" });
  await face.ask("POST", "/api/ingests", { upload: await upload("small.tar", sample("tiny-t1.tar")) });
  const during = await face.until(({ jobs, receipts }) => receipts.length === 1 && jobs.length === 2);
  expect(during.receipts[0].result).toMatch(/^tiny t0,/);
  expect(during.jobs.map(({ file }) => file)).toEqual(["large.raw", "behind.tar"]);
  goOn();
  const after = await face.until(({ jobs }) => jobs.length === 0);
  const names = after.containers.map(({ name, snapshots }) => [name, ...snapshots.map(({ file }) => file)]);
  expect(names.sort()).toEqual([
    ["r", "large.raw", "behind.tar"],
    ["tiny", "small.tar"],
  ]);
});

test("an upload goes on where it was after the server was started again", async () => {
  const data = path.join(temporaryFolder(), "store");
  const bytes = sample("tiny-t0.tar");
  const first = await Face.open(data);
  const upload = await first.create("tiny-t0.tar", bytes.length);
  await first.send(upload, 0, bytes.subarray(0, 123_456));
  await first.close();
  const second = await Face.open(data);
  onTestFinished(() => second.close());
  expect(await second.offset(upload)).toBe(123_456);
  expect(await second.send(upload, 100_000, bytes.subarray(100_000))).toBe(409);
  expect(await second.send(upload, 123_456, bytes.subarray(123_456))).toBe(204);
  await second.ask("POST", "/api/ingests", { upload, container: "resumed" });
  const library = await second.until(({ jobs, receipts }) => jobs.length === 0 && receipts.length === 1);
  expect(library.containers[0]).toMatchObject({ name: "resumed", snapshots: [{ pages: { present: 40, zero: 7 } }] });
  expect(readdirSync(second.store.uploads)).toEqual([]);
});

describe("cancelled", () => {
  test("while it is read, and while it waits: nothing of either stays", async () => {
    const face = await Face.open(path.join(temporaryFolder(), "store"));
    onTestFinished(() => face.close());
    const goOn = holdThreads();
    onTestFinished(goOn);
    const bytes = randomBytes(16 << 20);
    const uploads = [await face.create("large.raw", bytes.length), await face.create("tiny.tar", 264_704)];
    await face.send(uploads[0], 0, bytes);
    await face.send(uploads[1], 0, sample("tiny-t0.tar"));
    const running = await face.ask("POST", "/api/ingests", { upload: uploads[0], container: "r", format: "raw" });
    // Behind another one of its container.
    const waiting = await face.ask("POST", "/api/ingests", { upload: uploads[1], container: "r" });
    await face.until(({ jobs }) => jobs.some(({ phase, pages }) => phase === "reading" && pages > 0));
    expect((await face.ask("DELETE", `/api/jobs/${String(waiting.answer.job)}`)).status).toBe(200);
    expect((await face.ask("DELETE", `/api/jobs/${String(running.answer.job)}`)).status).toBe(200);
    goOn();
    const library = await face.until(({ jobs }) => jobs.length === 0);
    expect(library.receipts.map(({ result }) => result)).toEqual(["cancelled", "cancelled"]);
    expect(library.containers).toEqual([]);
    expect(face.store.storedBytes()).toBe(0);
    expect(readdirSync(face.store.uploads)).toEqual([]);
    expect(readdirSync(face.store.scratch)).toEqual([]);
    expect((await face.ask("DELETE", `/api/jobs/${String(running.answer.job)}`)).answer).toMatchObject({
      code: "not-found",
    });
  });
});

test("the upload of a refused dump is opened again for its rest; what is there may be kept all the same", async () => {
  const face = await Face.open(path.join(temporaryFolder(), "store"));
  onTestFinished(() => face.close());
  const whole = sample("tiny-t1.tar");
  const cut = whole.subarray(0, 200_000);
  const upload = await face.create("cut.tar", cut.length);
  await face.send(upload, 0, cut);
  await face.ask("POST", "/api/ingests", { upload });
  const { receipts } = await face.until(({ jobs, receipts }) => jobs.length === 0 && receipts.length === 1);
  const sha256 = createHash("sha256").update(cut).digest("hex");
  expect(receipts[0]).toMatchObject({ upload, sha256, problem: { code: "dump-cut" } });
  const kept = `/api/receipts/${receipts[0].receipt}/upload`;
  expect(await face.ask("GET", kept)).toEqual({
    status: 200,
    answer: { upload, bytes: cut.length, sha256 },
  });
  expect(await face.ask("POST", kept, { bytes: cut.length - 1 })).toMatchObject({ status: 400 });
  expect(await face.ask("GET", "/api/receipts/99/upload")).toMatchObject({ status: 404 });
  expect((await face.ask("POST", kept, { bytes: whole.length })).status).toBe(200);
  expect(await face.send(upload, cut.length, whole.subarray(cut.length, 210_000))).toBe(204);
  expect((await face.ask("POST", "/api/ingests", { upload })).status).toBe(400);

  await face.ask("POST", "/api/ingests", { upload, keepCut: true });
  const after = await face.until(({ jobs, receipts }) => jobs.length === 0 && receipts.length === 2);
  expect(after.containers[0].snapshots).toMatchObject([{ bytes: 210_000 }]);
  expect(after.receipts[1]).toMatchObject({ dismissed: true, upload: null });
  expect(await face.ask("GET", kept)).toMatchObject({ status: 404, answer: { code: "not-found" } });
  expect(readdirSync(face.store.uploads)).toEqual([]);
});

test("of one upload the newest refusal is told", async () => {
  const face = await Face.open(path.join(temporaryFolder(), "store"));
  onTestFinished(() => face.close());
  const upload = await face.create("cut.tar", 200_000);
  await face.send(upload, 0, sample("tiny-t1.tar").subarray(0, 200_000));
  for (const receipts of [1, 2]) {
    await face.ask("POST", "/api/ingests", { upload });
    await face.until((library) => library.jobs.length === 0 && library.receipts.length === receipts);
  }
  const { receipts } = await face.until(() => true);
  expect(receipts.map(({ upload, dismissed }) => ({ upload, dismissed }))).toEqual([
    { upload, dismissed: false },
    { upload: null, dismissed: true },
  ]);
});

test("paths in names and places lead nowhere", async () => {
  const face = await Face.open(path.join(temporaryFolder(), "store"));
  onTestFinished(() => face.close());
  const upload = await face.create("../../catalog.sqlite", 5);
  expect(upload).toMatch(/^[0-9a-f]{32}$/);
  for (const place of ["..%2fcatalog.sqlite", "%2e%2e%2fcatalog.sqlite", "..%2flock.sqlite", "nothing"]) {
    expect(await face.send(place, 0, new Uint8Array(5))).toBe(404);
    const response = await fetch(`${face.server.url}/api/uploads/${place}`, { method: "DELETE", headers: TUS });
    expect(response.status).toBe(404);
  }
  expect(existsSync(path.join(face.store.directory, "catalog.sqlite"))).toBe(true);
  expect((await face.ask("POST", "/api/ingests", { upload: "../catalog.sqlite" })).status).toBe(400);
});

test("refusals of the upload protocol are problems, with the status that its clients go by", async () => {
  const face = await Face.open(path.join(temporaryFolder(), "store"));
  onTestFinished(() => face.close());
  const upload = await face.create("five", 5);
  const content = { "Content-Type": "application/offset+octet-stream" };
  const refusals = [
    ["PATCH", "nothing", { ...TUS, ...content, "Upload-Offset": "0" }, 404, "not-found"],
    ["PATCH", upload, { ...TUS, ...content, "Upload-Offset": "3" }, 409, "bad-request"],
    ["PATCH", upload, { ...TUS, ...content, "Upload-Offset": "x" }, 400, "bad-request"],
    ["PATCH", upload, content, 412, "bad-request"],
    ["GET", upload, {}, 404, "not-found"],
  ] as const;
  for (const [method, place, headers, status, code] of refusals) {
    const body = method === "PATCH" ? { body: "12" } : {};
    const response = await fetch(`${face.server.url}/api/uploads/${place}`, { method, headers, ...body });
    expect.soft(response.status, `${method} ${place}`).toBe(status);
    expect.soft(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect.soft(ProblemSchema.parse(await response.json())).toMatchObject({ code, status });
  }
  // What is refused changes nothing: the upload goes on.
  expect(await face.send(upload, 0, new TextEncoder().encode("12345"))).toBe(204);
});

test("OpenAPI names the status of each answer, and the parameters of each path", async () => {
  const face = await Face.open(path.join(temporaryFolder(), "store"));
  onTestFinished(() => face.close());
  const { answer } = await face.ask("GET", "/api/openapi.json");
  const paths = answer.paths as Record<
    string,
    Record<
      string,
      { responses: Record<string, object>; parameters: { name: string; in: string }[]; requestBody?: object }
    >
  >;
  for (const route of Object.values<(typeof ROUTES)[keyof typeof ROUTES]>(ROUTES)) {
    const operation = paths[route.path][route.method];
    expect(operation.parameters.filter((p) => p.in === "path").map(({ name }) => `{${name}}`)).toEqual(
      route.path.match(/\{\w+\}/g) ?? [],
    );
    expect(operation.requestBody !== undefined).toBe("body" in route);
    expect(Object.keys(operation.responses)).toHaveLength(2);
  }
  const started = await face.ask("POST", "/api/sample");
  expect(Object.keys(paths["/api/sample"].post.responses)).toContain(String(started.status));
  await face.until(({ jobs }) => jobs.length === 0);
});
