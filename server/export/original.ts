/**
 * The original of a dump: its pages plus a skeleton of everything that is not page bytes, and how the two interleave.
 * Pages are named by number, so an original costs 4 bytes a page before compression.
 */

import { DumpError } from "../../shared/errors/index.ts";
import { encodePages } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { type ByteSource, type PageRuns, RUN_KINDS } from "../readers/index.ts";
import { type BlobName, type Blobs, createSections, readDirectory, type Section } from "../store/index.ts";

const ORIGINAL = "DSOR";
/** Bytes of the skeleton in one section. */
const SKELETON_BYTES = 1 << 20;
/** Page numbers in one section: 256 KiB. */
export const NUMBERS = 65_536;
const BYTES = RUN_KINDS.indexOf("bytes");

export interface OriginalDirectory {
  readonly bytes: number;
  /** Alternately: bytes of the skeleton, pages. Begins with the skeleton. */
  readonly parts: readonly number[];
  readonly skeleton: readonly Section[];
  readonly numbers: readonly Section[];
}

export function readOriginal(blobs: Blobs, name: BlobName): OriginalDirectory {
  return readDirectory<OriginalDirectory>(blobs, "originals", name, ORIGINAL);
}

/**
 * @param first run → first row of `page`.
 * @param page page number or `ZERO_PAGE` of each row, for runs with bytes.
 */
export async function writeOriginal(
  blobs: Blobs,
  source: ByteSource,
  runs: PageRuns,
  first: Float64Array,
  page: Uint32Array,
  signal: AbortSignal,
): Promise<BlobName> {
  const writer = createSections<OriginalDirectory>(blobs, "originals", ORIGINAL);
  try {
    const parts: number[] = [0];
    const skeleton: Section[] = [];
    const numbers: Section[] = [];
    const literal = new Uint8Array(SKELETON_BYTES);
    let literalLength = 0;
    const column = new Uint32Array(NUMBERS);
    const encoded = new Int32Array(NUMBERS);
    let columnLength = 0;

    const closeLiteral = () => {
      if (literalLength > 0) skeleton.push(writer.append(literal.subarray(0, literalLength)));
      literalLength = 0;
    };
    const closeColumn = () => {
      if (columnLength > 0) numbers.push(writer.append(encodePages(column.subarray(0, columnLength), encoded)));
      columnLength = 0;
    };
    const addLiteral = async (from: number, to: number) => {
      if (parts.length % 2 === 0) parts.push(0);
      parts[parts.length - 1] += to - from;
      for (let at = from; at < to; ) {
        signal.throwIfAborted();
        const bytes = await source.read(at, Math.min(to - at, SKELETON_BYTES - literalLength));
        if (bytes.length === 0)
          throw new DumpError("file-changed", `The file was cut at byte ${at} while it was read`, { byte: at });
        literal.set(bytes, literalLength);
        literalLength += bytes.length;
        at += bytes.length;
        if (literalLength === SKELETON_BYTES) closeLiteral();
      }
    };
    const addPages = (row: number, count: number) => {
      if (parts.length % 2 === 1) parts.push(0);
      parts[parts.length - 1] += count;
      for (let i = 0; i < count; i++) {
        column[columnLength++] = page[row + i];
        if (columnLength === NUMBERS) closeColumn();
      }
    };

    // Whole pages in file order; what another run has covered already, and parts of pages, belong to the skeleton.
    const order = Array.from({ length: runs.length }, (_, run) => run)
      .filter((run) => runs.kind[run] === BYTES && runs.from[run] === 0 && runs.to[run] === PAGE_SIZE)
      .sort((x, y) => runs.offset[x] - runs.offset[y]);
    let cursor = 0;
    for (const run of order) {
      const skipped = Math.max(0, Math.ceil((cursor - runs.offset[run]) / PAGE_SIZE));
      if (skipped >= runs.count[run]) continue;
      const start = runs.offset[run] + skipped * PAGE_SIZE;
      if (start > cursor) await addLiteral(cursor, start);
      addPages(first[run] + skipped, runs.count[run] - skipped);
      cursor = runs.offset[run] + runs.count[run] * PAGE_SIZE;
    }
    if (cursor < source.size) await addLiteral(cursor, source.size);
    closeLiteral();
    closeColumn();
    return writer.finish({ bytes: source.size, parts, skeleton, numbers });
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
