import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { samplePath, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";
import { startCommand, toldError } from "./commands.ts";

const STORE = path.join(import.meta.dirname, "../../server/store/index.ts");

test("a command that only opens the store is no reason to refuse one that writes", async () => {
  const store = temporaryStore();
  const opener = new Worker(
    `import(${JSON.stringify(STORE)}).then(({ openStore }) => {
      const { parentPort } = require("node:worker_threads");
      for (;;) { openStore(${JSON.stringify(store.directory)}).close(); parentPort.postMessage("opened"); }
    });`,
    { eval: true },
  );
  onTestFinished(async () => {
    await opener.terminate();
  });
  await once(opener, "message");
  for (let i = 0; i < 100; i++) {
    using lock = await store.lock("gc");
    expect(lock, `try ${i}`).toBeDefined();
  }
});

test("an ingest into a store that cannot be opened ends, and says why", async () => {
  const data = temporaryFolder();
  writeFileSync(path.join(data, "catalog.sqlite"), "no catalog, but long enough to be taken for one");
  const file = samplePath("podman", "tiny-t0.tar");
  const { child, ended } = startCommand(data, ["ingest", file, "--container", "tiny", "--json"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  expect(toldError(await ended)).toMatchObject({ code: "store-damaged", message: expect.stringContaining(data) });
});
