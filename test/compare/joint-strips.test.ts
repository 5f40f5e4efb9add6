/** The strips of a comparison, against the cells of both snapshots by themselves. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareSnapshots, NO_VERDICT } from "../../server/compare/index.ts";
import { type ComparedSnapshots, createJointStrips, pageContents, snapshotStrip } from "../../server/inspect/index.ts";
import { addBaseline, createKnownSets } from "../../server/known-sets/index.ts";
import { openStore, placesOf, type SnapshotRecord, type Store } from "../../server/store/index.ts";
import { cutTile } from "../../server/tiles/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import { provenanceCode, VERDICTS } from "../../shared/provenance/index.ts";
import { layStrip, pageAtPosition, STRIPS, type Strip } from "../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, tileCount } from "../../shared/tile/index.ts";
import { expected, ingest, samplePath, temporaryStore } from "../ingest/temporary-store.ts";

interface Facts {
  readonly dumps: Readonly<Record<string, { readonly recorded: number }>>;
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly provenance: Readonly<Record<string, number>>;
  }[];
}
const facts = expected<Facts>("podman");
const RECORDED = cellStateCode("recorded");
const NEW = provenanceCode("new");
/** A cell is a page. */
const PAGE_LEVEL = 6;

let folder: string;
let store: Store;
let compared: ComparedSnapshots;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  store = openStore(path.join(folder, "store"));
  const a = (await ingest(store, samplePath("podman", "app-t0.tar.zst"), "app")).snapshot;
  const b = (await ingest(store, samplePath("podman", "app-t1.tar.zst"), "app")).snapshot;
  compared = { a, b, comparison: compareSnapshots(store, a, b) };
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** By space and page: what each page of a snapshot is, from its own strip. */
async function pagesOf(record: SnapshotRecord): Promise<Map<string, { isRecorded: boolean; isNew: boolean }>> {
  const source = snapshotStrip(store, createKnownSets(store), record);
  const pages = new Map<string, { isRecorded: boolean; isNew: boolean }>();
  for (let index = 0; index < tileCount(source.end, PAGE_LEVEL); index++) {
    const tile = await cutTile(source, pageContents(store), "provenance", PAGE_LEVEL, index);
    for (let at = 0; at < TILE_CELLS; at++) {
      const found = pageAtPosition(source.strip, index * TILE_CELLS + at);
      const isRecorded = tile.state[at] === RECORDED;
      if (found)
        pages.set(`${found.mapping.space} ${found.page}`, { isRecorded, isNew: isRecorded && tile.a[at] === NEW });
    }
  }
  return pages;
}

function* placesOn(strip: Strip): Generator<{ key: string; block: string; at: number }> {
  for (let at = 0; at < strip.end; at++) {
    const found = pageAtPosition(strip, at);
    if (!found) continue;
    const { mapping, page } = found;
    const block = `${mapping.source} ${Math.floor((page - mapping.start) / 16)}`;
    yield { key: `${mapping.space} ${page}`, block, at };
  }
}

/** Whether a page differs: it has a verdict that is no calm one, and if it is zero now it had content. */
function differs(key: string): boolean {
  const { a, comparison } = compared;
  const [space, page] = [key.slice(0, key.indexOf(" ")) as "p1", Number(key.slice(key.indexOf(" ") + 1))];
  const code = comparison.verdictsOf(space, page, 1)[0];
  if (code === NO_VERDICT || VERDICTS[code] === "unchanged") return false;
  if (VERDICTS[code] !== "zero") return true;
  return placesOf(store.manifest(a)).columns(space, page, 1).page[0] !== 0xffffffff;
}

describe.each(STRIPS)("the joint strip of %s pages", (choice) => {
  test("shows the blocks in which such a page stands on a side, and no other, each page with the cell it has everywhere", async () => {
    const strips = createJointStrips(store, createKnownSets(store));
    const [inA, inB] = [await pagesOf(compared.a), await pagesOf(compared.b)];
    const isChosen = (key: string) => {
      const [a, b] = [inA.get(key), inB.get(key)];
      if (choice === "all") return true;
      if (choice === "recorded") return Boolean(a?.isRecorded || b?.isRecorded);
      return Boolean(a?.isNew || b?.isNew || differs(key));
    };
    const all = strips.choose(compared, "all").sides.b.strip;
    const blocks = new Set<string>();
    for (const { key, block } of placesOn(all)) if (isChosen(key)) blocks.add(block);
    const wanted = [...placesOn(all)].filter(({ block }) => blocks.has(block));
    const { sides, shown } = strips.choose(compared, choice);
    const laid = [...placesOn(sides.a.strip)];
    expect(laid.map(({ key }) => key)).toEqual(wanted.map(({ key }) => key));
    expect(blocks.size).toBe(shown.flat().reduce((sum, [from, to]) => sum + to - from, 0));
    expect(sides.b.strip).toEqual(sides.a.strip);
    for (const side of ["a", "b"] as const) {
      const whole = await strips.choose(compared, "all").sides[side].columns(0, all.end);
      const own = await sides[side].columns(0, sides[side].end);
      for (const column of ["cell", "page", "rank", "other"] as const)
        expect(laid.map(({ at }) => own[column][at])).toEqual(wanted.map(({ at }) => whole[column][at]));
    }
  });

  test("is laid the same from what its route tells", () => {
    const { shown, sides } = createJointStrips(store, createKnownSets(store)).choose(compared, choice);
    const sources = compared.comparison.joint.map(({ space, start, pages }, i) => ({
      space,
      start: start as PageAddress,
      pages,
      shown: shown[i].map(([from, to]) => ({ start: from, end: to })),
    }));
    expect(layStrip(sources)).toEqual(sides.a.strip);
  });
});

test("pages of each side are counted as the sample's numbers say", () => {
  const strips = createJointStrips(store, createKnownSets(store));
  const [a, b] = ["app-t0.tar.zst", "app-t1.tar.zst"];
  expect(strips.choose(compared, "recorded").pages).toEqual({
    a: facts.dumps[a].recorded,
    b: facts.dumps[b].recorded,
  });
  expect(strips.choose(compared, "residual").pages.b).toBe(
    facts.pairs.find((pair) => pair.a === a && pair.b === b)?.provenance.new,
  );
});

test("what explains both sides leaves what differs", async () => {
  const own = temporaryStore();
  const a = (await ingest(own, samplePath("podman", "app-t0.tar.zst"), "app")).snapshot;
  const b = (await ingest(own, samplePath("podman", "app-t1.tar.zst"), "app")).snapshot;
  const comparison = compareSnapshots(own, a, b);
  const strips = createJointStrips(own, createKnownSets(own));
  const before = strips.choose({ a, b, comparison }, "residual");
  await addBaseline(own, a, "one");
  await addBaseline(own, b, "other");
  const after = strips.choose({ a, b, comparison }, "residual");
  expect(before.pages.a).toBeGreaterThan(0);
  expect(after.pages).toEqual({ a: 0, b: 0 });
  expect(after.content).not.toBe(before.content);
  const blocks = new Set(
    comparison.differences.flatMap(({ mapping, start, pages }) =>
      Array.from(
        { length: pages },
        (_, i) => `${mapping} ${Math.floor((start + i - comparison.joint[mapping].start) / 16)}`,
      ),
    ),
  );
  expect(after.shown.flat().reduce((sum, [from, to]) => sum + to - from, 0)).toBe(blocks.size);
});
