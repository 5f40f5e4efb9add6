/** Which bytes are selected, looked up by address: a rectangle of the picture may be thousands of regions. */
import type { Region } from "../../shared/find/index.ts";
import { addressOfPage, bisect, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { Place } from "../viewer/contract.ts";
import type { HexMapping } from "./bytes-source.ts";
import type { Columns } from "./columns.ts";

export interface SelectedBytes {
  /** Of the row of `rowBytes` bytes that begins at an address. */
  columns(space: Space, address: bigint, rowBytes: number): readonly Columns[];
  /** Whether any byte of the `pages` from `page` on is selected. */
  touches(space: Space, page: PageAddress, pages: number): boolean;
  /** The first selected byte that lies in a mapping. */
  first(mappings: readonly HexMapping[]): Place | undefined;
}

/** @param regions in any order; they may overlap, as in an address that was written by hand */
export function selectedBytes(regions: readonly Region[]): SelectedBytes {
  const bySpace = new Map<Space, Region[]>();
  for (const region of regions.toSorted((x, y) => (x.start < y.start ? -1 : x.start > y.start ? 1 : 0))) {
    const apart = bySpace.get(region.space) ?? [];
    const last = apart.at(-1);
    if (!last || region.start > last.end) apart.push(region);
    else if (region.end > last.end) apart[apart.length - 1] = { ...last, end: region.end };
    bySpace.set(region.space, apart);
  }

  /** Of the regions that touch [start, end). */
  function* within(space: Space, start: bigint, end: bigint): Generator<Region> {
    const all = bySpace.get(space) ?? [];
    for (let n = bisect(all.length, (i) => all[i].end <= start); n < all.length && all[n].start < end; n++)
      yield all[n];
  }

  return {
    columns(space, address, rowBytes) {
      const behind = address + BigInt(rowBytes);
      return [...within(space, address, behind)].map(({ start, end }) => ({
        from: start > address ? Number(start - address) : 0,
        to: end < behind ? Number(end - address) : rowBytes,
        begins: start >= address,
        ends: end <= behind,
      }));
    },
    touches(space, page, pages) {
      const start = addressOfPage(page);
      return !within(space, start, start + BigInt(pages) * BigInt(PAGE_SIZE)).next().done;
    },
    first(mappings) {
      for (const { space, start, end } of regions) {
        const mapping = mappings.find(
          (one) => one.space === space && startOf(one) < end && startOf(one) + BigInt(one.pages) * 4096n > start,
        );
        if (!mapping) continue;
        if (start <= startOf(mapping)) return { space, page: mapping.start, offset: 0 };
        return { space, page: Number(start >> 12n) as PageAddress, offset: Number(start & 4095n) };
      }
      return undefined;
    },
  };
}

function startOf({ start }: HexMapping): bigint {
  return addressOfPage(start);
}
