/**
 * What tiles are cut from: columns over a strip, and the contents of distinct pages. `tiles` knows neither the store
 * nor manifests; a snapshot and each side of a comparison are given to it in this form.
 */

/** As in a manifest: nothing recorded at the position; recorded, all zero. */
export { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";

/** One row per position of the range asked for. */
export interface StripColumns {
  /** Code of CELL_STATES; not loaded only while the dump is still arriving. */
  readonly cell: Uint8Array;
  /** Page number, `ZERO_PAGE`, or `NO_PAGE` where the cell is neither recorded nor filled. */
  readonly page: Uint32Array;
  /** Provenance code, or bits of ways; of a page left to a file `LEFT_TO_FILE` or `LEFT_TO_DELETED_FILE`; in a comparison 1 + verdict code, 0 = no verdict. */
  readonly rank: Uint8Array;
  /** In a comparison: the page of the other side at the same place (as `page`); empty otherwise. */
  readonly other: Uint32Array;
  /** Pages of which a part is known, by row: known bytes [from, to) within the page; the rest shows as `missing`. */
  readonly partial: ReadonlyMap<number, readonly [number, number]>;
}

export interface StripSource {
  /** First position behind the strip, in pages; whatever lies behind is gap. */
  readonly end: number;
  /** @returns fresh columns for [from, from + count); positions behind the end are gap. */
  columns(from: number, count: number): Promise<StripColumns>;
  /**
   * Names what the columns of these rows hold, ranks left aside: equal names, equal cells, in whatever snapshot of the
   * store. `undefined` where it is not known without reading the rows.
   */
  contentName?(from: number, count: number): string | undefined;
}

/** Contents of distinct pages, each checked against its hash. Rows in the order asked for; `pages` holds page numbers only. */
export interface PageContents {
  /** 4,096 bytes a page. */
  bytes(pages: Uint32Array): Promise<Uint8Array>;
  /** 416 bytes a page: see `shared/summary`. The result is 2-byte aligned. */
  summaries(pages: Uint32Array): Promise<Uint8Array>;
  /** 36 bytes a page: see `shared/summary`. The result is 4-byte aligned. */
  totals(pages: Uint32Array): Promise<Uint8Array>;
}
