/**
 * A regular expression in one page, and where a page meets its neighbour. Matches do not overlap: the search goes on
 * behind each. A finding is empty, or: the offset from which on the answer depends on the page that follows (−1 when it
 * does not), then start and length of each match that begins before it.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { RegexProgram } from "./regex-program.ts";

/** Bytes looked at for each byte searched, from which on it is told first where matches may begin. */
const MOST_LOOKED = 4;

/** Of one page, of which [from, to) is known. */
export function searchAlone(program: RegexProgram, page: Uint8Array, from: number, to: number): Int32Array {
  const found = [-1];
  walk(program, page, { from, end: to, isEnd: to < PAGE_SIZE, behind: to }, (at, length) => {
    if (length < 0) found[0] = at;
    else found.push(at, length);
  });
  return found.length === 1 && found[0] < 0 ? new Int32Array(0) : Int32Array.from(found);
}

/**
 * @param bytes of a page and what is known of the one that follows, if anything.
 * @returns start and length of each match that begins in the page at `start` or behind.
 */
export function searchPair(program: RegexProgram, bytes: Uint8Array, start: number): Int32Array {
  const found: number[] = [];
  walk(program, bytes, { from: start, end: bytes.length, isEnd: true, behind: PAGE_SIZE }, (at, length) => {
    found.push(at, length);
  });
  return Int32Array.from(found);
}

interface Walked {
  readonly from: number;
  readonly end: number;
  /** As `matchAt` has it. */
  readonly isEnd: boolean;
  /** No match that begins here or behind is wanted. */
  readonly behind: number;
}

/** Each match in order, up to the first one that depends on what follows, which has the length −1. */
function walk(
  program: RegexProgram,
  bytes: Uint8Array,
  { from, end, isEnd, behind }: Walked,
  onMatch: (at: number, length: number) => void,
): void {
  const enough = program.looked + MOST_LOOKED * (end - from);
  let starts: Uint8Array | undefined;
  for (let at = from; at < behind; ) {
    if (starts ? starts[at] === 0 : program.starts[bytes[at]] === 0) {
      at++;
      continue;
    }
    const length = program.matchAt(bytes, at, end, isEnd);
    if (length !== 0) onMatch(at, length);
    if (length < 0) return;
    at += Math.max(1, length);
    if (!starts && program.looked > enough) starts = program.startsIn(bytes, at, end, isEnd);
  }
}
