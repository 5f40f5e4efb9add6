/**
 * Worker threads whose answers wait until a test lets them come: it acts in the middle of an ingest, however fast the
 * machine is. For `vi.mock` of `server/threads` in the file that needs it.
 */
type Module = typeof import("../server/threads/index.ts");

interface Asked {
  readonly kind: string;
  readonly session?: number;
}

let held: Promise<void> | undefined;
/** Batches that were hashed, by the session of their ingest. */
let asked = new Map<number, number>();
let through = 0;

/** Ingests stop after their first batches, of which some come through: so they have begun and say so. @returns lets them go on. */
export function holdThreads(batches = 2): () => void {
  const gate = Promise.withResolvers<void>();
  held = gate.promise;
  asked = new Map();
  through = batches;
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
      request(worker: number, message: Asked & never) {
        const answer = threads.request(worker, message);
        const { kind, session }: Asked = message;
        if (kind !== "hash" || session === undefined) return answer;
        const before = asked.get(session) ?? 0;
        asked.set(session, before + 1);
        const gate = before >= through ? held : undefined;
        if (!gate) return answer;
        // Threads that are closed meanwhile reject it; whoever awaits the gate is told after it.
        answer.catch(() => undefined);
        return gate.then(() => answer);
      },
    };
  };
  return { ...original, startThreads };
}
