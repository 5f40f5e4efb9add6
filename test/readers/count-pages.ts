/**
 * Counts what a description says, page by page, by the counting rules of the design: the ground on which a reader is
 * compared with numbers that independent programs counted. Slow and simple on purpose.
 */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ByteSource,
  type DumpDescription,
  FileSource,
  type ReadOptions,
  RUN_KINDS,
  recogniseDump,
  unpackDump,
} from "../../server/readers/index.ts";

const PAGE = 4096;
const ZERO = Buffer.alloc(PAGE);

export interface Counts {
  readonly present: number;
  readonly zero: number;
  readonly inParent: number;
  readonly lost: number;
  readonly partial: number;
  readonly distinct: number;
  readonly absent: {
    readonly file: number;
    readonly untouched: number;
    readonly excluded: number;
    readonly missing: number;
  };
  /** Absent pages of shared segments: a part of `untouched`. */
  readonly absentShared: number;
  readonly absentFileByPath: Readonly<Record<string, number>>;
}

/** Counts a description against the bytes it points to. */
export async function countPages(source: ByteSource, description: DumpDescription): Promise<Counts> {
  const { runs, spaces } = description;
  const counts = { present: 0, zero: 0, inParent: 0, lost: 0, partial: 0 };
  const hashes = new Set<string>();
  const recorded = new Map<string, Set<number>>(spaces.map((space) => [space, new Set<number>()]));
  for (let row = 0; row < runs.length; row++) {
    const kind = RUN_KINDS[runs.kind[row]];
    const places = recorded.get(spaces[runs.space[row]])!;
    for (let i = 0; i < runs.count[row]; i++) {
      const page = runs.page[row] + i;
      if (places.has(page)) throw new Error(`page ${page} twice`);
      places.add(page);
      if (kind === "parent") counts.inParent++;
      else if (kind === "zero") counts.zero++;
      else if (kind === "lost") counts.lost++;
      else {
        const known = runs.to[row] - runs.from[row];
        const bytes = Buffer.alloc(PAGE);
        bytes.set(await source.read(runs.offset[row] + i * PAGE, known), runs.from[row]);
        if (known < PAGE) counts.partial++;
        else if (bytes.equals(ZERO)) counts.zero++;
        else {
          counts.present++;
          hashes.add(createHash("sha256").update(bytes).digest("base64"));
        }
      }
    }
  }
  const sorted = new Map([...recorded].map(([space, places]) => [space, Float64Array.from(places).sort()]));
  const absent = { file: 0, untouched: 0, excluded: 0, missing: 0 };
  const byPath: Record<string, number> = {};
  for (const mapping of description.mappings ?? []) {
    if (mapping.space.startsWith("s")) continue;
    const places = sorted.get(mapping.space)!;
    const there = below(places, mapping.range.end) - below(places, mapping.range.start);
    const missing = mapping.range.end - mapping.range.start - there;
    absent[mapping.absent] += missing;
    if (mapping.absent === "file" && missing > 0) {
      byPath[mapping.path ?? "?"] = (byPath[mapping.path ?? "?"] ?? 0) + missing;
    }
  }
  let absentShared = 0;
  for (const segment of description.segments) {
    const places = recorded.get(segment.space)!;
    for (const [start, end] of segment.mapped) {
      for (let page = start; page < end; page++) if (!places.has(page)) absentShared++;
    }
  }
  absent.untouched += absentShared;
  return { ...counts, distinct: hashes.size, absent, absentShared, absentFileByPath: byPath };
}

/** How many of the sorted places lie below `page`. */
function below(places: Float64Array, page: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle] < page) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface OpenDump {
  readonly source: ByteSource;
  readonly description: DumpDescription;
}

/** Unpacks a stored dump beside nothing of the repository, describes it, and cleans up behind `use`. */
export async function withDump<T>(
  path: string,
  use: (dump: OpenDump) => Promise<T>,
  options: Partial<ReadOptions> & { readonly asRaw?: boolean } = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "dumpscope-test-"));
  try {
    const target = join(folder, "dump");
    const { compression } = await unpackDump(path, target);
    await using source = await FileSource.open(compression === "none" ? path : target);
    const reader = await recogniseDump(source, { asRaw: options.asRaw ?? false });
    const description = await reader.read(source, { keepCut: options.keepCut ?? false, base: options.base ?? 0n });
    return await use({ source, description });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All chunks of a stream, in one piece. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  // A chunk is valid until the next one.
  for await (const chunk of chunks) parts.push(chunk.slice());
  return Buffer.concat(parts);
}
