/**
 * Pages → SHA-256. The digest comes as a string of latin1 (`binary` is its other name): the Buffer that the usual form
 * returns costs a tenth of the hash.
 */
import { hash } from "node:crypto";
import { PAGE_SIZE } from "../../shared/memory/index.ts";

const ZERO = new Uint8Array(PAGE_SIZE);

/**
 * @param pages count × 4,096 bytes
 * @param hashes count × 32 bytes, written; zero pages are left as they are
 * @param zero count flags, written: 1 for a page of zeros
 */
export function hashPages(pages: Buffer, count: number, hashes: Buffer, zero: Uint8Array): void {
  for (let row = 0; row < count; row++) {
    const at = row * PAGE_SIZE;
    const isZero = pages.compare(ZERO, 0, PAGE_SIZE, at, at + PAGE_SIZE) === 0;
    zero[row] = isZero ? 1 : 0;
    if (!isZero) hashes.write(hash("sha256", pages.subarray(at, at + PAGE_SIZE), "binary"), row * 32, 32, "latin1");
  }
}
