/**
 * Figures of a scope: how many bytes of which value, which byte follows which, and the entropy along it. Threads read and
 * count pages, each once in a batch however often it stands there; here the batches are put together in order, and pairs
 * are joined over the border to a page that is the neighbour in its space, never over a hole.
 */
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { Aborted, quiet } from "./aborted.ts";
import { type CurvePart, createEntropyCurve } from "./entropy-curve.ts";
import type { FindProgress } from "./finder.ts";
import {
  classesOfValues,
  emptyMeasures,
  type MeasuredPages,
  NO_WINDOW,
  PAIRS,
  WINDOW_BYTES,
  WINDOWS_OF_PAGE,
  ZERO_WINDOW,
} from "./measure-page.ts";
import { emptyItems } from "./protocol.ts";
import type { FindThreads } from "./threads.ts";
import type { PageBatch } from "./walk.ts";

export interface Figures {
  /** Bytes that the dump records: of all pages with bytes, and of those the ones that are all zero. */
  readonly bytes: number;
  readonly zeroPageBytes: number;
  /** Pages with bytes, each place counted; one of which only a part is known or in the scope counts as one. */
  readonly pages: number;
  readonly zeroPages: number;
  /** Bytes per class, in the order of BYTE_CLASSES. */
  readonly classes: readonly number[];
  /** Count of each byte value. */
  readonly values: Float64Array;
  /** Of bytes that are neighbours in their space; index: first × 256 + second. */
  readonly pairs: Float64Array;
  /** Pairs of which both bytes stand in all-zero pages: they are `00 00`, and not in `pairs`. */
  readonly zeroPagePairs: number;
  readonly curve: { readonly parts: readonly CurvePart[]; readonly windowsPerPart: number };
  /** Windows of 256 bytes per eighth of a bit, 64 of them; those of zeros alone left out. */
  readonly windows: readonly number[];
}

export type MeasureEvent =
  | ({ readonly kind: "progress" } & FindProgress)
  /** The last one. */
  | ({ readonly kind: "done"; readonly figures: Figures } & FindProgress);

interface Walk {
  readonly rows: number;
  nextBatch(): PageBatch | undefined;
}

/** @throws DumpError `store-damaged`; an AbortError when the signal comes, at once */
export async function* measure(
  { rows, nextBatch }: Walk,
  threads: FindThreads,
  signal: AbortSignal,
): AsyncGenerator<MeasureEvent> {
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const sum = createSum();
  // Threads add to it what they count, so that 64 Ki counts are not sent with every batch.
  const pairs = Array.from({ length: threads.size }, () => new Float64Array(new SharedArrayBuffer(PAIRS * 8)));
  let progress: FindProgress = { rows, rowsDone: 0, pages: 0, pagesRead: 0 };
  const stop = new Aborted(signal, () => Atomics.store(cancelled, 0, 1));
  const next = () => {
    const batch = nextBatch();
    return batch && { batch, measured: quiet(measuresOf(batch, threads, pairs, cancelled)) };
  };
  try {
    // While one batch is added up, threads read the one that follows.
    for (let now = next(); now; ) {
      const { batch } = now;
      const parts = await stop.or(now.measured);
      now = next();
      sum.add(batch, parts);
      progress = {
        rows,
        rowsDone: progress.rowsDone + batch.walked,
        pages: progress.pages + batch.length,
        pagesRead: progress.pagesRead + parts.read,
      };
      yield { kind: "progress", ...progress };
    }
    yield { kind: "done", figures: sum.figures(pairs), ...progress };
  } finally {
    stop.end();
  }
}

interface BatchMeasures {
  /** What each thread has counted. */
  readonly measured: readonly MeasuredPages[];
  /** Row of the batch → index of its page among those that were read, counted on over the threads; −1: all zero. */
  readonly item: Int32Array;
  /** Items of each thread but the last one. */
  readonly share: number;
  readonly read: number;
}

async function measuresOf(
  batch: PageBatch,
  threads: FindThreads,
  pairs: readonly Float64Array<SharedArrayBuffer>[],
  cancelled: Int32Array<SharedArrayBuffer>,
): Promise<BatchMeasures> {
  const item = new Int32Array(batch.length).fill(-1);
  const whole = new Map<number, number>();
  const rowOfItem: number[] = [];
  const times: number[] = [];
  // In the order of page numbers, which is the order in which they lie in packs.
  const rows = Uint32Array.from(batch.page.keys()).sort((x, y) => batch.page[x] - batch.page[y]);
  for (const row of rows) {
    const page = batch.page[row];
    if (page === ZERO_PAGE) continue;
    const isWhole = batch.from[row] === 0 && batch.to[row] === PAGE_SIZE;
    const same = isWhole ? whole.get(page) : undefined;
    if (same !== undefined) {
      item[row] = same;
      times[same]++;
      continue;
    }
    item[row] = rowOfItem.length;
    if (isWhole) whole.set(page, rowOfItem.length);
    rowOfItem.push(row);
    times.push(1);
  }
  const read = rowOfItem.length;
  const share = Math.ceil(read / threads.size);
  const asked: Promise<MeasuredPages>[] = [];
  for (let thread = 0; thread * share < read; thread++) {
    const own = rowOfItem.slice(thread * share, (thread + 1) * share);
    const items = emptyItems(own.length);
    own.forEach((row, i) => {
      items.page[i] = batch.page[row];
      items.from[i] = batch.from[row];
      items.to[i] = batch.to[row];
    });
    const question = {
      kind: "measure" as const,
      cancelled,
      items,
      times: Uint32Array.from(times.slice(thread * share, (thread + 1) * share)),
      pairs: pairs[thread],
    };
    asked.push(
      threads.ask(thread, question).then((answer) => {
        if (answer.kind !== "measured") throw new Error(`a measurement was answered by ${answer.kind}`);
        return answer.measured;
      }),
    );
  }
  return { measured: await Promise.all(asked), item, share, read };
}

const OF_ZEROS = emptyMeasures(1);

/** Adds batches up, in the order of the scope. */
function createSum() {
  const pairs = new Float64Array(PAIRS);
  /** Last bytes of runs of pairs: with the first bytes of all pairs they are all bytes. */
  const values = new Float64Array(256);
  const curve = createEntropyCurve();
  const windows = new Array<number>(64).fill(0);
  let bytes = 0;
  let zeroPageBytes = 0;
  let pages = 0;
  let zeroPages = 0;
  let zeroPagePairs = 0;
  /** The byte before, when the next one may follow it. */
  let open:
    | { readonly space: Space; readonly page: number; readonly byte: number; readonly isZero: boolean }
    | undefined;

  return {
    add(batch: PageBatch, { measured, item, share }: BatchMeasures) {
      for (let row = 0; row < batch.length; row++) {
        const [page, from, to] = [batch.address[row], batch.from[row], batch.to[row]];
        const isZero = item[row] < 0;
        const part = isZero ? OF_ZEROS : measured[Math.floor(item[row] / share)];
        const at = isZero ? 0 : item[row] % share;
        const [first, last] = [part.firstByte[at], part.lastByte[at]];
        pages++;
        bytes += to - from;
        values[last]++;
        if (isZero) {
          zeroPages++;
          zeroPageBytes += to - from;
          zeroPagePairs += to - from - 1;
        }
        if (open && from === 0 && open.space === batch.space && open.page + 1 === page) {
          if (isZero && open.isZero) zeroPagePairs++;
          else pairs[(open.byte << 8) | first]++;
          // It has a follower, and is counted as the first byte of that pair.
          values[open.byte]--;
        }
        for (let window = Math.floor(from / WINDOW_BYTES); window * WINDOW_BYTES < to; window++) {
          const found = isZero ? ZERO_WINDOW : part.entropy[at * WINDOWS_OF_PAGE + window];
          if (found === NO_WINDOW) continue;
          const entropy = found === ZERO_WINDOW ? 0 : found;
          if (found !== ZERO_WINDOW) windows[Math.min(63, entropy >> 9)]++;
          curve.add(batch.space, page, Math.max(from, window * WINDOW_BYTES), entropy);
        }
        open = to === PAGE_SIZE ? { space: batch.space, page, byte: last, isZero } : undefined;
      }
    },
    /** @param inPages pairs inside pages, as each thread has counted them. */
    figures(inPages: readonly Float64Array[]): Figures {
      for (const counted of inPages) for (let pair = 0; pair < PAIRS; pair++) pairs[pair] += counted[pair];
      const all = values.slice();
      all[0] += zeroPagePairs;
      for (let pair = 0; pair < PAIRS; pair++) all[pair >>> 8] += pairs[pair];
      return {
        bytes,
        zeroPageBytes,
        pages,
        zeroPages,
        classes: classesOfValues(all),
        values: all,
        pairs,
        zeroPagePairs,
        curve: { parts: curve.parts, windowsPerPart: curve.windowsPerPart },
        windows,
      };
    },
  };
}
