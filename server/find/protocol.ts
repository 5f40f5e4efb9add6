/** What the searching threads are asked, and what they answer. */

import type { Pattern, StringKind } from "../../shared/find/index.ts";
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import type { PackPlace } from "../store/index.ts";
import type { MeasuredPages } from "./measure-page.ts";

/** Columns of equal length: pages by number (`ZERO_PAGE` for the all-zero one), and their known bytes [from, to). */
export interface PageItems {
  readonly page: Uint32Array;
  readonly from: Uint16Array;
  readonly to: Uint16Array;
  /** Pages that the store does not have: their numbers, and 4,096 bytes of each. */
  readonly brought?: { readonly page: Uint32Array; readonly bytes: Uint8Array };
}

/** Page numbers of the store are below it, those of pages that are brought are not; `ZERO_PAGE` is neither. */
export const FIRST_BROUGHT = 2 ** 31;

export function isBrought(page: number): boolean {
  return page >= FIRST_BROUGHT && page < ZERO_PAGE;
}

interface Asked {
  readonly id: number;
  /** Of the store. */
  readonly directory: string;
  /** `undefined`: as told before. */
  readonly packs: readonly PackPlace[] | undefined;
  /** One number, shared: not 0 when nobody wants the answer any more. */
  readonly cancelled: Int32Array<SharedArrayBuffer>;
}

export type ToFindWorker =
  /** Each page for itself. */
  | (Asked & { readonly kind: "search"; readonly pattern: Pattern; readonly items: PageItems })
  /** A regular expression where a page meets its neighbour: items 2i and 2i + 1, from a byte of the first on. */
  | (Asked & {
      readonly kind: "pairs";
      readonly pattern: Pattern;
      readonly items: PageItems;
      readonly start: Uint16Array;
    })
  /** Printable runs; the pages follow those of the message before of the same `scan`. */
  | (Asked & {
      readonly kind: "strings";
      readonly scan: number;
      readonly items: PageItems;
      /** Page address of each item. */
      readonly address: Float64Array;
      readonly wanted: StringsWanted;
      /** No more strings are of use. */
      readonly most: number;
      /** No page follows. */
      readonly isLast: boolean;
    })
  /** Figures of pages, each as often as it stands in the selection. */
  | (Asked & {
      readonly kind: "measure";
      readonly items: PageItems;
      readonly times: Uint32Array;
      /** `PAIRS` counts, of this thread alone: those of the pages are added when all of them have been read. */
      readonly pairs: Float64Array<SharedArrayBuffer>;
    })
  | (Pick<Asked, "id"> & { readonly kind: "forget"; readonly scan: number });

export interface StringsWanted {
  readonly leastLength: number;
  /** Those of any of these kinds; all when empty. */
  readonly kinds: readonly StringKind[];
}

/** A printable run. */
export interface FoundRun {
  readonly page: number;
  readonly offset: number;
  readonly encoding: "ascii" | "utf-16le";
  /** Characters; more than `text` has when it is long. */
  readonly length: number;
  readonly text: string;
}

export type FromFindWorker =
  | { readonly kind: "found"; readonly id: number; readonly findings: PackedFindings }
  | {
      readonly kind: "strings";
      readonly id: number;
      readonly strings: readonly FoundRun[];
      /** Where the first run begins that may go on. */
      readonly open: Pick<FoundRun, "page" | "offset"> | undefined;
    }
  | { readonly kind: "measured"; readonly id: number; readonly measured: MeasuredPages }
  | { readonly kind: "forgotten"; readonly id: number }
  | { readonly kind: "failed"; readonly id: number; readonly message: string; readonly code: string | undefined };

/** What was found in some of the items; nothing in all others. Item `rows[i]` has `data[ends[i − 1] … ends[i])`. */
export interface PackedFindings {
  readonly rows: Uint32Array;
  readonly ends: Uint32Array;
  readonly data: Int32Array<ArrayBuffer>;
}

export function packFindings(findings: Iterable<Int32Array>): PackedFindings {
  const rows: number[] = [];
  const ends: number[] = [];
  const data: number[] = [];
  let row = 0;
  for (const finding of findings) {
    if (finding.length > 0) {
      rows.push(row);
      for (const value of finding) data.push(value);
      ends.push(data.length);
    }
    row++;
  }
  return { rows: Uint32Array.from(rows), ends: Uint32Array.from(ends), data: Int32Array.from(data) };
}

/** @returns one finding for each item. */
export function unpackFindings({ rows, ends, data }: PackedFindings, items: number): Int32Array[] {
  const findings = new Array<Int32Array>(items).fill(NOTHING);
  rows.forEach((row, i) => {
    findings[row] = data.slice(i === 0 ? 0 : ends[i - 1], ends[i]);
  });
  return findings;
}

/** What most pages hold of a pattern. */
export const NOTHING = new Int32Array(0);

export function emptyItems(length: number): PageItems {
  return {
    page: new Uint32Array(length).fill(ZERO_PAGE),
    from: new Uint16Array(length),
    to: new Uint16Array(length).fill(4096),
  };
}
