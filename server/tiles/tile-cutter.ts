/**
 * Cuts tiles for many who ask at once: what was cut is kept as it goes on the wire, who asks for a tile that is being
 * cut waits for that one, and a cut stops when nobody waits for it any more. The cutter never looks at what a key
 * means: whoever calls puts everything into it that the cells depend on (snapshot, known sets, side of a comparison).
 */
import { batchOfTiles, encodeTile } from "../../shared/tile/index.ts";
import type { CutChannel } from "./cell-measure.ts";
import type { PageContents, StripSource } from "./contract.ts";
import { cutTile } from "./cut-tile.ts";

export interface TileRequest {
  /** Names the content of `source` and `contents` for this channel: equal keys, equal tiles, for ever. */
  readonly key: string;
  readonly source: StripSource;
  readonly contents: PageContents;
  readonly channel: CutChannel;
  readonly level: number;
}

export interface TileCutterOptions {
  /** Bytes of encoded tiles to keep: a tile takes 192 KiB, 44 B when all of its cells are equal. */
  readonly cacheBytes: number;
  /** Tiles being cut at the same time; each holds up to 8 MiB of contents. 2 without a choice. */
  readonly atOnce?: number;
}

export interface TileCutter {
  /** @returns one tile as in `encodeTile`; shared with the cache, so not to be written to. */
  tile(request: TileRequest, index: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** @returns a batch as in `encodeTiles`, in the order of `indices`. */
  tiles(request: TileRequest, indices: readonly number[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** What the cache holds now, its own records included. */
  readonly cachedBytes: number;
}

interface Cut {
  readonly result: Promise<Uint8Array>;
  readonly abort: AbortController;
  waiting: number;
}

/** Charged per cached tile for key and record. */
const RECORD_BYTES = 300;

export function createTileCutter({ cacheBytes, atOnce = 2 }: TileCutterOptions): TileCutter {
  // Least recently used first: a Map keeps the order in which keys were set.
  const cache = new Map<string, Uint8Array>();
  let cachedBytes = 0;
  const cuts = new Map<string, Cut>();
  const slots = createSlots(atOnce);

  function keep(key: string, bytes: Uint8Array): void {
    cache.set(key, bytes);
    cachedBytes += bytes.byteLength + RECORD_BYTES;
    for (const [oldest, dropped] of cache) {
      if (cachedBytes <= cacheBytes) return;
      cache.delete(oldest);
      cachedBytes -= dropped.byteLength + RECORD_BYTES;
    }
  }

  function start(key: string, request: TileRequest, index: number): Cut {
    const abort = new AbortController();
    const { source, contents, channel, level } = request;
    const result = slots.use(abort.signal, async () => {
      const bytes = encodeTile(await cutTile(source, contents, channel, level, index, abort.signal));
      keep(key, bytes);
      return bytes;
    });
    const cut: Cut = { result, abort, waiting: 0 };
    cuts.set(key, cut);
    const done = () => {
      if (cuts.get(key) === cut) cuts.delete(key);
    };
    result.then(done, done);
    return cut;
  }

  async function tile(request: TileRequest, index: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const key = `${request.channel}/${request.level}/${index}/${request.key}`;
    const kept = cache.get(key);
    if (kept) {
      cache.delete(key);
      cache.set(key, kept);
      return kept;
    }
    const cut = cuts.get(key) ?? start(key, request, index);
    cut.waiting++;
    try {
      return await unlessAborted(cut.result, signal);
    } finally {
      cut.waiting--;
      if (cut.waiting === 0 && cuts.get(key) === cut) {
        // Nobody waits: whoever asks from now on begins anew.
        cuts.delete(key);
        cut.abort.abort();
      }
    }
  }

  return {
    tile,
    tiles: async (request, indices, signal) =>
      batchOfTiles(await Promise.all(indices.map((index) => tile(request, index, signal)))),
    get cachedBytes() {
      return cachedBytes;
    },
  };
}

/** Rejects as soon as the signal does; `work` goes on by itself. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
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
