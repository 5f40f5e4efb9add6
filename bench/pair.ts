/**
 * The pair that is measured: two raw images of equal size, the second a later state of the first. Made from the machine
 * dumps of the corpus when they are at hand: the PT_LOAD pages of each six times over, the bytes of every page rotated
 * left by 64 more each time, so that no page repeats. Else made in the same way from the pages that the bundled samples
 * of app and nginx record at the same places.
 */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
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
const ROTATION = 64;
const MACHINE_TIMES = 6;
/** About the size of the pair of the machine dumps. */
const SAMPLE_BYTES = 775 << 20;
const PT_LOAD = 1;
const unpack = promisify(zstdDecompress);

export interface Pair {
  readonly first: string;
  readonly second: string;
  readonly bytes: number;
  readonly changedPages: number;
  readonly pages: number;
  readonly madeOf: "the machine dumps vm-t1 and vm-t2" | "the bundled samples";
}

/** Pages of memory, one behind the other, of which larger dumps are made. @param folder for what is unpacked on the way */
export async function realPages(folder: string, corpus: string | undefined): Promise<Buffer> {
  const machine = corpus === undefined ? undefined : pagesOfMachines(corpus, path.join(folder, "unpacked"));
  return (machine ?? (await pagesOfSamples()))[0];
}

/** @param corpus folder of the whole corpus, if it is there. */
export async function makePair(folder: string, corpus: string | undefined): Promise<Pair> {
  mkdirSync(folder, { recursive: true });
  const machine = corpus === undefined ? undefined : pagesOfMachines(corpus, path.join(folder, "unpacked"));
  const [a, b] = machine ?? (await pagesOfSamples());
  const times = machine ? MACHINE_TIMES : Math.round(SAMPLE_BYTES / a.length);
  let changed = 0;
  for (let at = 0; at < a.length; at += PAGE) if (a.compare(b, at, at + PAGE, at, at + PAGE) !== 0) changed++;
  const first = write(path.join(folder, "first.raw"), a, times);
  const second = write(path.join(folder, "second.raw"), b, times);
  return {
    first,
    second,
    bytes: statSync(first).size,
    changedPages: changed * times,
    pages: (a.length / PAGE) * times,
    madeOf: machine ? "the machine dumps vm-t1 and vm-t2" : "the bundled samples",
  };
}

/** @returns `undefined` without the dumps, or without the `zstd` that unpacks a patch */
function pagesOfMachines(corpus: string, folder: string): readonly [Buffer, Buffer] | undefined {
  const script = path.join(corpus, "unpack.sh");
  if (!existsSync(script) || !existsSync(path.join(corpus, "machine", "vm-t1.elf.zst"))) return undefined;
  const { status } = spawnSync("sh", [script, folder, "machine"], { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) return undefined;
  const pages = [1, 2].map((which) => loadPages(readFileSync(path.join(folder, "machine", `vm-t${which}.elf`))));
  rmSync(folder, { recursive: true });
  return [pages[0], pages[1]];
}

/** The whole pages of the PT_LOAD segments of a 64-bit little-endian core, one behind the other. */
function loadPages(elf: Buffer): Buffer {
  const table = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  const segments = Array.from({ length: elf.readUInt16LE(56) }, (_, i) => table + i * size)
    .filter((at) => elf.readUInt32LE(at) === PT_LOAD)
    .map((at) => {
      const offset = Number(elf.readBigUInt64LE(at + 8));
      const bytes = Number(elf.readBigUInt64LE(at + 32));
      return elf.subarray(offset, offset + bytes - (bytes % PAGE));
    });
  return Buffer.concat(segments);
}

async function pagesOfSamples(): Promise<readonly [Buffer, Buffer]> {
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
  return [Buffer.concat(a), Buffer.concat(b)];
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
    for (let time = 0; time < times; time++) {
      const bytes = rotated(pages, (time * ROTATION) % PAGE);
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    }
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
