/**
 * Regions as text, one form for addresses of screens and for requests: `p1` is a whole space, `p1:7fe2-7fe3` the bytes
 * from the first address up to the second, `p1:7fe2-` up to the end of the space; several apart by commas.
 */
import { parseAddress } from "../memory/index.ts";
import { parseSpace, type Space } from "../snapshot/index.ts";

/** Bytes of a space, half-open. */
export interface Region {
  readonly space: Space;
  readonly start: bigint;
  /** 2^64 behind the last byte. */
  readonly end: bigint;
}

/** Behind the last byte of a space. */
export const BEYOND = 1n << 64n;
/** Characters that a request line has room for; a rectangle may have thousands of regions. */
export const MOST_REGIONS_TEXT = 8000;

export function wholeSpace(space: Space): Region {
  return { space, start: 0n, end: BEYOND };
}

/** `null` when they are none, or more text than there is room for. */
export function formatRegions(regions: readonly Region[], most = MOST_REGIONS_TEXT): string | null {
  const text = regions.map(formatRegion).join(",");
  return text === "" || text.length > most ? null : text;
}

function formatRegion({ space, start, end }: Region): string {
  if (start === 0n && end === BEYOND) return space;
  return `${space}:${start.toString(16)}-${end === BEYOND ? "" : end.toString(16)}`;
}

/** `undefined` when it is not such a text. */
export function parseRegions(text: string, most = MOST_REGIONS_TEXT): Region[] | undefined {
  if (text.length > most) return undefined;
  const regions = text.split(",").map(parseRegion);
  return regions.every((region) => region !== undefined) ? regions : undefined;
}

function parseRegion(text: string): Region | undefined {
  const [, space, first, behind] = /^([a-z]+\d*)(?::([0-9a-f]{1,16})-([0-9a-f]{0,16}))?$/.exec(text) ?? [];
  if (space === undefined || !parseSpace(space)) return undefined;
  if (first === undefined) return wholeSpace(space as Space);
  const start = parseAddress(first);
  const end = behind === "" ? BEYOND : parseAddress(behind);
  return start !== undefined && end !== undefined && start < end ? { space: space as Space, start, end } : undefined;
}
