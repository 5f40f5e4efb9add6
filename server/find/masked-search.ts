/**
 * Fixed bytes in one page. What is found are *alignments*: the place in the pattern at which the page's first byte
 * would stand (0 or below: the pattern begins in the page, at the offset −alignment), for each at which all bytes agree
 * that the two have in common. A match over several pages is a chain of alignments, each 4096 above the one before, so
 * borders between pages need no bytes again, and what is known of a page holds at all its places.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { MaskedBytes } from "./pattern.ts";

export interface MaskedSearch {
  readonly length: number;
  /**
   * Alignments, ascending.
   * @param page 4,096 bytes, of which [from, to) are known: what touches another one does not agree.
   */
  alignments(page: Uint8Array, from: number, to: number): Int32Array;
}

export function createMaskedSearch({ values, masks }: MaskedBytes): MaskedSearch {
  const length = values.length;
  const anchor = anchorOf(masks);
  const needle = Buffer.from(values.buffer, values.byteOffset + anchor.at, anchor.length);
  // Without an exact byte the scan goes by the byte that fewest values agree with.
  const rarest = anchor.length > 0 ? 0 : rarestOf(masks);

  const agrees = (page: Uint8Array, at: number, first: number, end: number): boolean => {
    for (let i = first; i < end; i++) if ((page[at + i] & masks[i]) !== values[i]) return false;
    return true;
  };

  function inside(page: Uint8Array, from: number, to: number, found: number[]): void {
    const last = to - length;
    if (anchor.length > 0) {
      const bytes = Buffer.from(page.buffer, page.byteOffset, to);
      for (let at = bytes.indexOf(needle, from + anchor.at); at >= 0; at = bytes.indexOf(needle, at + 1)) {
        const offset = at - anchor.at;
        if (offset > last) break;
        if (agrees(page, offset, 0, length)) found.push(-offset);
      }
      return;
    }
    const [value, mask] = [values[rarest], masks[rarest]];
    for (let offset = from; offset <= last; offset++)
      if ((page[offset + rarest] & mask) === value && agrees(page, offset, 0, length)) found.push(-offset);
  }

  return {
    length,
    alignments(page, from, to) {
      const found: number[] = [];
      if (to === PAGE_SIZE) {
        for (let offset = PAGE_SIZE - 1; offset > PAGE_SIZE - length && offset >= from; offset--)
          if (agrees(page, offset, 0, PAGE_SIZE - offset)) found.push(-offset);
      }
      found.reverse();
      inside(page, from, to, found);
      if (from === 0) {
        for (let alignment = 1; alignment < length; alignment++) {
          const end = Math.min(length, alignment + PAGE_SIZE);
          if (end - alignment <= to && agrees(page, -alignment, alignment, end)) found.push(alignment);
        }
      }
      return Int32Array.from(found).sort();
    },
  };
}

/** The longest run of bytes that have to be exactly so. */
function anchorOf(masks: Uint8Array): { readonly at: number; readonly length: number } {
  let best = { at: 0, length: 0 };
  for (let at = 0; at < masks.length; at++) {
    let end = at;
    while (end < masks.length && masks[end] === 0xff) end++;
    if (end - at > best.length) best = { at, length: end - at };
    at = end;
  }
  return best;
}

function rarestOf(masks: Uint8Array): number {
  const bits = Array.from(masks, (mask) => mask.toString(2).replaceAll("0", "").length);
  return bits.indexOf(Math.max(...bits));
}
