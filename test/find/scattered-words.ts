/** Memory with words scattered over it, some over borders of pages and of the batches that a search reads. */
import fc from "fast-check";
import type { Piece } from "./snapshots.ts";

const PAGES = 400;

export type ScatteredWord = [text: [once: string, times: number], encoding: string, page: number, at: number];

/** @param longest how often `a` is repeated in the longest word */
export function scatteredWord(longest: number): fc.Arbitrary<ScatteredWord> {
  return fc.tuple(
    fc.constantFrom<[string, number]>(
      ["a", 4],
      ["needle", 1],
      ["aab", 1],
      ["n", 3000],
      ["wide text", 1],
      ["a", longest],
    ),
    fc.constantFrom("latin1", "utf16le"),
    // A batch ends behind page 199: there, at 4 MiB, a chunk of the manifest does.
    fc.integer({ min: 0, max: PAGES - 1 }).chain((page) => fc.constantFrom(page, 197, 198, 199, 200)),
    fc.constantFrom(0, 1, 4090, 4093, 4095),
  );
}

/** Two pieces of the same memory, a hole between them; the first ends amid a page. */
export function piecesWith(words: readonly ScatteredWord[]): Piece[] {
  const content = Buffer.alloc(PAGES * 4096, "\x01");
  for (const [[text, times], encoding, page, at] of words)
    content.write(text.repeat(times), page * 4096 + at, encoding as BufferEncoding);
  return [
    { address: 0x338000n, content: content.subarray(0, 300 * 4096 - 5) },
    { address: 0x900000n, content: content.subarray(250 * 4096) },
  ];
}
