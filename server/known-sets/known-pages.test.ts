import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { temporaryFolder, temporaryStore } from "../../test/ingest/temporary-store.ts";
import { ingestDump } from "../ingest/index.ts";
import { startPageWorkers } from "../page-workers/index.ts";
import {
  collectGarbage,
  createPageIntake,
  createPageNumbers,
  deleteSnapshot,
  type SnapshotRecord,
  type Store,
  verifyStore,
} from "../store/index.ts";
import { addKnownSet, createKnownSets, extendMembers, removeKnownSet } from "./index.ts";

const PAGE = 4096;
const options = { signal: new AbortController().signal, onProgress: () => undefined };

const workers = startPageWorkers();
afterAll(() => workers.close());

function content(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * PAGE);
  numbers.forEach((number, page) => {
    bytes.writeUInt32LE(number + 1, page * PAGE);
  });
  return bytes;
}

/** A store beside the simplest thing that can be said of it. */
class Scene {
  readonly store: Store = temporaryStore();
  /** Lives as long as a server does. */
  readonly known = createKnownSets(this.store);
  readonly folder = temporaryFolder();
  readonly snapshots = new Map<string, { record: SnapshotRecord; pages: readonly number[] }>();
  readonly sets = new Map<string, readonly number[]>();
  #files = 0;

  async ingest(pages: readonly number[]): Promise<void> {
    const file = path.join(this.folder, `${this.#files++}.raw`);
    writeFileSync(file, content(pages));
    const request = { file, container: "raw", asRaw: true, base: 0n, keepCut: false, parent: "none" };
    const { snapshot, provenance } = await ingestDump(this.store, request, { ...options, workers });
    this.snapshots.set(snapshot.name, { record: snapshot, pages });
    expect(provenance.known).toBe(this.#knownIn(pages));
  }

  async add(pages: readonly number[]): Promise<void> {
    const root = path.join(this.folder, `root${this.#files++}`);
    mkdirSync(root);
    writeFileSync(path.join(root, "file"), content(pages));
    const name = `set${this.#files}`;
    await addKnownSet(this.store, root, name, options);
    this.sets.set(name, pages);
  }

  #knownIn(pages: readonly number[]): number {
    const all = new Set([...this.sets.values()].flat());
    return pages.filter((page) => all.has(page)).length;
  }

  check(): void {
    for (const known of [this.known, createKnownSets(this.store)]) {
      for (const { record, pages } of this.snapshots.values()) {
        expect(known.provenance(record).known).toBe(this.#knownIn(pages));
        const laid = known.laidProvenance(record);
        expect(laid.reduce((sum, counts) => sum + counts.known, 0)).toBe(this.#knownIn(pages));
      }
      for (const set of known.sets()) {
        const its = new Set(this.sets.get(set.record.name));
        const same = [...this.snapshots.values()].flatMap(({ pages }) => pages.filter((page) => its.has(page)));
        expect(known.usage(set).sameContent).toBe(same.length);
      }
    }
  }
}

const pages = fc.array(fc.nat(30), { minLength: 1, maxLength: 12 });
const step = fc.oneof(
  fc.record({ kind: fc.constant("ingest" as const), pages }),
  fc.record({ kind: fc.constant("add" as const), pages }),
  fc.record({ kind: fc.constantFrom("remove" as const, "delete" as const), which: fc.nat(9) }),
  fc.record({ kind: fc.constant("gc" as const) }),
);

test("whatever comes and goes, known is what a known set has now", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), async (steps) => {
      const scene = new Scene();
      const pick = <T>(all: Iterable<T>, which: number): T | undefined => {
        const list = [...all];
        return list[which % Math.max(1, list.length)];
      };
      for (const each of steps) {
        switch (each.kind) {
          case "ingest":
            await scene.ingest(each.pages);
            break;
          case "add":
            await scene.add(each.pages);
            break;
          case "remove": {
            const name = pick(scene.sets.keys(), each.which);
            if (name === undefined) break;
            await removeKnownSet(scene.store, name);
            scene.sets.delete(name);
            break;
          }
          case "delete": {
            const snapshot = pick(scene.snapshots.values(), each.which);
            if (!snapshot) break;
            deleteSnapshot(scene.store, snapshot.record);
            scene.snapshots.delete(snapshot.record.name);
            break;
          }
          case "gc": {
            using _lock = await scene.store.lock("gc");
            await collectGarbage(scene.store);
            break;
          }
          default:
            each satisfies never;
        }
        scene.check();
      }
    }),
    { numRuns: 12 },
  );
});

test("rows of known pages are joined before they are many, and say the same", async () => {
  const scene = new Scene();
  await scene.add([1]);
  const { catalog } = scene.store;
  const [{ record }] = scene.known.sets();
  const told: number[] = [];
  const ranges: (readonly [number, number])[] = [[0, 0]];
  let since = 0;
  const heard = new Set<number>();
  for (let i = 0; i < 200; i++) {
    // Not in their order, and with numbers that nobody has between some of them.
    const from = ((i * 77) % 200) * 2;
    const range = [from, from + (from % 10 === 0 ? 1 : 2)] as const;
    const pages = from % 6 === 0 ? [from] : [];
    catalog.transaction(() => catalog.addKnownPages(record.name, { ranges: [range], pages: Uint32Array.from(pages) }));
    told.push(...pages);
    ranges.push(range);
    if (i % 7 !== 0) continue;
    // As one who reads what is new: rows that were joined come once more.
    for (const row of catalog.knownPages(record.name, since)) {
      since = row.row;
      for (const page of row.pages) heard.add(page);
    }
    expect([...heard].sort()).toEqual([...told].sort());
  }
  const rows = catalog.knownPages(record.name);
  expect(rows.length).toBeLessThanOrEqual(64);
  expect(rows.flatMap((row) => [...row.pages]).sort()).toEqual(told.sort());
  const isIn = (all: readonly (readonly [number, number])[], page: number) =>
    all.some(([from, to]) => from <= page && page < to);
  const kept = rows.flatMap((row) => row.ranges);
  for (let page = 0; page < 410; page++) expect(isIn(kept, page)).toBe(isIn(ranges, page));
});

test("a store whose known pages nobody has kept looks them up again, and keeps them with the next dump", async () => {
  const scene = new Scene();
  await scene.ingest([1, 2, 3]);
  await scene.add([2, 3, 4]);
  const catalog = new DatabaseSync(path.join(scene.store.directory, "catalog.sqlite"));
  catalog.exec("DELETE FROM known_pages");
  catalog.close();
  scene.check();
  const [{ record }] = scene.known.sets();
  expect(scene.store.catalog.knownPages(record.name)).toEqual([]);
  await scene.ingest([4, 5]);
  scene.check();
  expect(scene.store.catalog.knownPages(record.name).flatMap(({ pages }) => [...pages])).toEqual([1, 2, 3]);
});

test("a set under the name of one that is gone has its own pages", async () => {
  const scene = new Scene();
  await scene.ingest([1, 2]);
  const root = temporaryFolder();
  for (const [known, page] of [
    [1, 1],
    [1, 2],
    [0, 3],
  ]) {
    writeFileSync(path.join(root, "file"), content([page]));
    await addKnownSet(scene.store, root, "same", options);
    expect(scene.known.provenance([...scene.snapshots.values()][0].record).known).toBe(known);
    await removeKnownSet(scene.store, "same");
  }
});

test("verify finds a page that is said to be known and is not, and one that is not said to be", async () => {
  const scene = new Scene();
  await scene.ingest([1, 2, 3]);
  await scene.add([2, 9]);
  const { catalog } = scene.store;
  expect((await verifyStore(scene.store)).problems).toEqual([]);
  const [{ record }] = scene.known.sets();
  for (const [pages, wrong] of [
    [[1, 2], 2],
    [[], 1],
    [[0, 1], 0],
  ] as const) {
    catalog.transaction(() => {
      catalog.removeKnownSet(record.name);
      catalog.addKnownSet(record);
      catalog.addKnownPages(record.name, { ranges: [[0, 3]], pages: Uint32Array.from(pages) });
    });
    expect((await verifyStore(scene.store)).problems).toEqual([
      { what: `Whether page ${wrong} is in the known set ${record.name} is kept wrongly`, snapshots: [] },
    ]);
  }
});

test("packs that are committed in another order than that of their numbers are looked up all the same", async () => {
  const scene = new Scene();
  await scene.add(Array.from({ length: 400 }, (_, i) => i * 2));
  const { store } = scene;
  const numbers = createPageNumbers(store.catalog.nextPage);
  const hashes = (pages: readonly number[]) =>
    Buffer.concat(pages.map((page) => hash("sha256", content([page]), "buffer")));
  const bring = (pages: readonly number[]) => {
    const intake = createPageIntake(store.blobs, store.catalog, numbers);
    const columns = {
      zero: new Uint8Array(pages.length),
      guesses: new Uint32Array(pages.length).fill(0xffff_ffff),
      pages: new Uint32Array(pages.length),
      fresh: new Uint16Array(pages.length),
    };
    const fresh = intake.number(hashes(pages), pages.length, columns);
    expect(fresh).toBe(pages.length);
    intake.keep({
      contents: { codec: 0, bytes: content(pages) },
      pages: columns.pages.slice(),
      hashes: hashes(pages),
    });
    return {
      async commit() {
        intake.settle(columns.pages);
        const finished = await intake.finish();
        store.catalog.transaction(() => {
          finished.commit();
          extendMembers(store);
        });
        return [...columns.pages];
      },
    };
  };
  // 4 comes with both: the second to commit gives up its number.
  const [first, second] = [bring([1, 2, 4]), bring([4, 5, 6])];
  const late = await second.commit();
  const early = await first.commit();
  expect(Math.max(early[0], early[1])).toBeLessThan(Math.min(...late));
  expect(early[2]).toBe(late[0]);
  // The pages are those of the store, whichever snapshot asks.
  const nobody = { id: "none", container: "none" } as SnapshotRecord;
  const { set } = scene.known.pagesOf(nobody);
  expect([...early, ...late].map((page) => set.has(page))).toEqual([false, true, true, true, false, true]);
  const again = createKnownSets(store).pagesOf(nobody).set;
  expect([...early, ...late].map((page) => again.has(page))).toEqual([false, true, true, true, false, true]);
  expect((await verifyStore(store)).problems).toEqual([]);
});
