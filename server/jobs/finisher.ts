/** Finishes packs while nothing is being taken in: one after another, with a pause in which whoever writes gets the lock. */
import { setTimeout } from "node:timers/promises";
import { isDumpError } from "../../shared/errors/index.ts";
import { FINISHING, finishPacks, type Store } from "../store/index.ts";

/** Longer than one that waits for the lock takes to try again. */
const PAUSE_MS = 60;

export interface Finisher {
  /** To be called whenever jobs or catalog have changed. */
  look(): void;
  /** Settles when the summaries that are being made are there; `undefined` while none are. */
  whenSummarised(): Promise<void> | undefined;
  /** Settles when nothing is being finished. */
  close(): Promise<void>;
}

/** @param onGivenUp told of a pack that cannot be finished (damage, a full disk); nothing is tried again before the next start. */
export function createFinisher(store: Store, isIdle: () => boolean, onGivenUp: (error: unknown) => void): Finisher {
  let controller = new AbortController();
  let running: Promise<void> | undefined;
  let isOver = false;
  let summarising: PromiseWithResolvers<void> | undefined;

  function onSummarised(): void {
    summarising?.resolve();
    summarising = undefined;
  }

  async function run(signal: AbortSignal): Promise<void> {
    let hasBegun = false;
    try {
      await finishPacks(store, {
        signal,
        onSummarised,
        async lock() {
          if (hasBegun) await setTimeout(PAUSE_MS);
          hasBegun = true;
          return store.lock(FINISHING);
        },
      });
    } catch (error) {
      // Whoever holds the lock changes the catalog: then there is another look.
      if (isDumpError(error) && error.code === "store-busy") return;
      isOver = true;
      onGivenUp(error);
    } finally {
      running = undefined;
      onSummarised();
    }
  }

  return {
    look() {
      if (!isIdle()) {
        controller.abort();
        return;
      }
      if (isOver || running || !store.catalog.hasUnfinished()) return;
      controller = new AbortController();
      summarising = Promise.withResolvers();
      running = run(controller.signal);
    },
    whenSummarised: () => summarising?.promise,
    async close() {
      isOver = true;
      controller.abort();
      await running;
    },
  };
}
