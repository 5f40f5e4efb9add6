/**
 * The lines of a mapping: rows of bytes where some side has bytes, one line for a run of pages without. Lines have no
 * number, because what lies between is not known until it is looked at: a line is named by page and row, and its
 * neighbours are found from it. So a mapping of terabytes costs what is looked at.
 */
import { bisect, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import { BLOCK_PAGES } from "../../shared/strip/index.ts";
import { cellStateCode } from "../../shared/tile/index.ts";
import type { HexMapping, HexSide } from "./bytes-source.ts";

/** Bytes in a row: 16, in a very wide window 32, where two sides share a narrow one 8. */
export type RowBytes = 8 | 16 | 32;
/** Pages that a folded line reaches at most: beyond it another one goes on, so that finding its end stays quick. */
const MOST_FOLDED = 65_536;

const RECORDED = cellStateCode("recorded");
const FILLED = cellStateCode("filled");

export type Line =
  | { readonly kind: "bytes"; readonly page: PageAddress; readonly row: number }
  /** `pages` from `page` on are all in one state on each side; codes of CELL_STATES. */
  | { readonly kind: "fold"; readonly page: PageAddress; readonly pages: number; readonly states: readonly number[] }
  /** Whether the page has bytes is not known yet. */
  | { readonly kind: "unknown"; readonly page: PageAddress };

export interface Lines {
  /** The line that holds a row of a page. */
  at(page: PageAddress, row: number): Line;
  /** `undefined` behind the last and before the first. */
  next(line: Line): Line | undefined;
  previous(line: Line): Line | undefined;
}

export function linesOf(mapping: HexMapping, sides: readonly HexSide[], rowBytes: RowBytes = 16): Lines {
  const end = mapping.start + mapping.pages;
  const pageRows = PAGE_SIZE / rowBytes;

  /** Codes of CELL_STATES, per side; "bytes" when any side has some, not known while a side may still turn out to. */
  const statesOf = (page: number): readonly number[] | "bytes" | undefined => {
    if (!isShown(mapping, page)) return mapping.unshown;
    const states: number[] = [];
    for (const { source } of sides) {
      const state = source.stateOf(mapping.space, page as PageAddress);
      if (state === RECORDED || state === FILLED) return "bytes";
      if (state !== undefined) states.push(state);
    }
    return states.length < sides.length ? undefined : states;
  };
  const isSame = (page: number, states: readonly number[]) => {
    const other = statesOf(page);
    return typeof other === "object" && states.every((state, side) => state === other[side]);
  };

  const lineAt = (page: number, row: number): Line => {
    const states = statesOf(page);
    if (states === undefined) return { kind: "unknown", page: page as PageAddress };
    if (states === "bytes") return { kind: "bytes", page: page as PageAddress, row };
    const isUnshown = states.every((state, side) => state === mapping.unshown[side]);
    let first = page;
    let last = page + 1;
    const floor = Math.max(mapping.start, page - MOST_FOLDED);
    const ceiling = Math.min(end, page + MOST_FOLDED);
    while (first > floor) {
      const hidden = hiddenBefore(mapping, first);
      if (hidden < first && isUnshown) first = Math.max(mapping.start, hidden);
      else if (isSame(first - 1, states)) first--;
      else break;
    }
    while (last < ceiling) {
      const hidden = hiddenAfter(mapping, last);
      if (hidden > last && isUnshown) last = Math.min(end, hidden);
      else if (isSame(last, states)) last++;
      else break;
    }
    return { kind: "fold", page: first as PageAddress, pages: last - first, states };
  };

  return {
    at: lineAt,
    next(line) {
      if (line.kind === "bytes" && line.row + 1 < pageRows) return { ...line, row: line.row + 1 };
      const page = line.page + (line.kind === "fold" ? line.pages : 1);
      return page < end ? lineAt(page, 0) : undefined;
    },
    previous(line) {
      if (line.kind === "bytes" && line.row > 0) return { ...line, row: line.row - 1 };
      return line.page > mapping.start ? lineAt(line.page - 1, pageRows - 1) : undefined;
    },
  };
}

function isShown(mapping: HexMapping, page: number): boolean {
  const block = Math.floor((page - mapping.start) / BLOCK_PAGES);
  const range = lastShownFrom(mapping, block);
  return range !== undefined && block < range.end;
}

function lastShownFrom(mapping: HexMapping, block: number) {
  return mapping.shown[bisect(mapping.shown.length, (i) => mapping.shown[i].start <= block) - 1];
}

/** First page behind the blocks from `page` on that are not shown; `page` itself when its block is. */
function hiddenAfter(mapping: HexMapping, page: number): number {
  if (isShown(mapping, page)) return page;
  const block = Math.floor((page - mapping.start) / BLOCK_PAGES);
  const next = mapping.shown.find((range) => range.start > block);
  return next ? mapping.start + next.start * BLOCK_PAGES : mapping.start + mapping.pages;
}

/** First page of the blocks before `page` that are not shown; `page` when the one before it is. */
function hiddenBefore(mapping: HexMapping, page: number): number {
  if (isShown(mapping, page - 1)) return page;
  const range = lastShownFrom(mapping, Math.floor((page - 1 - mapping.start) / BLOCK_PAGES));
  return range ? mapping.start + range.end * BLOCK_PAGES : mapping.start;
}
