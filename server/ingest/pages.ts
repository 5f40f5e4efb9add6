/**
 * The pass over page bytes: runs of the dump → page numbers, one per recorded page. Batches are read and hashed in the
 * workers, numbered here in file order, and what is fresh goes back to its worker to become frames. Memory is that of
 * the batches in flight: two a worker and two that are kept, 8 MiB each.
 */

import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { NumberedPages } from "../lay/index.ts";
import { type BatchPieces, messageId, type PageWorkers, PIECE } from "../page-workers/index.ts";
import { type PageRuns, RUN_KINDS } from "../readers/index.ts";
import { keepFrames, type PageIntake } from "../store/index.ts";
import { BATCH_PAGES, batchMemory, createBatchMemory, observed } from "../threads/index.ts";
import type { Arrived } from "./arrive.ts";

const BYTES = RUN_KINDS.indexOf("bytes");
const ZERO_WITHOUT_BYTES = RUN_KINDS.indexOf("zero");
/** Batches of a worker that are being read and hashed. */
const IN_FLIGHT = 2;
/** Batches that may be kept meanwhile. */
const KEPT = 2;

/** Page numbers that the parent records at the `count` pages from `first` on in the space of a run; `NO_PAGE` where none. */
export type PagesBefore = (run: number, first: number, count: number) => Uint32Array;

/** Bytes of pages done, pages done, pages new to the store. */
export type Progress = (bytes: number, pages: number, fresh: number) => void;

interface Batch {
  readonly pieces: BatchPieces;
  /** Rows of `NumberedPages` that the batch fills: first row, pages, and the run they are of. */
  readonly targets: readonly (readonly [number, number, number])[];
  readonly count: number;
}

/** A batch on its way; its memory is nobody else's until it has arrived. */
interface Passing {
  readonly batch: Batch;
  readonly worker: number;
  readonly memory: number;
  answer: ReturnType<PageWorkers["request"]>;
}

/**
 * Several of these may share the workers: each has as many batches with them, so they share the processors evenly.
 * @throws what a worker threw; `AbortError` of the signal
 */
export async function numberPages(
  arrived: Pick<Arrived, "content" | "isDigesting">,
  runs: PageRuns,
  before: PagesBefore | undefined,
  intake: PageIntake,
  workers: PageWorkers,
  onProgress: Progress,
  signal: AbortSignal,
): Promise<NumberedPages> {
  const first = new Float64Array(runs.length + 1);
  for (let run = 0; run < runs.length; run++) first[run + 1] = first[run] + runs.count[run];
  const page = new Uint32Array(first[runs.length]).fill(NO_PAGE);
  for (let run = 0; run < runs.length; run++)
    if (runs.kind[run] === ZERO_WITHOUT_BYTES) page.fill(ZERO_PAGE, first[run], first[run + 1]);

  const buffers = Array.from({ length: workers.size * IN_FLIGHT + KEPT }, createBatchMemory);
  const memories = buffers.map(batchMemory);
  const free = buffers.map((_, index) => index);
  const readers = Array.from({ length: workers.size }, (_, worker) => worker);
  const session = messageId();

  const hashing: Passing[] = [];
  const keeping: (Passing & { readonly firstFresh: number })[] = [];
  const numbers = new Uint32Array(BATCH_PAGES);
  const guesses = new Uint32Array(BATCH_PAGES).fill(NO_PAGE);
  let pages = 0;
  let turn = 0;

  const guess = (into: Uint32Array, { targets }: Batch, pagesBefore: PagesBefore) => {
    let at = 0;
    for (const [row, count, run] of targets) {
      into.set(pagesBefore(run, runs.page[run] + row - first[run], count), at);
      at += count;
    }
  };
  const settleKept = async () => {
    const next = keeping.shift();
    const answer = await next?.answer;
    if (!next || answer?.kind !== "kept") return;
    keepFrames(intake, memories[next.memory], answer.frames, next.firstFresh);
    free.push(next.memory);
  };
  const settleHashed = async () => {
    const next = hashing.shift();
    if (!next) return;
    await next.answer;
    signal.throwIfAborted();
    const { batch, memory } = next;
    const { hashes: found, zero, rows } = memories[memory];
    if (before) guess(guesses, batch, before);
    const fresh = intake.number(found, batch.count, { zero, guesses, pages: numbers, fresh: rows });
    let at = 0;
    for (const [row, count] of batch.targets) {
      page.set(numbers.subarray(at, at + count), row);
      at += count;
    }
    pages += batch.count;
    onProgress(pages * PAGE_SIZE, pages, intake.added);
    if (fresh === 0) {
      free.push(memory);
      return;
    }
    const { effort } = intake;
    const order = { kind: "keep", id: messageId(), session, memory, count: fresh, effort } as const;
    keeping.push({ ...next, answer: observed(workers.request(next.worker, order)), firstFresh: numbers[rows[0]] });
  };

  try {
    const opening = readers.map((worker) =>
      workers.request(worker, { kind: "open", id: messageId(), session, file: arrived.content, memory: buffers }),
    );
    await Promise.all(opening);
    for (const batch of batchesOf(runs, first)) {
      signal.throwIfAborted();
      while (hashing.length >= workers.size * IN_FLIGHT) await settleHashed();
      while (free.length === 0) await settleKept();
      const memory = free.pop() as number;
      // The last worker has enough to do until the digest is done.
      const worker = turn++ % (arrived.isDigesting ? workers.size - 1 : workers.size);
      const { pieces, count } = batch;
      const answer = workers.request(worker, { kind: "hash", id: messageId(), session, memory, pieces, count });
      hashing.push({ batch, worker, memory, answer: observed(answer) });
    }
    while (hashing.length > 0) await settleHashed();
    while (keeping.length > 0) await settleKept();
  } finally {
    // Answered after whatever is still under way; when a worker has ended, its file is closed with it.
    await Promise.allSettled(
      readers.map((worker) => workers.request(worker, { kind: "close", id: messageId(), session })),
    );
  }
  return { first, page };
}

/** Batches in the order of the file, so that it is read forwards once. */
function* batchesOf(runs: PageRuns, first: Float64Array): Generator<Batch> {
  const order = Array.from({ length: runs.length }, (_, run) => run).filter((run) => runs.kind[run] === BYTES);
  order.sort((x, y) => runs.offset[x] - runs.offset[y]);
  let pieces: number[] = [];
  let targets: (readonly [number, number, number])[] = [];
  let count = 0;
  const close = (): Batch => {
    const batch = { pieces, targets, count };
    pieces = [];
    targets = [];
    count = 0;
    return batch;
  };
  for (const run of order) {
    for (let done = 0; done < runs.count[run]; ) {
      const pages = Math.min(BATCH_PAGES - count, runs.count[run] - done);
      const offset = runs.offset[run] + done * PAGE_SIZE;
      const last = pieces.length - PIECE;
      const isWhole = runs.from[run] === 0 && runs.to[run] === PAGE_SIZE;
      const follows =
        isWhole &&
        last >= 0 &&
        pieces[last + 2] === 0 &&
        pieces[last + 3] === PAGE_SIZE &&
        pieces[last] + pieces[last + 1] * PAGE_SIZE === offset;
      if (follows) pieces[last + 1] += pages;
      else pieces.push(offset, pages, runs.from[run], runs.to[run]);
      targets.push([first[run] + done, pages, run]);
      count += pages;
      done += pages;
      if (count === BATCH_PAGES) yield close();
    }
  }
  if (count > 0) yield close();
}
