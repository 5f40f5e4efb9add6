/**
 * Pages → SHA-256. The digest comes as a string of latin1 (`binary` is its other name): the Buffer that the usual form
 * returns costs a tenth of the hash.
 */
import { hash } from "node:crypto";
import { PAGE_SIZE } from "../../shared/memory/index.ts";

const ZERO = new Uint8Array(PAGE_SIZE);

/** Pages of a batch and their hashes, each seen through a view made once: one made for each page is a tenth of its hash. */
export interface HashedPages {
  /** 4,096 bytes a page. */
  readonly pages: readonly Buffer[];
  /** 32 bytes a page, side by side. */
  readonly hashes: Buffer;
}

/** @param pages count × 4,096 bytes; both may be views over shared memory */
export function pagesToHash(pages: Uint8Array, hashes: Uint8Array): HashedPages {
  const count = pages.length / PAGE_SIZE;
  return {
    pages: Array.from({ length: count }, (_, row) =>
      Buffer.from(pages.buffer, pages.byteOffset + row * PAGE_SIZE, PAGE_SIZE),
    ),
    hashes: Buffer.from(hashes.buffer, hashes.byteOffset, count * 32),
  };
}

/**
 * Hashes the first `count` pages as they are now; zero pages get none.
 * @param zero count flags, written: 1 for a page of zeros
 */
export function hashPages({ pages, hashes }: HashedPages, count: number, zero: Uint8Array): void {
  for (let row = 0; row < count; row++) {
    const page = pages[row];
    const isZero = page.equals(ZERO);
    zero[row] = isZero ? 1 : 0;
    if (!isZero) hashes.write(hash("sha256", page, "binary"), row * 32, 32, "latin1");
  }
}
