/**
 * Numbers for new pages. Intakes beside each other draw blocks from one source, so that none has a number of another,
 * and the packs of one never reach into the numbers of another. One that is alone gets one block that grows.
 */

/** As many as a pack holds. */
const BLOCK = 16_384;

export interface PageNumbers {
  /** All numbers from here on are free. */
  readonly next: number;
  /** @returns the next block; it begins where the one before ends when nobody else has drawn in between. */
  draw(): Block;
  /** Gives back the unused end of a block. */
  giveBack(block: Block, used: number): void;
  /** How many intakes that draw from here have brought pages into the store. */
  readonly commits: number;
  countCommit(): void;
}

/** Page numbers [start, end). */
export interface Block {
  readonly start: number;
  readonly end: number;
}

export function createPageNumbers(first: number): PageNumbers {
  let next = first;
  let commits = 0;
  return {
    get next() {
      return next;
    },
    draw() {
      const start = next;
      next += BLOCK;
      return { start, end: next };
    },
    giveBack({ end }, used) {
      if (end === next) next = used;
    },
    get commits() {
      return commits;
    },
    countCommit() {
      commits++;
    },
  };
}
