/** What did not change from one snapshot to the next is not cut again, and what is taken for unchanged is. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { pageContents, snapshotStrip } from "../server/inspect/index.ts";
import { createKnownSets } from "../server/known-sets/index.ts";
import { createTileCutter, cutTile, type PageContents } from "../server/tiles/index.ts";
import { decodeTiles, pagesOfTile, tileCount } from "../shared/tile/index.ts";
import { ingest, temporaryFolder, temporaryStore } from "./ingest/temporary-store.ts";

const PAGES = 9000;
const CHANGED = 5005;

/** Every fifth page has content of its own, the others are zero. */
function dumpOf(changed: number | undefined): Buffer {
  const content = Buffer.alloc(PAGES * 4096);
  content.write("not a dump of a known format");
  for (let page = 0; page < PAGES; page += 5)
    createHash("shake256", { outputLength: 300 })
      .update(`${page} ${page === changed}`)
      .digest()
      .copy(content, page * 4096 + 100);
  return content;
}

test("tiles of the next snapshot are those of the one before, but where a page has changed", async () => {
  const store = temporaryStore();
  const known = createKnownSets(store);
  const file = path.join(temporaryFolder(), "dump.raw");
  const cutter = createTileCutter({ cacheBytes: 1 << 28 });
  const asked: number[] = [];
  const contents = pageContents(store);
  const counted: PageContents = {
    bytes: (pages) => contents.bytes(count(pages)),
    summaries: (pages) => contents.summaries(count(pages)),
    totals: (pages) => contents.totals(count(pages)),
  };
  const count = (pages: Uint32Array) => {
    for (const page of pages) asked.push(page);
    return pages;
  };
  for (const changed of [undefined, CHANGED]) {
    writeFileSync(file, dumpOf(changed));
    const { snapshot } = await ingest(store, file, "dump", { asRaw: true });
    const source = snapshotStrip(store, known, snapshot);
    for (const channel of ["class", "value", "entropy"] as const) {
      for (const level of [2, 4, 6, 7, 8, 9]) {
        asked.length = 0;
        const indices = [...Array(tileCount(source.end, level)).keys()].slice(0, 300);
        const request = { key: snapshot.manifest, source, contents: counted, channel, level };
        const tiles = decodeTiles(await cutter.tiles(request, indices));
        const at = Math.floor(CHANGED / pagesOfTile(level));
        if (changed !== undefined) {
          // The pages of the one tile, of coarse ones of the one part: every fifth has a number.
          const most = level < 8 ? Math.min(PAGES, pagesOfTile(level)) : 4096;
          expect(asked.length, `${channel} ${level}`).toBeLessThanOrEqual(1 + most / 5);
        }
        for (const index of new Set([0, at, indices.length - 1].filter((one) => one < indices.length)))
          expect(tiles[index]).toEqual(await cutTile(source, contents, channel, level, index));
      }
    }
  }
});
