/**
 * The queue of what is being taken in. A few dumps are read beside each other, so that a small one does not wait for a
 * large one; those of one container keep their order. An image has the store for itself. A job that ends leaves a receipt; a refused dump keeps its upload until the receipt is dismissed. What has not
 * ended outlives the server in the queue on disk, and is never done twice.
 */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, rmSync, statSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import type { Job, Problem } from "../../shared/api/index.ts";
import { isDumpError } from "../../shared/errors/index.ts";
import { addressOfPage } from "../../shared/memory/index.ts";
import { exportDump } from "../export/index.ts";
import { createIngestGroup, type IngestOptions, type IngestRequest, ingestDump } from "../ingest/index.ts";
import { addKnownSet } from "../known-sets/index.ts";
import { type PageWorkers, startPageWorkers } from "../page-workers/index.ts";
import { type KnownSetRecord, LeastRecent, type Store } from "../store/index.ts";
import { problemOf } from "./problem.ts";
import type { JobRequestSchema, Queue, QueuedJob } from "./queue.ts";

/** While another process writes, the next try comes after this. */
const BUSY_RETRY_MS = 250;
/** Dumps that are read beside each other: each costs up to 60 MiB, and 4 bytes for each of its pages. */
const AT_ONCE = 3;

/** The upload, if it is one, is dropped when the job is done, and kept when it is refused. */
export type JobRequest = Readonly<z.output<typeof JobRequestSchema>>;
type DumpRequest = Extract<JobRequest, { kind: "dump" }>;
type AgainRequest = Extract<JobRequest, { kind: "again" }>;
type ImageRequest = Extract<JobRequest, { kind: "known" }>;

type AddedSet = Pick<KnownSetRecord, "name" | "files" | "pages">;

type MutableJob = { -readonly [K in keyof Job]: Job[K] };

interface Entry {
  queued: QueuedJob;
  readonly job: MutableJob;
  readonly controller: AbortController;
  /** Settles when its job has ended. */
  running: Promise<void> | undefined;
  /** Where its snapshot goes; `undefined` until the dump has been looked at. */
  container: string | undefined;
  /** Path of the uncompressed content, as far as it is there; `null` before it is begun. */
  content: string | null;
}

/** A dump of the queue, for whoever looks at it while it waits or is read. */
export interface ArrivingJob {
  readonly job: Job;
  /** The file as it arrived; `null` while it is not there (a dump that is given back by the store first). */
  readonly file: string | null;
  readonly content: string | null;
  readonly asRaw: boolean;
  readonly base: bigint;
}

/** What became of a job. */
export type JobEnd =
  | { readonly state: "committed"; readonly snapshot: string }
  | { readonly state: "refused"; readonly problem: Problem }
  | { readonly state: "cancelled" };

/** Jobs whose end is remembered, for who watched them. */
const MOST_ENDS = 100;

export interface Jobs {
  /** @returns the job; that of an upload which waits already is the one it has */
  add(request: JobRequest): string;
  /** @returns whether there was such a job */
  cancel(job: string): boolean;
  /** A container has another name: what waits goes there. */
  renamed(from: string, to: string): void;
  /** Waiting and running ones, oldest first. */
  list(): readonly Job[];
  /** @param id of the job, or of its upload; `undefined` for images, and when there is none */
  arriving(id: string): ArrivingJob | undefined;
  /** What became of one of the last jobs, by its id or its upload's. */
  ended(id: string): JobEnd | undefined;
  /** Stops what runs; that and what waits goes on at the next start. Settles when nothing runs. */
  close(): Promise<void>;
  subscribe(listener: () => void): () => void;
}

export interface JobsParts {
  readonly store: Store;
  readonly queue: Queue;
  /** HTTP status of a problem's code, for the form in which clients know problems. */
  statusOf(code: string): number;
  dropUpload(upload: string): void;
  /** Told of a job that could not be recorded: it runs, but may not outlive the server, or ended without a receipt. */
  onUnrecorded(job: Job, error: unknown): void;
}

export function createJobs({ store, queue, statusOf, dropUpload, onUnrecorded }: JobsParts): Jobs {
  const entries: Entry[] = queue.left.map(entryOf);
  const listeners = new Set<() => void>();
  const ends = new LeastRecent<JobEnd>(MOST_ENDS);
  let nextPlace = 1 + Math.max(0, ...queue.left.map(({ place }) => place));
  let isClosing = false;
  // Started with the first dump and kept: the next one need not wait for them.
  let workers: PageWorkers | undefined;
  const group = createIngestGroup(store);
  /** Settled and made anew whenever one has ended or says where it goes. */
  let moved = Promise.withResolvers<void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  startNext();

  function record(entry: Entry, change: Partial<QueuedJob> = {}): void {
    entry.queued = { ...entry.queued, ...change };
    try {
      queue.put(entry.queued);
    } catch (error) {
      // A full disk must not refuse what may free it, or what needs none.
      onUnrecorded(entry.job, error);
    }
  }

  /** It has ended, and said so. */
  function forget(job: string): void {
    rmSync(copyOf(job), { force: true });
    queue.remove(job);
  }

  function remember({ job }: Entry, end: JobEnd): void {
    ends.set(job.arriving, end);
  }

  function startNext(): void {
    while (!isClosing) {
      const running = entries.filter((entry) => entry.running);
      const next = entries.find((entry) => !entry.running);
      if (!next || running.length >= AT_ONCE) return;
      const isForItself = [next, ...running].some(({ queued }) => queued.request.kind === "known");
      if (isForItself && running.length > 0) return;
      next.running = runToItsEnd(next);
    }
  }

  async function runToItsEnd(entry: Entry): Promise<void> {
    // Whoever made this queue has not been given it yet.
    await Promise.resolve();
    try {
      if (!isClosing) await runOne(entry);
    } catch (error) {
      // Not even its receipt could be written (a full disk): the next job may fare better.
      onUnrecorded(entry.job, error);
    }
    entries.splice(entries.indexOf(entry), 1);
    move();
    startNext();
    changed();
  }

  function move(): void {
    moved.resolve();
    moved = Promise.withResolvers();
  }

  /** Those before it are gone, or go elsewhere: the snapshots of a container are named in the order of their dumps. */
  async function enterContainer(entry: Entry, container: string): Promise<void> {
    entry.container = container;
    move();
    const isBefore = (other: Entry) => other.container === undefined || other.container === container;
    while (entries.slice(0, entries.indexOf(entry)).some(isBefore)) {
      entry.controller.signal.throwIfAborted();
      await moved.promise;
    }
  }

  async function runOne(entry: Entry): Promise<void> {
    const { job, controller } = entry;
    const before = entry.queued.begun;
    for (;;) {
      // Asked anew each time: its container may have been renamed while it waited.
      const { request } = entry.queued;
      try {
        if (!before || !(await wasDone(request, before))) {
          controller.signal.throwIfAborted();
          record(entry, { begun: { at: new Date().toISOString(), receipt: lastReceipt() } });
          const snapshot = await take(entry);
          if (snapshot !== null) remember(entry, { state: "committed", snapshot });
          if (request.upload !== null) dropUpload(request.upload);
        }
        forget(job.job);
        return;
      } catch (error) {
        if (isDumpError(error) && error.code === "store-busy" && !controller.signal.aborted) {
          job.phase = "waiting";
          await new Promise((resolve) => setTimeout(resolve, BUSY_RETRY_MS));
          continue;
        }
        // A server that stops has not been asked to give up a dump: it goes on at the next start.
        if (isClosing && !entry.queued.isCancelled) return;
        await refuse(entry, error);
        forget(job.job);
        return;
      }
    }
  }

  const lastReceipt = () => store.catalog.receipts(1)[0]?.receipt ?? 0;

  /** Whether a server that was killed had ended this job, and only not said so in the queue. Then what it left to do is done. */
  async function wasDone(request: JobRequest, begun: NonNullable<QueuedJob["begun"]>): Promise<boolean> {
    const { upload } = request;
    // It goes last.
    if (upload !== null && !statSync(request.file, { throwIfNoEntry: false })) return true;
    const since = store.catalog
      .receipts()
      .filter(
        ({ receipt, file, bytes }) => receipt > begun.receipt && file === request.fileName && bytes === request.bytes,
      );
    if (since.some((receipt) => receipt.problem !== null && receipt.upload === upload)) return true;
    if (request.kind === "known") {
      const set = store.catalog.knownSets().find(({ name, addedAt }) => name === request.name && addedAt >= begun.at);
      if (!set) return false;
      if (since.length === 0) await addKnownReceipt(request, set);
    } else {
      const taken = since.filter(({ snapshot }) => snapshot !== null);
      if (taken.length === 0) return false;
      const sha256 = request.kind === "again" ? store.snapshot(request.snapshot).sha256 : await digestOf(request.file);
      if (!taken.some((receipt) => receipt.sha256 === sha256)) return false;
      if (upload !== null) store.catalog.dismissReceiptsOf(upload);
    }
    if (upload !== null) dropUpload(upload);
    return true;
  }

  /** Beside the uploads: the folder for unpacked dumps is swept by every command that opens the store. */
  const copyOf = (job: string) => path.join(store.uploads, `${job}.again`);

  /** @returns the snapshot that it has become; `null` for an image */
  function take(entry: Entry): Promise<string | null> {
    const { request } = entry.queued;
    switch (request.kind) {
      case "dump":
        return takeDump(entry, request);
      case "again":
        return takeAgain(entry, request);
      case "known":
        return takeImage(entry, request);
      default:
        return request satisfies never;
    }
  }

  function ingestOf(entry: Entry, request: IngestRequest): ReturnType<typeof ingestDump> {
    const { job, controller } = entry;
    const started = performance.now();
    if (!workers || workers.isBroken) workers = startPageWorkers();
    const options: IngestOptions = {
      signal: controller.signal,
      workers,
      enterContainer: (container) => enterContainer(entry, container),
      onProgress({ phase, content, bytes, totalBytes, pages, newPages }) {
        entry.content = content;
        const seconds = Math.max(0.001, (performance.now() - started) / 1000);
        const secondsLeft = ((totalBytes - bytes) * seconds) / Math.max(1, bytes);
        Object.assign(job, { phase, bytes, totalBytes, pages, newPages, bytesPerSecond: bytes / seconds, secondsLeft });
        changed();
      },
    };
    return ingestDump(store, request, options, group);
  }

  async function takeDump(entry: Entry, request: DumpRequest): Promise<string> {
    const result = await ingestOf(entry, request);
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
    return result.snapshot.id;
  }

  async function takeAgain(entry: Entry, request: AgainRequest): Promise<string> {
    const { job, controller } = entry;
    const again = store.snapshot(request.snapshot);
    const against = request.parent === "none" ? undefined : store.snapshot(request.parent);
    const copy = copyOf(job.job);
    try {
      {
        await using file = await open(copy, "w");
        entry.content = copy;
        // The size of what a compressed dump unpacks to is known at its end only.
        Object.assign(job, {
          phase: "unpacking",
          bytes: 0,
          totalBytes: again.unpackedSha256 === null ? again.bytes : 0,
        });
        for await (const piece of exportDump(store, again)) {
          controller.signal.throwIfAborted();
          await file.writeFile(piece);
          job.bytes += piece.length;
          changed();
        }
      }
      const reference = against ? `${against.container} ${against.name}` : "no snapshot";
      const { snapshot } = await ingestOf(entry, {
        file: copy,
        fileName: again.file,
        container: again.container,
        parent: request.parent,
        asRaw: again.format === "raw",
        base: again.format === "raw" ? addressOfPage(store.manifest(again).laid[0].mapping.range.start) : 0n,
        // What was kept of a cut dump then is kept now.
        keepCut: true,
        again: { snapshot: again, because: `${again.name} again, explained against ${reference}` },
      });
      return snapshot.id;
    } finally {
      await rm(copy, { force: true });
    }
  }

  async function takeImage({ job, controller }: Entry, request: ImageRequest): Promise<null> {
    const set = await addKnownSet(store, request.file, request.name, {
      fileName: request.fileName,
      withBytes: request.withBytes,
      filePath: request.filePath,
      signal: controller.signal,
      onProgress(bytes, totalBytes) {
        Object.assign(job, { phase: "reading", bytes, totalBytes });
        changed();
      },
    });
    await addKnownReceipt(request, set);
    return null;
  }

  async function addKnownReceipt(request: ImageRequest, { name, files, pages }: AddedSet): Promise<void> {
    const result = `known set ${name}, ${count(files, "file")}, ${count(pages, "distinct page")}`;
    store.catalog.addReceipt({ ...receiptOf(request, result), sha256: await digestOf(request.file) });
  }

  async function refuse(entry: Entry, error: unknown): Promise<void> {
    const { request } = entry.queued;
    if (!entry.controller.signal.aborted) {
      const sha256 = await digestOfRefused(request, error);
      // Of one upload the newest refusal is told.
      if (request.upload !== null) store.catalog.dismissReceiptsOf(request.upload);
      store.catalog.addReceipt({ ...refusalOf(request, error), sha256 });
      remember(entry, { state: "refused", problem: problemWithStatus(error) });
      return;
    }
    remember(entry, { state: "cancelled" });
    store.catalog.addReceipt(receiptOf(request, "cancelled"));
    if (request.upload !== null) dropUpload(request.upload);
  }

  const problemWithStatus = (error: unknown): Problem => ({
    ...problemOf(error),
    status: statusOf(isDumpError(error) ? error.code : "internal"),
  });

  function refusalOf(request: JobRequest, error: unknown) {
    const problem = problemWithStatus(error);
    return {
      ...receiptOf(request, `refused: ${problem.detail}`),
      problem: JSON.stringify(problem),
      upload: request.upload,
    };
  }

  /** The log has a digest of everything that arrived: whoever sends it again can tell whether it was the same. */
  async function digestOfRefused(request: JobRequest, error: unknown): Promise<string | null> {
    if (isDumpError(error) && typeof error.facts.sha256 === "string") return error.facts.sha256;
    if (request.upload === null) return null;
    return digestOf(request.file).catch(() => null);
  }

  return {
    add(request) {
      const there = entries.find(
        ({ queued, controller }) =>
          request.upload !== null && queued.request.upload === request.upload && !controller.signal.aborted,
      );
      if (there) return there.job.job;
      const entry = entryOf({
        job: randomBytes(6).toString("hex"),
        place: nextPlace++,
        askedAt: new Date().toISOString(),
        request,
        isCancelled: false,
        begun: null,
      });
      record(entry);
      entries.push(entry);
      startNext();
      changed();
      return entry.job.job;
    },
    cancel(id) {
      const entry = entries.find((candidate) => candidate.job.job === id);
      if (!entry) return false;
      record(entry, { isCancelled: true });
      entry.controller.abort();
      move();
      return true;
    },
    renamed(from, to) {
      for (const entry of entries) {
        const { request } = entry.queued;
        if (request.kind === "known" || request.container !== from) continue;
        entry.job.container = to;
        entry.container = to;
        record(entry, { request: { ...request, container: to } });
      }
      changed();
    },
    list: () => entries.map(({ job }) => ({ ...job })),
    arriving(id) {
      const entry = entries.find(({ job }) => job.arriving === id);
      if (!entry || entry.job.kind === "known" || entry.controller.signal.aborted) return undefined;
      const { job, content, queued } = entry;
      const { request } = queued;
      const raw = request.kind === "dump" ? request : { asRaw: false, base: 0n };
      return {
        job: { ...job },
        file: request.kind === "dump" ? request.file : null,
        content,
        asRaw: raw.asRaw,
        base: raw.base,
      };
    },
    ended: (id) => ends.find(id),
    async close() {
      isClosing = true;
      for (const { controller } of entries) controller.abort();
      move();
      await Promise.all(entries.map(({ running }) => running));
      await workers?.close();
      queue.close();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function entryOf(queued: QueuedJob): Entry {
  const { job, askedAt, request, isCancelled } = queued;
  const controller = new AbortController();
  if (isCancelled) controller.abort();
  return {
    queued,
    controller,
    running: undefined,
    container: containerOf(request) ?? undefined,
    content: null,
    job: {
      job,
      arriving: request.upload ?? job,
      kind: request.kind === "known" ? "known" : "dump",
      file: request.fileName,
      container: containerOf(request),
      parent: request.kind === "known" ? null : (request.parent ?? null),
      phase: "waiting",
      bytes: 0,
      totalBytes: request.bytes,
      pages: 0,
      newPages: 0,
      bytesPerSecond: 0,
      secondsLeft: null,
      startedAt: askedAt,
    },
  };
}

function containerOf(request: JobRequest): string | null {
  return request.kind === "known" ? null : (request.container ?? null);
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}

function receiptOf(request: JobRequest, result: string) {
  return {
    at: new Date().toISOString(),
    file: request.fileName,
    bytes: request.bytes,
    sha256: null,
    container: containerOf(request),
    snapshot: null,
    result,
    problem: null,
    upload: null,
  };
}
