/**
 * Codes for the rows of a manifest: a byte a row, made once for a snapshot and a channel, whatever the level that is
 * looked at. They come from columns alone; no page is read.
 */

import { MOST_CODE, type PageChannel } from "../../shared/channel/index.ts";
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { type PageState, stateCode } from "../../shared/snapshot/index.ts";
import type { ChunkRef, LaidManifest, Manifest } from "../store/index.ts";

/** Of a row of which no content is recorded. */
export const NO_CODE = 255;

/** A code as a legend tells it. */
export interface CodeRow {
  readonly code: number;
  /** In the address of a view; letters and digits. */
  readonly name: string;
  readonly title: string;
  /** What the title is short for. */
  readonly hint: string | null;
  /** Recorded pages of the snapshot with this code. */
  readonly pages: number;
}

/** The same of both sides of a comparison. */
export interface BothRow extends Omit<CodeRow, "pages"> {
  readonly pages: Readonly<Record<"a" | "b", number>>;
}

export interface PageCodes {
  /** By row of the manifest, up to MOST_CODE; `NO_CODE` where no content is recorded. */
  readonly codes: Uint8Array;
  /** Codes that there are, in the order of the legend. */
  readonly rows: readonly CodeRow[];
}

const CONTENT_STATES: readonly PageState[] = ["data", "zero", "parent", "parent-zero"];
const [DATA, ZERO, PARENT, PARENT_ZERO] = CONTENT_STATES.map(stateCode);

/** The page number of a row's content, `ZERO_PAGE`, or `NO_PAGE` where none is recorded. */
export function contentOf(state: number, page: number): number {
  if (state === DATA || state === PARENT) return page;
  return state === ZERO || state === PARENT_ZERO ? ZERO_PAGE : NO_PAGE;
}

export function rowsOf({ laid }: Pick<Manifest, "laid">): number {
  return laid.reduce((sum, { chunks }) => chunks.reduce((rows, chunk) => rows + chunk.rows, sum), 0);
}

/** Every chunk of a manifest with what it is laid with, in the order of rows. */
export function* chunksOf({ laid }: Pick<Manifest, "laid">): Generator<readonly [LaidManifest, ChunkRef]> {
  for (const entry of laid) for (const chunk of entry.chunks) yield [entry, chunk];
}

/** Recorded pages by code. */
export function countCodes(codes: Uint8Array): Float64Array {
  const counts = new Float64Array(256);
  for (let row = 0; row < codes.length; row++) counts[codes[row]]++;
  return counts;
}

/** The rows of both sides, in the order of a legend; a code that one side alone has counts none on the other. */
export function rowsOfBoth(channel: PageChannel, a: readonly CodeRow[], b: readonly CodeRow[]): BothRow[] {
  const byCode = new Map<number, BothRow>();
  for (const { pages, ...row } of a) byCode.set(row.code, { ...row, pages: { a: pages, b: 0 } });
  for (const { pages, ...row } of b)
    byCode.set(row.code, { ...row, pages: { a: byCode.get(row.code)?.pages.a ?? 0, b: pages } });
  return [...byCode.values()].sort((x, y) => placeInLegend(channel, x.code) - placeInLegend(channel, y.code));
}

function placeInLegend(channel: PageChannel, code: number): number {
  switch (channel) {
    case "permissions":
      return -code;
    // What is in no file, or in no mapping, is last.
    case "file":
    case "kind":
      return code === 0 ? MOST_CODE + 1 : code;
    case "changes":
    case "first-seen":
      return code;
    default:
      return channel satisfies never;
  }
}
