/**
 * What the ingest and its page workers say to each other. Page bytes are never posted: a worker reads a batch from the
 * file, keeps it under its id, and is then told which of its rows the store wants.
 */
import type { FilledFrame } from "../store/index.ts";

/** 256 pages: 1 MiB a batch, a few batches in each worker. */
export const BATCH_PAGES = 256;

/** Pieces of the file, as rows: offset of the first known byte, pages, known bytes of a partial page [from, to). */
export interface BatchPieces {
  readonly offset: Float64Array;
  readonly pages: Uint32Array;
  readonly from: Uint16Array;
  readonly to: Uint16Array;
}

export type ToPageWorker =
  | {
      readonly kind: "hash";
      readonly id: number;
      readonly file: string;
      readonly pieces: BatchPieces;
      readonly count: number;
    }
  /** Compress and summarise these rows of the batch under these page numbers, then forget it. */
  | { readonly kind: "keep"; readonly id: number; readonly rows: Uint32Array; readonly pages: Uint32Array }
  /** SHA-256 of a whole file. */
  | { readonly kind: "digest"; readonly id: number; readonly file: string };

export type FromPageWorker =
  | { readonly kind: "hashed"; readonly id: number; readonly hashes: Uint8Array; readonly zero: Uint8Array }
  | { readonly kind: "kept"; readonly id: number; readonly frames: readonly FilledFrame[] }
  | { readonly kind: "digest"; readonly id: number; readonly sha256: string }
  | { readonly kind: "failed"; readonly id: number; readonly message: string; readonly code: string | undefined };

/** Buffers whose ownership goes with the message. */
export function transferList(message: FromPageWorker): ArrayBuffer[] {
  switch (message.kind) {
    case "hashed":
      return [message.hashes.buffer as ArrayBuffer, message.zero.buffer as ArrayBuffer];
    case "kept":
    case "digest":
    case "failed":
      return [];
    default:
      return message satisfies never;
  }
}
