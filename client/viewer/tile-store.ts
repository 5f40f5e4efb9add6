/**
 * The tiles of one picture: a cache with a budget, and the scheduler that fills it. Each frame the viewer says what it
 * wants, the most wanted first; what nobody wants any more is aborted, what failed is tried again after a while.
 *
 * A tile is in exactly one state:
 *
 *     wanted   asked for, no request yet       loading  in a request
 *     waiting  failed, to be tried again       failed   failed four times; until `retry`
 *     here     its planes are in memory
 *
 * When the picture grows, a tile that may have changed is wanted again; until it is here its old planes are drawn.
 */
import type { Tile } from "../../shared/tile/index.ts";
import type { FetchedChannel, TileSource, TileStatus } from "./contract.ts";
import { holdTile, releaseTile } from "./held-tiles.ts";
import { lastTile, noteTile, rememberTile } from "./last-tiles.ts";

export const TILE_STATES = ["wanted", "loading", "waiting", "failed", "here"] as const;
export type TileState = (typeof TILE_STATES)[number];

/** `pinned` tiles stay whatever happens; `prefetch` ones are not counted as open. */
export type Tier = "pinned" | "visible" | "prefetch";

export interface Wish {
  readonly channel: FetchedChannel;
  readonly level: number;
  readonly index: number;
  readonly tier: Tier;
}

interface Entry {
  readonly channel: FetchedChannel;
  readonly level: number;
  readonly index: number;
  state: TileState;
  tile: Tile | undefined;
  attempts: number;
  /** When a waiting tile may be tried again, by `performance.now()`. */
  retryAt: number;
  wished: Tier | undefined;
  /** Which request it is in; an answer to another one comes too late. */
  batch: Batch | undefined;
}

interface Batch {
  readonly entries: readonly Entry[];
  readonly abort: AbortController;
}

const MOST_INDICES = 32;
const MOST_REQUESTS = 4;
const BACK_OFF_MS = [300, 1000, 3000];
/** Three planes of 64 KiB. */
const TILE_BYTES = 3 * 65_536;

export interface TileStore {
  get(channel: FetchedChannel, level: number, index: number): Tile | undefined;
  state(channel: FetchedChannel, level: number, index: number): TileState | undefined;
  /** Replaces all wishes; in the order of urgency. */
  want(wishes: readonly Wish[]): void;
  readonly status: TileStatus;
  retry(): void;
  /** From now on tiles come from `next`. @param isCurrent whether a tile that is here is the same there */
  renew(next: TileSource, isCurrent: (level: number, index: number) => boolean): void;
  dispose(): void;
}

/**
 * @param onChange after tiles of a level have come or failed
 * @param budgetBytes of planes in memory: 192 MiB are 1,000 tiles, six screens of 3840 × 2160
 */
export function createTileStore(
  first: TileSource,
  onChange: (level: number) => void,
  budgetBytes = 192 * 1024 * 1024,
): TileStore {
  let source = first;
  /** The order of insertion is the order of last use. */
  const entries = new Map<string, Entry>();
  const batches = new Set<Batch>();
  let queue: Entry[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let status: TileStatus = { open: 0, failed: 0 };
  let isDisposed = false;

  const keyOf = (channel: FetchedChannel, level: number, index: number) => `${channel}/${level}/${index}`;

  function count(): void {
    let open = 0;
    let failed = 0;
    for (const entry of queue) {
      if (entry.state === "failed") failed++;
      else if (entry.state !== "here" && entry.wished !== "prefetch") open++;
    }
    if (open !== status.open || failed !== status.failed) status = { open, failed };
  }

  function evict(): void {
    let held = 0;
    for (const entry of entries.values()) if (entry.tile) held += TILE_BYTES;
    for (const [key, entry] of entries) {
      if (held <= budgetBytes) return;
      if (entry.wished || entry.state === "loading") continue;
      if (entry.tile) held -= TILE_BYTES;
      forget(key, entry);
    }
  }

  function forget(key: string, entry: Entry): void {
    if (entry.tile) {
      rememberTile(entry.channel, entry.level, entry.tile);
      releaseTile(entry.tile);
    }
    entries.delete(key);
  }

  function start(list: readonly Entry[]): void {
    const batch: Batch = { entries: list, abort: new AbortController() };
    batches.add(batch);
    for (const entry of list) {
      entry.state = "loading";
      entry.batch = batch;
    }
    const mine = () => list.filter((entry) => entry.batch === batch);
    const { channel, level } = list[0];
    source
      .fetchTiles(
        channel,
        level,
        list.map((entry) => entry.index),
        batch.abort.signal,
        list.map((entry) => entry.tile ?? lastTile(channel, level, entry.index)),
      )
      .then(
        (tiles) => {
          if (isDisposed) return;
          const byIndex = new Map(tiles.map((tile) => [tile.index, tile]));
          for (const entry of mine()) {
            const tile = byIndex.get(entry.index);
            if (tile) {
              const before = entry.tile;
              entry.tile = holdTile(tile);
              if (before) releaseTile(before);
              noteTile(channel, level, entry.tile);
              entry.state = "here";
            } else fail(entry);
          }
        },
        () => {
          for (const entry of mine()) {
            if (batch.abort.signal.aborted) entry.state = "wanted";
            else fail(entry);
          }
        },
      )
      .finally(() => {
        batches.delete(batch);
        if (isDisposed) return;
        evict();
        pump();
        onChange(level);
      });
  }

  function fail(entry: Entry): void {
    entry.attempts++;
    if (entry.attempts > BACK_OFF_MS.length) {
      entry.state = "failed";
      return;
    }
    entry.state = "waiting";
    entry.retryAt = performance.now() + BACK_OFF_MS[entry.attempts - 1];
  }

  function pump(): void {
    clearTimeout(timer);
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const entry of queue) {
      if (entry.state !== "waiting") continue;
      if (entry.retryAt <= now) entry.state = "wanted";
      else next = Math.min(next, entry.retryAt);
    }
    while (batches.size < MOST_REQUESTS) {
      const open = queue.filter((entry) => entry.state === "wanted");
      if (open.length === 0) break;
      const [first] = open;
      const alike = open.filter(
        (entry) => entry.channel === first.channel && entry.level === first.level && entry.wished === first.wished,
      );
      // Spread over the requests that are free: what is in the middle arrives before what is at the edge.
      const share = Math.ceil(alike.length / (MOST_REQUESTS - batches.size));
      start(alike.slice(0, Math.min(MOST_INDICES, Math.max(4, share))));
    }
    if (Number.isFinite(next)) timer = setTimeout(pump, next - now);
    count();
  }

  return {
    get(channel, level, index) {
      const key = keyOf(channel, level, index);
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.tile;
    },
    state(channel, level, index) {
      return entries.get(keyOf(channel, level, index))?.state;
    },
    want(wishes) {
      for (const entry of entries.values()) entry.wished = undefined;
      queue = [];
      for (const { channel, level, index, tier } of wishes) {
        const key = keyOf(channel, level, index);
        let entry = entries.get(key);
        if (!entry) {
          entry = {
            channel,
            level,
            index,
            state: "wanted",
            tile: undefined,
            attempts: 0,
            retryAt: 0,
            wished: tier,
            batch: undefined,
          };
          entries.set(key, entry);
        } else if (entry.wished) continue;
        entry.wished = tier;
        queue.push(entry);
      }
      for (const batch of batches) if (batch.entries.every((entry) => !entry.wished)) batch.abort.abort();
      for (const [key, entry] of entries) if (!entry.wished && entry.state === "wanted") forget(key, entry);
      count();
      // Not in the frame that wants them: to hand a request to the browser takes longer than to draw the picture.
      clearTimeout(timer);
      timer = setTimeout(pump);
    },
    get status() {
      return status;
    },
    retry() {
      const levels = new Set<number>();
      for (const entry of entries.values()) {
        if (entry.state !== "failed") continue;
        entry.state = "wanted";
        entry.attempts = 0;
        levels.add(entry.level);
      }
      pump();
      for (const level of levels) onChange(level);
    },
    renew(next, isCurrent) {
      source = next;
      for (const batch of batches) batch.abort.abort();
      for (const entry of entries.values()) {
        if (entry.state === "here" && isCurrent(entry.level, entry.index)) continue;
        entry.state = "wanted";
        entry.attempts = 0;
        entry.batch = undefined;
      }
    },
    dispose() {
      isDisposed = true;
      clearTimeout(timer);
      for (const batch of batches) batch.abort.abort();
      for (const [key, entry] of entries) forget(key, entry);
      queue = [];
    },
  };
}
