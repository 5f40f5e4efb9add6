/**
 * Cuts one tile: asks the strip for rows, the store for the contents that their cells need, and paints. A coarse tile
 * may stand on millions of pages; it is cut in spans of rows, so that memory stays bounded and a cancelled request
 * stops at the next span. From 64 KiB per cell on it is added up from parts, which may be kept.
 */
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isPageChannel } from "../../shared/channel/index.ts";
import { pagesOfTile, TILE_CELLS, type Tile } from "../../shared/tile/index.ts";
import type { CutChannel } from "./cell-measure.ts";
import { CoarseCell, type Planes } from "./coarse-cell.ts";
import {
  CELL_PAGES,
  type CoarseParts,
  createCoarseParts,
  PART_CELLS,
  PART_LEVEL,
  PART_PAGES,
  type PartRequest,
} from "./coarse-parts.ts";
import type { PageContents, StripSource } from "./contract.ts";
import { BYTES_SPAN, fetchSpan, needsOf, SUMMARY_SPAN, spansOf } from "./span-contents.ts";
import { emptyPlanes, TilePainter } from "./tile-painter.ts";

/** 4^20 bytes per cell is a tebibyte: more than a strip can hold. */
export const MAX_LEVEL = 20;

export interface CutOptions {
  /** Stops the work between spans; the promise is then rejected with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Names source and contents for this channel, with parts that are kept. */
  readonly key?: string;
  readonly parts?: CoarseParts;
}

/**
 * @param channel `verdict` needs a source of a comparison: rank and `other` of its columns.
 * @param level 0 to 20: 4^level bytes per cell.
 * @param index of the tile in strip order; behind the end of the strip all cells are gaps.
 * @returns fresh planes. The same strip and contents give the same bytes, whatever was cut before.
 * @throws RangeError when there is no such level or index.
 */
export async function cutTile(
  source: StripSource,
  contents: PageContents,
  channel: CutChannel,
  level: number,
  index: number,
  { signal = new AbortController().signal, key = "", parts = createCoarseParts() }: CutOptions = {},
): Promise<Tile> {
  if (!Number.isInteger(level) || level < 0 || level > MAX_LEVEL) throw new RangeError(`there is no level ${level}`);
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`there is no tile ${index}`);
  const planes =
    level >= PART_LEVEL && channel !== "ways" && !isPageChannel(channel)
      ? await addUp({ key, source, contents, channel }, parts, level, index, signal)
      : await paint(source, contents, channel, level, index, signal);
  const { state, a, b } = planes;
  const digest = createHash("sha256").update(state).update(a).update(b).digest("hex");
  return { index, digest, state, a, b };
}

async function paint(
  source: StripSource,
  contents: PageContents,
  channel: CutChannel,
  level: number,
  index: number,
  signal: AbortSignal,
): Promise<Planes> {
  const painter = new TilePainter(channel, level);
  const first = index * pagesOfTile(level);
  const rows = Math.max(0, Math.min(source.end - first, pagesOfTile(level)));
  const needs = needsOf(channel, level);
  const step = needs.bytes || needs.changedBytes ? BYTES_SPAN : SUMMARY_SPAN;
  for (let done = 0; done < rows; done += step) {
    signal.throwIfAborted();
    const columns = await source.columns(first + done, Math.min(step, rows - done));
    for (const [from, to] of spansOf(columns)) {
      painter.paint(await fetchSpan(columns, from, to, contents, needs));
      // A long row of spans must let others have their turn, and the signal its chance to arrive.
      if (rows > step) await nextTurn();
      signal.throwIfAborted();
    }
  }
  painter.finish();
  return painter.planes;
}

/** Parts between two turns of others: 16,384 pages, as many as a span has. */
const PARTS_A_TURN = SUMMARY_SPAN / PART_PAGES;

/** Coarse cells from the cells of parts. */
async function addUp(
  request: PartRequest,
  parts: CoarseParts,
  level: number,
  index: number,
  signal: AbortSignal,
): Promise<Planes> {
  const planes = emptyPlanes();
  const cell = new CoarseCell(request.channel);
  const cellsPerCell = 4 ** (level - PART_LEVEL);
  const first = index * TILE_CELLS * cellsPerCell;
  const end = Math.min(first + TILE_CELLS * cellsPerCell, Math.ceil(request.source.end / CELL_PAGES));
  for (let at = first; at < end; at += PART_CELLS) {
    signal.throwIfAborted();
    const part = await parts.part(request, at / PART_CELLS, signal);
    for (let n = 0; n < Math.min(PART_CELLS, end - at); n++) {
      cell.addKept(part, n);
      const added = at + n + 1 - first;
      if (added % cellsPerCell === 0) cell.write(planes, added / cellsPerCell - 1);
    }
    if ((at / PART_CELLS) % PARTS_A_TURN === 0) await nextTurn();
  }
  // The strip may end within a cell.
  const behind = Math.max(0, end - first);
  if (behind % cellsPerCell > 0) cell.write(planes, Math.floor(behind / cellsPerCell));
  return planes;
}
