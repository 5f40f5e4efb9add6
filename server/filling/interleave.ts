/** Records of pages of the store and of ghost files, each in their order, as those of all pages in theirs. */
import { FIRST_GHOST } from "./ghost-pages.ts";

/**
 * @param ofStore `size` bytes for each number below `FIRST_GHOST`
 * @param ghostsOf gives as many for each of the others
 * @returns `size` bytes a page, in the order of `numbers`
 */
export function interleave(
  numbers: Uint32Array,
  size: number,
  ofStore: Uint8Array,
  ghostsOf: (numbers: Uint32Array) => Uint8Array,
): Uint8Array {
  if (ofStore.length === numbers.length * size) return ofStore;
  const ofGhosts = ghostsOf(numbers.filter((number) => number >= FIRST_GHOST));
  const out = new Uint8Array(numbers.length * size);
  const taken = { store: 0, ghosts: 0 };
  numbers.forEach((number, i) => {
    const isGhost = number >= FIRST_GHOST;
    const from = (isGhost ? taken.ghosts++ : taken.store++) * size;
    out.set((isGhost ? ofGhosts : ofStore).subarray(from, from + size), i * size);
  });
  return out;
}
