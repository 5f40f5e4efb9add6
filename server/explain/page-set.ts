/** A set of page numbers as bits: 2 MiB for the pages of 64 GiB. */
export interface PageSet {
  has(page: number): boolean;
}

export function pageSet(pages: Uint32Array): PageSet {
  const last = pages.reduce((most, page) => Math.max(most, page), -1);
  const bits = new Uint8Array((last >> 3) + 1);
  for (const page of pages) bits[page >> 3] |= 1 << (page & 7);
  return { has: (page) => page <= last && (bits[page >> 3] & (1 << (page & 7))) !== 0 };
}
