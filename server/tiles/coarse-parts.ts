/**
 * Parts of a strip as cells of level 8, from which all coarser cells are added up: a tile of a terabyte and its ancestors
 * read each page's totals once, and of the next snapshot only the parts that have changed are measured. A cell of level 8
 * is a block of 16 pages, so it never stands on two mappings.
 *
 * Bytes: a cell takes 38, a part of 256 cells 9.5 KiB; the parts of 16 GiB are 10 MiB, of 64 GiB 38 MiB.
 */
import type { TileChannel } from "../../shared/channel/index.ts";
import { emptyCells } from "./cell-measure.ts";
import { CoarseCell, type KeptCells } from "./coarse-cell.ts";
import type { PageContents, StripSource } from "./contract.ts";
import { createSharedWork } from "./shared-work.ts";
import { fetchSpan, needsOf, spansOf } from "./span-contents.ts";

export const PART_LEVEL = 8;
export const PART_CELLS = 256;
/** Pages of a cell of that level. */
export const CELL_PAGES = 16;
export const PART_PAGES = PART_CELLS * CELL_PAGES;

export interface PartRequest {
  /** Names the content of source and contents for this channel, as of a tile. */
  readonly key: string;
  readonly source: StripSource;
  readonly contents: PageContents;
  readonly channel: TileChannel;
}

export interface CoarseParts {
  /** @param index of the part in strip order; behind the end of the strip its cells are gaps */
  part(request: PartRequest, index: number, signal: AbortSignal): Promise<KeptCells>;
}

/** @param most parts that are kept; none without it */
export function createCoarseParts(most = 0): CoarseParts {
  // Least recently used first: a Map keeps the order in which keys were set.
  const kept = new Map<string, KeptCells>();
  const work = createSharedWork<KeptCells>();

  async function make(key: string, request: PartRequest, index: number, signal: AbortSignal): Promise<KeptCells> {
    const cells = await measurePart(request, index, signal);
    if (most === 0) return cells;
    kept.set(key, cells);
    if (kept.size > most) kept.delete(kept.keys().next().value as string);
    return cells;
  }

  return {
    async part(request, index, signal) {
      const key = keyOf(request, index);
      const known = kept.get(key);
      if (!known) return work.join(key, (own) => make(key, request, index, own), signal);
      kept.delete(key);
      kept.set(key, known);
      return known;
    },
  };
}

function keyOf({ key, source, channel }: PartRequest, index: number): string {
  if (isOfContent(channel)) {
    const name = source.contentName?.(index * PART_PAGES, PART_PAGES);
    return name ?? `content/${index}/${key}`;
  }
  return `${channel}/${index}/${key}`;
}

/** Whether a tile shows nothing of why its pages need no look: then equal contents are equal tiles, whatever the snapshot. */
export function isOfContent(channel: string): boolean {
  return channel === "class" || channel === "value" || channel === "entropy" || channel === "ascii";
}

async function measurePart(
  { source, contents, channel }: PartRequest,
  index: number,
  signal: AbortSignal,
): Promise<KeptCells> {
  const cells: KeptCells = {
    state: new Uint8Array(PART_CELLS),
    leftTo: new Uint8Array(PART_CELLS),
    ...emptyCells(PART_CELLS),
  };
  const cell = new CoarseCell(channel);
  const first = index * PART_PAGES;
  const columns = await source.columns(first, PART_PAGES);
  const needs = needsOf(channel, PART_LEVEL);
  let rows = 0;
  for (const [from, to] of spansOf(columns)) {
    signal.throwIfAborted();
    const span = await fetchSpan(columns, from, to, contents, needs);
    for (let row = from; row < to; row++) {
      cell.addPage(span, row);
      if (++rows % CELL_PAGES === 0) cell.keep(cells, rows / CELL_PAGES - 1);
    }
  }
  return cells;
}
