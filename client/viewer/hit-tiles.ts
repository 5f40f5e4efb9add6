/**
 * The channel of search hits, made where the hits are: what is searched for leaves the browser for no tile, and is in no
 * address. A tile of it has the states of one of bytes, and says of each cell with bytes one of `HIT_CODES`: one hit is
 * enough, and one byte that was not searched to say no more of the others.
 */
import { hitCode } from "../../shared/channel/index.ts";
import { PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import type { Strip } from "../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS, type Tile } from "../../shared/tile/index.ts";
import type { Hit, Searched } from "./contract.ts";
import { byteOfPlace } from "./places.ts";
import { spansOutside } from "./regions.ts";

const RECORDED = cellStateCode("recorded");
const FILLED = cellStateCode("filled");
const UNSEARCHED = hitCode("unsearched");
const HIT = hitCode("hit");

export interface HitTiles {
  /** The tile that shows the hits on the cells of `base`, a tile of the level; the same object for the same tile. */
  tile(base: Tile, level: number): Tile;
}

/** Bytes of the strip, [start, end); columns of equal length. */
interface Spans {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

let made = 0;

/** @param searched of which hits on pages that the strip does not show are on none of its cells */
export function createHitTiles(strip: Strip, searched: Searched): HitTiles {
  const name = made++;
  const hits = bytesOf(strip, searched.hits);
  const outside = spansOutside(strip, searched.ranges);
  const unsearched: Spans = {
    starts: Float64Array.from(outside, ([from]) => from),
    ends: Float64Array.from(outside, ([, to]) => to),
  };
  // Gone with the tile that it stands on; one that is equal at two levels has other cells at each.
  const kept = new WeakMap<Tile, Map<number, Tile>>();
  return {
    tile(base, level) {
      const byLevel = kept.get(base) ?? new Map<number, Tile>();
      kept.set(base, byLevel);
      const known = byLevel.get(level);
      if (known) return known;
      const a = new Uint8Array(TILE_CELLS);
      if (!searched.filled)
        for (let cell = 0; cell < TILE_CELLS; cell++) if (base.state[cell] === FILLED) a[cell] = UNSEARCHED;
      mark(a, UNSEARCHED, unsearched, base, level);
      mark(a, HIT, hits, base, level);
      const digest = `hits ${name} ${level} ${base.index} ${base.digest}`;
      const tile = { index: base.index, digest, state: base.state, a, b: a };
      byLevel.set(level, tile);
      return tile;
    },
  };
}

/** Writes a code on the cells with bytes that spans touch. */
function mark(cells: Uint8Array, code: number, { starts, ends }: Spans, { index, state }: Tile, level: number): void {
  const cellBytes = 4 ** level;
  const first = index * TILE_CELLS * cellBytes;
  const behind = first + TILE_CELLS * cellBytes;
  for (let i = 0; i < starts.length; i++) {
    if (ends[i] <= first || starts[i] >= behind) continue;
    const from = Math.max(0, Math.floor((starts[i] - first) / cellBytes));
    const to = Math.min(TILE_CELLS, Math.ceil((ends[i] - first) / cellBytes));
    for (let cell = from; cell < to; cell++) if (state[cell] === RECORDED || state[cell] === FILLED) cells[cell] = code;
  }
}

/** Page by page: neighbours in memory need not be neighbours on the strip. */
function bytesOf(strip: Strip, hits: readonly Hit[]): Spans {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { place, length } of hits) {
    for (let done = 0; done < length; ) {
      const at = place.offset + done;
      const offset = at % PAGE_SIZE;
      const page = (place.page + Math.floor(at / PAGE_SIZE)) as PageAddress;
      const part = Math.min(length - done, PAGE_SIZE - offset);
      const start = byteOfPlace(strip, { space: place.space, page, offset });
      if (start !== undefined) {
        starts.push(start);
        ends.push(start + part);
      }
      done += part;
    }
  }
  return { starts: Float64Array.from(starts), ends: Float64Array.from(ends) };
}
