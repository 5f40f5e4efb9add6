/** Every command on a disk that runs full, at each of its steps: the room is swept from nothing to what it needs. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { runCommand, toldError } from "./commands.ts";
import { makeScenes, type Scene, type Scenes, setUp } from "./scenes.ts";
import { makeSmallDisk, type SmallDisk, UNIT } from "./small-disk.ts";
import { expectWhole, filesIn, namesIn, toldBy } from "./whole.ts";

/** The first look: so many sizes of room, evenly spread; then wherever two neighbours differ. */
const GRID = 12;
const PLACES = /\/(scratch|packs|summaries|manifests|index|originals)\/|(catalog)/;

/** Where the disk was full, or `done`. */
type Place = string;

function placeOf(message: string): Place {
  const [, folder, catalog] = PLACES.exec(message) ?? [];
  if (folder === undefined && catalog === undefined) throw new Error(`it does not say what needs room: ${message}`);
  return folder ?? catalog;
}

async function runWith(room: number, scene: Scene, scenes: Scenes, disk: SmallDisk, store: string): Promise<Place> {
  const before = filesIn(store);
  const { signature } = toldBy(store);
  const surroundings = disk.leave(room);
  const ended = await runCommand(store, scene.args, surroundings);
  const what = `${scene.name} with ${room} bytes left`;
  const isRefused = ended.status !== 0;
  let place = "done";
  if (isRefused) {
    const { code, message, advice } = toldError(ended);
    // A file that may not grow is a failing disk to SQLite.
    expect(disk.kind === "limit" && code === "io-failed" ? "disk-full" : code, `${what}: ${message}`).toBe("disk-full");
    expect(advice).toContain("run it again");
    place = placeOf(message);
  }
  // A collection stands though the finishing after it has failed.
  if (isRefused && scene.args[0] !== "gc") expect(filesIn(store), what).toEqual(before);
  disk.free();
  // Told before the store is opened, which would sweep.
  const told = toldBy(store);
  expect(namesIn(store), what).toEqual(told.named);
  expect(scene.outcomes, what).toContainEqual(told.snapshots);
  if (isRefused && scene.args[0] !== "gc") expect(told.signature, what).toBe(signature);
  await expectWhole(store, scenes.contents);
  if (told.signature !== signature) {
    rmSync(store, { recursive: true });
    setUp(scene, store);
    toldBy(store);
  }
  return place;
}

/** @returns where the disk was full, for each size of room that was tried, ascending */
async function sweep(scene: Scene, scenes: Scenes, disk: SmallDisk): Promise<Map<number, Place>> {
  const store = path.join(disk.directory, "store");
  setUp(scene, store);
  toldBy(store);
  const found = new Map<number, Place>();
  const at = async (room: number): Promise<Place> => {
    const place = found.get(room) ?? (await runWith(room, scene, scenes, disk, store));
    found.set(room, place);
    return place;
  };
  const refine = async (low: number, high: number): Promise<void> => {
    const middle = Math.floor((low + high) / 2 / UNIT) * UNIT;
    if (middle === low || (await at(low)) === (await at(high))) return;
    await at(middle);
    await refine(low, middle);
    await refine(middle, high);
  };
  let enough = 16 * UNIT;
  while ((await at(enough)) !== "done") enough *= 2;
  const step = Math.max(UNIT, Math.ceil(enough / GRID / UNIT) * UNIT);
  for (let low = 0; low < enough; low += step) await refine(low, low + step);
  // With room again the same command does on the same store what it could not.
  expect(await runCommand(store, scene.args)).toMatchObject({ status: 0 });
  expect((await expectWhole(store, scenes.contents)).snapshots).toEqual(scene.outcomes.at(-1));
  rmSync(store, { recursive: true });
  return new Map([...found].sort(([a], [b]) => a - b));
}

let scenes: Scenes;
let disk: SmallDisk;
beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  const mounted = path.join(folder, "mounted");
  mkdirSync(mounted);
  scenes = await makeScenes(folder);
  disk = makeSmallDisk(mounted);
  return () => {
    disk[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  };
});

test.each([
  // The index is written beside the original: which of the two meets the end of the room differs.
  ["first ingest", ["catalog", "packs", "manifests", "originals"]],
  ["compressed ingest", ["catalog", "scratch", "packs", "manifests", "originals"]],
  ["ingest of an awaited parent", ["catalog", "packs", "manifests", "originals"]],
  ["delete", ["catalog"]],
  ["gc", ["catalog", "packs", "index"]],
  ["gc that only finishes", ["catalog", "packs", "summaries"]],
] as const)(
  "a disk that is full at any step of %s leaves the store as it was, and says so",
  async (name, steps) => {
    const found = await sweep(scenes.scene(name), scenes, disk);
    const places = [...found].map(([room, place]) => `${room / 1024} KiB ${place}`);
    console.log(`${name} on ${disk.kind}, ${found.size} sizes: ${places.join(", ")}`);
    // A limit meets only what is larger than whatever came before.
    if (disk.kind !== "limit") expect([...found.values()]).toEqual(expect.arrayContaining([...steps, "done"]));
  },
  600_000,
);
