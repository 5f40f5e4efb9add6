/**
 * The strips of a snapshot by choice, over the sample. The model looks at the strip of all pages, page by page, and puts
 * together what another strip must show; positions and tiles of the server are compared with it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStrips, pageContents, snapshotStrip } from "../server/inspect/index.ts";
import { addBaseline, createKnownSets } from "../server/known-sets/index.ts";
import { openStore, type SnapshotRecord, type Store } from "../server/store/index.ts";
import { cutTile } from "../server/tiles/index.ts";
import type { PageAddress } from "../shared/memory/index.ts";
import { provenanceCode } from "../shared/provenance/index.ts";
import { layStrip, pageAtPosition, STRIPS, type Strip } from "../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, type Tile, tileCount } from "../shared/tile/index.ts";
import { expected, ingest, samplePath } from "./ingest/temporary-store.ts";

interface Facts {
  readonly dumps: Readonly<
    Record<
      string,
      { readonly recorded: number; readonly alone: { readonly pages: { readonly absent: { readonly file: number } } } }
    >
  >;
  readonly pairs: readonly { readonly b: string; readonly provenance: Readonly<Record<string, number>> }[];
}

const facts = expected<Facts>("podman");
const left = facts.pairs.find(({ b }) => b === "app-t1.tar.zst")!.provenance.new;
const RECORDED = cellStateCode("recorded");
const NEW = provenanceCode("new");
/** A cell is a page. */
const PAGE_LEVEL = 6;

let folder: string;
let store: Store;
let t0: SnapshotRecord;
let record: SnapshotRecord;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  store = openStore(path.join(folder, "store"));
  t0 = (await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app")).snapshot;
  record = (await ingest(store, samplePath("podman", "app-t1.tar.zst"), "app")).snapshot;
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Cell {
  readonly state: number;
  readonly rank: number;
}

/** State and provenance of each position. */
async function cellsOf(source: ReturnType<typeof snapshotStrip>): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (let index = 0; index < tileCount(source.end, PAGE_LEVEL); index++) {
    const tile: Tile = await cutTile(source, pageContents(store), "provenance", PAGE_LEVEL, index);
    for (let at = 0; at < TILE_CELLS && cells.length < source.end; at++)
      cells.push({ state: tile.state[at], rank: tile.a[at] });
  }
  return cells;
}

function pagesOf(strip: Strip): Map<string, number> {
  const pages = new Map<string, number>();
  for (let at = 0; at < strip.end; at++) {
    const found = pageAtPosition(strip, at);
    if (found) pages.set(`${found.mapping.source} ${found.page}`, at);
  }
  return pages;
}

describe.each(STRIPS)("the strip of %s pages", (choice) => {
  test("shows the blocks in which such a page stands, and no other; each page with the cell that it has everywhere", async () => {
    const known = createKnownSets(store);
    const all = snapshotStrip(store, known, record);
    const cells = await cellsOf(all);
    const isChosen = ({ state, rank }: Cell) =>
      choice === "all" || (state === RECORDED && (choice === "recorded" || rank === NEW));
    const onAll = pagesOf(all.strip);
    const blocks = new Set<string>();
    const starts = new Map(all.strip.mappings.map(({ source, start }) => [source, start]));
    const blockOf = (key: string) => {
      const [source, page] = key.split(" ").map(Number);
      const start = starts.get(source)!;
      return `${source} ${Math.floor((page - start) / 16)}`;
    };
    for (const [key, at] of onAll) if (isChosen(cells[at])) blocks.add(blockOf(key));
    const expectedPages = [...onAll.keys()].filter((key) => blocks.has(blockOf(key)));

    const source = createStrips(store, known).source(record, choice);
    const shown = pagesOf(source.strip);
    expect([...shown.keys()]).toEqual(expectedPages);
    const chosen = await cellsOf(source);
    expect([...shown.values()].map((at) => chosen[at])).toEqual([...shown.keys()].map((key) => cells[onAll.get(key)!]));
  });

  test("is laid the same from what its route tells", () => {
    const strips = createStrips(store, createKnownSets(store));
    const { shown } = strips.choose(record, choice);
    const sources = store.manifest(record).laid.map(({ mapping }, i) => ({
      space: mapping.space,
      start: mapping.spaceStart as PageAddress,
      pages: mapping.range.end - mapping.range.start,
      shown: shown[i].map(([start, end]) => ({ start, end })),
    }));
    expect(layStrip(sources)).toEqual(strips.source(record, choice).strip);
  });
});

test("pages are counted as the sample's numbers say", () => {
  const strips = createStrips(store, createKnownSets(store));
  const { recorded, alone } = facts.dumps["app-t1.tar.zst"];
  expect(STRIPS.map((choice) => strips.choose(record, choice).pages)).toEqual([
    recorded + alone.pages.absent.file,
    recorded,
    left,
  ]);
});

test("what explains pages later takes them off the strip of residual pages, and only off that one", async () => {
  const known = createKnownSets(store);
  const strips = createStrips(store, known);
  const before = STRIPS.map((choice) => strips.choose(t0, choice));
  expect(before[2].pages).toBeGreaterThan(0);
  await addBaseline(store, t0, "clean");
  const after = STRIPS.map((choice) => strips.choose(t0, choice));
  expect(after[2].pages).toBe(0);
  expect(after[2].content).not.toBe(before[2].content);
  expect(strips.source(t0, "residual").end).toBe(0);
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
});
