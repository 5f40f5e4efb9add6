/**
 * Regions as text, one form for addresses of screens and for requests: `p1` is a whole space, `p1:7fe2-7fe3` the bytes
 * from the first address up to the second, `p1:7fe2-` up to the end of the space; several apart by commas.
 */
import type { FiguresRequest } from "../../../shared/api/index.ts";
import { parseAddress } from "../../../shared/memory/index.ts";
import { parseSpace, type Space } from "../../../shared/snapshot/index.ts";
import type { Region } from "../../viewer/contract.ts";

const BEYOND = 1n << 64n;
/** Characters of the longest one that an address holds: a rectangle may have thousands of regions. */
const MOST_TEXT = 1500;

export function wholeSpace(space: Space): Region {
  return { space, start: 0n, end: BEYOND };
}

/** `null` when they are none, or too many for an address. */
export function formatRegions(regions: readonly Region[]): string | null {
  const text = regions.map(formatRegion).join(",");
  return text === "" || text.length > MOST_TEXT ? null : text;
}

function formatRegion({ space, start, end }: Region): string {
  if (start === 0n && end === BEYOND) return space;
  return `${space}:${start.toString(16)}-${end === BEYOND ? "" : end.toString(16)}`;
}

/** `undefined` when it is not such a text. */
export function parseRegions(text: string): Region[] | undefined {
  if (text.length > MOST_TEXT) return undefined;
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

/** As requests have them. */
export function askedRegions(regions: readonly Region[]): NonNullable<FiguresRequest["regions"]> {
  return regions.map(({ space, start, end }) => ({
    space,
    start: `0x${start.toString(16)}`,
    // The last byte of 64 bits has no address behind it.
    ...(end === BEYOND ? {} : { end: `0x${end.toString(16)}` }),
  }));
}
