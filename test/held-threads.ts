/**
 * Worker threads whose answers wait until a test lets them come: it acts in the middle of an ingest, however fast the
 * machine is. For `vi.mock` of `server/threads` in the file that needs it.
 */
type Module = typeof import("../server/threads/index.ts");

/** The digest, the opening of each reader and a few batches come through, so that an ingest has begun and says so. */
const FIRST = 8;

let held: Promise<void> | undefined;
let asked = 0;

/** The next ingest stops after its first requests. @returns lets it go on. */
export function holdThreads(): () => void {
  const gate = Promise.withResolvers<void>();
  held = gate.promise;
  asked = 0;
  return () => {
    held = undefined;
    gate.resolve();
  };
}

export function heldThreads(original: Module): Module {
  const startThreads: Module["startThreads"] = (file, size) => {
    const threads = original.startThreads<never, never>(file, size);
    return {
      ...threads,
      request(worker: number, message: never) {
        const answer = threads.request(worker, message);
        const gate = ++asked > FIRST ? held : undefined;
        if (!gate) return answer;
        // Threads that are closed meanwhile reject it; whoever awaits the gate is told after it.
        answer.catch(() => undefined);
        return gate.then(() => answer);
      },
    };
  };
  return { ...original, startThreads };
}
