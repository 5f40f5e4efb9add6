/**
 * The provenance of every position of a strip: at level 6 a cell is a page, so a tile of provenance is the table of
 * 65 536 pages. Read once per snapshot; ticks of the ruler and the keys for the next residual page come from it.
 */
import { useQuery } from "@tanstack/react-query";
import type { PageAddress, Position } from "../../../shared/memory/index.ts";
import { provenanceCode } from "../../../shared/provenance/index.ts";
import { pageAtPosition, type Strip } from "../../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, tileCount } from "../../../shared/tile/index.ts";
import type { Place, TileSource } from "../../viewer/contract.ts";
import { fetchNextTiles } from "../../viewer/index.ts";

const PAGE_LEVEL = 6;
const BATCH = 32;
/** 64 tiles are 16 GiB of shown memory and 12 MiB here; beyond that the keys reach no further. */
const MOST_TILES = 64;
/** No recorded page stands at the position. */
export const NO_PROVENANCE = 255;

const NEW = provenanceCode("new");

/** One code of PROVENANCES per position, or `NO_PROVENANCE`. */
export type PageProvenance = Uint8Array;

/** @param source tiles of the strip, which ends at position `end`. */
export function usePageProvenance(snapshot: string, source: TileSource, end: number) {
  return useQuery({
    queryKey: ["page-provenance", snapshot, source.key],
    queryFn: ({ signal }) => readPageProvenance(source, end, signal),
    gcTime: 60_000,
  });
}

async function readPageProvenance(source: TileSource, end: number, signal: AbortSignal): Promise<PageProvenance> {
  const tiles = Math.min(MOST_TILES, tileCount(end, PAGE_LEVEL));
  const codes = new Uint8Array(tiles * TILE_CELLS).fill(NO_PROVENANCE);
  const recorded = cellStateCode("recorded");
  for (let first = 0; first < tiles; first += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, tiles - first) }, (_, i) => first + i);
    for (const tile of await fetchNextTiles(source, "provenance", PAGE_LEVEL, indices, signal)) {
      const base = tile.index * TILE_CELLS;
      for (let cell = 0; cell < TILE_CELLS; cell++) {
        if (tile.state[cell] === recorded) codes[base + cell] = tile.a[cell];
      }
    }
  }
  return codes.subarray(0, Math.min(codes.length, end));
}

/** The next position with one of the codes, from `from` in the direction of `step`, around the end. */
export function nextPosition(
  pages: PageProvenance,
  from: number,
  step: 1 | -1,
  codes: ReadonlySet<number>,
): number | undefined {
  const count = pages.length;
  for (let tried = 1; tried <= count; tried++) {
    const position = (((from + step * tried) % count) + count) % count;
    if (codes.has(pages[position])) return position;
  }
  return undefined;
}

/** What a snapshot is opened at: its first residual page, else its first recorded one. */
export function firstPosition(pages: PageProvenance): number | undefined {
  const residual = pages.indexOf(NEW);
  const first = residual >= 0 ? residual : pages.findIndex((code) => code !== NO_PROVENANCE);
  return first >= 0 ? first : undefined;
}

export function placeOfPosition(strip: Strip, position: number): Place | undefined {
  const found = pageAtPosition(strip, position as Position);
  return found && { space: found.mapping.space, page: found.page as PageAddress, offset: 0 };
}
