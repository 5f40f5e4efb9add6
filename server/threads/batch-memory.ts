/**
 * Memory of a batch of pages that two threads see: neither page bytes nor frames are posted, and whoever was asked last
 * may write to it.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";

/** 4 MiB a batch: each is two messages, and waking a thread costs as much as hashing 30 pages. */
export const BATCH_PAGES = 1024;

/** Memory of one batch: 8 MiB and a little. */
export interface BatchMemory {
  /** The pages as they were read. */
  readonly content: Uint8Array;
  /** 32 bytes a page. */
  readonly hashes: Uint8Array;
  /** 1 for a page of zeros. */
  readonly zero: Uint8Array;
  /** Rows that the store wants. */
  readonly rows: Uint16Array;
  /** Frames of those rows, one behind the other; no frame is longer than its pages. */
  readonly frames: Uint8Array;
}

const FIELDS = [BATCH_PAGES * PAGE_SIZE, BATCH_PAGES * 32, BATCH_PAGES, BATCH_PAGES * 2, BATCH_PAGES * PAGE_SIZE];

export function createBatchMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(FIELDS.reduce((sum, bytes) => sum + bytes));
}

export function batchMemory(buffer: SharedArrayBuffer): BatchMemory {
  let at = 0;
  const [content, hashes, zero, rows, frames] = FIELDS.map((bytes) => {
    at += bytes;
    return new Uint8Array(buffer, at - bytes, bytes);
  });
  return { content, hashes, zero, rows: new Uint16Array(buffer, rows.byteOffset, BATCH_PAGES), frames };
}
