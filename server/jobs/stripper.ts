/**
 * Strips snapshots while nobody waits: after an ingest, and when known sets come or go, the newest first. It stands
 * still while requests are answered, and gives up for an ingest, which changes what is to be found anyway.
 */
import { setImmediate } from "node:timers/promises";
import { isDumpError } from "../../shared/errors/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { type SnapshotRecord, type Store, writerOf } from "../store/index.ts";
import { newestUnstripped, stripAhead } from "../stripping/index.ts";

/** While another process writes, the next look comes after this. */
const BUSY_RETRY_MS = 1000;

export interface Stripper {
  /** To be called whenever jobs or catalog have changed. */
  look(): void;
  /** Settles when nothing is being stripped. */
  close(): Promise<void>;
}

export interface StripperParts {
  readonly store: Store;
  readonly known: KnownSets;
  /** Whether nothing is taken in. */
  isIdle(): boolean;
  /** Settles when nobody waits for anything. Rejects when the signal comes. */
  whenQuiet(signal: AbortSignal): Promise<void>;
  /** Told of a snapshot that cannot be stripped; it is not tried again before sets or snapshots change. */
  onFailed(error: unknown, snapshot: SnapshotRecord): void;
  /** Told of a store in which nothing can be looked for; nothing is tried again before the next start. */
  onGivenUp(error: unknown): void;
}

export function createStripper({ store, known, isIdle, whenQuiet, onFailed, onGivenUp }: StripperParts): Stripper {
  let controller = new AbortController();
  let running: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isOver = false;
  /** What each that has failed was to be stripped with. */
  const failed = new Map<string, string>();
  const hasFailed = (snapshot: SnapshotRecord) => failed.get(snapshot.id) === known.strippingKey(snapshot);

  async function run(signal: AbortSignal): Promise<void> {
    const turn = async () => {
      // Requests that have arrived meanwhile are seen first.
      await setImmediate();
      await whenQuiet(signal);
    };
    try {
      for (;;) {
        await turn();
        signal.throwIfAborted();
        if (writerOf(store.directory)) {
          lookLater();
          return;
        }
        const next = newestUnstripped(store, known, hasFailed);
        if (!next) return;
        const key = known.strippingKey(next);
        try {
          await stripAhead(store, known, next, { signal, turn });
        } catch (error) {
          if (signal.aborted) return;
          if (isDumpError(error) && error.code === "store-busy") {
            lookLater();
            return;
          }
          failed.set(next.id, key);
          // Deleted meanwhile is no failure.
          if (store.catalog.snapshot(next.id)) onFailed(error, next);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      isOver = true;
      onGivenUp(error);
    }
  }

  function lookLater(): void {
    clearTimeout(retry);
    retry = setTimeout(look, BUSY_RETRY_MS);
    retry.unref();
  }

  function look(): void {
    if (isOver) return;
    if (!isIdle()) controller.abort();
    else if (!running) start();
  }

  function start(): void {
    controller = new AbortController();
    const { signal } = controller;
    running = run(signal).then(() => {
      running = undefined;
      // Whoever has looked meanwhile found it running.
      if (signal.aborted) look();
    });
  }

  return {
    look,
    async close() {
      isOver = true;
      clearTimeout(retry);
      controller.abort();
      await running;
    },
  };
}
