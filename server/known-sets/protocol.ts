/** What the making of a known set and its page workers say to each other; pages lie in memory that both see. */
import type { Effort } from "../frames/index.ts";

export type ToPageWorker =
  /** Memory of the batches to come. */
  | { readonly kind: "open"; readonly id: number; readonly memory: readonly SharedArrayBuffer[] }
  /** Hash the first pages of a batch. */
  | { readonly kind: "hash"; readonly id: number; readonly memory: number; readonly count: number }
  /** Make frames of the wanted rows of a batch. */
  | {
      readonly kind: "keep";
      readonly id: number;
      readonly memory: number;
      readonly count: number;
      readonly effort: Effort;
    }
  /** SHA-256 of a range of a file. */
  | {
      readonly kind: "digest";
      readonly id: number;
      readonly file: string;
      readonly offset: number;
      readonly size: number;
    };

export type FromPageWorker =
  | { readonly kind: "opened" | "hashed"; readonly id: number }
  | { readonly kind: "digest"; readonly id: number; readonly sha256: string }
  /** Three numbers for each frame: rows, bytes, codec. */
  | { readonly kind: "kept"; readonly id: number; readonly frames: readonly number[] }
  | { readonly kind: "failed"; readonly id: number; readonly message: string; readonly code: string | undefined };
