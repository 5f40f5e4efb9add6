/** Bytes of a process's memory, read through its page rows: for command lines, while a dump is being described. */
import { bisect, PAGE_SIZE } from "../../../shared/memory/index.ts";
import { type ByteSource, type PageRuns, RUN_KINDS } from "../contract.ts";

const BYTES = RUN_KINDS.indexOf("bytes");
const ZERO = RUN_KINDS.indexOf("zero");

/** @returns `null` when one byte of [start, end) is not in the dump. */
export async function readMemory(
  source: ByteSource,
  runs: PageRuns,
  space: number,
  start: bigint,
  end: bigint,
): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(Number(end - start));
  let done = 0;
  while (done < bytes.length) {
    const address = start + BigInt(done);
    const page = Number(address / BigInt(PAGE_SIZE));
    const within = Number(address % BigInt(PAGE_SIZE));
    const row = rowOf(runs, space, page);
    if (row < 0) return null;
    if (runs.kind[row] !== BYTES && runs.kind[row] !== ZERO) return null;
    const inRun = (page - runs.page[row]) * PAGE_SIZE + within;
    if (runs.kind[row] === ZERO) {
      done += Math.min(runs.count[row] * PAGE_SIZE - inRun, bytes.length - done);
      continue;
    }
    const known = (runs.count[row] - 1) * PAGE_SIZE + runs.to[row];
    if (inRun < runs.from[row] || inRun >= known) return null;
    const length = Math.min(known - inRun, bytes.length - done);
    const read = await source.read(runs.offset[row] + inRun - runs.from[row], length);
    if (read.length < length) return null;
    bytes.set(read, done);
    done += length;
  }
  return bytes;
}

/** The row that records a page; −1 when none does. */
function rowOf(runs: PageRuns, space: number, page: number): number {
  const behind = bisect(runs.length, (i) => runs.space[i] < space || (runs.space[i] === space && runs.page[i] <= page));
  const row = behind - 1;
  return row >= 0 && runs.space[row] === space && page < runs.page[row] + runs.count[row] ? row : -1;
}
