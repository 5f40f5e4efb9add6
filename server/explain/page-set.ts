/** A set of page numbers as bits: 2 MiB for the pages of 64 GiB. */
export interface PageSet {
  has(page: number): boolean;
}

export function pageSet(pages: Uint32Array): PageSet {
  // Until it is compiled, `for of` makes an object of each number.
  let last = -1;
  for (let i = 0; i < pages.length; i++) last = Math.max(last, pages[i]);
  const bits = new Uint8Array((last >> 3) + 1);
  for (let i = 0; i < pages.length; i++) bits[pages[i] >> 3] |= 1 << (pages[i] & 7);
  return { has: (page) => page <= last && (bits[page >> 3] & (1 << (page & 7))) !== 0 };
}
