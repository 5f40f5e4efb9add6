/** How much is selected, before anything of it is counted: what mappings have between the ends of its regions. */
import type { Region } from "../../../shared/find/index.ts";
import { bisect, PAGE_SIZE } from "../../../shared/memory/index.ts";
import { formatPlural, formatSize } from "../../format/index.ts";

/** Pages of a space, as `start` and count. */
export interface SizedMapping {
  readonly space: string;
  readonly start: number;
  readonly pages: number;
}

/**
 * Bytes of mappings below an address, in each space.
 * @param mappings those of one space are apart
 */
export type MappedBytes = (space: string, address: bigint) => number;

export function mappedBytes(mappings: readonly SizedMapping[]): MappedBytes {
  const bySpace = new Map(
    [...Map.groupBy(mappings, ({ space }) => space)].map(([space, unsorted]) => {
      const sorted = unsorted.toSorted((x, y) => x.start - y.start);
      // Pages of those before each.
      const before = new Float64Array(sorted.length);
      for (let n = 1; n < sorted.length; n++) before[n] = before[n - 1] + sorted[n - 1].pages;
      return [space, { sorted, before }] as const;
    }),
  );
  return (space, address) => {
    const { sorted, before } = bySpace.get(space) ?? { sorted: [], before: [] };
    const n = bisect(sorted.length, (i) => BigInt(sorted[i].start) * 4096n < address) - 1;
    if (n < 0) return 0;
    const { start, pages } = sorted[n];
    return before[n] * PAGE_SIZE + Math.min(pages * PAGE_SIZE, Number(address - BigInt(start) * 4096n));
  };
}

/** In bytes; holes between mappings are not counted, pages without bytes are. */
export function selectedSize(regions: readonly Region[], below: MappedBytes): number {
  return regions.reduce((sum, { space, start, end }) => sum + below(space, end) - below(space, start), 0);
}

/** “64 B selected in 1 range”; `null` when nothing is. */
export function selectedText(regions: readonly Region[], below: MappedBytes): string | null {
  if (regions.length === 0) return null;
  return `${formatSize(selectedSize(regions, below))} selected in ${formatPlural(regions.length, "range")}`;
}
