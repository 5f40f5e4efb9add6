/**
 * The pair that is measured: two raw images of equal size, made of the pages that app and nginx record at the
 * same places in both snapshots, several times
 * over, the bytes of every page rotated each time so that no page repeats. The second one is the later snapshot.
 */
import { closeSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { MemorySource, RUN_KINDS, recogniseDump } from "../server/readers/index.ts";

const SAMPLES = path.join(import.meta.dirname, "../dumps/samples/podman");
const SAMPLES_OF_PAIR = [
  ["app-t0.tar.zst", "app-t1.tar.zst"],
  ["nginx-t0.tar.zst", "nginx-t0.tar.zst"],
] as const;
const PAGE = 4096;
const unpack = promisify(zstdDecompress);

export interface Pair {
  readonly first: string;
  readonly second: string;
  readonly bytes: number;
  readonly changedPages: number;
  readonly pages: number;
}

/** @param times how often the pages are repeated; each time adds about 15 MB. */
export async function makePair(folder: string, times: number): Promise<Pair> {
  mkdirSync(folder, { recursive: true });
  const a: Buffer[] = [];
  const b: Buffer[] = [];
  for (const [first, second] of SAMPLES_OF_PAIR) {
    const before = await pagesByPlace(first);
    const after = await pagesByPlace(second);
    for (const [place, page] of before) {
      const later = after.get(place);
      if (!later) continue;
      a.push(page);
      b.push(later);
    }
  }
  const changed = a.filter((page, i) => !page.equals(b[i])).length;
  const first = write(path.join(folder, "first.raw"), Buffer.concat(a), times);
  const second = write(path.join(folder, "second.raw"), Buffer.concat(b), times);
  return { first, second, bytes: statSync(first).size, changedPages: changed * times, pages: a.length * times };
}

/** Recorded pages of a checkpoint by space and page. */
async function pagesByPlace(file: string): Promise<Map<string, Buffer>> {
  const source = new MemorySource(await unpack(await readFile(path.join(SAMPLES, file))));
  const reader = await recogniseDump(source, { asRaw: false });
  const { runs, spaces } = await reader.read(source, { keepCut: false, base: 0n });
  const pages = new Map<string, Buffer>();
  for (let run = 0; run < runs.length; run++) {
    if (RUN_KINDS[runs.kind[run]] !== "bytes") continue;
    for (let i = 0; i < runs.count[run]; i++) {
      const bytes = await source.read(runs.offset[run] + i * PAGE, PAGE);
      pages.set(`${spaces[runs.space[run]]} ${runs.page[run] + i}`, Buffer.from(bytes));
    }
  }
  return pages;
}

function write(file: string, pages: Buffer, times: number): string {
  const fd = openSync(file, "w");
  try {
    for (let time = 0; time < times; time++) writeSync(fd, rotated(pages, (time * 64) % PAGE));
  } finally {
    closeSync(fd);
  }
  return file;
}

/** The bytes of every page rotated left. */
function rotated(pages: Buffer, by: number): Buffer {
  if (by === 0) return pages;
  const out = Buffer.alloc(pages.length);
  for (let at = 0; at < pages.length; at += PAGE) {
    pages.copy(out, at, at + by, at + PAGE);
    pages.copy(out, at + PAGE - by, at, at + by);
  }
  return out;
}
