/**
 * The pass over page bytes: runs of the dump → page numbers, one per recorded page. Batches are read and hashed in the
 * workers, numbered here in file order, and what is fresh goes back to its worker to become frames. In flight: two
 * batches a worker, 1 MiB each, and the frames of as many.
 */

import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { type PageRuns, RUN_KINDS } from "../readers/index.ts";
import type { PageIntake } from "../store/index.ts";
import type { Threads } from "../threads/index.ts";
import { BATCH_PAGES, type BatchPieces, type FromPageWorker, type ToPageWorker } from "./protocol.ts";

const BYTES = RUN_KINDS.indexOf("bytes");
const ZERO_WITHOUT_BYTES = RUN_KINDS.indexOf("zero");
const IN_FLIGHT = 2;

export type PageWorkers = Threads<ToPageWorker, FromPageWorker>;

/** Page numbers of all recorded pages, in the order of the runs. */
export interface NumberedPages {
  /** Run → its first row; one more entry than runs. */
  readonly first: Float64Array;
  /** Page number, `ZERO_PAGE`, or `NO_PAGE` where the dump has no bytes. 4 B a page: 64 MiB for 64 GiB. */
  readonly page: Uint32Array;
}

/** Bytes of pages done, pages done, pages new to the store. */
export type Progress = (bytes: number, pages: number, fresh: number) => void;

interface Batch {
  readonly id: number;
  readonly worker: number;
  readonly pieces: BatchPieces;
  /** Rows of `NumberedPages` that the batch fills, as runs: row, pages. */
  readonly targets: readonly (readonly [number, number])[];
  readonly count: number;
}

export async function numberPages(
  file: string,
  runs: PageRuns,
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

  // The last thread computes the digest of the file.
  const threads = Math.max(1, workers.size - 1);
  const hashing: { readonly batch: Batch; readonly answer: ReturnType<PageWorkers["request"]> }[] = [];
  const keeping: ReturnType<PageWorkers["request"]>[] = [];
  let pages = 0;

  const settleKept = async () => {
    const answer = await keeping.shift();
    if (answer?.kind === "kept") for (const frame of answer.frames) intake.keep(frame);
  };
  const settleHashed = async () => {
    const next = hashing.shift();
    if (!next) return;
    const answer = await next.answer;
    if (answer.kind !== "hashed") return;
    signal.throwIfAborted();
    const numbered = intake.number(answer.hashes, next.batch.count, answer.zero);
    let at = 0;
    for (const [row, count] of next.batch.targets) {
      for (let i = 0; i < count; i++, at++) page[row + i] = answer.zero[at] === 1 ? ZERO_PAGE : numbered.pages[at];
    }
    const fresh = numbered.fresh;
    keeping.push(
      observed(
        workers.request(next.batch.worker, {
          kind: "keep",
          id: next.batch.id,
          rows: fresh,
          pages: fresh.map((row) => numbered.pages[row]),
        }),
      ),
    );
    pages += next.batch.count;
    onProgress(pages * PAGE_SIZE, pages, intake.added);
    while (keeping.length > threads * IN_FLIGHT) await settleKept();
  };

  for (const batch of batchesOf(runs, first, threads)) {
    signal.throwIfAborted();
    hashing.push({
      batch,
      answer: observed(
        workers.request(batch.worker, { kind: "hash", id: batch.id, file, pieces: batch.pieces, count: batch.count }),
      ),
    });
    while (hashing.length > threads * IN_FLIGHT) await settleHashed();
  }
  while (hashing.length > 0) await settleHashed();
  while (keeping.length > 0) await settleKept();
  return { first, page };
}

/** A rejection is met when its turn comes; until then it must not count as unhandled. */
function observed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Message ids are shared by all requests of a process. */
let nextId = 1;
export function messageId(): number {
  return nextId++;
}

/** Batches in the order of the file, so that it is read forwards once. */
function* batchesOf(runs: PageRuns, first: Float64Array, workers: number): Generator<Batch> {
  const order = Array.from({ length: runs.length }, (_, run) => run).filter((run) => runs.kind[run] === BYTES);
  order.sort((x, y) => runs.offset[x] - runs.offset[y]);
  let worker = 0;
  let pieces: { offset: number; pages: number; from: number; to: number }[] = [];
  let targets: (readonly [number, number])[] = [];
  let count = 0;
  const close = (): Batch => {
    const batch: Batch = {
      id: messageId(),
      worker,
      pieces: {
        offset: Float64Array.from(pieces, (piece) => piece.offset),
        pages: Uint32Array.from(pieces, (piece) => piece.pages),
        from: Uint16Array.from(pieces, (piece) => piece.from),
        to: Uint16Array.from(pieces, (piece) => piece.to),
      },
      targets,
      count,
    };
    worker = (worker + 1) % workers;
    pieces = [];
    targets = [];
    count = 0;
    return batch;
  };
  for (const run of order) {
    for (let done = 0; done < runs.count[run]; ) {
      const pages = Math.min(BATCH_PAGES - count, runs.count[run] - done);
      const offset = runs.offset[run] + done * PAGE_SIZE;
      const last = pieces.at(-1);
      const isWhole = runs.from[run] === 0 && runs.to[run] === PAGE_SIZE;
      if (
        last &&
        isWhole &&
        last.from === 0 &&
        last.to === PAGE_SIZE &&
        last.offset + last.pages * PAGE_SIZE === offset
      )
        last.pages += pages;
      else pieces.push({ offset, pages, from: runs.from[run], to: runs.to[run] });
      targets.push([first[run] + done, pages]);
      count += pages;
      done += pages;
      if (count === BATCH_PAGES) yield close();
    }
  }
  if (count > 0) yield close();
}
