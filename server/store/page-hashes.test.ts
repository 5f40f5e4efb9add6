/** Page hashes of packs: what a pack with gaps says of runs of pages, against the pages as they were written. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { compressFrame } from "../frames/index.ts";
import { createFileBlobs } from "./blobs.ts";
import { createPackWriter } from "./pack.ts";
import { createPageHashes } from "./page-hashes.ts";

const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HASH = 32;

/** No page's hash is another's, so that a run that is off by one is seen. */
function hashOf(page: number): Uint8Array {
  return new Uint8Array(HASH).map((_, byte) => (page * 31 + byte * 7) & 0xff);
}

test("a run is equal as far as each of its pages is in the pack, follows the one before, and has its hash", async () => {
  const blobs = createFileBlobs(folder);
  // As gc leaves a pack: 10 to 99 without every 13th, and a pack of one page behind it.
  const pages = Array.from({ length: 90 }, (_, i) => 10 + i).filter((page) => page % 13 !== 0);
  const packs = createPackWriter(blobs);
  const append = (numbers: readonly number[]) => {
    packs.append({
      contents: compressFrame(new Uint8Array(numbers.length * PAGE_SIZE), "fast"),
      pages: Uint32Array.from(numbers),
      hashes: Buffer.concat(numbers.map(hashOf)),
    });
    packs.close();
  };
  for (let at = 0; at < pages.length; at += 40) append(pages.slice(at, at + 40));
  append([100]);
  const places = await packs.finish();
  const stored = createPageHashes(blobs, places);
  const held = new Set([...pages, 100]);

  const runs = fc.record({
    page: fc.integer({ min: 0, max: 110 }),
    count: fc.integer({ min: 1, max: 100 }),
    wrong: fc.uniqueArray(fc.integer({ min: 0, max: 110 }), { maxLength: 5 }),
  });
  fc.assert(
    fc.property(runs, ({ page, count, wrong }) => {
      const asked = Array.from({ length: count }, (_, i) => page + i);
      const hashes = Buffer.concat([
        Buffer.alloc(5),
        ...asked.map((number) => (wrong.includes(number) ? new Uint8Array(HASH) : hashOf(number))),
      ]);
      const equal = asked.map((number) => held.has(number) && !wrong.includes(number));
      const firstUnequal = equal.indexOf(false) < 0 ? count : equal.indexOf(false);
      const run = stored.equalRun(page, count, hashes, 5);
      expect(run).toBeLessThanOrEqual(firstUnequal);
      expect(run > 0).toBe(equal[0]);
      expect(stored.equals(page, hashes, 5)).toBe(equal[0]);
      // Asked again for the rest, it finds all.
      let found = 0;
      for (let more = 1; found < count && more > 0; found += more)
        more = stored.equalRun(page + found, count - found, hashes, 5 + found * HASH);
      expect(found).toBe(firstUnequal);
    }),
    { numRuns: 500 },
  );
});
