/**
 * Cuts tiles for many who ask at once: what was cut is kept, who asks for a tile that is being
 * cut waits for that one, and a cut stops when nobody waits for it any more. The cutter never looks at what a key
 * means: whoever calls puts everything into it that the cells depend on (snapshot, known sets, side of a comparison).
 */
import {
  batchOfTiles,
  differenceOfTiles,
  digestOfTile,
  encodeTile,
  heldTile,
  pagesOfTile,
} from "../../shared/tile/index.ts";
import { compressFrame, expandFrame, type Frame } from "../frames/index.ts";
import type { CutChannel } from "./cell-measure.ts";
import { createCoarseParts, isOfContent } from "./coarse-parts.ts";
import type { PageContents, StripSource } from "./contract.ts";
import { cutTile } from "./cut-tile.ts";
import { createSharedWork } from "./shared-work.ts";

export interface TileRequest {
  /**
   * Names the content of `source` and `contents` for this channel: equal keys, equal tiles, for ever. What shows contents
   * alone is kept by the name that the source gives to each tile's rows, so that the next snapshot's is the same.
   */
  readonly key: string;
  readonly source: StripSource;
  readonly contents: PageContents;
  readonly channel: CutChannel;
  readonly level: number;
}

export interface TileCutterOptions {
  /** Bytes of encoded tiles to keep, compressed: of 192 KiB a tile of real memory takes some 20, of entropy 65. */
  readonly cacheBytes: number;
  /** Tiles being cut at the same time; each holds up to 8 MiB of contents. 2 without a choice. */
  readonly atOnce?: number;
  /** Parts of coarse tiles to keep: 9.5 KiB each. As many as 64 GiB without a choice: 38 MiB. */
  readonly parts?: number;
}

export interface TileCutter {
  /**
   * @returns one tile as in `encodeTile`, but for its index, which is of the place that it was cut for; shared with others
   * who wait for it, so not to be written to.
   */
  tile(request: TileRequest, index: number, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * @param held digests of tiles that the asker has in these places, where it has some
   * @returns a batch, in the order of `indices`: what the asker holds as its head alone, what has changed since as the
   * difference, if that is less and the cache has what the asker holds
   */
  batch(
    tiles: readonly Uint8Array[],
    indices: readonly number[],
    held: readonly (string | undefined)[],
  ): Uint8Array<ArrayBuffer>;
  /** Both in one. */
  tiles(
    request: TileRequest,
    indices: readonly number[],
    options?: { readonly held?: readonly (string | undefined)[]; readonly signal?: AbortSignal },
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** What the cache holds now, its own records included. */
  readonly cachedBytes: number;
}

/** An encoded tile in the cache. Who made a long tour of the last snapshot holds hundreds, of which differences are sent. */
interface KeptTile {
  readonly digest: string;
  readonly frame: Frame;
  /** Before it was compressed. */
  readonly length: number;
}

/** Charged per cached tile for key and record. */
const RECORD_BYTES = 300;
/** The parts of 64 GiB. */
const PARTS = 4096;
/** Names of tiles' rows that are kept, so that a warm tile hashes no list of chunks. */
const NAMES = 4096;

export function createTileCutter({ cacheBytes, atOnce = 2, parts: most = PARTS }: TileCutterOptions): TileCutter {
  // Least recently used first: a Map keeps the order in which keys were set.
  const cache = new Map<string, KeptTile>();
  let cachedBytes = 0;
  /** Of what is in the cache, by digest: equal tiles of several keys are one. */
  const byDigest = new Map<string, KeptTile>();
  const work = createSharedWork<Uint8Array>();
  const parts = createCoarseParts(most);
  const names = new Map<string, string>();
  const slots = createSlots(atOnce);

  function keep(key: string, bytes: Uint8Array): void {
    const kept: KeptTile = { digest: digestOfTile(bytes), frame: compressFrame(bytes, "fast"), length: bytes.length };
    cache.set(key, kept);
    byDigest.set(kept.digest, kept);
    cachedBytes += sizeOf(kept);
    for (const [oldest, dropped] of cache) {
      if (cachedBytes <= cacheBytes) return;
      cache.delete(oldest);
      cachedBytes -= sizeOf(dropped);
      if (byDigest.get(dropped.digest) === dropped) byDigest.delete(dropped.digest);
    }
  }

  function keyOf({ key, source, channel, level }: TileRequest, index: number): string {
    const place = `${level}/${index}/${key}`;
    if (!isOfContent(channel) || !source.contentName) return `${channel}/${place}`;
    let name = names.get(place);
    if (name === undefined) {
      const pages = pagesOfTile(level);
      name = source.contentName(index * pages, pages) ?? place;
      names.set(place, name);
      if (names.size > NAMES) names.delete(names.keys().next().value as string);
    }
    return `${channel}/${level}/${name}`;
  }

  async function tile(request: TileRequest, index: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const key = keyOf(request, index);
    const kept = cache.get(key);
    if (kept) {
      cache.delete(key);
      cache.set(key, kept);
      return bytesOf(kept);
    }
    const { source, contents, channel, level } = request;
    const cut = (own: AbortSignal) =>
      slots.use(own, async () => {
        const options = { signal: own, key: request.key, parts };
        const bytes = encodeTile(await cutTile(source, contents, channel, level, index, options));
        keep(key, bytes);
        return bytes;
      });
    return work.join(key, cut, signal);
  }

  function batch(
    tiles: readonly Uint8Array[],
    indices: readonly number[],
    held: readonly (string | undefined)[],
  ): Uint8Array<ArrayBuffer> {
    const forms = tiles.map((bytes, n) => {
      const digest = held[n];
      if (digest === undefined) return bytes;
      if (digest === digestOfTile(bytes)) return heldTile(bytes);
      const before = byDigest.get(digest);
      return (before && differenceOfTiles(bytes, bytesOf(before))) ?? bytes;
    });
    return batchOfTiles(forms, indices);
  }

  return {
    tile,
    batch,
    async tiles(request, indices, { held = [], signal } = {}) {
      return batch(await Promise.all(indices.map((index) => tile(request, index, signal))), indices, held);
    },
    get cachedBytes() {
      return cachedBytes;
    },
  };
}

function bytesOf({ frame, length }: KeptTile): Uint8Array {
  return expandFrame(frame.codec, frame.bytes, length);
}

function sizeOf({ frame }: KeptTile): number {
  return frame.bytes.length + RECORD_BYTES;
}

/** Lets `count` pieces of work run at a time, first come, first served. */
function createSlots(count: number) {
  let free = count;
  const queue: (() => void)[] = [];
  return {
    async use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        signal.throwIfAborted();
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else free++;
      }
    },
  };
}
