import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test, vi } from "vitest";
import { openStore, verifyStore } from "../../server/store/index.ts";
import { ingest, samplePath, temporaryStore } from "../ingest/temporary-store.ts";
import { namesIn, toldBy } from "./whole.ts";

// Of a commit whose sync has failed all frames may be in the log, and be found by whoever opens the store next.
test("what a commit that failed has named is not swept while that commit may come back", async () => {
  const store = temporaryStore();
  await ingest(store, samplePath("podman", "tiny-t0.tar"), "tiny");
  const before = namesIn(store.directory);
  const { exec } = DatabaseSync.prototype;
  const failing = vi.spyOn(DatabaseSync.prototype, "exec").mockImplementation(function (this: DatabaseSync, sql) {
    if (sql === "COMMIT") throw Object.assign(new Error("disk I/O error"), { errcode: 1034 });
    exec.call(this, sql);
  });
  onTestFinished(() => failing.mockRestore());
  await expect(ingest(store, samplePath("podman", "tiny-t1.tar"), "tiny")).rejects.toMatchObject({ code: "io-failed" });
  const kept = namesIn(store.directory);
  expect(kept.filter((name) => name.startsWith("packs/"))).toHaveLength(2);
  expect(kept.filter((name) => name.startsWith("originals/"))).toHaveLength(2);
  failing.mockRestore();
  // A commit that succeeds is written over it: now it cannot come back.
  store.sweep();
  expect(namesIn(store.directory)).toEqual(before);
  expect(toldBy(store.directory).named).toEqual(before);
  const fresh = openStore(store.directory);
  expect(await verifyStore(fresh)).toMatchObject({ ok: true });
  fresh.close();
});
