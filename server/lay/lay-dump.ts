/**
 * Recorded pages → the manifest: each laid mapping with its counts, the blocks it shows, and its chunks. Mappings and
 * runs are both in the order of addresses, so one walk over each space suffices; nothing loops over pages that nobody
 * recorded.
 */
import type { PageCounts } from "../../shared/api/index.ts";
import { CHUNK_PAGES, type ManifestColumns, NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { bisect, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import { type Mapping, parseSpace, type Space, stateCode } from "../../shared/snapshot/index.ts";
import { BLOCK_PAGES } from "../../shared/strip/index.ts";
import { type DumpDescription, RUN_KINDS } from "../readers/index.ts";
import type { ChunkPlace, LaidManifest } from "../store/index.ts";

type RunKind = (typeof RUN_KINDS)[number];

// Codes, not names: this is asked once for each page of a dump.
const DATA = stateCode("data");
const ZERO = stateCode("zero");
const PARENT = stateCode("parent");
const PARENT_ZERO = stateCode("parent-zero");
const PARENT_MISSING = stateCode("parent-missing");
const ABSENT_MISSING = stateCode("absent-missing");

/** Page numbers of all recorded pages, in the order of the runs. */
export interface NumberedPages {
  /** Run → its first row; one more entry than runs. */
  readonly first: Float64Array;
  /** Page number, `ZERO_PAGE`, or `NO_PAGE` where the dump has no bytes. 4 B a page: 64 MiB for 64 GiB. */
  readonly page: Uint32Array;
}

export interface LaidDump<Chunk extends ChunkPlace> {
  readonly laid: readonly LaidManifest<Chunk>[];
  readonly segmentMaps: readonly { readonly mapping: Mapping; readonly counts: PageCounts }[];
  readonly totals: PageCounts;
  /** In-parent pages without a page of a parent. */
  readonly unresolved: number;
}

/** Keeps a chunk, in the manifest or in memory; called in the order of the strip. */
export type WriteChunk<Chunk> = (mapping: Mapping, start: number, columns: ManifestColumns) => Chunk;

export function layDump<Chunk extends ChunkPlace>(
  description: DumpDescription,
  pages: NumberedPages,
  writeChunk: WriteChunk<Chunk>,
): LaidDump<Chunk> {
  const runsOf = groupRuns(description);
  const laid: LaidManifest<Chunk>[] = [];
  let unresolved = 0;
  for (const { mapping, mapped } of mappingsToLay(description, runsOf)) {
    const walk = walkMapping(mapping, runsOf.get(mapping.space) ?? [], description, pages, writeChunk);
    const length = mapping.range.end - mapping.range.start;
    const inside = mapped === undefined ? length : coveredBy(mapped);
    const withoutRecord = inside - (mapped === undefined ? walk.recorded : walk.recordedIn(mapped));
    walk.counts.absent[mapping.absent] += withoutRecord;
    unresolved += walk.unresolved;
    const blocks = Math.ceil(length / BLOCK_PAGES);
    const shown: readonly (readonly [number, number])[] = mapping.absent === "file" ? [[0, blocks]] : walk.shown;
    laid.push({ mapping, counts: walk.counts, shown, chunks: walk.chunks });
  }
  const totals = laid.reduce((sum, { counts }) => add(sum, counts), emptyCounts());
  return { laid, segmentMaps: segmentMapsOf(description, runsOf, pages), totals, unresolved };
}

export function emptyCounts(): PageCounts {
  return { present: 0, zero: 0, inParent: 0, absent: { file: 0, untouched: 0, excluded: 0, missing: 0 } };
}

function add(a: PageCounts, b: PageCounts): PageCounts {
  return {
    present: a.present + b.present,
    zero: a.zero + b.zero,
    inParent: a.inParent + b.inParent,
    absent: {
      file: a.absent.file + b.absent.file,
      untouched: a.absent.untouched + b.absent.untouched,
      excluded: a.absent.excluded + b.absent.excluded,
      missing: a.absent.missing + b.absent.missing,
    },
  };
}

/** Run indices of each space, ascending by page. */
function groupRuns({ runs, spaces }: DumpDescription): Map<Space, number[]> {
  const bySpace = new Map<Space, number[]>();
  for (let run = 0; run < runs.length; run++) {
    const space = spaces[runs.space[run]];
    const list = bySpace.get(space);
    if (list) list.push(run);
    else bySpace.set(space, [run]);
  }
  for (const list of bySpace.values()) list.sort((x, y) => runs.page[x] - runs.page[y]);
  return bySpace;
}

/** Every mapping that takes room of its own, in strip order; segments with the pages that some process maps. */
function mappingsToLay(
  description: DumpDescription,
  runsOf: ReadonlyMap<Space, readonly number[]>,
): { readonly mapping: Mapping; readonly mapped?: readonly (readonly [number, number])[] }[] {
  const { mappings, segments, runs } = description;
  const laid: { mapping: Mapping; mapped?: readonly (readonly [number, number])[] }[] = [];
  if (mappings === null) {
    for (const [space, list] of runsOf)
      for (const range of mergedRanges(list, runs)) laid.push({ mapping: unnamedMapping(space, range) });
  } else {
    const segmentSpaces = new Set(segments.map((segment) => segment.space));
    for (const mapping of mappings) if (!segmentSpaces.has(mapping.space)) laid.push({ mapping });
    for (const { space, name, mapped } of segments) {
      // Runs of a space do not overlap and ascend: the last one ends last.
      const last = runsOf.get(space)?.at(-1);
      const recordedEnd = last === undefined ? 0 : runs.page[last] + runs.count[last];
      const end = Math.max(mapped.at(-1)?.[1] ?? 0, recordedEnd);
      const map = mappings.find((mapping) => mapping.space === space);
      laid.push({ mapping: segmentMapping(space, end, map, name), mapped });
    }
  }
  return laid.sort((x, y) => compareMappings(x.mapping, y.mapping));
}

function mergedRanges(list: readonly number[], runs: DumpDescription["runs"]): (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const run of list) {
    const last = ranges.at(-1);
    if (last && last[1] === runs.page[run]) last[1] += runs.count[run];
    else ranges.push([runs.page[run], runs.page[run] + runs.count[run]]);
  }
  return ranges;
}

function unnamedMapping(space: Space, [start, end]: readonly [number, number]): Mapping {
  const { kind, id } = parseSpace(space) ?? { kind: "raw", id: 0 };
  return {
    space,
    pid: kind === "process" ? id : 0,
    range: { start: start as PageAddress, end: end as PageAddress },
    spaceStart: start as PageAddress,
    permissions: "???",
    shared: kind === "segment",
    kind: "unnamed",
    path: null,
    offset: 0,
    absent: "untouched",
    deleted: false,
  };
}

/** The whole segment, counted in its own offsets. */
function segmentMapping(space: Space, end: number, map: Mapping | undefined, name: string | null): Mapping {
  return {
    space,
    pid: map?.pid ?? 0,
    range: { start: 0 as PageAddress, end: end as PageAddress },
    spaceStart: 0 as PageAddress,
    permissions: map?.permissions ?? "???",
    shared: true,
    kind: "shared",
    path: map?.path ?? name,
    offset: 0,
    absent: map?.absent ?? "untouched",
    deleted: map?.deleted ?? false,
  };
}

function compareMappings(x: Mapping, y: Mapping): number {
  const order = { process: 0, segment: 1, physical: 2, raw: 3 } as const;
  const left = parseSpace(x.space);
  const right = parseSpace(y.space);
  if (!left || !right) return 0;
  return order[left.kind] - order[right.kind] || left.id - right.id || x.spaceStart - y.spaceStart;
}

function coveredBy(ranges: readonly (readonly [number, number])[]): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}

interface Walk<Chunk> {
  readonly counts: PageCounts;
  readonly shown: readonly (readonly [number, number])[];
  readonly chunks: readonly Chunk[];
  readonly recorded: number;
  /** Recorded pages within ranges of the space. */
  recordedIn(ranges: readonly (readonly [number, number])[]): number;
  readonly unresolved: number;
}

/** Columns of the chunk that is being filled: at most 1,024 rows. */
interface OpenChunk {
  readonly start: number;
  readonly state: Uint8Array;
  readonly page: Uint32Array;
  readonly partial: { row: number; from: number; to: number }[];
}

function walkMapping<Chunk>(
  mapping: Mapping,
  list: readonly number[],
  description: DumpDescription,
  pages: NumberedPages,
  writeChunk: WriteChunk<Chunk>,
): Walk<Chunk> {
  const { runs } = description;
  const start = mapping.spaceStart;
  const end = start + (mapping.range.end - mapping.range.start);
  const counts = emptyCounts();
  const shown: [number, number][] = [];
  const chunks: Chunk[] = [];
  const pieces: (readonly [number, number])[] = [];
  let recorded = 0;
  let unresolved = 0;
  let open: OpenChunk | undefined;

  const flush = () => {
    if (open) chunks.push(writeChunk(mapping, open.start, open));
    open = undefined;
  };
  const chunkFor = (page: number): OpenChunk => {
    if (open && page < open.start + open.state.length) return open;
    flush();
    const window = Math.floor(page / CHUNK_PAGES) * CHUNK_PAGES;
    const from = Math.max(start, window);
    const rows = Math.min(end, window + CHUNK_PAGES) - from;
    const absent = stateCode(`absent-${mapping.absent}`);
    open = {
      start: from,
      state: new Uint8Array(rows).fill(absent),
      page: new Uint32Array(rows).fill(NO_PAGE),
      partial: [],
    };
    return open;
  };

  for (let i = firstRunBehind(list, runs, start); i < list.length && runs.page[list[i]] < end; i++) {
    const run = list[i];
    const from = Math.max(start, runs.page[run]);
    const to = Math.min(end, runs.page[run] + runs.count[run]);
    recorded += to - from;
    pieces.push([from, to]);
    showBlocks(shown, Math.floor((from - start) / BLOCK_PAGES), Math.ceil((to - start) / BLOCK_PAGES));
    for (let page = from; page < to; page++) {
      const chunk = chunkFor(page);
      const row = page - chunk.start;
      const number = pages.page[pages.first[run] + page - runs.page[run]];
      const state = stateOf(RUN_KINDS[runs.kind[run]], number);
      chunk.state[row] = state;
      if (number < ZERO_PAGE) chunk.page[row] = number;
      if (runs.from[run] !== 0 || runs.to[run] !== PAGE_SIZE)
        chunk.partial.push({ row, from: runs.from[run], to: runs.to[run] });
      if (countState(counts, state)) unresolved++;
    }
  }
  flush();
  return {
    counts,
    shown,
    chunks,
    recorded,
    recordedIn: (ranges) => overlapOf(pieces, ranges),
    unresolved,
  };
}

/** Pages that two lists of ascending, disjoint ranges have in common. */
function overlapOf(a: readonly (readonly [number, number])[], b: readonly (readonly [number, number])[]): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    common += Math.max(0, Math.min(a[i][1], b[j][1]) - Math.max(a[i][0], b[j][0]));
    if (a[i][1] < b[j][1]) i++;
    else j++;
  }
  return common;
}

/** Code of PAGE_STATES of a page whose run is of this kind. */
function stateOf(kind: RunKind, number: number): number {
  switch (kind) {
    case "bytes":
      return number === ZERO_PAGE ? ZERO : DATA;
    case "zero":
      return ZERO;
    case "parent":
      return number === NO_PAGE ? PARENT_MISSING : number === ZERO_PAGE ? PARENT_ZERO : PARENT;
    case "lost":
      return ABSENT_MISSING;
    default:
      return kind satisfies never;
  }
}

/** Adds a page of a run to its counts. @returns whether it is an unresolved page of the parent */
function countState(counts: PageCounts, state: number): boolean {
  switch (state) {
    case DATA:
      counts.present++;
      return false;
    case ZERO:
      counts.zero++;
      return false;
    case PARENT:
    case PARENT_ZERO:
      counts.inParent++;
      return false;
    case PARENT_MISSING:
      counts.inParent++;
      counts.absent.missing++;
      return true;
    case ABSENT_MISSING:
      counts.absent.missing++;
      return false;
    default:
      throw new RangeError(`no run has pages of state ${state}`);
  }
}

function firstRunBehind(list: readonly number[], runs: DumpDescription["runs"], page: number): number {
  return bisect(list.length, (i) => runs.page[list[i]] + runs.count[list[i]] <= page);
}

function showBlocks(shown: [number, number][], from: number, to: number): void {
  const last = shown.at(-1);
  if (last && from <= last[1]) last[1] = Math.max(last[1], to);
  else shown.push([from, to]);
}

/** Mappings of shared segments with the counts of the part they map. */
function segmentMapsOf(
  description: DumpDescription,
  runsOf: ReadonlyMap<Space, readonly number[]>,
  pages: NumberedPages,
): { mapping: Mapping; counts: PageCounts }[] {
  const spaces = new Set(description.segments.map((segment) => segment.space));
  const { runs } = description;
  return (description.mappings ?? [])
    .filter((mapping) => spaces.has(mapping.space))
    .map((mapping) => {
      const counts = emptyCounts();
      const start = mapping.spaceStart;
      const end = start + (mapping.range.end - mapping.range.start);
      let recorded = 0;
      for (const run of runsOf.get(mapping.space) ?? []) {
        const from = Math.max(start, runs.page[run]);
        const to = Math.min(end, runs.page[run] + runs.count[run]);
        for (let page = from; page < to; page++)
          countState(counts, stateOf(RUN_KINDS[runs.kind[run]], pages.page[pages.first[run] + page - runs.page[run]]));
        recorded += Math.max(0, to - from);
      }
      counts.absent[mapping.absent] += end - start - recorded;
      return { mapping, counts };
    });
}
