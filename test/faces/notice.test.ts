import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import pino from "pino";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../server/http/index.ts";
import { openStore } from "../../server/store/index.ts";
import { samplePath, temporaryFolder } from "../ingest/temporary-store.ts";

const LAUNCHER = path.join(import.meta.dirname, "../../scripts/dumpscope.mjs");

test("browsers are told of a dump that a command has taken in", async () => {
  const data = path.join(temporaryFolder(), "store");
  const store = openStore(data);
  const server = await startServer(store, { host: "127.0.0.1", port: 0, log: pino({ level: "silent" }) });
  const response = await fetch(`${server.url}/api/events`);
  onTestFinished(async () => {
    await server.close();
    store.close();
  });
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  const events = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  // The first event comes at once, so that a browser that comes back asks anew.
  expect((await events?.read())?.value).toContain("event: library");
  const told = events?.read();
  const env = { ...process.env, DUMPSCOPE_DATA: data };
  const args = [LAUNCHER, "ingest", samplePath("podman", "tiny-t0.tar"), "--container", "tiny", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  expect((await told)?.value).toContain("event: library");
  const library = (await (await fetch(`${server.url}/api/library`)).json()) as { receipts: { snapshot: string }[] };
  expect(library.receipts[0].snapshot).toBe((JSON.parse(stdout) as { snapshot: string }).snapshot);
});
