/** Frames that a worker made of the fresh pages of a batch, given to the intake. */
import type { BatchMemory } from "../threads/index.ts";
import type { PageIntake } from "./intake.ts";

const HASH = 32;

/**
 * @param made rows, bytes and codec of each frame of `memory.frames`, as by `fillFrames` of `memory.rows`
 * @param firstFresh page number of the first of these rows
 */
export function keepFrames(intake: PageIntake, memory: BatchMemory, made: readonly number[], firstFresh: number): void {
  let row = 0;
  let at = 0;
  for (let i = 0; i < made.length; i += 3) {
    const [count, bytes, codec] = [made[i], made[i + 1], made[i + 2]];
    const hashes = new Uint8Array(count * HASH);
    for (let k = 0; k < count; k++) {
      const from = memory.rows[row + k] * HASH;
      for (let byte = 0; byte < HASH; byte++) hashes[k * HASH + byte] = memory.hashes[from + byte];
    }
    intake.keep({
      contents: { codec, bytes: memory.frames.subarray(at, at + bytes) },
      pages: Uint32Array.from({ length: count }, (_, k) => firstFresh + row + k),
      hashes,
    });
    row += count;
    at += bytes;
  }
}
