/** Frames of some pages of a batch, one behind the other. */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { compressFrame, type Effort, pagesOfFrame } from "./frame.ts";

/** What `fillFrames` reads and writes; it may be shared memory. */
export interface FrameMemory {
  /** 4,096 bytes a page. */
  readonly content: Uint8Array;
  /** Pages that are wanted, ascending. */
  readonly rows: Uint16Array;
  /** Written; as long as the content. */
  readonly frames: Uint8Array;
}

/** Rows of a frame that do not lie side by side are gathered here. */
let gathered: Uint8Array = new Uint8Array(0);

/** @returns rows, bytes and codec of each frame of the first `count` rows */
export function fillFrames({ content, rows, frames }: FrameMemory, count: number, effort: Effort): number[] {
  const table: number[] = [];
  let filled = 0;
  const step = pagesOfFrame(count);
  for (let at = 0; at < count; at += step) {
    const some = rows.subarray(at, Math.min(count, at + step));
    const { codec, bytes } = compressFrame(pagesAt(content, some), effort);
    frames.set(bytes, filled);
    filled += bytes.length;
    table.push(some.length, bytes.length, codec);
  }
  return table;
}

function pagesAt(content: Uint8Array, rows: Uint16Array): Uint8Array {
  const first = rows[0];
  if (rows[rows.length - 1] - first === rows.length - 1)
    return content.subarray(first * PAGE_SIZE, (first + rows.length) * PAGE_SIZE);
  if (gathered.length < rows.length * PAGE_SIZE) gathered = new Uint8Array(content.length);
  rows.forEach((row, i) => {
    gathered.set(content.subarray(row * PAGE_SIZE, (row + 1) * PAGE_SIZE), i * PAGE_SIZE);
  });
  return gathered.subarray(0, rows.length * PAGE_SIZE);
}
