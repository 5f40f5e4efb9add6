/** Commands of which one call of the file system fails: each call in turn, reading and writing, in every thread. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../ingest/temporary-store.ts";
import { type Ended, runCommand, toldError } from "./commands.ts";
import { makeScenes, type Scene, type Scenes, setUp } from "./scenes.ts";
import { expectWhole, filesIn, namesIn, toldBy } from "./whole.ts";

const PRELOAD = path.join(import.meta.dirname, "faults.ts");

interface Injection {
  readonly at: number;
  readonly code: "EIO" | "ENOSPC";
}

interface InjectedCall {
  readonly code: string;
  readonly call: string;
  readonly file: string;
}

interface Disturbed {
  readonly ended: Ended;
  /** Each call that counted, or the one that failed. */
  readonly calls: readonly InjectedCall[];
}

/** @param dump the file that the command reads, if any */
async function disturb(
  store: string,
  scene: Scene,
  dump: string | undefined,
  injection: Injection,
): Promise<Disturbed> {
  const log = `${store}.log`;
  writeFileSync(log, "");
  const below = [store, ...(dump === undefined ? [] : [dump])];
  const ended = await runCommand(store, scene.args, {
    node: ["--import", PRELOAD],
    env: { DUMPSCOPE_FAULT: JSON.stringify({ ...injection, below, log }) },
  });
  const calls = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [code, call, ...file] = line.split(" ");
      return { code, call, file: file.join(" ") };
    });
  return { ended, calls };
}

/** `readSync packs`, `read dump`: what failed, without names that differ from run to run. */
function stepOf({ call, file }: InjectedCall, store: string): string {
  if (!file.startsWith(store)) return `${call} dump`;
  const [folder = ""] = path.relative(store, file).split("/");
  return `${call} ${folder}`;
}

/** Every `stride`-th call, and then those of steps that it has missed: threads run side by side, and calls change places. */
function* placesOf(steps: readonly string[], stride: number, wanted: readonly string[], failed: ReadonlySet<string>) {
  for (let at = 1; at <= steps.length; at += stride) yield at;
  for (const step of wanted)
    for (let at = 1; at <= steps.length; at++)
      for (const aside of [0, 1, -1])
        if (!failed.has(step) && steps[at - 1] === step && at + aside >= 1) yield at + aside;
}

/**
 * Lets every `stride`-th call of the command fail, and one of each wanted step.
 * @returns steps that have failed
 */
async function sweep(scene: Scene, scenes: Scenes, stride: number, wanted: readonly string[]): Promise<Set<string>> {
  const folder = temporaryFolder();
  const store = path.join(folder, "store");
  const [command, file] = scene.args;
  const dump = command === "ingest" ? file : undefined;
  const reset = () => {
    rmSync(store, { recursive: true, force: true });
    setUp(scene, store);
    toldBy(store);
  };
  reset();
  const { calls } = await disturb(store, scene, dump, { at: 0, code: "EIO" });
  expect((await expectWhole(store, scenes.contents)).snapshots).toEqual(scene.outcomes.at(-1));
  reset();
  const failed = new Set<string>();
  const steps = calls.map((call) => stepOf(call, store));
  for (const at of placesOf(steps, stride, wanted, failed)) {
    const before = filesIn(store);
    const { signature } = toldBy(store);
    const code = (at / stride) % 2 < 1 ? "EIO" : "ENOSPC";
    const { ended, calls: injected } = await disturb(store, scene, dump, { at, code });
    const what = `${scene.name}, call ${at} of ${calls.length} with ${code}: ${JSON.stringify(injected)}`;
    // Threads run side by side: now and then a run has a call less than the one that was counted.
    if (injected.length === 0) {
      expect(ended, what).toMatchObject({ status: 0 });
    } else {
      failed.add(stepOf(injected[0], store));
    }
    const told = toldBy(store);
    expect(namesIn(store), what).toEqual(told.named);
    expect(scene.outcomes, what).toContainEqual(told.snapshots);
    if (ended.status !== 0) {
      const error = toldError(ended);
      const expected = injected[0].code === "ENOSPC" ? ["disk-full"] : ["io-failed", "file-unreadable"];
      expect(expected, `${what}: ${error.message}`).toContain(error.code);
      // Whose disk it is that failed.
      const { file: place } = injected[0];
      expect(error.message, what).toContain(place === dump ? dump : path.dirname(place));
      if (scene.args[0] !== "gc") {
        expect(filesIn(store), what).toEqual(before);
        expect(told.signature, what).toBe(signature);
      }
    }
    await expectWhole(store, scenes.contents);
    if (told.signature !== signature) reset();
  }
  expect(await runCommand(store, scene.args)).toMatchObject({ status: 0 });
  expect((await expectWhole(store, scenes.contents)).snapshots).toEqual(scene.outcomes.at(-1));
  console.log(`${scene.name}: ${calls.length} calls, every ${stride}.: ${[...failed].sort().join(", ")}`);
  return failed;
}

const WRITTEN = ["openSync", "writeSync", "fsyncSync", "renameSync"];
const written = (...folders: string[]) => folders.flatMap((folder) => WRITTEN.map((call) => `${call} ${folder}`));

test.each([
  [
    "first ingest",
    1,
    [...written("manifests", "originals", "index"), "fsync packs", "writeSync packs", "readSync dump", "read dump"],
  ],
  ["compressed ingest", 3, ["write scratch"]],
  ["ingest of an awaited parent", 5, ["writeSync packs"]],
  ["next ingest", 13, []],
  ["gc", 4, ["readSync packs"]],
  ["known add with bytes", 4, ["writeSync known", "writeSync packs"]],
  ["gc beside a known set", 4, ["readSync packs"]],
  ["gc that only finishes", 2, ["readSync packs"]],
] as const)(
  "an input/output error at any call of %s leaves the store as it was, and says where",
  async (name, stride, steps) => {
    const scenes = await makeScenes(temporaryFolder());
    const failed = await sweep(scenes.scene(name), scenes, stride, steps);
    expect([...failed]).toEqual(expect.arrayContaining([...steps]));
  },
  600_000,
);
