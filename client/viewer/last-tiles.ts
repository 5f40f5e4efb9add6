/**
 * What was seen last in each place of a picture, whatever snapshot it was of: the next snapshot's tile of that place is
 * asked for as the difference to it. Bounded; what is left out costs only bytes on the wire.
 */
import type { Tile } from "../../shared/tile/index.ts";
import type { FetchedChannel, TileSource } from "./contract.ts";

/**
 * Of 192 KiB: 120 MiB; what is in view is shared with its viewer. 200 pans and zooms at 1440 × 900 see some 420: with fewer
 * than that, who makes the same way through the next snapshot would find each tile just forgotten.
 */
const MOST_TILES = 640;

/** The order of insertion is the order of last use. */
const last = new Map<string, Tile>();

const keyOf = (channel: FetchedChannel, level: number, index: number) => `${channel}/${level}/${index}`;

export function rememberTile(channel: FetchedChannel, level: number, tile: Tile): void {
  const key = keyOf(channel, level, tile.index);
  last.delete(key);
  last.set(key, tile);
  if (last.size > MOST_TILES) last.delete(last.keys().next().value as string);
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
