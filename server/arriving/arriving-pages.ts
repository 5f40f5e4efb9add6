/**
 * Pages of a dump that is still arriving, by their provisional numbers: bytes straight from the file at the place of
 * their run, summaries made when they are asked for, and kept.
 */
import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { DumpError } from "../../shared/errors/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { SUMMARY_BYTES, totalsOfSummaries } from "../../shared/summary/index.ts";
import type { PageRuns } from "../readers/index.ts";
import type { PageReader } from "../store/index.ts";
import { summarisePages } from "../summarise/index.ts";
import type { PageContents } from "../tiles/index.ts";
import type { KeptSummaries } from "./kept-summaries.ts";

/** Pages read and summarised before others have their turn: 1 MiB. */
const STEP = 256;

export interface ArrivingPages extends Pick<PageReader, "bytes"> {
  readonly contents: PageContents;
}

/**
 * @param file stays the caller's, who may close it at any time. @param first of each run, its first number.
 * @throws DumpError, when pages are asked for: `file-changed`; `not-found` when the file was closed
 */
export function arrivingPages(
  file: FileHandle,
  runs: PageRuns,
  first: Float64Array,
  kept: KeptSummaries,
): ArrivingPages {
  const runOf = (page: number) => bisect(runs.length, (run) => first[run + 1] <= page);
  const offsetOf = (run: number, page: number) => runs.offset[run] + (page - first[run]) * PAGE_SIZE;

  function bytes(pages: Uint32Array): Uint8Array {
    const out = new Uint8Array(pages.length * PAGE_SIZE);
    for (let at = 0; at < pages.length; ) {
      const run = runOf(pages[at]);
      let count = 1;
      while (at + count < pages.length && pages[at + count] === pages[at] + count && pages[at + count] < first[run + 1])
        count++;
      const known = runs.to[run] - runs.from[run];
      const start = at * PAGE_SIZE + runs.from[run];
      const length = known === PAGE_SIZE ? count * PAGE_SIZE : known;
      readWhole(file, out.subarray(start, start + length), offsetOf(run, pages[at]));
      at += count;
    }
    return out;
  }

  /** Of at most `STEP` pages. */
  function summarise(pages: Uint32Array, into: Uint8Array): void {
    const offsets = Float64Array.from(pages, (page) => offsetOf(runOf(page), page));
    const missing = kept.read(offsets, into);
    if (missing.length === 0) return;
    const records = new Uint8Array(missing.length * SUMMARY_BYTES);
    summarisePages(bytes(Uint32Array.from(missing, (row) => pages[row])), undefined, records);
    missing.forEach((row, i) => {
      into.set(records.subarray(i * SUMMARY_BYTES, (i + 1) * SUMMARY_BYTES), row * SUMMARY_BYTES);
    });
    kept.keep(
      Float64Array.from(missing, (row) => offsets[row]),
      records,
    );
  }

  const timed = <T>(work: () => T): T => {
    const started = performance.now();
    try {
      return work();
    } finally {
      kept.spentMs += performance.now() - started;
    }
  };

  async function summaries(pages: Uint32Array): Promise<Uint8Array> {
    const out = new Uint8Array(pages.length * SUMMARY_BYTES);
    for (let at = 0; at < pages.length; at += STEP) {
      if (at > 0) await nextTurn();
      timed(() => summarise(pages.subarray(at, at + STEP), out.subarray(at * SUMMARY_BYTES)));
    }
    return out;
  }

  return {
    bytes,
    contents: {
      bytes: async (pages) => timed(() => bytes(pages)),
      summaries,
      totals: async (pages) => totalsOfSummaries(await summaries(pages)),
    },
  };
}

function readWhole(file: FileHandle, into: Uint8Array, offset: number): void {
  // A closed handle has no number; that of its file may be another file's by now.
  if (file.fd < 0) throw new DumpError("not-found", "This dump is not looked at any more", {});
  for (let done = 0; done < into.length; ) {
    const got = readSync(file.fd, into, done, into.length - done, offset + done);
    if (got === 0)
      throw new DumpError("file-changed", "The file was cut while it was looked at", { offset: offset + done });
    done += got;
  }
}
