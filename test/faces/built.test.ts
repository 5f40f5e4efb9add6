/** The built command line against its sources: the same answers, from its threads too. */
import { execFile } from "node:child_process";
import { statSync, utimesSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { samplePath, temporaryFolder } from "../ingest/temporary-store.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const SOURCE = path.join(ROOT, "server/cli/main.ts");
const run = promisify(execFile);

interface Built {
  buildServer(options: object): Promise<void>;
  commandLine(): string;
}

let built: Built;
beforeAll(async () => {
  // Plain JavaScript without types; named by a value so that the compiler does not look for them.
  const script = pathToFileURL(path.join(ROOT, "scripts/built.mjs")).href;
  built = (await import(script)) as Built;
  await built.buildServer({ onlyIfChanged: true });
});

/** Each of these has a thread, a file of the packages, or a folder of the project behind it. */
const COMMANDS = [
  ["ingest", samplePath("podman", "tiny-t0.tar"), "--container", "tiny"],
  ["known", "add", samplePath("images", "layers-oci.tar"), "--name", "layers"],
  ["find", "tiny/t0", "tiny"],
  ["gc"],
  ["verify"],
  ["inspect", "tiny/t0"],
] as const;

/** What differs from run to run: ids, times, and names that hang on these. */
function settled(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) => (/^(id|snapshot|.*At|at)$/.test(key) ? "" : value));
}

async function answers(main: string): Promise<unknown[]> {
  const env = { ...process.env, DUMPSCOPE_DATA: path.join(temporaryFolder(), "store") };
  const said: unknown[] = [];
  for (const words of COMMANDS)
    said.push(settled((await run(process.execPath, [main, ...words, "--json"], { env, maxBuffer: 64 << 20 })).stdout));
  return said;
}

test("the built command line answers as its sources do", async () => {
  const main = path.join(ROOT, "dist/server/main.js");
  expect(await answers(main)).toEqual(await answers(SOURCE));
});

test("when a source is younger than the build, the sources run", () => {
  expect(built.commandLine()).toBe(path.join(ROOT, "dist/server/main.js"));
  const { atime, mtime } = statSync(SOURCE);
  utimesSync(SOURCE, atime, new Date());
  try {
    expect(built.commandLine()).toBe(SOURCE);
  } finally {
    utimesSync(SOURCE, atime, mtime);
  }
});
