/**
 * Channels of whole pages against models that know nothing of codes over rows: dumps of made-up pages are compared byte by
 * byte, pages of the samples are asked for one by one.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codedStrip, createStrips, inspectPage, pageContents } from "../server/inspect/index.ts";
import { addBaseline, addKnownSet, createKnownSets } from "../server/known-sets/index.ts";
import { createPageChannels } from "../server/page-channels/index.ts";
import { openStore, type SnapshotRecord, type Store } from "../server/store/index.ts";
import { cutTile } from "../server/tiles/index.ts";
import { COUNT_PARTS, type PageChannel } from "../shared/channel/index.ts";
import { addressOfPage, type PageAddress } from "../shared/memory/index.ts";
import { PAGE_STATES, type Space } from "../shared/snapshot/index.ts";
import { pageAtPosition } from "../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, tileCount } from "../shared/tile/index.ts";
import { ingest, samplePath } from "./ingest/temporary-store.ts";

const RECORDED = cellStateCode("recorded");
/** A cell is a page. */
const PAGE_LEVEL = 6;
const how = { signal: new AbortController().signal, onProgress: () => undefined };

let folder: string;
let store: Store;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  store = openStore(path.join(folder, "store"));
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

interface CodedPage {
  readonly space: string;
  readonly page: number;
  readonly mapping: number;
  readonly code: number;
}

/** Code of each recorded page, as tiles of a page a cell have it. */
async function codesOf(record: SnapshotRecord, channel: PageChannel): Promise<CodedPage[]> {
  const known = createKnownSets(store);
  const base = createStrips(store, known).source(record, "all");
  const { codes } = createPageChannels(store, known).of(record, channel);
  const source = codedStrip(store.manifest(record), base, codes);
  const pages: CodedPage[] = [];
  for (let index = 0; index < tileCount(source.end, PAGE_LEVEL); index++) {
    const { state, a, b } = await cutTile(source, pageContents(store), channel, PAGE_LEVEL, index);
    for (let at = 0; at < TILE_CELLS; at++) {
      if (state[at] !== RECORDED) {
        expect(a[at] + b[at]).toBe(0);
        continue;
      }
      expect(b[at]).toBe(255);
      const found = pageAtPosition(base.strip, index * TILE_CELLS + at)!;
      pages.push({ space: found.mapping.space, page: found.page, mapping: found.mapping.source, code: a[at] });
    }
  }
  return pages;
}

function rowsOf(record: SnapshotRecord, channel: PageChannel) {
  return createPageChannels(store, createKnownSets(store)).of(record, channel).rows;
}

/** Pages by name of a row, from codes. */
function counted<T>(items: readonly T[], nameOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}

describe("over the snapshots of a container", () => {
  let containers = 0;
  /** A page of one of a few contents, all-zero among them. */
  const contents = [0, 1, 2, 3, 0xff].map((byte) => Buffer.alloc(4096, byte));
  const snapshot = fc.array(fc.nat(contents.length - 1), { minLength: 1, maxLength: 40 });

  async function make(snapshots: readonly (readonly number[])[]) {
    const container = `made-${containers++}`;
    const records: SnapshotRecord[] = [];
    for (const [n, pages] of snapshots.entries()) {
      const file = path.join(folder, `${container}-${n}`);
      writeFileSync(file, Buffer.concat(pages.map((content) => contents[content])));
      records.push((await ingest(store, file, container, { asRaw: true })).snapshot);
    }
    return records;
  }

  test("a place has changed as often as its bytes became others, and bytes are first seen where they first stand", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(snapshot, { minLength: 2, maxLength: 4 }), async (snapshots) => {
        const records = await make(snapshots);
        for (const [n, record] of records.entries()) {
          const changes = await codesOf(record, "changes");
          expect(changes.map(({ page }) => page)).toEqual(snapshots[n].map((_, page) => page));
          changes.forEach(({ code }, page) => {
            // A shorter dump does not record the place.
            const stood = snapshots.flatMap((pages) => (page < pages.length ? [pages[page]] : []));
            expect(code).toBe(stood.filter((content, i) => i > 0 && content !== stood[i - 1]).length);
          });
          expect(rowsOf(record, "changes").map(({ name, pages }) => [name, pages])).toEqual(
            COUNT_PARTS.flatMap((least, i) => {
              const pages = changes.filter(({ code }) => code >= least && code < (COUNT_PARTS[i + 1] ?? 255)).length;
              return pages === 0 ? [] : [[String(least), pages]];
            }),
          );
          const first = await codesOf(record, "first-seen");
          first.forEach(({ code }, page) => {
            expect(code).toBe(snapshots.findIndex((pages) => pages.includes(snapshots[n][page])));
          });
          expect(Object.fromEntries(rowsOf(record, "first-seen").map(({ name, pages }) => [name, pages]))).toEqual(
            counted(first, ({ code }) => `t${code}`),
          );
        }
      }),
      { numRuns: 6 },
    );
  }, 120_000);

  test("what has changed more often than the scale has colours is one row", async () => {
    const records = await make(Array.from({ length: 18 }, (_, n) => [1 + (n % 2), 3]));
    const last = records.at(-1)!;
    expect((await codesOf(last, "changes")).map(({ code }) => code)).toEqual([17, 0]);
    expect(rowsOf(last, "changes").map(({ name, title }) => [name, title])).toEqual([
      ["0", "never changed"],
      ["16", "16 or more times"],
    ]);
  }, 60_000);

  test("a snapshot that comes or goes is in it at once", async () => {
    const [t0, t1] = await make([
      [1, 2],
      [1, 3],
    ]);
    expect((await codesOf(t0, "changes")).map(({ code }) => code)).toEqual([0, 1]);
    const file = path.join(folder, "one-more");
    writeFileSync(file, Buffer.concat([contents[4], contents[2]]));
    await ingest(store, file, t1.container, { asRaw: true });
    const channels = createPageChannels(store, createKnownSets(store));
    expect(channels.keyOf(t0, "changes")).toContain("t2");
    expect((await codesOf(t0, "changes")).map(({ code }) => code)).toEqual([1, 2]);
  });
});

describe("over the samples", () => {
  let app: SnapshotRecord;
  let nginx: SnapshotRecord;
  beforeAll(async () => {
    const t0 = (await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app")).snapshot;
    app = (await ingest(store, samplePath("podman", "app-t1.tar.zst"), "app")).snapshot;
    nginx = (await ingest(store, samplePath("podman", "nginx-t0.tar.zst"), "nginx")).snapshot;
    await addBaseline(store, t0, "clean");
    // Pages that are in two sets: of mapped files the one of that path goes first, elsewhere a file before some memory.
    const manifest = store.manifest(t0);
    const some = manifest.laid.flatMap(({ chunks }) => {
      const columns = chunks.map((chunk) => manifest.columns(chunk));
      return columns.flatMap(({ state, page }) =>
        [...page].filter((_, i) => PAGE_STATES[state[i]] === "data").slice(0, 3),
      );
    });
    const file = path.join(folder, "some-pages");
    writeFileSync(file, store.pages.bytes(Uint32Array.from(new Set(some))));
    await addKnownSet(store, file, "some", { ...how, withBytes: false });
    await addKnownSet(store, samplePath("images", "layers-oci.tar"), "layers", { ...how, withBytes: false });
  }, 120_000);

  test("permissions and kinds are those of the mapping, a segment's those of who may do most", async () => {
    for (const record of [app, nginx]) {
      const { laid, segmentMaps } = store.manifest(record);
      const letters = (space: string, page: number, mapping: number): string => {
        if (!space.startsWith("s")) return laid[mapping].mapping.permissions;
        const own = segmentMaps.filter(
          ({ mapping: one }) =>
            one.space === space && page >= one.spaceStart && page < one.spaceStart + one.range.end - one.range.start,
        );
        return ["r", "w", "x"]
          .filter((letter) => own.some(({ mapping: one }) => one.permissions.includes(letter)))
          .join("");
      };
      const pages = await codesOf(record, "permissions");
      const names = ["unknown", "none", "read", "write", "execute", "writeExecute"];
      for (const { space, page, mapping, code } of pages) {
        const permitted = letters(space, page, mapping);
        const [w, x] = [permitted.includes("w"), permitted.includes("x")];
        expect(names[code]).toBe(w && x ? "writeExecute" : x ? "execute" : w ? "write" : "read");
      }
      expect(Object.fromEntries(rowsOf(record, "permissions").map(({ name, pages: count }) => [name, count]))).toEqual(
        counted(pages, ({ code }) => names[code]),
      );
      const kinds = await codesOf(record, "kind");
      const kindNames = ["none", "file", "anonymous", "heap", "stack", "shared", "kernel"];
      for (const { mapping, code } of kinds) {
        const { kind } = laid[mapping].mapping;
        expect(kindNames[code]).toBe(["vdso", "vvar", "vsyscall"].includes(kind) ? "kernel" : kind);
      }
      const recorded = record.pages.present + record.pages.zero + record.pages.inParent - record.unresolved;
      expect([pages.length, kinds.length]).toEqual([recorded, recorded]);
    }
  });

  test("the known file of a page is the one that its reason names", async () => {
    const pages = await codesOf(app, "file");
    const rows = rowsOf(app, "file");
    const known = createKnownSets(store);
    const paths = new Map<string, number>();
    const pathOf = pages.map(({ space, page }) => {
      const asked = inspectPage(store, known, app, space as Space, page as PageAddress);
      const file = asked.state === "zero" ? undefined : asked.files[0]?.path;
      if (file !== undefined) paths.set(file, (paths.get(file) ?? 0) + 1);
      expect(asked.address).toBe(`0x${addressOfPage(page as PageAddress).toString(16)}`);
      return file;
    });
    const top = [...paths].sort(([x, m], [y, n]) => n - m || (x < y ? -1 : 1)).slice(0, 6);
    expect(top.length).toBe(6);
    pages.forEach(({ code }, i) => {
      const path = pathOf[i];
      const rank = top.findIndex(([one]) => one === path);
      expect(code).toBe(path === undefined ? 0 : rank < 0 ? 7 : rank + 1);
    });
    expect(rows.slice(0, 6).map(({ hint, pages: count }) => [hint, count])).toEqual(top);
    expect(rows.at(-1)).toMatchObject({ name: "none", pages: pathOf.filter((one) => one === undefined).length });
    expect(rows.reduce((sum, row) => sum + row.pages, 0)).toBe(pages.length);
  }, 120_000);
});
