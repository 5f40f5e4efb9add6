/**
 * Where the entropy jumps: packed or encrypted memory begins and ends with a step. At level 4 a cell is a window of 256
 * bytes, so tiles of entropy are the table of all windows; they are read as far as the search goes.
 */
import { entropyOfCode } from "../../../shared/channel/index.ts";
import { PAGE_SIZE, type Position } from "../../../shared/memory/index.ts";
import { pageAtPosition, type Strip } from "../../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, type Tile, tileCount } from "../../../shared/tile/index.ts";
import type { Place, TileSource } from "../../viewer/contract.ts";

const WINDOW_LEVEL = 4;
const WINDOW_BYTES = 4 ** WINDOW_LEVEL;
const PAGE_WINDOWS = PAGE_SIZE / WINDOW_BYTES;
/** Bits per byte from one window to the next that count as a change. */
export const ENTROPY_STEP = 2;
/** Tiles of one search: 4 GiB of shown memory. */
const MOST_TILES = 256;
const RECORDED = cellStateCode("recorded");

export interface EntropyChange {
  readonly place: Place;
  /** Bits per byte of the window before and of the one at `place`. */
  readonly before: number;
  readonly after: number;
}

/**
 * The next window behind `from` whose entropy differs by `ENTROPY_STEP` from that of the window right before it, in one
 * mapping, both recorded; around the end of the strip.
 * @returns `undefined` when there is none within reach.
 */
export async function nextEntropyChange(
  strip: Strip,
  source: TileSource,
  from: Place | null,
  positionOf: (place: Place) => number | undefined,
  signal: AbortSignal,
): Promise<EntropyChange | undefined> {
  const count = strip.end * PAGE_WINDOWS;
  if (count === 0) return undefined;
  const position = from ? positionOf(from) : undefined;
  const start =
    from && position !== undefined ? position * PAGE_WINDOWS + Math.floor(from.offset / WINDOW_BYTES) + 1 : 0;
  const tiles = tileCount(strip.end, WINDOW_LEVEL);
  let previous = await windowAt(start - 1);
  for (let read = 0; read <= Math.min(tiles, MOST_TILES); read++) {
    const index = (Math.floor(start / TILE_CELLS) + read) % tiles;
    const tile = await tileAt(index);
    const first = read === 0 ? start % TILE_CELLS : 0;
    for (let cell = first; cell < TILE_CELLS && index * TILE_CELLS + cell < count; cell++) {
      const window = index * TILE_CELLS + cell;
      // The strip's start follows its end only in the search, not in memory.
      if (window === 0) previous = undefined;
      const entropy = tile.state[cell] === RECORDED ? entropyOfCode(tile.a[cell]) : undefined;
      if (entropy !== undefined && previous !== undefined && Math.abs(entropy - previous) >= ENTROPY_STEP) {
        const place = placeOfWindow(window);
        if (place) return { place, before: previous, after: entropy };
      }
      previous = entropy;
    }
  }
  return undefined;

  async function tileAt(index: number): Promise<Tile> {
    const [tile] = await source.fetchTiles("entropy", WINDOW_LEVEL, [index], signal);
    return tile;
  }

  async function windowAt(window: number): Promise<number | undefined> {
    if (window < 0 || window >= count) return undefined;
    const tile = await tileAt(Math.floor(window / TILE_CELLS));
    const cell = window % TILE_CELLS;
    return tile.state[cell] === RECORDED ? entropyOfCode(tile.a[cell]) : undefined;
  }

  /** `undefined` where the window before lies in another mapping. */
  function placeOfWindow(window: number): Place | undefined {
    const at = pageAtPosition(strip, Math.floor(window / PAGE_WINDOWS) as Position);
    const before = pageAtPosition(strip, Math.floor((window - 1) / PAGE_WINDOWS) as Position);
    const isNeighbour = at && before?.mapping === at.mapping && at.page - before.page <= 1;
    return isNeighbour
      ? { space: at.mapping.space, page: at.page, offset: (window % PAGE_WINDOWS) * WINDOW_BYTES }
      : undefined;
  }
}
