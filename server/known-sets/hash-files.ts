/**
 * Files → page hashes, in threads: bytes are laid into batches page by page, many small files to a batch, hashed in the
 * workers, and handed on in the order in which they came. Memory is that of the batches in flight, 8 MiB each.
 */
import { availableParallelism } from "node:os";
import { NO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { keepFrames, type PageIntake } from "../store/index.ts";
import {
  BATCH_PAGES,
  type BatchMemory,
  batchMemory,
  createBatchMemory,
  observed,
  startThreads,
} from "../threads/index.ts";
import type { FromPageWorker, ToPageWorker } from "./protocol.ts";

/** Batches of a worker that are being hashed. */
const IN_FLIGHT = 2;
/** Batches that may be laid and kept meanwhile. */
const KEPT = 2;

/** Pages of one batch, hashed. */
export interface HashedBatch {
  readonly count: number;
  /** Which file each row is of, as given to `addFile`, and which page of it. */
  readonly file: Uint32Array;
  readonly page: Uint32Array;
  /** 32 bytes a row. */
  readonly hashes: Uint8Array;
  /** 1 for a page of zeros. */
  readonly zero: Uint8Array;
  /** The store's page numbers, when the pages are kept; nothing for pages of zeros. */
  readonly numbers: Uint32Array;
}

export interface FileHasher extends AsyncDisposable {
  /** Copies the bytes; the last page is zero-padded as it is when it is mapped. Files come one after another. */
  addFile(file: number, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** SHA-256 of a range of a file, in a thread beside those that hash pages. */
  digest(file: string, offset: number, size: number): Promise<string>;
  /** Settles when every page has been handed on, and kept. */
  finish(): Promise<void>;
}

interface Batch {
  readonly memory: number;
  readonly file: Uint32Array;
  readonly page: Uint32Array;
}

/** A batch on its way; its memory is nobody else's until it has arrived. */
interface Passing extends Batch {
  readonly count: number;
  readonly worker: number;
  readonly answer: Promise<Exclude<FromPageWorker, { kind: "failed" }>>;
}

/**
 * @param onBatch called in order; what it is given is valid until it returns
 * @param intake also keeps the pages, where there is one
 */
export function createFileHasher(
  onBatch: (batch: HashedBatch) => void,
  intake: PageIntake | undefined,
  signal: AbortSignal,
): FileHasher {
  const threads = Math.max(2, availableParallelism());
  const workers = startThreads<ToPageWorker, FromPageWorker>(new URL("./page-worker.ts", import.meta.url), threads + 1);
  const buffers = Array.from({ length: threads * IN_FLIGHT + KEPT }, createBatchMemory);
  const memories: readonly BatchMemory[] = buffers.map(batchMemory);
  const free: Batch[] = buffers.map((_, memory) => ({
    memory,
    file: new Uint32Array(BATCH_PAGES),
    page: new Uint32Array(BATCH_PAGES),
  }));
  const hashing: Passing[] = [];
  const keeping: (Passing & { readonly firstFresh: number })[] = [];
  const numbers = new Uint32Array(BATCH_PAGES);
  const guesses = new Uint32Array(BATCH_PAGES).fill(NO_PAGE);
  let nextId = 1;
  let turn = 0;
  let current: Batch | undefined;
  let rows = 0;

  const opened = Promise.all(
    Array.from({ length: threads }, (_, worker) =>
      workers.request(worker, { kind: "open", id: nextId++, memory: buffers }),
    ),
  );
  observed(opened);

  async function settleHashed(): Promise<void> {
    const next = hashing.shift();
    if (!next) return;
    await next.answer;
    signal.throwIfAborted();
    const { count, file, page, memory } = next;
    const { hashes, zero, rows: fresh } = memories[memory];
    const added = intake?.number(hashes, count, { zero, guesses, pages: numbers, fresh }) ?? 0;
    onBatch({ count, file, page, hashes, zero, numbers });
    if (!intake || added === 0) {
      free.push(next);
      return;
    }
    const message = { kind: "keep", id: nextId++, memory, count: added, effort: intake.effort } as const;
    keeping.push({ ...next, answer: observed(workers.request(next.worker, message)), firstFresh: numbers[fresh[0]] });
  }

  async function settleKept(): Promise<void> {
    const next = keeping.shift();
    const answer = await next?.answer;
    if (!intake || !next || answer?.kind !== "kept") return;
    keepFrames(intake, memories[next.memory], answer.frames, next.firstFresh);
    free.push(next);
  }

  async function takeFree(): Promise<Batch> {
    for (;;) {
      const batch = free.pop();
      if (batch) return batch;
      if (keeping.length > 0) await settleKept();
      else await settleHashed();
    }
  }

  async function send(): Promise<void> {
    if (!current || rows === 0) return;
    const worker = turn++ % threads;
    const message = { kind: "hash", id: nextId++, memory: current.memory, count: rows } as const;
    hashing.push({ ...current, count: rows, worker, answer: observed(workers.request(worker, message)) });
    current = undefined;
    rows = 0;
    while (hashing.length >= threads * IN_FLIGHT) await settleHashed();
  }

  return {
    async addFile(file, content) {
      let page = 0;
      // Bytes of the page that is being laid.
      let filled = 0;
      const closePage = () => {
        if (!current) return;
        current.file[rows] = file;
        current.page[rows++] = page++;
      };
      for await (const chunk of content) {
        for (let at = 0; at < chunk.length; ) {
          current ??= await takeFree();
          const from = rows * PAGE_SIZE + filled;
          const whole = Math.min(chunk.length - at, BATCH_PAGES * PAGE_SIZE - from);
          memories[current.memory].content.set(chunk.subarray(at, at + whole), from);
          at += whole;
          filled += whole;
          for (; filled >= PAGE_SIZE; filled -= PAGE_SIZE) closePage();
          if (rows === BATCH_PAGES) await send();
        }
      }
      if (filled > 0 && current) {
        memories[current.memory].content.fill(0, rows * PAGE_SIZE + filled, (rows + 1) * PAGE_SIZE);
        closePage();
        if (rows === BATCH_PAGES) await send();
      }
    },
    async digest(file, offset, size) {
      const answer = await workers.request(threads, { kind: "digest", id: nextId++, file, offset, size });
      if (answer.kind !== "digest") throw new Error("the worker answered something else than a digest");
      return answer.sha256;
    },
    async finish() {
      await send();
      while (hashing.length > 0) await settleHashed();
      while (keeping.length > 0) await settleKept();
    },
    async [Symbol.asyncDispose]() {
      await workers.close();
    },
  };
}
