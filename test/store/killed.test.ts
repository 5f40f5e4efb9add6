/**
 * Commands killed at random moments. DUMPSCOPE_KILLS says how many, DUMPSCOPE_SEED repeats a run's draw (which moment a
 * command has reached when it is killed depends on the machine all the same).
 */
import { type FSWatcher, rmSync, watch } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../ingest/temporary-store.ts";
import { runCommand, startCommand } from "./commands.ts";
import { garbageIn, makeScenes, type Scene, setUp } from "./scenes.ts";
import { expectWhole, FOLDERS, namesIn, type Told, toldBy } from "./whole.ts";

const KILLS = Number(process.env.DUMPSCOPE_KILLS || 200);
const SEED = Number(process.env.DUMPSCOPE_SEED || Math.floor(Math.random() * 2 ** 32));
/** After so many kills the command is run again, to its end. */
const AGAIN = 8;

/** How far a command had come, told by what it left behind. */
const STAGES = [
  "ended first",
  "nothing written",
  "unpacked dump",
  "unfinished file",
  "named file, not committed",
  "committed",
] as const;
type Stage = (typeof STAGES)[number];

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Counts changes of the store's folders as they are seen. */
function watchStore(directory: string, onChange: (changes: number) => void): Disposable {
  let changes = 0;
  const watchers: FSWatcher[] = [directory, ...FOLDERS.map((folder) => path.join(directory, folder))].map((folder) =>
    watch(folder, () => onChange(++changes)),
  );
  return {
    [Symbol.dispose]() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

interface Usual {
  readonly durationMs: number;
  readonly changes: number;
  readonly before: string;
  readonly after: Told;
}

/** The command left alone. */
async function usually(scene: Scene, directory: string, contents: ReadonlyMap<string, string>): Promise<Usual> {
  const before = toldBy(setUp(scene, directory)).signature;
  // Looking has made a catalog where there was none.
  rmSync(directory, { recursive: true });
  setUp(scene, directory);
  let changes = 0;
  const started = performance.now();
  using _watch = watchStore(directory, (seen) => {
    changes = seen;
  });
  expect(await runCommand(directory, scene.args)).toMatchObject({ status: 0 });
  const durationMs = performance.now() - started;
  const after = await expectWhole(directory, contents);
  expect(after.snapshots).toEqual(scene.outcomes.at(-1));
  expect(after.signature).not.toBe(before);
  rmSync(directory, { recursive: true });
  return { durationMs, changes, before, after };
}

/** A moment of the whole run, or a change that is seen: the first finds pauses, the second every step. */
type Moment = { readonly afterMs: number } | { readonly change: number };

async function killAt(moment: Moment, scene: Scene, directory: string): Promise<boolean> {
  using stack = new DisposableStack();
  let kill = () => {};
  if ("change" in moment) {
    stack.use(
      watchStore(directory, (changes) => {
        if (changes === moment.change) kill();
      }),
    );
  }
  const { child, ended } = startCommand(directory, scene.args);
  kill = () => void child.kill("SIGKILL");
  if ("afterMs" in moment) {
    const timer = setTimeout(kill, moment.afterMs);
    stack.defer(() => clearTimeout(timer));
  }
  return (await ended).signal === "SIGKILL";
}

function stageOf(directory: string, known: ReadonlySet<string>, before: string): Stage {
  const fresh = namesIn(directory).filter((name) => !known.has(name));
  if (toldBy(directory).signature !== before) return "committed";
  if (fresh.some((name) => /\/[0-9a-f]{64}$/.test(name))) return "named file, not committed";
  if (fresh.some((name) => name.endsWith(".unfinished"))) return "unfinished file";
  return fresh.length > 0 ? "unpacked dump" : "nothing written";
}

test(
  `whenever an ingest, a delete, a gc or a change of known sets is killed, the store is whole after the next open (${KILLS} moments, seed ${SEED})`,
  async () => {
    const folder = temporaryFolder();
    const scenes = await makeScenes(folder);
    const random = mulberry32(SEED);
    const directory = path.join(folder, "killed");
    const tally = new Map<string, Record<Stage, number>>();
    let drawn = 0;
    for (const [index, scene] of scenes.all.entries()) {
      const usual = await usually(scene, directory, scenes.contents);
      const known = new Set(namesIn(scene.store));
      const counts = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
      tally.set(scene.name, counts);
      const isLast = index === scenes.all.length - 1;
      const moments = isLast ? KILLS - drawn : Math.round((KILLS * scene.share) / 100);
      for (let i = 0; i < moments; i++, drawn++) {
        const moment: Moment =
          i % 3 === 0 ? { afterMs: random() * usual.durationMs } : { change: 1 + Math.floor(random() * usual.changes) };
        const what = `${scene.name}, ${JSON.stringify(moment)}, seed ${SEED}`;
        setUp(scene, directory);
        const wasKilled = await killAt(moment, scene, directory);
        counts[wasKilled ? stageOf(directory, known, usual.before) : "ended first"]++;
        const found = await expectWhole(directory, scenes.contents);
        expect(scene.outcomes, what).toContainEqual(found.snapshots);
        for (const label of found.snapshots)
          if (label in usual.after.records) expect(found.records[label], what).toEqual(usual.after.records[label]);
        // What is deleted or named once cannot be again.
        const isOver = scene.args[0] === "known" && found.signature !== usual.before;
        const isRepeatable = scene.name !== "delete" && !isOver;
        if (i % AGAIN === 0 && found.snapshots.length === scene.outcomes[0].length && isRepeatable) {
          expect(await runCommand(directory, scene.args), what).toMatchObject({ status: 0 });
          expect((await expectWhole(directory, scenes.contents)).snapshots, what).toEqual(scene.outcomes.at(-1));
          if (scene.args[0] === "gc") expect(await garbageIn(directory), what).toEqual({ packs: 0, unfinished: false });
        }
        rmSync(directory, { recursive: true });
      }
    }
    const rows = [...tally].map(([name, counts]) => [name, ...STAGES.map((stage) => counts[stage])]);
    console.log([["command", ...STAGES], ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n"));
    const sum = (stage: Stage) => [...tally.values()].reduce((all, counts) => all + counts[stage], 0);
    expect(drawn).toBe(KILLS);
    expect(sum("ended first")).toBeLessThan(KILLS / 2);
    for (const stage of STAGES.slice(1)) expect(sum(stage), `killed with ${stage}`).toBeGreaterThan(0);
  },
  KILLS * 6000,
);
