/** Likenesses of real dumps: the shares that were counted independently, and what breaks them. */
import { describe, expect, test } from "vitest";
import {
  alikePages,
  createNormaliser,
  mappingsOfProcess,
  NOT_ALIKE,
  nameMappings,
  placesByRow,
} from "../../server/likeness/index.ts";
import { modelOf } from "../../server/likeness/model.testing.ts";
import { chunksByRow, createPageLikeness } from "../../server/likeness/page-likeness.ts";
import type { SnapshotRecord, Store } from "../../server/store/index.ts";
import { addressOfPage } from "../../shared/memory/index.ts";
import { type Mapping, PAGE_STATES, parseSpace } from "../../shared/snapshot/index.ts";
import { ingest, samplePath, temporaryStore } from "./temporary-store.ts";

const options = { signal: new AbortController().signal };

/** Rows of recorded pages that are not all zero, with their page numbers. */
function contentsOf(store: Store, snapshot: SnapshotRecord): ReadonlyMap<number, number> {
  const manifest = store.manifest(snapshot);
  const contents = new Map<number, number>();
  for (const { chunk } of chunksByRow(manifest)) {
    const { state, page } = manifest.columns(chunk);
    state.forEach((code, i) => {
      if (["data", "parent"].includes(PAGE_STATES[code])) contents.set(chunk.row + i, page[i]);
    });
  }
  return contents;
}

const take = async (store: Store, file: string, container = file) =>
  (await ingest(store, samplePath("podman", `${file}.tar.zst`), container)).snapshot;

describe("shares explained by another container", () => {
  test.each([
    // Floors of 68 % and 45 % are what an independent prototype reached; the counts are this definition's.
    { file: "redis-inc", parent: "redis-pre", baseline: "redis-t0", present: 1197, same: 512, alike: 304, floor: 0.68 },
    { file: "nginx-t0", parent: null, baseline: "redis-t0", present: 726, same: 7, alike: 324, floor: 0.45 },
    { file: "redis-t0", parent: null, baseline: "app-t0", present: 1194, same: 4, alike: 99, floor: 0.085 },
  ])("$file by $baseline: $same of $present the same, $alike alike", async (row) => {
    const store = temporaryStore();
    const baseline = await take(store, row.baseline);
    if (row.parent !== null) await take(store, row.parent, "subject");
    const subject = await take(store, row.file, "subject");
    const contents = contentsOf(store, subject);
    const there = new Set(contentsOf(store, baseline).values());
    const same = [...contents.values()].filter((page) => there.has(page)).length;
    const alike = await alikePages(store, subject, [baseline], options);
    expect({ present: contents.size, same, alike: alike.count }).toEqual({
      present: row.present,
      same: row.same,
      alike: row.alike,
    });
    expect((same + alike.count) / contents.size).toBeGreaterThan(row.floor);
    // The two ways are kept apart, and only rows of pages have one.
    const rows = [...alike.snapshot.keys()].filter((at) => alike.snapshot[at] !== NOT_ALIKE);
    expect(rows.length).toBe(alike.count);
    const inBaseline = contentsOf(store, baseline);
    for (const at of rows) {
      expect(there.has(contents.get(at) ?? -1)).toBe(false);
      expect(inBaseline.has(alike.row[at])).toBe(true);
    }
  });
});

/** The space whose mappings decide for a page, told from the manifest by a plain search. */
function modelSpaceOf(store: Store, snapshot: SnapshotRecord, row: number) {
  const manifest = store.manifest(snapshot);
  const place = placesByRow(manifest)(row);
  const parsed = parseSpace(place.space);
  const pids = manifest.segmentMaps
    .map(({ mapping }) => mapping)
    .filter(({ space, spaceStart, range }) => {
      const size = range.end - range.start;
      return space === place.space && spaceStart <= place.page && place.page < spaceStart + size;
    })
    .map(({ pid }) => pid);
  const pid = parsed?.kind === "segment" ? Math.min(...pids) : (parsed?.id ?? 0);
  const { processes, byteOrder } = manifest.facts;
  const executable = processes.find((process) => process.pid === pid)?.executable ?? null;
  return { place, pid, mappings: mappingsOfProcess(manifest, pid), executable, byteOrder };
}

test.each(["redis-t0", "nginx-t0"])(
  "%s: likenesses part its pages as the definition, said plainly, does",
  async (file) => {
    const store = temporaryStore();
    const snapshot = await take(store, file);
    const manifest = store.manifest(snapshot);
    const likenessOf = createPageLikeness(store, manifest);
    const made = new Map<number, string>();
    for (const placed of chunksByRow(manifest)) {
      const { rows, hashes } = likenessOf(placed);
      rows.forEach((row, i) => {
        made.set(row, Buffer.from(hashes).toString("hex", i * 32, i * 32 + 32));
      });
    }
    const hashOfForm = new Map<string, string>();
    const models = new Map<number, ReturnType<typeof modelOf>>();
    let inSegments = 0;
    for (const [row, page] of contentsOf(store, snapshot)) {
      const space = modelSpaceOf(store, snapshot, row);
      const model = models.get(space.pid) ?? modelOf(space);
      models.set(space.pid, model);
      const form = model(store.pages.bytes(Uint32Array.of(page)));
      const hash = made.get(row);
      expect(hash === undefined, `row ${row}`).toBe(form === null);
      if (form === null || hash === undefined) continue;
      expect(hashOfForm.get(form) ?? hash).toBe(hash);
      hashOfForm.set(form, hash);
      if (space.place.space.startsWith("s")) inSegments++;
    }
    expect(new Set(hashOfForm.values()).size).toBe(hashOfForm.size);
    expect(hashOfForm.size).toBeGreaterThan(200);
    expect(inSegments).toBe(file === "nginx-t0" ? 4 : 0);
  },
);

describe("a hooked pointer", () => {
  test("in any page that is alike to the baseline's breaks its likeness, wherever it points to", async () => {
    const store = temporaryStore();
    const baseline = await take(store, "redis-t0");
    await take(store, "redis-pre", "subject");
    const subject = await take(store, "redis-inc", "subject");
    const contents = contentsOf(store, subject);
    const alike = await alikePages(store, subject, [baseline], options);
    const { mappings, executable, pid } = modelSpaceOf(store, subject, [...contents.keys()][0]);
    const normalise = createNormaliser(nameMappings(mappings, executable, "little"));
    const likeness = (page: Uint8Array) => {
      const hash = Buffer.alloc(32);
      normalise(page, hash, new Uint16Array(1));
      return hash.toString("hex");
    };
    const ofBaseline = new Set<string>();
    const likenessOf = createPageLikeness(store, store.manifest(baseline));
    for (const placed of chunksByRow(store.manifest(baseline))) {
      const { hashes } = likenessOf(placed);
      for (let at = 0; at < hashes.length; at += 32) ofBaseline.add(Buffer.from(hashes).toString("hex", at, at + 32));
    }
    const within = (word: bigint, { range }: Mapping) =>
      addressOfPage(range.start) <= word && word < addressOfPage(range.end);
    const libc = mappings.filter(({ path }) => path?.endsWith("/libc.so.6"))[1];
    const heap = mappings.filter(({ kind, permissions }) => kind === "anonymous" && permissions === "rw-");
    expect(pid).toBe(1);

    let hooked = 0;
    for (const [row, page] of contents) {
      if (alike.snapshot[row] === NOT_ALIKE) continue;
      const bytes = store.pages.bytes(Uint32Array.of(page)).slice();
      const view = new DataView(bytes.buffer);
      expect(ofBaseline).toContain(likeness(bytes));
      // The first pointer into a file of each such page.
      const at = Array.from({ length: 512 }, (_, i) => i * 8).find((i) =>
        mappings.some((mapping) => mapping.kind === "file" && within(view.getBigUint64(i, true), mapping)),
      );
      if (at === undefined) continue;
      const was = view.getBigUint64(at, true);
      const file = mappings.find((mapping) => within(was, mapping));
      const targets = {
        "another place of the file": was ^ 8n,
        "another file":
          file?.path === libc.path ? addressOfPage(mappings[1].range.start) : addressOfPage(libc.range.start) + 64n,
        "the same place counted from another file":
          was - addressOfPage(file?.range.start ?? mappings[0].range.start) + addressOfPage(libc.range.start),
        "anonymous memory": addressOfPage(heap[2].range.start) + 64n,
        "a number": 42n,
      };
      for (const [what, target] of Object.entries(targets)) {
        if (target === was) continue;
        view.setBigUint64(at, target, true);
        expect(ofBaseline.has(likeness(bytes)), `row ${row}: ${what}`).toBe(false);
        hooked++;
      }
    }
    expect(hooked).toBeGreaterThan(1000);
  });
});
