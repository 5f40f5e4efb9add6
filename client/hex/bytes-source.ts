/** Where the bytes pane gets its bytes, and what it must know of mappings. */
import type { RangeBytes } from "../../shared/api/index.ts";
import type { PageAddress, Range } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";

export interface BytesSource {
  /** Pages that `stateOf` calls filled come filled. @param pages at most 16. Rejects with an AbortError when `signal` fires. */
  read(space: Space, page: PageAddress, pages: number, signal: AbortSignal): Promise<RangeBytes>;
  /** Code of CELL_STATES of a page, `undefined` while it is not known; the pane asks again when it is told to redraw. */
  stateOf(space: Space, page: PageAddress): number | undefined;
  /**
   * From what a filled page comes, in words; `undefined` while nothing is filled. Another function when pages are filled
   * from something else.
   */
  readonly filledFrom?: ((space: Space, page: PageAddress) => string | undefined) | undefined;
  /** Says when states have become known. */
  subscribe(listener: () => void): () => void;
}

/** A mapping through which the pane scrolls. */
export interface HexMapping {
  readonly space: Space;
  readonly start: PageAddress;
  readonly pages: number;
  readonly name: string;
  readonly permissions: string;
  /** Blocks of 16 pages that the strip shows; in the others there is no byte. */
  readonly shown: readonly Range<number>[];
  /** Why not: of each side the code of CELL_STATES of all pages in those. */
  readonly unshown: readonly number[];
}

/** A mapping of a process, into which a pointer may lead. */
export interface PointedMapping {
  /** The process, by the space of its private memory; where there is none, as in a raw file, the space itself. */
  readonly process: Space;
  /** First page by the process's addresses. */
  readonly address: PageAddress;
  readonly pages: number;
  /** Where the bytes are: for shared memory another space, in which its pages are counted from its start. */
  readonly space: Space;
  readonly start: PageAddress;
  readonly name: string;
}

/** One side: alone for a snapshot, two in a comparison. */
export interface HexSide {
  /** As in “not recorded in t0”. */
  readonly name: string;
  readonly source: BytesSource;
  readonly byteOrder: "little" | "big";
  /** Of all processes that this side has. */
  readonly pointed: readonly PointedMapping[];
}
