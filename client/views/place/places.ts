/**
 * Places as people write them: an address typed anywhere becomes a place, or an honest answer. Nothing is clamped
 * silently; where there is nothing, the nearest mapping is named and offered.
 */
import type { ApiMapping } from "../../../shared/api/index.ts";
import {
  type Address,
  addressOfPage,
  PAGE_SIZE,
  type PageAddress,
  parseAddress,
} from "../../../shared/memory/index.ts";
import { noSpaceText, parseSpace, type Space } from "../../../shared/snapshot/index.ts";
import { BLOCK_PAGES, positionOfPage, type Strip, type StripChoice } from "../../../shared/strip/index.ts";
import { formatHex, formatSize } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { findByName } from "./mapping-names.ts";

/** A mapping as places need it. */
export type PlacedMapping = Pick<
  ApiMapping,
  "space" | "pid" | "start" | "pages" | "name" | "permissions" | "path" | "offset"
> & {
  /** First address in the process that maps it. */
  readonly address: string;
};

export type Answer =
  /** `said`: what it was found by, where that is more than its address. */
  | { readonly answer: "place"; readonly place: Place; readonly said?: string }
  /** The text is no address; it may be a name. */
  | { readonly answer: "no-address" }
  /** Enter goes to `nearest`: the place itself where a mapping has it; it is never done by itself. */
  | { readonly answer: "elsewhere"; readonly sentence: string; readonly nearest: Place | null };

export function addressOf(place: Place): Address {
  return addressOfPage(place.page, place.offset);
}

export function placeAt(space: Space, address: Address): Place {
  return {
    space,
    page: Number(address >> 12n) as PageAddress,
    offset: Number(address & 4095n),
  };
}

export function isSamePlace(a: Place | null, b: Place | null): boolean {
  return a === b || (a !== null && b !== null && a.space === b.space && a.page === b.page && a.offset === b.offset);
}

/** Index of the mapping in which a place lies, −1 when none does. */
export function mappingOf(
  mappings: readonly Pick<ApiMapping, "space" | "start" | "pages">[],
  place: Pick<Place, "space" | "page">,
): number {
  return mappings.findIndex(
    (mapping) =>
      mapping.space === place.space && place.page >= mapping.start && place.page < mapping.start + mapping.pages,
  );
}

export interface Atlas {
  /** The snapshot's name, for the answer. */
  readonly name: string;
  /** Every mapping of every process; the process of the cursor is asked first. */
  readonly maps: readonly PlacedMapping[];
  /** What is laid out; a page whose block is folded away has no place in the picture. */
  readonly strip: Strip;
  readonly choice: StripChoice;
  readonly cursor: Place | null;
}

/**
 * `0x7fe2 03e1 f000`, `7fe203e1f000`; `+0x25`, from the start of the cursor's mapping; `12:7fe2…`, an address of process
 * 12; `p12:7fe2…`, `s59:0`, one of a space; `libc.so.6`, `libc.so.6+0x1c0`, `libc.so.6@0x28000` (`mapping-names.ts`).
 */
export function findPlace(text: string, atlas: Atlas): Answer {
  const offset = /^\s*\+\s*(.+)$/.exec(text);
  if (offset) return findOffset(offset[1], atlas);
  const ofSpace = /^\s*([a-z]*\d*)\s*:\s*(.+)$/i.exec(text);
  const value = parseAddress(ofSpace ? ofSpace[2] : text);
  if (value === undefined) return findByName(text.trim(), atlas, findInProcess);
  if (!ofSpace) return findInProcess(value, undefined, atlas);
  const space = ofSpace[1].toLowerCase();
  if (/^\d{1,15}$/.test(space)) return findInProcess(value, Number(space), atlas);
  if (!parseSpace(space)) return { answer: "no-address" };
  return inPicture(placeInMaps(placeAt(space as Space, value), atlas.maps), atlas);
}

/**
 * Where an address of a process has its bytes: the same place, or one of the shared memory that the process maps there.
 */
export function placeInMaps(place: Place, maps: readonly PlacedMapping[]): Place {
  const process = parseSpace(place.space);
  if (process?.kind !== "process" || mappingOf(maps, place) >= 0) return place;
  for (const { pid, address, pages, space, start } of maps) {
    if (pid !== process.id) continue;
    const into = place.page - pageOfAddress(address);
    if (into >= 0 && into < pages)
      return { space: space as Space, page: (start + into) as PageAddress, offset: place.offset };
  }
  return place;
}

/** @param address as the API writes the start of a mapping */
export function pageOfAddress(address: string): PageAddress {
  return Number((parseAddress(address) ?? (0n as Address)) >> 12n) as PageAddress;
}

/** @param pid `undefined`: any process, that of the cursor first */
function findInProcess(value: Address, pid: number | undefined, atlas: Atlas): Answer {
  const mappings = pid === undefined ? byCursor(atlas) : atlas.maps.filter((mapping) => mapping.pid === pid);
  if (pid !== undefined && mappings.length === 0)
    return { answer: "elsewhere", sentence: noSpaceText("process", pid, atlas.name), nearest: null };
  for (const mapping of mappings) {
    const first = parseAddress(mapping.address) ?? (0n as Address);
    if (value < first || value >= first + BigInt(mapping.pages) * 4096n) continue;
    const inSpace = addressOfPage(mapping.start as PageAddress) + (value - first);
    return inPicture(placeAt(mapping.space as Space, inSpace as Address), atlas);
  }
  return nearest(value, mappings, pid, atlas);
}

function findOffset(text: string, atlas: Atlas): Answer {
  const value = parseAddress(text);
  if (value === undefined) return { answer: "no-address" };
  const { cursor } = atlas;
  const mapping = cursor ? atlas.maps[mappingOf(atlas.maps, cursor)] : undefined;
  if (!cursor || !mapping) {
    return {
      answer: "elsewhere",
      sentence: "An offset counts from the mapping of the cursor; nothing is selected.",
      nearest: null,
    };
  }
  if (value >= BigInt(mapping.pages) * 4096n) {
    return {
      answer: "elsewhere",
      sentence: `${mapping.name} ends at +0x${(mapping.pages * PAGE_SIZE).toString(16)}, before +0x${value.toString(16)}.`,
      nearest: null,
    };
  }
  return inPicture(placeAt(cursor.space, (addressOfPage(mapping.start as PageAddress) + value) as Address), atlas);
}

/** Why a strip has no room for a block, or for a whole mapping. */
const FOLDED: Readonly<Record<StripChoice, readonly [block: string, whole: string]>> = {
  all: ["in which nothing is recorded", "of which nothing is recorded"],
  recorded: ["that the strip of recorded pages leaves out", "which the strip of recorded pages leaves out"],
  residual: ["that the strip of residual pages leaves out", "which the strip of residual pages leaves out"],
};

/** A place that takes room in the picture, or why not and where else one may go. */
export function inPicture(place: Place, atlas: Atlas): Answer {
  const { strip, maps, choice, name } = atlas;
  if (positionOfPage(strip, place.space, place.page) !== undefined) return { answer: "place", place };
  const address = formatHex(addressOf(place));
  const shown = shownNear(place, strip);
  const mapping = maps[mappingOf(maps, place)];
  const [block, whole] = FOLDED[choice];
  const isWhole = mapping !== undefined && !isPartlyShown(mapping, strip);
  const where = mapping
    ? `${address} is in ${mapping.name}, ${isWhole ? whole : `in a part of it ${block}`}; it takes no room in the picture.`
    : (noSuchSpace(place.space, atlas) ?? `${address} is in no mapping of ${name}.`);
  if (!shown) return { answer: "elsewhere", sentence: where, nearest: mapping ? place : null };
  const away = formatSize(Math.abs(shown.page - place.page) * PAGE_SIZE);
  return {
    answer: "elsewhere",
    sentence: `${where} Nearest shown: ${formatHex(addressOf(shown))}, ${away} ${shown.page < place.page ? "below" : "above"}.`,
    nearest: mapping ? place : shown,
  };
}

/** Whether a block of the strip holds a page of it; what is laid may reach further than the mapping on either end. */
function isPartlyShown({ space, start, pages }: PlacedMapping, strip: Strip): boolean {
  return strip.mappings.some(
    (laid) =>
      laid.space === space &&
      laid.runs.some((run) => {
        const first = laid.start + run.block * BLOCK_PAGES;
        return first < start + pages && first + run.blocks * BLOCK_PAGES > start;
      }),
  );
}

function noSuchSpace(space: Space, { maps, name }: Atlas): string | undefined {
  const named = parseSpace(space);
  if (named?.kind !== "process" && named?.kind !== "segment") return undefined;
  const { kind, id } = named;
  const isThere = maps.some((mapping) => mapping.space === space || (kind === "process" && mapping.pid === id));
  return isThere ? undefined : noSpaceText(kind, id, name);
}

/** The nearest page of a space that takes room. */
function shownNear({ space, page }: Place, strip: Strip): Place | null {
  let best: number | null = null;
  for (const mapping of strip.mappings) {
    if (mapping.space !== space) continue;
    for (const run of mapping.runs) {
      const first = mapping.start + run.block * BLOCK_PAGES;
      const last = Math.min(first + run.blocks * BLOCK_PAGES, mapping.start + mapping.pages) - 1;
      const candidate = page < first ? first : Math.min(last, page);
      if (best === null || Math.abs(candidate - page) < Math.abs(best - page)) best = candidate;
    }
  }
  return best === null ? null : { space, page: best as PageAddress, offset: 0 };
}

function nearest(value: Address, mappings: readonly PlacedMapping[], pid: number | undefined, atlas: Atlas): Answer {
  const whose = pid === undefined ? atlas.name : `process ${pid}`;
  const sentence = `${formatHex(value)} is in no mapping of ${whose}.`;
  let best: { mapping: PlacedMapping; first: bigint; end: bigint; away: bigint } | null = null;
  for (const mapping of mappings) {
    const first = parseAddress(mapping.address);
    if (first === undefined) continue;
    const end = first + BigInt(mapping.pages) * 4096n;
    const away = value < first ? first - value : value - end;
    if (best === null || away < best.away) best = { mapping, first, end, away };
  }
  if (best === null) return { answer: "elsewhere", sentence, nearest: null };
  const distance = formatSize(Number(best.away));
  const below = value >= best.end;
  const place: Place = below
    ? {
        space: best.mapping.space as Space,
        page: (best.mapping.start + best.mapping.pages - 1) as PageAddress,
        offset: 0,
      }
    : { space: best.mapping.space as Space, page: best.mapping.start as PageAddress, offset: 0 };
  const relation = below ? `which ends ${distance} below` : `which starts ${distance} above`;
  return {
    answer: "elsewhere",
    sentence: `${sentence} Nearest: ${best.mapping.name} ${formatHex(best.first)}, ${relation}.`,
    nearest: shownNear(place, atlas.strip),
  };
}

/** Mappings of the cursor's process first. */
export function byCursor({ maps, cursor }: Pick<Atlas, "maps" | "cursor">): readonly PlacedMapping[] {
  const process = cursor ? parseSpace(cursor.space) : undefined;
  if (process?.kind !== "process") return maps;
  return [
    ...maps.filter((mapping) => mapping.pid === process.id),
    ...maps.filter((mapping) => mapping.pid !== process.id),
  ];
}
