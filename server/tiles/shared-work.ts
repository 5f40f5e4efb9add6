/** Work that several wait for at once: done once for all of them, and stopped when nobody waits for it any more. */

export interface SharedWork<T> {
  /**
   * Waits for the work of this name, which is begun unless it is under way.
   * @param signal rejects this wait as soon as it fires; the work goes on while others wait
   */
  join(key: string, begin: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Running<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

export function createSharedWork<T>(): SharedWork<T> {
  const running = new Map<string, Running<T>>();

  function start(key: string, begin: (signal: AbortSignal) => Promise<T>): Running<T> {
    const abort = new AbortController();
    const result = begin(abort.signal);
    const work: Running<T> = { result, abort, waiting: 0 };
    running.set(key, work);
    const done = () => {
      if (running.get(key) === work) running.delete(key);
    };
    result.then(done, done);
    return work;
  }

  return {
    async join(key, begin, signal) {
      signal?.throwIfAborted();
      const work = running.get(key) ?? start(key, begin);
      work.waiting++;
      try {
        return await unlessAborted(work.result, signal);
      } finally {
        work.waiting--;
        if (work.waiting === 0 && running.get(key) === work) {
          // Nobody waits: whoever asks from now on begins anew.
          running.delete(key);
          work.abort.abort();
        }
      }
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
