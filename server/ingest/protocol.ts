/**
 * What the ingest and its page workers say to each other. Neither page bytes nor frames are posted: each batch has
 * memory that both see, and whoever was asked last may write to it.
 */

import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Effort } from "../frames/index.ts";

/** 256 pages: 1 MiB a batch. */
export const BATCH_PAGES = 256;

/** Memory of one batch: 2 MiB and a little. */
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

/**
 * Pieces of the file, four numbers each: offset of the first known byte, pages, known bytes of a partial page [from, to).
 * Most batches are one piece: a plain array is what costs least to post.
 */
export type BatchPieces = readonly number[];
/** Numbers of a piece. */
export const PIECE = 4;

/** Ingests beside each other share the workers: each has its session, with a file and memory of its own. */
export type ToPageWorker =
  /** Memory and file of the batches to come. */
  | {
      readonly kind: "open";
      readonly id: number;
      readonly session: number;
      readonly file: string;
      readonly memory: readonly SharedArrayBuffer[];
    }
  /** Read the pieces into the memory, and hash the pages. */
  | {
      readonly kind: "hash";
      readonly id: number;
      readonly session: number;
      readonly memory: number;
      readonly pieces: BatchPieces;
      readonly count: number;
    }
  /** Make frames of the wanted rows. */
  | {
      readonly kind: "keep";
      readonly id: number;
      readonly session: number;
      readonly memory: number;
      readonly count: number;
      readonly effort: Effort;
    }
  /** Forget file and memory: a file that is open takes room on the disk though it is deleted. */
  | { readonly kind: "close"; readonly id: number; readonly session: number }
  /** The next `bytes` of the session's file into its digest. */
  | { readonly kind: "digest"; readonly id: number; readonly session: number; readonly bytes: number };

export type FromPageWorker =
  | { readonly kind: "opened" | "closed"; readonly id: number }
  | { readonly kind: "hashed"; readonly id: number }
  /** Three numbers for each frame: rows, bytes, codec. */
  | { readonly kind: "kept"; readonly id: number; readonly frames: readonly number[] }
  /** `null` while there is more to read. */
  | { readonly kind: "digest"; readonly id: number; readonly sha256: string | null }
  | { readonly kind: "failed"; readonly id: number; readonly message: string; readonly code: string | undefined };
