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
    intake.keep({
      contents: { codec, bytes: memory.frames.subarray(at, at + bytes) },
      pages: ascending(firstFresh + row, count),
      hashes: hashesOf(memory, row, count),
    });
    row += count;
    at += bytes;
  }
}

function ascending(first: number, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = first + i;
  return numbers;
}

/** Of `count` wanted rows, side by side. */
function hashesOf({ rows, hashes }: BatchMemory, first: number, count: number): Uint8Array {
  const gathered = new Uint8Array(count * HASH);
  for (let i = 0; i < count; i++) {
    const from = rows[first + i] * HASH;
    gathered.set(hashes.subarray(from, from + HASH), i * HASH);
  }
  return gathered;
}
