/**
 * A regular expression in one page, and where a page meets its neighbour. Matches do not overlap: the search goes on
 * behind each. A finding is empty, or: the offset from which on the answer depends on the page that follows (−1 when it
 * does not), then start and length of each match that begins before it.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { RegexProgram } from "./regex-program.ts";

/** Of one page, of which [from, to) is known. */
export function searchAlone(program: RegexProgram, page: Uint8Array, from: number, to: number): Int32Array {
  const found = [-1];
  for (let at = from; at < to; ) {
    if (program.starts[page[at]] === 0) {
      at++;
      continue;
    }
    const length = program.matchAt(page, at, to, to < PAGE_SIZE);
    if (length < 0) {
      found[0] = at;
      break;
    }
    if (length > 0) found.push(at, length);
    at += Math.max(1, length);
  }
  return found.length === 1 && found[0] < 0 ? new Int32Array(0) : Int32Array.from(found);
}

/**
 * @param bytes of a page and what is known of the one that follows, if anything.
 * @returns start and length of each match that begins in the page at `start` or behind.
 */
export function searchPair(program: RegexProgram, bytes: Uint8Array, start: number): Int32Array {
  const found: number[] = [];
  for (let at = start; at < PAGE_SIZE; ) {
    const length = program.starts[bytes[at]] === 0 ? 0 : program.matchAt(bytes, at, bytes.length, true);
    if (length > 0) found.push(at, length);
    at += Math.max(1, length);
  }
  return Int32Array.from(found);
}
