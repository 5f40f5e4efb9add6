/**
 * What was seen last in each place of a picture, whatever snapshot it was of: the next snapshot's tile of that place is
 * asked for as the difference to it. Bounded; what is left out costs only bytes on the wire.
 */
import type { Tile } from "../../shared/tile/index.ts";
import type { FetchedChannel, TileSource } from "./contract.ts";

/**
 * As many as a viewer holds: of 192 KiB, 192 MiB if no two snapshots had a tile in common; what is in view is shared with
 * its viewer. A tour of 200 pans and zooms at 1440 × 900 asks for some 670 places.
 */
const MOST_TILES = 1000;

/** The order of insertion is the order of last use. */
const last = new Map<string, Tile>();

const keyOf = (channel: FetchedChannel, level: number, index: number) => `${channel}/${level}/${index}`;

/** Of a tile that its viewer lets go. */
export function rememberTile(channel: FetchedChannel, level: number, tile: Tile): void {
  const key = keyOf(channel, level, tile.index);
  last.delete(key);
  last.set(key, tile);
  if (last.size > MOST_TILES) last.delete(last.keys().next().value as string);
}

/**
 * Of a tile that has come to a viewer, for the other viewers. It drives out no other place: who makes the way of the
 * last snapshot again would forget each place just before coming to it.
 */
export function noteTile(channel: FetchedChannel, level: number, tile: Tile): void {
  const key = keyOf(channel, level, tile.index);
  if (last.has(key) || last.size < MOST_TILES) last.set(key, tile);
}

export function lastTile(channel: FetchedChannel, level: number, index: number): Tile | undefined {
  return last.get(keyOf(channel, level, index));
}

/** Tiles for who is no viewer, as what has changed since those that were seen last. */
export async function fetchNextTiles(
  source: TileSource,
  channel: FetchedChannel,
  level: number,
  indices: readonly number[],
  signal: AbortSignal,
): Promise<readonly Tile[]> {
  const held = indices.map((index) => lastTile(channel, level, index));
  const tiles = await source.fetchTiles(channel, level, indices, signal, held);
  for (const tile of tiles) rememberTile(channel, level, tile);
  return tiles;
}
