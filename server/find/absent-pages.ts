/**
 * Pages of a scope of which the dump has no bytes, by reason and mapping: what a search could not look into, and what no
 * figure has. Counted from rows and ranges, never page by page.
 */
import type { Region } from "../../shared/find/index.ts";
import { addressOfPage, formatAddress, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import {
  BECAUSE,
  type Because,
  type Mapping,
  mappingName,
  PAGE_STATES,
  type Space,
} from "../../shared/snapshot/index.ts";
import type { FilledRun, Filling } from "../filling/index.ts";
import type { Manifest } from "../store/index.ts";
import { orderedRegions, type Scope } from "./scope.ts";

/** PAGE_STATES code → why there are no bytes; `undefined` when there are. */
const WITHOUT_BYTES: readonly (Because | undefined)[] = PAGE_STATES.map((state) =>
  state === "parent-missing" ? "missing" : BECAUSE.find((because) => state === `absent-${because}`),
);

type Absent = Record<Because, number>;

export interface AbsentPages {
  readonly absent: Readonly<Absent>;
  /** Of those left to files the ones of files that were deleted: no image's. */
  readonly ofDeletedFiles: number;
  /** Of those left to files the ones that are filled; `undefined` when nothing fills. */
  readonly filling: { readonly fromGhost: number; readonly fromImage: number } | undefined;
}

/** @returns none of a scope among provenances: every page of it has bytes. A page of which it has a part counts as one. */
export function absentPages(manifest: Manifest, { regions, among }: Scope, filling?: Filling): AbsentPages {
  const sum = { file: 0, untouched: 0, excluded: 0, missing: 0 };
  let ofDeletedFiles = 0;
  let fromGhost = 0;
  let fromImage = 0;
  const runs = runsBySpace(filling);
  for (const { mapping, pages, absent } of absentByMapping(manifest, among ? [] : orderedRegions(manifest, regions))) {
    for (const because of BECAUSE) sum[because] += absent[because];
    const filled = filledWithin(runs.get(mapping.space) ?? [], pages);
    if (mapping.deleted) {
      ofDeletedFiles += absent.file;
      fromGhost += filled;
    } else fromImage += filled;
  }
  return { absent: sum, ofDeletedFiles, filling: filling && { fromGhost, fromImage } };
}

/** Pages that a search could not look into. */
export interface NotSearched {
  readonly absent: Readonly<Absent>;
  /** Pages with bytes of which only a part is known: nothing was looked for in the rest. */
  readonly inPart: number;
  /** Mappings with pages left to files, excluded or missing, in strip order; untouched pages read as zero. */
  readonly mappings: readonly {
    readonly space: Space;
    readonly name: string;
    /** Of its first page that is in the scope. */
    readonly address: string;
    readonly absent: Readonly<Absent>;
  }[];
}

/** @returns `null` of a scope among provenances: every page of it has bytes. */
export function notSearched(
  manifest: Manifest,
  { regions, among }: Scope,
  filling: Filling | undefined,
): NotSearched | null {
  if (among) return null;
  const runs = runsBySpace(filling);
  const sum = { file: 0, untouched: 0, excluded: 0, missing: 0 };
  const mappings: NotSearched["mappings"][number][] = [];
  let inPart = 0;
  for (const { mapping, pages, absent, partial } of absentByMapping(manifest, orderedRegions(manifest, regions))) {
    absent.file -= filledWithin(runs.get(mapping.space) ?? [], pages);
    inPart += partial;
    for (const because of BECAUSE) sum[because] += absent[because];
    if (absent.file + absent.excluded + absent.missing > 0)
      mappings.push({
        space: mapping.space,
        name: mappingName(mapping),
        address: formatAddress(addressOfPage(pages[0] as PageAddress)),
        absent,
      });
  }
  return { absent: sum, inPart, mappings };
}

interface AbsentOfMapping {
  readonly mapping: Mapping;
  /** Of the mapping and in the region, [from, to). */
  readonly pages: readonly [number, number];
  readonly absent: Absent;
  readonly partial: number;
}

function* absentByMapping(manifest: Manifest, regions: readonly Region[]): Generator<AbsentOfMapping> {
  for (const { space, start, end } of regions) {
    const first = Number(start >> 12n);
    const behind = Number((end + BigInt(PAGE_SIZE - 1)) >> 12n);
    for (const { mapping, chunks } of manifest.laid) {
      if (mapping.space !== space) continue;
      const size = mapping.range.end - mapping.range.start;
      const pages = [Math.max(first, mapping.spaceStart), Math.min(behind, mapping.spaceStart + size)] as const;
      let left = pages[1] - pages[0];
      if (left <= 0) continue;
      const absent = { file: 0, untouched: 0, excluded: 0, missing: 0 };
      let partial = 0;
      for (const chunk of chunks) {
        const from = Math.max(0, first - chunk.start);
        const to = Math.min(chunk.rows, behind - chunk.start);
        if (from >= to) continue;
        left -= to - from;
        const columns = manifest.columns(chunk);
        for (let row = from; row < to; row++) {
          const because = WITHOUT_BYTES[columns.state[row]];
          if (because) absent[because]++;
        }
        for (const { row } of columns.partial) if (row >= from && row < to) partial++;
      }
      absent[mapping.absent] += left;
      yield { mapping, pages, absent, partial };
    }
  }
}

function runsBySpace(filling: Filling | undefined): ReadonlyMap<Space, readonly FilledRun[]> {
  return Map.groupBy(filling?.runs() ?? [], ({ space }) => space);
}

function filledWithin(runs: readonly FilledRun[], [from, to]: readonly [number, number]): number {
  let filled = 0;
  for (const { page, count } of runs) filled += Math.max(0, Math.min(to, page + count) - Math.max(from, page));
  return filled;
}
