/** Levels at which what a cell is changes, and the rank of what changed. */
import { verdictCode } from "../../shared/provenance/index.ts";
import type { CutChannel } from "./cell-measure.ts";

/** Level at which a cell is a page. */
export const PAGE_LEVEL = 6;
/** Level from which on summaries suffice for classes and values: 64 bytes per cell. */
export const SUMMARY_LEVEL = 3;
/** Level of one entropy window per cell. */
export const WINDOW_LEVEL = 4;

/**
 * The level from which on summaries suffice. Records count classes per 256 bytes; of 64 they know only the dominant one,
 * so the share of ASCII there is counted from bytes: 4 MiB for a tile, no more than a tile of bytes takes to be sent.
 */
export function summaryLevel(channel: CutChannel): number {
  return channel === "ascii" ? WINDOW_LEVEL : SUMMARY_LEVEL;
}

/** The rank of a changed page in the verdict channel. */
export const CHANGED_RANK = 1 + verdictCode("changed");
