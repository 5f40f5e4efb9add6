/** Real checkpoints and their image with its bytes: every page left to a file of the image can be filled, by file as counted. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createFillings } from "../../server/filling/index.ts";
import { addKnownSet, createKnownSets, removeKnownSet } from "../../server/known-sets/index.ts";
import { ingest, temporaryStore } from "../ingest/temporary-store.ts";

const corpus = process.env.DUMPSCOPE_CORPUS ?? "";
const options = { signal: new AbortController().signal, onProgress: () => undefined, withBytes: true };

test("app, redis and nginx are filled from slim, page for page as the manifest counts, and the deleted file from the dump", async () => {
  const { dumps } = JSON.parse(readFileSync(path.join(corpus, "podman/facts.json"), "utf8")) as {
    readonly dumps: Readonly<Record<string, { readonly absentFileByPath: Readonly<Record<string, number>> }>>;
  };
  const store = temporaryStore();
  const known = createKnownSets(store);
  const fillings = createFillings(store, known);
  const names = ["app-t0", "redis-t0", "nginx-t0"];
  const snapshots = new Map<string, Awaited<ReturnType<typeof ingest>>["snapshot"]>();
  for (const name of names) {
    const { snapshot } = await ingest(store, path.join(corpus, "podman", `${name}.tar.zst`), name);
    snapshots.set(name, snapshot);
    const ghosts = name === "app-t0" ? 3 : 0;
    expect((await fillings.of(snapshot)).counts).toEqual({ ofDeletedFiles: ghosts, fromGhost: ghosts, fromImage: 0 });
  }
  await addKnownSet(store, path.join(corpus, "images/slim-oci.tar"), "slim", options);
  for (const [name, snapshot] of snapshots) {
    const filling = await fillings.of(snapshot);
    const byPath: Record<string, number> = {};
    for (const { source, count } of filling.runs()) {
      byPath[source.path] = (byPath[source.path] ?? 0) + count;
      expect(source.kind).toBe(source.path === "/tmp/ghost.bin" ? "ghost" : "image");
    }
    expect(byPath).toEqual(dumps[`${name}.tar.zst`].absentFileByPath);
    expect(store.snapshot(snapshot.id).pages).toEqual(snapshot.pages);
  }
  await removeKnownSet(store, "slim");
  for (const snapshot of snapshots.values()) expect((await fillings.of(snapshot)).counts.fromImage).toBe(0);
});
