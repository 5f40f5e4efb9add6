/**
 * The filter of the panel *Stripped*: pages that are in one of some ways, of all mappings or of some, stay lit. It and the
 * parts of the explanation bar are never chosen together.
 */
import { formatIndices, parseIndices } from "../../../shared/channel/index.ts";
import { pagesInWays, type StripCounts, WAYS, wayBit } from "../../../shared/provenance/index.ts";
import type { Look } from "../../viewer/contract.ts";
import { leftBits } from "../explain/parts.ts";

/** Pages left to a file have no bytes, and no other way. */
export const FILTER_WAYS = ["left-to-file", "deleted", ...WAYS] as const;
export type FilterWay = (typeof FILTER_WAYS)[number];

export interface WayFilter {
  /** `null`: all. */
  readonly ways: ReadonlySet<FilterWay> | null;
  /** Indices of laid mappings as in `formatIndices`; `null`: all. */
  readonly within: string | null;
}

/** A click shows only the way, or all again; with Shift it adds or takes away. @returns `null` when nothing is filtered */
export function chooseWay(filter: WayFilter | null, way: FilterWay, add: boolean): WayFilter | null {
  const { ways = null, within = null } = filter ?? {};
  if (!add) return filterOf(ways?.size === 1 && ways.has(way) ? null : new Set([way]), within);
  const next = new Set(ways ?? []);
  if (!next.delete(way)) next.add(way);
  return filterOf(next.size === 0 || next.size === FILTER_WAYS.length ? null : next, within);
}

/** Shows these mappings alone, or all again. */
export function chooseMappings(filter: WayFilter | null, mappings: readonly number[]): WayFilter | null {
  const within = formatIndices(mappings);
  return filterOf(filter?.ways ?? null, filter?.within === within ? null : within);
}

export function withoutMappings(filter: WayFilter | null): WayFilter | null {
  return filterOf(filter?.ways ?? null, null);
}

function filterOf(ways: WayFilter["ways"], within: string | null): WayFilter | null {
  return ways === null && within === null ? null : { ways, within };
}

/** What stays lit in the viewer. */
export function litByWays({ ways, within }: WayFilter): Pick<Look, "litProvenance" | "litLeft" | "litWays"> {
  const bits = WAYS.reduce((all, way) => (ways === null || ways.has(way) ? all | wayBit(way) : all), 0);
  return {
    litProvenance: null,
    litLeft: leftBits(ways),
    litWays: { bits, channel: `ways:${within ?? ""}` },
  };
}

/** Pages that stay lit, of those that are counted. */
export function pagesShown(
  { leftToFile, ofDeletedFiles, byWays }: Pick<StripCounts, "leftToFile" | "ofDeletedFiles" | "byWays">,
  filter: WayFilter,
): number {
  const { ways } = filter;
  const isLit = (way: FilterWay) => ways === null || ways.has(way);
  const left = (isLit("left-to-file") ? leftToFile - ofDeletedFiles : 0) + (isLit("deleted") ? ofDeletedFiles : 0);
  return pagesInWays(byWays, WAYS.filter(isLit)) + left;
}

/** Of one row for each laid mapping those that are meant. */
export function rowsWithin<T>(rows: readonly T[], within: string | null): readonly T[] {
  const isMeant = within === null ? undefined : parseIndices(within);
  return isMeant ? rows.filter((_, index) => isMeant(index)) : rows;
}

export function isFilterWay(text: string): text is FilterWay {
  return (FILTER_WAYS as readonly string[]).includes(text);
}
