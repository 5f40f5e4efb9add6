/**
 * Channels of whole pages on both sides of a comparison, against what the manifest and the reason of each page say of
 * it: of two checkpoints, and of two cores whose processes have different pids.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareSnapshots } from "../../server/compare/index.ts";
import {
  type ComparedSnapshots,
  codedSide,
  codedStrip,
  createJointStrips,
  createStrips,
  inspectPage,
  pageContents,
} from "../../server/inspect/index.ts";
import { addBaseline, addKnownSet, createKnownSets } from "../../server/known-sets/index.ts";
import { createPageChannels } from "../../server/page-channels/index.ts";
import { openStore, type SnapshotRecord, type Store } from "../../server/store/index.ts";
import { cutTile } from "../../server/tiles/index.ts";
import { PAGE_CHANNELS, type PageChannel } from "../../shared/channel/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { pageAtPosition, type Strip, type StripChoice } from "../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, tileCount } from "../../shared/tile/index.ts";
import { ingest, samplePath } from "../ingest/temporary-store.ts";

const RECORDED = cellStateCode("recorded");
/** A cell is a page. */
const PAGE_LEVEL = 6;
const SIDES = ["a", "b"] as const;
const CHANNELS = Object.keys(PAGE_CHANNELS) as PageChannel[];

let folder: string;
let store: Store;
let app: ComparedSnapshots;
let py: ComparedSnapshots;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  store = openStore(path.join(folder, "store"));
  const compare = async (fileA: string, fileB: string, container: string): Promise<ComparedSnapshots> => {
    const a = (await ingest(store, fileA, container)).snapshot;
    const b = (await ingest(store, fileB, container)).snapshot;
    return { a, b, comparison: compareSnapshots(store, a, b) };
  };
  const [app0, app1] = ["t0", "t1"].map((name) => samplePath("podman", `app-${name}.tar.zst`));
  const [py0, second] = ["t0", "second"].map((name) => samplePath("cores", `py-${name}.core.zst`));
  app = await compare(app0, app1, "app");
  py = await compare(py0, second, "py");
  const [space] = py.comparison.joint.map((entry) => entry.space);
  expect(py.comparison.nameInA(space)).not.toBe(space);
  await addBaseline(store, app.a, "clean");
  const how = { signal: new AbortController().signal, onProgress: () => undefined, withBytes: false };
  await addKnownSet(store, samplePath("images", "layers-oci.tar"), "layers", how);
}, 120_000);
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const nameIn =
  ({ comparison }: ComparedSnapshots, side: "a" | "b") =>
  (space: Space) =>
    side === "a" ? comparison.nameInA(space) : space;

type Cells = ReadonlyMap<string, number>;

/** Code of each recorded page by its place in its own snapshot; every other cell has to have none. */
async function cellsOf(
  source: Parameters<typeof cutTile>[0],
  strip: Strip,
  channel: PageChannel,
  nameOf: (space: Space) => Space,
): Promise<Cells> {
  const cells = new Map<string, number>();
  for (let index = 0; index < tileCount(strip.end, PAGE_LEVEL); index++) {
    const { state, a, b } = await cutTile(source, pageContents(store), channel, PAGE_LEVEL, index);
    for (let at = 0; at < TILE_CELLS; at++) {
      if (state[at] !== RECORDED) {
        if (a[at] !== 0 || b[at] !== 0) throw new Error(`a page that is not recorded has the code ${a[at]}`);
        continue;
      }
      const found = pageAtPosition(strip, index * TILE_CELLS + at)!;
      cells.set(`${nameOf(found.mapping.space)} ${found.page}`, a[at]);
    }
  }
  return cells;
}

function sideSource(compared: ComparedSnapshots, side: "a" | "b", channel: PageChannel, choice: StripChoice = "all") {
  const known = createKnownSets(store);
  const base = createJointStrips(store, known).choose(compared, choice).sides[side];
  const codes = createPageChannels(store, known).ofBoth(compared.a, compared.b, channel)[side];
  return codedSide(store.manifest(compared[side]), base, codes, nameIn(compared, side));
}

function sideCells(compared: ComparedSnapshots, side: "a" | "b", channel: PageChannel, choice: StripChoice = "all") {
  const source = sideSource(compared, side, channel, choice);
  return cellsOf(source, source.strip, channel, nameIn(compared, side));
}

function ownCells(record: SnapshotRecord, channel: PageChannel) {
  const known = createKnownSets(store);
  const base = createStrips(store, known).source(record, "all");
  const { codes } = createPageChannels(store, known).of(record, channel);
  return cellsOf(codedStrip(store.manifest(record), base, codes), base.strip, channel, (space) => space);
}

/** Pages by code. */
function counted(cells: Cells): Map<number, number> {
  const counts = new Map<number, number>();
  for (const code of cells.values()) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

describe.each([
  ["checkpoints", () => app],
  ["cores of two pids", () => py],
])("of two %s", (_, comparedOf) => {
  test.each(CHANNELS.filter((channel) => channel !== "file"))(
    "%s has on each side the code of its own picture, and nothing where it records nothing",
    async (channel) => {
      const compared = comparedOf();
      for (const side of SIDES)
        expect(await sideCells(compared, side, channel)).toEqual(await ownCells(compared[side], channel));
    },
    60_000,
  );

  test.each(CHANNELS)("the legend of %s counts what the cells of each side show", async (channel) => {
    const compared = comparedOf();
    const { rows } = createPageChannels(store, createKnownSets(store)).ofBoth(compared.a, compared.b, channel);
    for (const side of SIDES) {
      const counts = counted(await sideCells(compared, side, channel));
      // A row of the counts is from its code up to that of the next row.
      const told = rows.map(({ code, pages }, i) => {
        const behind = channel === "changes" ? (rows[i + 1]?.code ?? 255) : code + 1;
        const shown = [...counts].reduce((sum, [one, pages]) => sum + (one >= code && one < behind ? pages : 0), 0);
        return [pages[side], shown];
      });
      expect(told.map(([pages]) => pages)).toEqual(told.map(([, shown]) => shown));
      const recorded = [...counts.values()].reduce((sum, pages) => sum + pages, 0);
      expect(told.reduce((sum, [pages]) => sum + pages, 0)).toBe(recorded);
      const { present, zero, inParent } = compared[side].pages;
      expect(recorded).toBe(present + zero + inParent - compared[side].unresolved);
    }
  });
});

test("a page that a side does not record has no rank, whatever the other has there", async () => {
  for (const side of SIDES) {
    const source = sideSource(app, side, "permissions");
    const { cell, rank } = await source.columns(0, source.end);
    expect(rank.filter((one, row) => cell[row] !== RECORDED && one !== 0)).toEqual(new Uint8Array());
    expect(rank.some((one) => one !== 0)).toBe(true);
  }
});

test("one colour is one known file on both sides: that which the reason of each page names", async () => {
  const known = createKnownSets(store);
  const { rows } = createPageChannels(store, known).ofBoth(app.a, app.b, "file");
  const fileOf = new Map(rows.map(({ code, hint }) => [code, hint]));
  const all = new Map<string, number>();
  const pages: (readonly [code: number, file: string | undefined])[] = [];
  for (const side of SIDES)
    for (const [place, code] of await sideCells(app, side, "file")) {
      const [space, page] = place.split(" ");
      const asked = inspectPage(store, known, app[side], space as Space, Number(page) as PageAddress);
      const file = asked.state === "zero" ? undefined : asked.files[0]?.path;
      if (file !== undefined) all.set(file, (all.get(file) ?? 0) + 1);
      pages.push([code, file]);
    }
  const top = [...all].sort(([x, m], [y, n]) => n - m || (x < y ? -1 : 1)).slice(0, 6);
  expect(top.length).toBe(6);
  expect(rows.slice(0, 6).map(({ hint, pages: { a, b } }) => [hint, a + b])).toEqual(top);
  for (const [code, file] of pages) {
    if (file === undefined) expect(code).toBe(0);
    else if (top.some(([one]) => one === file)) expect(fileOf.get(code)).toBe(file);
    else expect(code).toBe(7);
  }
}, 120_000);

test("on a strip of fewer pages each has the code that it has on that of all", async () => {
  for (const side of SIDES) {
    const all = await sideCells(app, side, "first-seen");
    const residual = await sideCells(app, side, "first-seen", "residual");
    expect(residual.size).toBeGreaterThan(0);
    expect(residual.size).toBeLessThan(all.size);
    for (const [place, code] of residual) expect(all.get(place)).toBe(code);
  }
});
