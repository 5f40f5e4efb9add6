/**
 * The queue of what is being taken in. The store has one writer, so jobs run one after another; uploads arrive beside
 * them. A job that ends leaves a receipt; a refused dump keeps its upload until the receipt is dismissed.
 */
import { randomBytes } from "node:crypto";
import type { Job, Problem } from "../../shared/api/index.ts";
import { isDumpError } from "../../shared/errors/index.ts";
import { type IngestOptions, ingestDump } from "../ingest/index.ts";
import { addImage } from "../known-sets/index.ts";
import type { Store } from "../store/index.ts";
import { problemOf } from "./problem.ts";

/** While another process writes, the next try comes after this. */
const BUSY_RETRY_MS = 250;

export type JobRequest = {
  readonly file: string;
  readonly fileName: string;
  readonly bytes: number;
  /** Dropped when the job is done; kept when it is refused. */
  readonly upload: string | null;
} & (
  | {
      readonly kind: "dump";
      readonly container: string | undefined;
      readonly parent: string | undefined;
      readonly asRaw: boolean;
      readonly base: bigint;
      readonly keepCut: boolean;
      readonly once: boolean;
    }
  | { readonly kind: "known"; readonly name: string }
);

type MutableJob = { -readonly [K in keyof Job]: Job[K] };

interface Entry {
  readonly request: JobRequest;
  readonly job: MutableJob;
  readonly controller: AbortController;
}

export interface Jobs {
  add(request: JobRequest): string;
  /** @returns whether there was such a job */
  cancel(job: string): boolean;
  /** Waiting and running ones, oldest first. */
  list(): readonly Job[];
  /** Stops what runs and forgets what waits; uploads stay. Settles when nothing runs. */
  close(): Promise<void>;
  subscribe(listener: () => void): () => void;
}

/**
 * @param onLost told of a job whose end could not be recorded.
 * @param statusOf HTTP status of a problem's code, for the form in which clients know problems.
 */
export function createJobs(
  store: Store,
  statusOf: (code: string) => number,
  dropUpload: (upload: string) => void,
  onLost: (job: Job, error: unknown) => void,
): Jobs {
  const entries: Entry[] = [];
  const listeners = new Set<() => void>();
  let isClosing = false;
  let running: Promise<void> | undefined;
  const changed = () => {
    for (const listener of listeners) listener();
  };

  async function runAll(): Promise<void> {
    for (let entry = entries[0]; entry; entry = entries[0]) {
      try {
        await runOne(entry);
      } catch (error) {
        // Not even its receipt could be written (a full disk): the next job may fare better.
        onLost(entry.job, error);
      }
      entries.splice(entries.indexOf(entry), 1);
      changed();
    }
    running = undefined;
  }

  async function runOne(entry: Entry): Promise<void> {
    const { request, job, controller } = entry;
    for (;;) {
      try {
        controller.signal.throwIfAborted();
        await (request.kind === "dump" ? takeDump(entry, request) : takeImage(entry, request));
        if (request.upload !== null) dropUpload(request.upload);
        return;
      } catch (error) {
        if (isDumpError(error) && error.code === "store-busy" && !controller.signal.aborted) {
          job.phase = "waiting";
          await new Promise((resolve) => setTimeout(resolve, BUSY_RETRY_MS));
          continue;
        }
        refuse(entry, error);
        return;
      }
    }
  }

  async function takeDump({ job, controller }: Entry, request: Extract<JobRequest, { kind: "dump" }>): Promise<void> {
    const started = performance.now();
    const options: IngestOptions = {
      signal: controller.signal,
      onProgress({ phase, bytes, totalBytes, pages, newPages }) {
        const seconds = Math.max(0.001, (performance.now() - started) / 1000);
        const secondsLeft = ((totalBytes - bytes) * seconds) / Math.max(1, bytes);
        Object.assign(job, { phase, bytes, totalBytes, pages, newPages, bytesPerSecond: bytes / seconds, secondsLeft });
        changed();
      },
    };
    const result = await ingestDump(store, request, options);
    // Whatever was refused of this upload has been answered by its ingest.
    if (request.upload !== null) store.catalog.dismissReceiptsOf(request.upload);
    for (const { snapshot, error } of result.stillWaiting) {
      const waiting = {
        ...request,
        fileName: snapshot.file,
        bytes: snapshot.bytes,
        container: snapshot.container,
        upload: null,
      };
      store.catalog.addReceipt(refusalOf(waiting, error));
    }
  }

  async function takeImage({ job, controller }: Entry, request: Extract<JobRequest, { kind: "known" }>): Promise<void> {
    const set = await addImage(store, request.file, request.name, {
      signal: controller.signal,
      onProgress(bytes, totalBytes) {
        Object.assign(job, { phase: "reading", bytes, totalBytes });
        changed();
      },
    });
    store.catalog.addReceipt(
      receiptOf(request, `known set ${set.name}, ${set.files} files, ${set.pages} distinct pages`),
    );
  }

  function refuse({ request, controller }: Entry, error: unknown): void {
    // A server that stops has not been asked to give up a dump: its upload stays for the next start.
    if (isClosing) return;
    if (controller.signal.aborted) {
      if (request.upload !== null) dropUpload(request.upload);
      store.catalog.addReceipt(receiptOf(request, "cancelled"));
      return;
    }
    store.catalog.addReceipt(refusalOf(request, error));
  }

  function refusalOf(request: JobRequest, error: unknown) {
    const problem: Problem = { ...problemOf(error), status: statusOf(isDumpError(error) ? error.code : "internal") };
    return {
      ...receiptOf(request, `refused: ${problem.detail}`),
      problem: JSON.stringify(problem),
      upload: request.upload,
    };
  }

  return {
    add(request) {
      const id = randomBytes(6).toString("hex");
      entries.push({
        request,
        controller: new AbortController(),
        job: {
          job: id,
          kind: request.kind,
          file: request.fileName,
          container: request.kind === "dump" ? (request.container ?? null) : null,
          phase: "waiting",
          bytes: 0,
          totalBytes: request.bytes,
          pages: 0,
          newPages: 0,
          bytesPerSecond: 0,
          secondsLeft: null,
          startedAt: new Date().toISOString(),
        },
      });
      running ??= runAll();
      changed();
      return id;
    },
    cancel(id) {
      const entry = entries.find((candidate) => candidate.job.job === id);
      entry?.controller.abort();
      return entry !== undefined;
    },
    list: () => entries.map(({ job }) => ({ ...job })),
    async close() {
      isClosing = true;
      for (const { controller } of entries) controller.abort();
      await running;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function receiptOf(request: JobRequest, result: string) {
  return {
    at: new Date().toISOString(),
    file: request.fileName,
    bytes: request.bytes,
    sha256: null,
    container: request.kind === "dump" ? (request.container ?? null) : null,
    snapshot: null,
    result,
    problem: null,
    upload: null,
  };
}
