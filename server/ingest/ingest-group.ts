/**
 * Ingests that run beside each other in one process: they hold the store's lock together, draw page numbers from one
 * source, and explain and commit one after another. Alone, an ingest is a group of one.
 */
import { createPageNumbers, type PageNumbers, type Store } from "../store/index.ts";

export interface IngestGroup {
  /** @throws DumpError `store-busy` when somebody else writes */
  join(operation: string): Promise<Member>;
}

export interface Member extends Disposable {
  readonly numbers: PageNumbers;
  /** Nobody else of the group is at work: then what no transaction names is nobody's. */
  readonly isAlone: boolean;
  /** Until it is disposed of, no other member explains pages or commits. */
  turn(): Promise<Disposable>;
}

interface Held {
  readonly lock: Disposable;
  readonly numbers: PageNumbers;
}

export function createIngestGroup(store: Store): IngestGroup {
  let size = 0;
  let taking: Promise<Held> | undefined;
  let lastTurn: Promise<void> = Promise.resolve();

  async function take(operation: string): Promise<Held> {
    const lock = await store.lock(operation);
    return { lock, numbers: createPageNumbers(store.catalog.nextPage) };
  }

  return {
    async join(operation) {
      size++;
      taking ??= take(operation);
      let held: Held;
      try {
        held = await taking;
      } catch (error) {
        size--;
        taking = undefined;
        throw error;
      }
      const { lock, numbers } = held;
      return {
        numbers,
        get isAlone() {
          return size === 1;
        },
        async turn() {
          const before = lastTurn;
          const { promise, resolve } = Promise.withResolvers<void>();
          lastTurn = promise;
          await before;
          return { [Symbol.dispose]: resolve };
        },
        [Symbol.dispose]() {
          if (--size > 0) return;
          taking = undefined;
          lock[Symbol.dispose]();
        },
      };
    },
  };
}
