/** Levels at which what a cell is changes, and the rank of what changed. */
import { verdictCode } from "../../shared/provenance/index.ts";

/** Level at which a cell is a page. */
export const PAGE_LEVEL = 6;
/** Level from which on summaries suffice for classes and values: 64 bytes per cell. */
export const SUMMARY_LEVEL = 3;
/** Level of one entropy window per cell. */
export const WINDOW_LEVEL = 4;

/** The rank of a changed page in the verdict channel. */
export const CHANGED_RANK = 1 + verdictCode("changed");
