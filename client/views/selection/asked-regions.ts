/** Regions as requests have them. */
import type { FiguresRequest } from "../../../shared/api/index.ts";
import { BEYOND, type Region } from "../../../shared/find/index.ts";

export function askedRegions(regions: readonly Region[]): NonNullable<FiguresRequest["regions"]> {
  return regions.map(({ space, start, end }) => ({
    space,
    start: `0x${start.toString(16)}`,
    // The last byte of 64 bits has no address behind it.
    ...(end === BEYOND ? {} : { end: `0x${end.toString(16)}` }),
  }));
}
