/**
 * Planes of tiles by their digest, for all viewers of the window: tiles that are equal, of other places or of the other
 * side of a comparison, have the same planes. Whoever holds a tile gives it back; the last one frees it.
 */
import type { Tile } from "../../shared/tile/index.ts";

interface Held {
  readonly tile: Tile;
  holders: number;
}

const held = new Map<string, Held>();

/** @returns the tile to draw: that of the same digest and place when there is one, else one with its planes. */
export function holdTile(tile: Tile): Tile {
  const known = held.get(tile.digest);
  if (!known) {
    held.set(tile.digest, { tile, holders: 1 });
    return tile;
  }
  known.holders++;
  return known.tile.index === tile.index ? known.tile : { ...known.tile, index: tile.index };
}

/** Of a tile that `holdTile` gave, once. */
export function releaseTile({ digest }: Tile): void {
  const known = held.get(digest);
  if (known && --known.holders === 0) held.delete(digest);
}

/** How many different tiles are held, for measurements. */
export function heldTiles(): number {
  return held.size;
}
