/**
 * How soon a search ends when it is cancelled, wherever it is: for who waits, its stream; for who comes next, its
 * threads, which answer one question after another: the next search, of 64 pages, has its answer.
 */
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createFinder, type Finder, type Scope, spacesOf } from "../../server/find/index.ts";
import { createKnownSets } from "../../server/known-sets/index.ts";
import { openStore, type SnapshotRecord } from "../../server/store/index.ts";
import { type PatternForm, wholeSpace } from "../../shared/find/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { percentile } from "../yardsticks/commands.ts";
import { plainRow, type Row } from "./row.ts";

/** Each of its own pattern, because what one has found the next would remember. */
const CANCELS = 12;
/** They are cancelled so long after they began, and so much later each. */
const FIRST_MS = 40;
const STEP_MS = 25;

type Search = (finder: Finder, record: SnapshotRecord, scope: Scope, n: number, signal: AbortSignal) => AsyncGenerator;

function ofPattern(form: PatternForm, textOf: (n: number) => string): Search {
  return (finder, record, scope, n, signal) =>
    finder.find(record, { form, text: textOf(n), ignoreCase: false }, { scope, limit: 10_000, signal });
}

const SEARCHES: readonly (readonly [what: string, search: Search])[] = [
  ["text", ofPattern("text", (n) => `needle ${n}`)],
  ["bytes of which every second stands", ofPattern("hex", (n) => `00 ${String(n).padStart(2, "0")} 00 ff 01`)],
  ["a regular expression that begins anywhere", ofPattern("regex", (n) => `[ -~]{40,}zzzz${n}`)],
  [
    "all strings",
    (finder, record, scope, n, signal) =>
      finder.strings(record, { scope, limit: 10_000, leastLength: 300 + n, kinds: [], signal }),
  ],
];

/** @param directory of the store that holds the snapshot */
export async function benchCancels(directory: string, snapshot: string, size: string): Promise<Row[]> {
  const store = openStore(path.resolve(directory));
  const finder = createFinder(store, createKnownSets(store));
  try {
    const record = store.snapshot(snapshot);
    const scope = { regions: spacesOf(store.manifest(record)).map(wholeSpace), among: null };
    const little = { regions: [regionOf(store.manifest(record).laid[0].mapping)], among: null };
    const next = (text: string) =>
      drain(ofPattern("text", () => text)(finder, record, little, 0, new AbortController().signal));
    await next("threads start");
    const rows: Row[] = [];
    for (const [what, search] of SEARCHES) {
      const ends: number[] = [];
      const nexts: number[] = [];
      for (let n = 0; n < CANCELS; n++) {
        const cancel = new AbortController();
        // From when it was meant: a loop that is busy then hears of it later.
        const start = performance.now() + FIRST_MS + n * STEP_MS;
        const ended = drain(search(finder, record, scope, n, cancel.signal));
        await pause(Math.max(0, start - performance.now()));
        cancel.abort();
        if (await ended) continue;
        ends.push(performance.now() - start);
        await next(`${what} ${n}`);
        nexts.push(performance.now() - start);
      }
      const told = (times: readonly number[]) =>
        `p50 ${percentile(times, 0.5).toFixed(1)} ms, most ${percentile(times, 1).toFixed(1)} ms`;
      rows.push(
        plainRow(
          `a search of ${size} for ${what} is cancelled (${ends.length})`,
          ends.length === 0
            ? "ended before"
            : `its stream ended: ${told(ends)}; the next had its answer: ${told(nexts)}`,
          "most: floor 200 ms",
        ),
      );
    }
    return rows;
  } finally {
    await finder.close();
    store.close();
  }
}

/** Some pages for each thread. */
function regionOf({ space, spaceStart }: { readonly space: Space; readonly spaceStart: number }) {
  return { space, start: BigInt(spaceStart) * 4096n, end: BigInt(spaceStart + 64) * 4096n };
}

/** @returns whether the search came to its end before it was cancelled */
async function drain(events: AsyncGenerator): Promise<boolean> {
  try {
    for await (const _ of events);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return false;
    throw error;
  }
}
