/** Regions of the joint strip as one side of a comparison has them. */
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";

/** @param nameOf what the side calls a space. @returns those of spaces that it has, by its names. */
export function regionsOfSide<R extends { readonly space: string }>(
  { laid }: Pick<SnapshotDetail, "laid">,
  regions: readonly R[],
  nameOf: (space: Space) => Space,
): (Omit<R, "space"> & { readonly space: Space })[] {
  const spaces = new Set(laid.map(({ space }) => space));
  return regions
    .map((region) => ({ ...region, space: nameOf(region.space as Space) }))
    .filter(({ space }) => spaces.has(space));
}
