/** SHA-256 of a file, computed by the last of the workers beside whatever else they do. */
import { type Stats, statSync } from "node:fs";
import { messageId, type PageWorkers } from "./page-workers.ts";

export interface FileDigest extends AsyncDisposable {
  /** The file as it was before anything of it was read: whoever reads it too compares. */
  readonly before: Stats;
  /** Whether the last worker is still busy with it. */
  readonly isUnderWay: boolean;
  /** @throws what reading the file threw; `AbortError` when it was disposed of before */
  sha256(): Promise<string>;
}

/** Some milliseconds' work: pages of other dumps wait behind it. */
const SLICE = 8 << 20;

/** @returns nothing for what is no regular file: of a pipe the thread would wait for whoever writes. @throws of `stat` */
export function beginFileDigest(file: string, workers: PageWorkers): FileDigest | undefined {
  const before = statSync(file);
  if (!before.isFile()) return undefined;
  const stopping = new AbortController();
  const digest = digestInSlices(file, workers, stopping.signal);
  let isUnderWay = true;
  // Awaited at the end; a failure must not count as unhandled until then.
  digest
    .catch(() => undefined)
    .finally(() => {
      isUnderWay = false;
    });
  return {
    before,
    get isUnderWay() {
      return isUnderWay;
    },
    sha256: () => digest,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await digest.catch(() => undefined);
    },
  };
}

/** In slices, so that it is fair to others, and can be stopped. */
async function digestInSlices(file: string, workers: PageWorkers, signal: AbortSignal): Promise<string> {
  const worker = workers.size - 1;
  const session = messageId();
  await workers.request(worker, { kind: "open", id: messageId(), session, file, memory: [] });
  try {
    for (;;) {
      signal.throwIfAborted();
      const slice = { kind: "digest", id: messageId(), session, bytes: SLICE } as const;
      const answer = await workers.request(worker, slice);
      if (answer.kind !== "digest") throw new Error("the worker answered something else than a digest");
      if (answer.sha256 !== null) return answer.sha256;
    }
  } finally {
    await workers.request(worker, { kind: "close", id: messageId(), session });
  }
}
