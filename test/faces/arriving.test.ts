import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { snapshotStrip } from "../../server/inspect/index.ts";
import { createKnownSets } from "../../server/known-sets/index.ts";
import { type Arriving, ArrivingSchema, InspectedPageSchema, ROUTES, routePath } from "../../shared/api/index.ts";
import { cellStateCode, decodeTiles } from "../../shared/tile/index.ts";
import { holdThreads } from "../held-threads.ts";
import { expected, samplePath, temporaryFolder } from "../ingest/temporary-store.ts";
import { Face, TUS } from "./face.ts";

vi.mock("../../server/threads/index.ts", async (original) =>
  (await import("../held-threads.ts")).heldThreads(await original()),
);

type OnItsWay = Extract<Arriving, { state: "arriving" }>;

const { dumps } = expected<{ dumps: Record<string, { recorded: number; mappings: number }> }>("podman");
const TINY = dumps["tiny-t0.tar"];
const APP = dumps["app-t0.tar.zst"];
const sample = (file: string) => readFileSync(samplePath("podman", file));
const RECORDED = cellStateCode("recorded");
const NOT_HERE = cellStateCode("not-loaded");

async function openFace(): Promise<Face> {
  const face = await Face.open(path.join(temporaryFolder(), "store"));
  onTestFinished(() => face.close());
  return face;
}

async function look(face: Face, id: string): Promise<Arriving> {
  return ArrivingSchema.parse((await face.ask("GET", routePath("arriving", { arriving: id }))).answer);
}

/** Asks until it is so: the server looks again once a second, and the test's own time ends the wait. */
async function until<T extends Arriving>(face: Face, id: string, isSo: (seen: Arriving) => seen is T): Promise<T> {
  for (;;) {
    const seen = await look(face, id);
    if (isSo(seen)) return seen;
  }
}

const here =
  (pages: number) =>
  (seen: Arriving): seen is OnItsWay =>
    seen.state === "arriving" && (seen.picture?.here ?? 0) >= pages;
const ended = (seen: Arriving): seen is Exclude<Arriving, OnItsWay> => seen.state !== "arriving";

const tilesUrl = (id: string, content: string, channel = "class") =>
  `/api/arriving/${id}/tiles/${channel}?level=6&tiles=0&content=${content}`;

async function statesOf(face: Face, url: string): Promise<readonly number[]> {
  const response = await fetch(face.server.url + url);
  expect(response.status).toBe(200);
  const [tile] = decodeTiles(new Uint8Array(await response.arrayBuffer()));
  return [RECORDED, NOT_HERE].map((state) => tile.state.reduce((sum, code) => sum + Number(code === state), 0));
}

test("half of an upload is shown, then all of it, then its snapshot at the same places", async () => {
  const face = await openFace();
  const bytes = sample("tiny-t0.tar");
  const half = bytes.length / 2;
  const id = await face.create("tiny-t0.tar", bytes.length);
  await face.send(id, 0, bytes.subarray(0, half));
  const first = await until(face, id, here(1));
  expect(first).toMatchObject({ stage: "uploading", file: "tiny-t0.tar", bytes: half, totalBytes: bytes.length });
  const seen = first.picture!;
  expect(seen).toMatchObject({ format: "criu-checkpoint", recorded: TINY.recorded, mappings: TINY.mappings });
  expect(seen.here).toBeLessThan(TINY.recorded);
  expect(seen.pages.absent.missing).toBe(TINY.recorded - seen.here);
  expect(await statesOf(face, tilesUrl(id, seen.content))).toEqual([seen.here, TINY.recorded - seen.here]);

  const [place] = seen.laid.filter(({ counts }) => counts.present > 0);
  const query = `space=${place.space}&address=${place.address}`;
  const page = InspectedPageSchema.parse((await face.ask("GET", `/api/arriving/${id}/page?${query}`)).answer);
  expect(page).toMatchObject({ provenance: null, hash: null, againstParent: null });
  const content = await fetch(`${face.server.url}/api/arriving/${id}/bytes?${query}&length=4096`);
  expect((await content.arrayBuffer()).byteLength).toBe(4097);

  await face.send(id, half, bytes.subarray(half));
  const all = await until(face, id, here(TINY.recorded));
  expect(all.picture?.laid.map(({ shown, address }) => [address, shown])).toEqual(
    seen.laid.map(({ shown, address }) => [address, shown]),
  );
  expect(await statesOf(face, tilesUrl(id, seen.content))).toEqual([TINY.recorded, 0]);
  const lookedAt = { ...all.picture };

  await face.ask("POST", "/api/ingests", { upload: id });
  const end = await until(face, id, ended);
  if (end.state !== "committed") throw new Error(`it ended as ${end.state}`);
  const strip = snapshotStrip(face.store, createKnownSets(face.store), face.store.snapshot(end.snapshot)).strip;
  expect(strip.mappings.map(({ position }) => position)).toHaveLength(17);
  const detail = (await face.ask("GET", `/api/snapshots/${end.snapshot}`)).answer;
  expect((detail.laid as { shown: unknown }[]).map(({ shown }) => shown)).toEqual(
    lookedAt.laid?.map(({ shown }) => shown),
  );
});

test("a compressed upload is unpacked as it comes, and its scratch file goes with the server", async () => {
  const data = path.join(temporaryFolder(), "store");
  const face = await Face.open(data);
  const bytes = sample("app-t0.tar.zst");
  const id = await face.create("app-t0.tar.zst", bytes.length);
  const half = Math.floor(bytes.length / 2);
  await face.send(id, 0, bytes.subarray(0, half));
  const first = await until(face, id, here(1));
  expect(first.picture?.here).toBeLessThan(APP.recorded);
  expect(readdirSync(face.store.scratch)).toHaveLength(1);
  await face.send(id, half, bytes.subarray(half));
  expect((await until(face, id, here(APP.recorded))).picture).toMatchObject({
    here: APP.recorded,
    recorded: APP.recorded,
  });
  await face.close();
  expect(readdirSync(path.join(data, "scratch"))).toEqual([]);
});

test("a dump is shown while it is read, by the name of its upload, and then told to be cancelled", async () => {
  const face = await openFace();
  const goOn = holdThreads(1);
  onTestFinished(goOn);
  const bytes = sample("app-t0.tar.zst");
  const id = await face.create("app-t0.tar.zst", bytes.length);
  await face.send(id, 0, bytes);
  await face.ask("POST", "/api/ingests", { upload: id });
  const { jobs } = await face.until((library) => library.jobs[0]?.phase === "reading");
  expect(jobs).toMatchObject([{ arriving: id }]);
  expect(await until(face, id, here(APP.recorded))).toMatchObject({ stage: "reading", container: "app" });
  await face.ask("DELETE", `/api/jobs/${jobs[0].job}`);
  goOn();
  expect(await until(face, id, ended)).toEqual({ state: "cancelled" });
  // Its tiles are there for who has not heard it yet.
  expect((await face.ask("GET", routePath("arriving", { arriving: "0".repeat(32) }))).status).toBe(404);
});

test("a refused dump says why, also to a server that was started again", async () => {
  const data = path.join(temporaryFolder(), "store");
  const face = await Face.open(data);
  const bytes = sample("tiny-t0.tar").subarray(0, 150_000);
  const id = await face.create("tiny-t0.tar", bytes.length);
  await face.send(id, 0, bytes);
  await face.ask("POST", "/api/ingests", { upload: id });
  const refusal = { state: "refused", problem: { code: "dump-cut" } };
  expect(await until(face, id, ended)).toMatchObject(refusal);
  await face.close();
  const again = await Face.open(data);
  onTestFinished(() => again.close());
  expect(await look(again, id)).toMatchObject(refusal);
});

test("who listens is told that more has come", async () => {
  const face = await openFace();
  const bytes = sample("tiny-t0.tar");
  const id = await face.create("tiny-t0.tar", bytes.length);
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await fetch(`${face.server.url}/api/arriving/${id}/events`, { signal: leaving.signal });
  expect(response.headers.get("content-type")).toMatch("text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const hear = async (events: number) => {
    while (heard.split("event: grown").length <= events) heard += (await reader.read()).value ?? "";
  };
  await hear(1);
  await face.send(id, 0, bytes.subarray(0, 200_000));
  await hear(2);
  await face.send(id, 200_000, bytes.subarray(200_000));
  await hear(3);
  expect(await look(face, id)).toMatchObject({ bytes: bytes.length });
});

test("what cannot be had of an arriving dump is refused", async () => {
  const face = await openFace();
  const bytes = sample("tiny-t0.tar");
  const id = await face.create("tiny-t0.tar", bytes.length);
  expect(await look(face, id)).toMatchObject({
    state: "arriving",
    picture: null,
    reason: "Nothing of it is here yet.",
  });
  await face.send(id, 0, bytes.subarray(0, 250_000));
  const { content } = (await until(face, id, here(1))).picture!;
  const other = `${"0".repeat(16)}-1-1`;
  for (const [url, status] of [
    [tilesUrl(id, content, "provenance"), 404],
    [tilesUrl(id, content, "nothing"), 404],
    [tilesUrl(id, other), 404],
    [tilesUrl(id, "nothing"), 400],
    [tilesUrl("nothing", content), 404],
    [`/api/arriving/${id}/page?space=p1&address=zz`, 400],
  ] as const)
    expect([url, (await face.ask("GET", url)).status]).toEqual([url, status]);
  const gone = await fetch(`${face.server.url}/api/uploads/${id}`, { method: "DELETE", headers: TUS });
  expect(gone.status).toBe(204);
  expect((await face.ask("GET", routePath("arriving", { arriving: id }))).status).toBe(404);
  expect(ROUTES.arriving.method).toBe("get");
});
