/** Tiles over HTTP: the `TileSource` of a snapshot, of a dump that is still arriving, and of one side of a comparison. */
import type { StripChoice } from "../../shared/strip/index.ts";
import { decodeTiles, type Tile } from "../../shared/tile/index.ts";
import type { TileSource } from "../viewer/contract.ts";
import { requestBytes } from "./request.ts";

type Held = readonly (Tile | undefined)[];

/** Names what is held; left out when that is nothing. */
function heldQuery(held: Held = []): string | undefined {
  return held.some((tile) => tile) ? held.map((tile) => tile?.digest ?? "").join(",") : undefined;
}

function decode(bytes: Uint8Array, held: Held = []): Tile[] {
  return decodeTiles(bytes, new Map(held.flatMap((tile) => (tile ? [[tile.digest, tile] as const] : []))));
}

/** Tiles of a snapshot, and the same with bytes for pages that are left to files. */
export interface SnapshotTiles extends TileSource {
  readonly filled: TileSource;
}

/** @param strip the one that was laid, with the name of its content; the strip of all pages when left out. */
export function snapshotTiles(
  snapshot: string,
  strip?: { readonly choice: StripChoice; readonly content: string },
): SnapshotTiles {
  const key = strip ? `s/${snapshot}/${strip.choice}/${strip.content}` : `s/${snapshot}`;
  const laid = strip && { strip: strip.choice, content: strip.content };
  const tiles = (name: string, more: Readonly<Record<string, string>>): TileSource => ({
    key: name,
    async fetchTiles(channel, level, indices, signal, held) {
      const [channelName, within] = channel.split(":");
      const bytes = await requestBytes("tiles", {
        parameters: { snapshot, channel: channelName },
        query: {
          level,
          tiles: indices.join(","),
          held: heldQuery(held),
          within: within || undefined,
          ...laid,
          ...more,
        },
        signal,
      });
      return decode(bytes, held);
    },
  });
  return { ...tiles(key, {}), filled: tiles(`${key}/filled`, { filled: "1" }) };
}

/** @param content names the picture that was laid: tiles are those of its strip, and show at least what it has. */
export function arrivingTiles(arriving: string, content: string): TileSource {
  return {
    key: `a/${arriving}/${content}`,
    async fetchTiles(channel, level, indices, signal, held) {
      const bytes = await requestBytes("arrivingTiles", {
        parameters: { arriving, channel },
        query: { content, level, tiles: indices.join(","), held: heldQuery(held) },
        signal,
      });
      return decode(bytes, held);
    },
  };
}

/** @param strip the joint strip that was laid, with the name of its content; the one of all pages when left out. */
export function comparisonTiles(
  a: string,
  b: string,
  side: "a" | "b",
  strip?: { readonly choice: StripChoice; readonly content: string },
): TileSource {
  const laid = strip && { strip: strip.choice, content: strip.content };
  return {
    key: strip ? `c/${a}/${b}/${side}/${strip.choice}/${strip.content}` : `c/${a}/${b}/${side}`,
    async fetchTiles(channel, level, indices, signal, held) {
      const bytes = await requestBytes("comparisonTiles", {
        parameters: { a, b, channel },
        query: { level, tiles: indices.join(","), held: heldQuery(held), side, ...laid },
        signal,
      });
      return decode(bytes, held);
    },
  };
}
