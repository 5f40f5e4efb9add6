/**
 * The provenance of the pages of a strip, as far as somebody looks for the next page of some. A coarse tile has in each
 * cell the highest provenance of its pages, so it tells which stretches have none that is looked for; only of the others
 * are tiles read in which a cell is a page.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { PageAddress, Position } from "../../../shared/memory/index.ts";
import { PROVENANCES, provenanceCode } from "../../../shared/provenance/index.ts";
import { pageAtPosition, type Strip } from "../../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, type Tile, tileCount } from "../../../shared/tile/index.ts";
import type { Place, TileSource } from "../../viewer/contract.ts";
import { fetchNextTiles, rootLevel } from "../../viewer/index.ts";

/** A cell is a page. */
const PAGE_LEVEL = 6;
const RECORDED = cellStateCode("recorded");
const NEW: ReadonlySet<number> = new Set([provenanceCode("new")]);
const ANY: ReadonlySet<number> = new Set(PROVENANCES.keys());

/** A tile of provenance. Rejects when it cannot be read. */
export type ProvenanceTiles = (level: number, index: number) => Promise<Tile>;

/** Tiles that were read stay for a minute. @param source tiles of the strip */
export function useProvenanceTiles(snapshot: string, source: TileSource): ProvenanceTiles {
  const client = useQueryClient();
  return useMemo(() => provenanceTiles(client, snapshot, source), [client, snapshot, source]);
}

function provenanceTiles(client: QueryClient, snapshot: string, source: TileSource): ProvenanceTiles {
  return (level, index) =>
    client.fetchQuery({
      queryKey: ["page-provenance", snapshot, source.key, level, index],
      queryFn: async ({ signal }) => {
        const [tile] = await fetchNextTiles(source, "provenance", level, [index], signal);
        return tile;
      },
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
    });
}

/**
 * The next recorded page with one of the codes of PROVENANCES, from position `from` in the direction of `step`, around
 * the end, `from` itself last.
 * @param end of the strip, in pages. @returns its position; `undefined` when there is none
 */
export async function nextPosition(
  tiles: ProvenanceTiles,
  end: number,
  from: number,
  step: 1 | -1,
  codes: ReadonlySet<number>,
): Promise<number | undefined> {
  if (end === 0) return undefined;
  const level = Math.max(PAGE_LEVEL, rootLevel(end));
  const coarse = await tiles(level, 0);
  const pagesOfCell = 4 ** (level - PAGE_LEVEL);
  const least = Math.min(...codes);
  const mayHold = (first: number, last: number) => {
    for (let cell = Math.floor(first / pagesOfCell); cell * pagesOfCell <= last; cell++)
      if (coarse.state[cell] === RECORDED && coarse.a[cell] >= least) return true;
    return false;
  };
  const start = (((from + step) % end) + end) % end;
  const count = tileCount(end, PAGE_LEVEL);
  // The first tile is come to twice: from the start on, and last up to it.
  for (let n = 0; n <= count; n++) {
    const index = (((Math.floor(start / TILE_CELLS) + step * n) % count) + count) % count;
    let first = index * TILE_CELLS;
    let last = Math.min(end, first + TILE_CELLS) - 1;
    if (n === 0 && step > 0) first = start;
    if (n === 0 && step < 0) last = start;
    if (!mayHold(first, last)) continue;
    const tile = level === PAGE_LEVEL ? coarse : await tiles(PAGE_LEVEL, index);
    for (let position = step > 0 ? first : last; position >= first && position <= last; position += step) {
      const cell = position % TILE_CELLS;
      if (tile.state[cell] === RECORDED && codes.has(tile.a[cell])) return position;
    }
  }
  return undefined;
}

/** What a snapshot is opened at: its first residual page, else its first recorded one. */
export async function firstPosition(tiles: ProvenanceTiles, end: number): Promise<number | undefined> {
  return (await nextPosition(tiles, end, -1, 1, NEW)) ?? (await nextPosition(tiles, end, -1, 1, ANY));
}

export function placeOfPosition(strip: Strip, position: number): Place | undefined {
  const found = pageAtPosition(strip, position as Position);
  return found && { space: found.mapping.space, page: found.page as PageAddress, offset: 0 };
}
