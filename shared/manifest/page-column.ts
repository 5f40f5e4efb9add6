/**
 * A column of page numbers as bytes: each row as its difference to the page before it (i32, little-endian), because the
 * pages of a dump were numbered in its order: what is new costs nothing after compression. Page numbers are below 2^31
 * (8 TiB of distinct pages), so two differences are free to say that there is no page, or the all-zero one.
 */

/** No page number: absent, or zero. */
export const NO_PAGE = 0xffff_ffff;
/** Stands for the all-zero page where a column has no state beside it. */
export const ZERO_PAGE = 0xffff_fffe;

const NONE = -(2 ** 31);
const ZERO = NONE + 1;

/**
 * Writes 4 bytes a row.
 * @param differences memory to write to, for a caller that encodes one column after another.
 */
export function encodePages(pages: Uint32Array, differences = new Int32Array(pages.length)): Uint8Array {
  let before = 0;
  for (let row = 0; row < pages.length; row++) {
    const page = pages[row];
    if (page === NO_PAGE) differences[row] = NONE;
    else if (page === ZERO_PAGE) differences[row] = ZERO;
    else {
      differences[row] = page - before;
      before = page;
    }
  }
  return new Uint8Array(differences.buffer, differences.byteOffset, pages.length * 4);
}

/** @param bytes a multiple of 4, as `encodePages` wrote them */
export function decodePages(bytes: Uint8Array): Uint32Array {
  const differences = new Int32Array(bytes.slice().buffer);
  const pages = new Uint32Array(differences.length);
  let before = 0;
  for (let row = 0; row < pages.length; row++) {
    const difference = differences[row];
    if (difference === NONE) pages[row] = NO_PAGE;
    else if (difference === ZERO) pages[row] = ZERO_PAGE;
    else {
      before += difference;
      pages[row] = before;
    }
  }
  return pages;
}
