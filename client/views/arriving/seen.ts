/** What is seen of a dump before its commit: how far it is, and its picture. */
import type { ApiMapping, Arriving, ArrivingPicture } from "../../../shared/api/index.ts";
import type { Strip } from "../../../shared/strip/index.ts";

export type Seen = Extract<Arriving, { state: "arriving" }> & { readonly picture: ArrivingPicture };

/** `null` while there is no picture of it. */
export function seenOf(arriving: Arriving | undefined): Seen | null {
  if (arriving?.state !== "arriving") return null;
  const { picture } = arriving;
  return picture && { ...arriving, picture };
}

/** Pages of a mapping whose bytes are here. */
export function hereOf({ counts }: Pick<ApiMapping, "counts">): number {
  return counts.present + counts.zero;
}

/** Positions, [from, to), on which something may have come: those of mappings whose counts are others. */
export function changedRanges(
  strip: Strip,
  before: readonly ApiMapping[],
  now: readonly ApiMapping[],
): (readonly [number, number])[] {
  return strip.mappings
    .filter(({ source }) => JSON.stringify(before[source]?.counts) !== JSON.stringify(now[source]?.counts))
    .map(({ position, size }) => [position, position + size] as const);
}
