/**
 * What an ingest and the page workers say to each other. Neither page bytes nor frames are posted: see `BatchMemory`.
 */

import type { Effort } from "../frames/index.ts";

/**
 * Pieces of the file, four numbers each: offset of the first known byte, pages, known bytes of a partial page [from, to).
 * Most batches are one piece: a plain array is what costs least to post.
 */
export type BatchPieces = readonly number[];
/** Code of an error that says that a file has fewer bytes than it had when it was opened. */
export const ENDED_EARLY = "DUMPSCOPE_ENDED_EARLY";

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
