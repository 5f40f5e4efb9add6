/** Regions of the joint strip as one side of a comparison asks for them. */
import type { FindRequest, SnapshotDetail } from "../../../shared/api/index.ts";

type AskedRegions = NonNullable<FindRequest["regions"]>;

/** @param nameOf what the side calls a space. @returns those of spaces that it has. */
export function regionsOfSide(
  { laid }: Pick<SnapshotDetail, "laid">,
  regions: AskedRegions,
  nameOf: (space: string) => string,
): AskedRegions {
  const spaces = new Set(laid.map(({ space }) => space));
  return regions.map((region) => ({ ...region, space: nameOf(region.space) })).filter(({ space }) => spaces.has(space));
}
