/**
 * PT_LOADs as rows of pages. Bytes [p_offset, p_offset + p_filesz) are recorded memory; what lies beyond them up to
 * p_memsz was left out, and is not zero.
 * Segments may be unsorted, overlap (QEMU `-p`), and begin or end inside a page.
 */
import { PAGE_SIZE } from "../../../shared/memory/index.ts";
import type { Losses } from "../losses.ts";
import { NO_OFFSET, type PageRunsBuilder } from "../page-runs.ts";
import type { Segment } from "./header.ts";

const PAGE = BigInt(PAGE_SIZE);
const ADDRESS_SPACE = 1n << 64n;

/** A segment's part that no earlier one describes. */
export interface PlacedSegment {
  readonly segment: Segment;
  /** Addresses [start, end) in bytes; `stored` of them from `start` on are in the file, from `offset` on. */
  readonly start: bigint;
  readonly end: bigint;
  readonly stored: bigint;
  readonly offset: bigint;
}

/**
 * Sorted by address, without overlap: of an address that two segments describe, the one that starts first counts.
 * @param size of the file.
 * @throws DumpError `dump-damaged` for impossible sizes.
 */
export function placeSegments(
  segments: readonly Segment[],
  addressOf: (segment: Segment) => bigint,
  size: number,
  losses: Losses,
  note: (sentence: string) => void,
): PlacedSegment[] {
  const placed: PlacedSegment[] = [];
  const sorted = segments
    .filter((segment) => segment.memsz > 0n || segment.filesz > 0n)
    .sort((a, b) => compare(addressOf(a), addressOf(b)) || a.index - b.index);
  let last = 0n;
  let overlapping = 0;
  for (const segment of sorted) {
    const from = addressOf(segment);
    let stored = segment.filesz;
    let to = from + (segment.memsz > 0n ? segment.memsz : segment.filesz);
    if (from + stored > to) {
      // A length that is nonsense mostly leads out of the file, and is reported with the others that do.
      if (segment.offset + stored <= BigInt(size)) {
        losses.damaged(
          `Segment ${segment.index} (0x${from.toString(16)}) stores ${stored} bytes of a memory of ${segment.memsz}`,
          { segment: segment.index, p_filesz: `0x${stored.toString(16)}`, p_memsz: `0x${segment.memsz.toString(16)}` },
        );
      }
      stored = to - from;
    }
    if (to > ADDRESS_SPACE) {
      losses.damaged(`Segment ${segment.index} (0x${from.toString(16)}) reaches beyond the address space`, {
        segment: segment.index,
        p_memsz: `0x${segment.memsz.toString(16)}`,
      });
      to = ADDRESS_SPACE;
      if (from + stored > to) stored = to - from;
    }
    if (from < last) overlapping++;
    const start = from < last ? last : from;
    if (to <= start) continue;
    const skipped = start - from;
    placed.push({
      segment,
      start,
      end: to,
      stored: stored > skipped ? stored - skipped : 0n,
      offset: segment.offset + skipped,
    });
    last = to;
  }
  if (overlapping > 0) {
    const how = overlapping === 1 ? "One segment describes" : `${overlapping} segments describe`;
    note(`${how} memory that one before it in the address space describes too; the one before it counts.`);
  }
  return placed;
}

/**
 * Adds the recorded pages of placed segments to `runs`.
 * @throws DumpError `dump-cut` when bytes lie outside the file.
 */
export function addSegments(
  placed: readonly PlacedSegment[],
  space: number,
  size: number,
  runs: PageRunsBuilder,
  losses: Losses,
  note: (sentence: string) => void,
): void {
  reportCut(placed, size, losses);
  const pages = new SegmentPages(space, runs, note);
  for (const { start, stored, offset } of placed) {
    if (stored === 0n) continue;
    const available = offset >= BigInt(size) ? 0n : BigInt(size) - offset;
    const there = stored < available ? stored : available;
    addBytes(start, start + there, offset, pages);
    // The page in which the file ends is recorded with its known part; the pages behind it are lost.
    const firstLost = there === 0n ? start / PAGE : (start + there + PAGE - 1n) / PAGE;
    const endLost = (start + stored + PAGE - 1n) / PAGE;
    if (there < stored && endLost > firstLost) pages.addLost(Number(firstLost), Number(endLost - firstLost));
  }
  pages.flush();
}

function addBytes(start: bigint, end: bigint, offset: bigint, pages: SegmentPages): void {
  if (end <= start) return;
  const firstWhole = (start + PAGE - 1n) / PAGE;
  const endWhole = end / PAGE;
  if (endWhole < firstWhole) {
    pages.addPart(Number(start / PAGE), Number(start % PAGE), Number(end - (start / PAGE) * PAGE), Number(offset));
    return;
  }
  if (start % PAGE !== 0n) pages.addPart(Number(start / PAGE), Number(start % PAGE), PAGE_SIZE, Number(offset));
  const at = Number(offset + firstWhole * PAGE - start);
  if (endWhole > firstWhole) pages.addWhole(Number(firstWhole), Number(endWhole - firstWhole), at);
  if (end % PAGE !== 0n) {
    pages.addPart(Number(endWhole), 0, Number(end % PAGE), Number(offset + endWhole * PAGE - start));
  }
}

/**
 * Writes pages in ascending order, each once. Parts of one page that follow one another in memory and file are joined;
 * of parts that do not, the longest is kept, because a row has room for one.
 */
class SegmentPages {
  readonly #space: number;
  readonly #runs: PageRunsBuilder;
  readonly #note: (sentence: string) => void;
  /** The first page behind all that was written. */
  #next = 0;
  #held: { readonly page: number; readonly from: number; to: number; readonly offset: number } | null = null;

  constructor(space: number, runs: PageRunsBuilder, note: (sentence: string) => void) {
    this.#space = space;
    this.#runs = runs;
    this.#note = note;
  }

  addWhole(page: number, count: number, offset: number): void {
    this.flush();
    const skipped = Math.max(0, this.#next - page);
    if (skipped >= count) return;
    this.#runs.add(this.#space, page + skipped, count - skipped, "bytes", offset + skipped * PAGE_SIZE);
    this.#next = page + count;
  }

  addLost(page: number, count: number): void {
    this.flush();
    const skipped = Math.max(0, this.#next - page);
    if (skipped >= count) return;
    this.#runs.add(this.#space, page + skipped, count - skipped, "lost", NO_OFFSET);
    this.#next = page + count;
  }

  addPart(page: number, from: number, to: number, offset: number): void {
    const held = this.#held;
    if (held !== null && held.page === page && held.to === from && held.offset + (held.to - held.from) === offset) {
      held.to = to;
      return;
    }
    if (page < this.#next || held?.page === page) {
      this.#note(
        `Page 0x${(BigInt(page) * PAGE).toString(16)} is stored in pieces; one of them counts, the rest shows as absent.`,
      );
      if (held?.page === page && held.to - held.from < to - from) this.#held = { page, from, to, offset };
      return;
    }
    this.flush();
    this.#held = { page, from, to, offset };
  }

  flush(): void {
    const held = this.#held;
    this.#held = null;
    if (held === null) return;
    if (held.from === 0 && held.to === PAGE_SIZE) this.#runs.add(this.#space, held.page, 1, "bytes", held.offset);
    else this.#runs.addPart(this.#space, held.page, held.from, held.to, held.offset);
    this.#next = held.page + 1;
  }
}

function reportCut(placed: readonly PlacedSegment[], size: number, losses: Losses): void {
  let first: Segment | null = null;
  let address = "";
  let outside = 0;
  for (const { segment, start } of placed) {
    if (segment.filesz === 0n || segment.offset + segment.filesz <= BigInt(size)) continue;
    outside++;
    if (first !== null && segment.index > first.index) continue;
    first = segment;
    address = `0x${start.toString(16)}`;
  }
  if (first === null) return;
  const there = first.offset >= BigInt(size) ? 0n : BigInt(size) - first.offset;
  losses.cut(
    `The file ends at byte ${size}. Segment ${first.index} (${address}) needs ${first.filesz} bytes from byte ${first.offset} on; ${there} are there. ${outside} of ${placed.length} segments end outside the file`,
    {
      offset: size,
      segment: first.index,
      address,
      needed: String(first.filesz),
      there: String(there),
      segmentsOutside: outside,
    },
  );
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
