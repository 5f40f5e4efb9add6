/** Waiting for threads until somebody leaves. */
import { setImmediate as nextTurn } from "node:timers/promises";

/** A promise that may never be waited for: its failure is its reader's affair, not the process's. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Ends waiting when a signal comes, and tells threads that the answer is not wanted. */
export class Aborted {
  readonly #signal: AbortSignal;
  readonly #onEnd: () => void;
  readonly #aborted: Promise<never>;
  readonly #listener: () => void;

  constructor(signal: AbortSignal, onEnd: () => void) {
    this.#signal = signal;
    this.#onEnd = onEnd;
    let reject: (reason: unknown) => void = () => undefined;
    this.#aborted = quiet(
      new Promise<never>((_, fail) => {
        reject = fail;
      }),
    );
    this.#listener = () => {
      onEnd();
      reject(signal.reason);
    };
    if (signal.aborted) this.#listener();
    else signal.addEventListener("abort", this.#listener);
  }

  /** @throws the signal's reason as soon as it comes */
  async or<T>(promise: Promise<T>): Promise<T> {
    quiet(promise);
    // A walk whose pages are all remembered waits for no thread: others have their turn all the same.
    await Promise.race([nextTurn(), this.#aborted]);
    return Promise.race([promise, this.#aborted]);
  }

  end(): void {
    this.#signal.removeEventListener("abort", this.#listener);
    this.#onEnd();
  }
}
