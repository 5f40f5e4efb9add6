/** What requests name, as the core wants it. */
import { CHANNELS, isPageChannel, type PageChannel, type TileChannel, tilesOf } from "../../shared/channel/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import { parseRegions, type Region } from "../../shared/find/index.ts";
import { type Address, parseAddress } from "../../shared/memory/index.ts";
import { STRIPS, type StripChoice } from "../../shared/strip/index.ts";
import { tileCount } from "../../shared/tile/index.ts";

/** @throws DumpError `bad-request` */
export function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new DumpError("bad-request", `${text} is no address`, {});
  return address;
}

/** @throws DumpError `bad-request` */
export function regionsOf(text: string): Region[] {
  const regions = parseRegions(text);
  if (regions === undefined)
    throw new DumpError("bad-request", `${text} is no selection: p1 is a space, p1:7fe2-7fe3 bytes of one`, {});
  return regions;
}

const TILE_CHANNELS = CHANNELS.filter((channel) => channel === tilesOf(channel)).map(tilesOf);

/** @throws DumpError `not-found` also for a channel that is drawn from the tiles of another one */
export function tileChannelOf(text: string): TileChannel {
  const channel = TILE_CHANNELS.find((candidate) => candidate === text);
  if (!channel) throw noChannel(text);
  return channel;
}

/** @throws DumpError `not-found` */
export function pageChannelOf(text: string): PageChannel {
  const channel = CHANNELS.find((candidate) => candidate === text);
  if (!channel || !isPageChannel(channel)) throw noChannel(text);
  return channel;
}

/** @throws DumpError `not-found` */
export function stripOf(text: string): StripChoice {
  const strip = STRIPS.find((candidate) => candidate === text);
  if (!strip) throw new DumpError("not-found", `There is no strip ${text}`, { strip: text });
  return strip;
}

export function noChannel(channel: string): DumpError {
  return new DumpError("not-found", `There is no channel ${channel}`, { channel });
}

/** Of each tile asked for the digest of one that the asker holds, where it names one. */
export function heldDigests(held: string): (string | undefined)[] {
  return held.split(",").map((digest) => digest || undefined);
}

/** @param end of the strip, in pages. @throws DumpError `bad-request` */
export function tileIndices(tiles: string, level: number, end: number): number[] {
  const count = tileCount(end, level);
  const indices = tiles.split(",").map(Number);
  const beyond = indices.find((index) => index >= count);
  if (beyond !== undefined)
    throw new DumpError("bad-request", `There is no tile ${beyond}: level ${level} has ${count}`, {
      level,
      tiles: count,
    });
  return indices;
}
