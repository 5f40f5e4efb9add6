/** A prefix of a dump shows what is whole in it and nothing else; the whole dump shows what its snapshot shows. */

import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ArrivingPicture, drawArriving } from "../../server/arriving/arriving-picture.ts";
import { KeptSummaries } from "../../server/arriving/kept-summaries.ts";
import { inspectArrivingPage, pageContents, snapshotStrip } from "../../server/inspect/index.ts";
import { createKnownSets } from "../../server/known-sets/index.ts";
import {
  type DumpDescription,
  decompress,
  MemorySource,
  RUN_KINDS,
  recogniseDump,
} from "../../server/readers/index.ts";
import { cutTile } from "../../server/tiles/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { pageAtPosition } from "../../shared/strip/index.ts";
import { cellStateCode, encodeTile, tileCount } from "../../shared/tile/index.ts";
import { ingest, samplePath, temporaryFolder, temporaryStore } from "../ingest/temporary-store.ts";

const RECORDED = cellStateCode("recorded");
const MISSING = cellStateCode("missing");
const NOT_HERE = cellStateCode("not-loaded");

const SAMPLES = [
  ["podman", "app-t0.tar.zst"],
  ["podman", "tiny-t0.tar"],
  ["podman", "tiny-inc.tar"],
  ["cores", "known64.core.zst"],
  ["cores", "known-powerpc64.core.zst"],
  ["cores", "py-t0.core.zst"],
  ["machine", "bare64.elf.zst"],
] as const;

interface Sample {
  readonly bytes: Buffer;
  readonly file: FileHandle;
  readonly whole: DumpDescription;
  /** First byte of a page in the file: what comes before says what is where. */
  readonly firstPage: number;
}

async function openSample(folder: "podman" | "cores" | "machine", name: string): Promise<Sample> {
  const stored = samplePath(folder, name);
  const pieces: Uint8Array[] = [];
  const { bytes: content } = await decompress(createReadStream(stored));
  for await (const piece of content) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const unpacked = path.join(temporaryFolder(), "content");
  await writeFile(unpacked, bytes);
  const file = await open(unpacked, "r");
  onTestFinished(() => file.close());
  const source = new MemorySource(bytes);
  const whole = await (await recogniseDump(source, { asRaw: false })).read(source, { keepCut: false, base: 0n });
  const offsets = [...whole.runs.offset].filter((offset) => offset >= 0);
  return { bytes, file, whole, firstPage: Math.min(...offsets) };
}

function keptSummaries(): KeptSummaries {
  const kept = new KeptSummaries(path.join(tmpdir(), `dumpscope-${randomBytes(8).toString("hex")}`));
  onTestFinished(() => kept.close());
  return kept;
}

function draw({ bytes, file }: Sample, cut: number): Promise<ArrivingPicture> {
  const source = new MemorySource(bytes.subarray(0, cut));
  return drawArriving(source, file, keptSummaries(), { asRaw: false, base: 0n, isWhole: cut === bytes.length });
}

/** Where the bytes of each recorded page end in the file, by the whole dump's own description. */
function endsOf({ spaces, runs }: DumpDescription): Map<string, number> {
  const ends = new Map<string, number>();
  for (let run = 0; run < runs.length; run++) {
    if (RUN_KINDS[runs.kind[run]] !== "bytes") continue;
    for (let i = 0; i < runs.count[run]; i++) {
      const known = runs.to[run] - runs.from[run];
      ends.set(`${spaces[runs.space[run]]} ${runs.page[run] + i}`, runs.offset[run] + i * PAGE_SIZE + known);
    }
  }
  return ends;
}

test("of a whole file that is cut, what is not in it is missing and does not come", async () => {
  const { bytes, file } = await openSample("podman", "tiny-t0.tar");
  const source = new MemorySource(bytes.subarray(0, 200_000));
  const statesOf = async (isWhole: boolean) => {
    const picture = await drawArriving(source, file, keptSummaries(), { asRaw: false, base: 0n, isWhole });
    const { strip } = picture.strip;
    const { cell } = await picture.strip.columns(0, strip.end);
    const lacking = pageAtPosition(strip, cell.indexOf(isWhole ? MISSING : NOT_HERE));
    if (!lacking) throw new Error("no page is lacking");
    const { space } = lacking.mapping;
    const { reason } = inspectArrivingPage(picture.laid, picture.pages, space, lacking.page, isWhole);
    return { cells: new Set(cell), reason, ...picture.detail };
  };
  const growing = await statesOf(false);
  expect([growing.cells.has(NOT_HERE), growing.cells.has(MISSING), growing.lost]).toEqual([true, false, 0]);
  expect(growing.facts.notes).toEqual([]);
  const whole = await statesOf(true);
  expect([whole.cells.has(NOT_HERE), whole.cells.has(MISSING)]).toEqual([false, true]);
  // The page at the cut is held in part.
  expect(whole.reason).toMatch(/were lost/);
  expect(growing.reason).toMatch(/not come yet/);
  expect([whole.lost, whole.here]).toEqual([growing.pages.absent.missing - 1, growing.here + 1]);
});

describe.each(SAMPLES)("%s %s", (folder, name) => {
  test("a prefix shows the pages that are whole in it, with their bytes, and no other", async () => {
    const sample = await openSample(folder, name);
    const ends = endsOf(sample.whole);
    const { bytes, firstPage } = sample;
    const cuts = fc.oneof(fc.nat(bytes.length), fc.integer({ min: firstPage, max: bytes.length }));
    await fc.assert(
      fc.asyncProperty(cuts, async (cut) => {
        let picture: ArrivingPicture;
        try {
          picture = await draw(sample, cut);
        } catch (error) {
          // Too little is here to tell what it is.
          expect(error).toMatchObject({ name: "DumpError" });
          expect(cut).toBeLessThan(firstPage);
          return;
        }
        const { strip } = picture.strip;
        const { cell, page, partial } = await picture.strip.columns(0, strip.end);
        let shown = 0;
        for (let position = 0; position < strip.end; position++) {
          const at = pageAtPosition(strip, position);
          const end = at && ends.get(`${at.mapping.space} ${at.page}`);
          if (cell[position] === RECORDED && end !== undefined) {
            shown++;
            expect(end).toBeLessThanOrEqual(cut);
            const [from, to] = partial.get(position) ?? [0, PAGE_SIZE];
            const got = picture.pages.bytes(page.subarray(position, position + 1)).subarray(from, to);
            expect(bytes.subarray(end - (to - from), end).equals(got)).toBe(true);
          } else if (end !== undefined) {
            expect(cell[position]).toBe(NOT_HERE);
            // A page held in part, at the very cut, counts when the next byte has come.
            expect(end >= cut || cut < firstPage).toBe(true);
          }
        }
        if (cut < firstPage) expect(shown).toBe(0);
      }),
      { numRuns: 30, examples: [[0], [firstPage - 1], [firstPage], [firstPage + PAGE_SIZE], [bytes.length - 1]] },
    );
  });

  test("the whole of it is laid and drawn as its snapshot", async () => {
    const sample = await openSample(folder, name);
    const store = temporaryStore();
    const { snapshot } = await ingest(store, samplePath(folder, name), "one");
    const committed = snapshotStrip(store, createKnownSets(store), store.snapshot(snapshot.id));
    const picture = await draw(sample, sample.bytes.length);
    expect(picture.strip.strip).toEqual(committed.strip);
    const { pages } = store.snapshot(snapshot.id);
    expect(picture.detail.here).toBe(pages.present + pages.zero);
    if (pages.inParent > 0) return;
    for (const channel of ["class", "entropy", "value"] as const) {
      for (const level of [1, 4, 6, 8, 10]) {
        for (let index = 0; index < Math.min(8, tileCount(committed.end, level)); index++) {
          const [here, there] = await Promise.all([
            cutTile(picture.strip, picture.pages.contents, channel, level, index),
            cutTile(committed, pageContents(store), channel, level, index),
          ]);
          expect(Buffer.from(encodeTile(here)).equals(encodeTile(there)), `${channel} ${level} ${index}`).toBe(true);
        }
      }
    }
  });

  test("a tile has another name only when a page of it has come", async () => {
    const sample = await openSample(folder, name);
    const { bytes, firstPage } = sample;
    const cuts = [0.1, 0.4, 0.7, 0.9].map((share) => Math.floor(firstPage + share * (bytes.length - firstPage)));
    const level = 1;
    const names = new Map<string, Buffer>();
    for (const cut of [...cuts, bytes.length]) {
      const picture = await draw(sample, cut);
      for (let index = 0; index < Math.min(20, tileCount(picture.strip.end, level)); index++) {
        const key = `${index} ${picture.tileContent(level, index)}`;
        const tile = Buffer.from(
          encodeTile(await cutTile(picture.strip, picture.pages.contents, "class", level, index)),
        );
        expect(tile.equals(names.get(key) ?? tile), `${cut} ${key}`).toBe(true);
        names.set(key, tile);
      }
    }
    expect(names.size).toBeGreaterThan(1);
  });
});
