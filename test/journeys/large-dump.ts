/**
 * Checkpoints of 16 GiB that are small on the disk: one process with one mapping, of every 4 MiB the first page has
 * content of its own, all others are recorded as all zero.
 */
import { createHash } from "node:crypto";
import { checkpoint, type Entry, image, message, mm, pagemap } from "../readers/make-checkpoint.ts";

const PAGE = 4096;
const ANONYMOUS = 0x201;
const PRESENT = 4;
const ZERO = 0;
/** Pages from one with content to the next. */
const STRIDE = 1024;

export const LARGE_START = 0x10_0000_0000n;
export const LARGE_PAGES = 2 ** 22;
export const LARGE_CONTENTS = LARGE_PAGES / STRIDE;

export interface PlantedByte {
  /** Which of the pages with content. */
  readonly content: number;
  readonly offset: number;
}

/** The page of the space that holds a byte. */
export function pageOf({ content }: PlantedByte): number {
  return Number(LARGE_START / BigInt(PAGE)) + content * STRIDE;
}

/** The same in every run, but for the byte that is planted: it has one bit turned. */
export function largeCheckpoint(planted?: PlantedByte): Uint8Array {
  const content = Buffer.alloc(LARGE_CONTENTS * PAGE);
  for (let n = 0; n < LARGE_CONTENTS; n++)
    createHash("shake256", { outputLength: PAGE })
      .update(`page ${n}`)
      .digest()
      .copy(content, n * PAGE);
  if (planted) content[planted.content * PAGE + planted.offset] ^= 1;
  const entries = Array.from({ length: LARGE_CONTENTS }, (_, n): Entry[] => {
    const vaddr = LARGE_START + BigInt(n * STRIDE * PAGE);
    return [
      { vaddr, pages: 1, flags: PRESENT },
      { vaddr: vaddr + BigInt(PAGE), pages: STRIDE - 1, flags: ZERO },
    ];
  });
  return checkpoint({
    "core-1.img": image("core", [
      message([
        [1, 1],
        [
          3,
          message([
            [1, 1],
            [6, "large"],
          ]),
        ],
      ]),
    ]),
    "mm-1.img": mm([{ start: LARGE_START, end: LARGE_START + BigInt(LARGE_PAGES * PAGE), status: ANONYMOUS }]),
    "pagemap-1.img": pagemap(1, entries.flat()),
    "pages-1.img": content,
    "pstree.img": image("pstree", [
      message([
        [1, 1],
        [2, 0],
        [5, 1],
      ]),
    ]),
  });
}
