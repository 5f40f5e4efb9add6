/**
 * Cuts one tile: asks the strip for rows, the store for the contents that their cells need, and paints. A coarse tile
 * may stand on millions of pages; it is cut in spans of rows, so that memory stays bounded and a cancelled request
 * stops at the next span.
 */
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { pagesOfTile, type Tile } from "../../shared/tile/index.ts";
import type { CutChannel } from "./cell-measure.ts";
import type { PageContents, StripColumns, StripSource } from "./contract.ts";
import { BYTES_SPAN, distinctPages, fetchBytes, fetchSummaries, fetchTotals, SUMMARY_SPAN } from "./span-contents.ts";
import { CHANGED_RANK, hasBytes, PAGE_LEVEL, type Span, SUMMARY_LEVEL, stateOf, TilePainter } from "./tile-painter.ts";

/** 4^20 bytes per cell is a tebibyte: more than a strip can hold. */
export const MAX_LEVEL = 20;

/**
 * @param channel `verdict` needs a source of a comparison: rank and `other` of its columns.
 * @param level 0 to 20: 4^level bytes per cell.
 * @param index of the tile in strip order; behind the end of the strip all cells are gaps.
 * @param signal stops the work between spans; the promise is then rejected with its reason.
 * @returns fresh planes. The same strip and contents give the same bytes, whatever was cut before.
 * @throws RangeError when there is no such level or index.
 */
export async function cutTile(
  source: StripSource,
  contents: PageContents,
  channel: CutChannel,
  level: number,
  index: number,
  signal?: AbortSignal,
): Promise<Tile> {
  if (!Number.isInteger(level) || level < 0 || level > MAX_LEVEL) throw new RangeError(`there is no level ${level}`);
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`there is no tile ${index}`);
  const painter = new TilePainter(channel, level);
  const first = index * pagesOfTile(level);
  const rows = Math.max(0, Math.min(source.end - first, pagesOfTile(level)));
  const needs = needsOf(channel, level);
  const step = needs.bytes || needs.changedBytes ? BYTES_SPAN : SUMMARY_SPAN;
  for (let done = 0; done < rows; done += step) {
    signal?.throwIfAborted();
    const columns = await source.columns(first + done, Math.min(step, rows - done));
    for (const [from, to] of spansOf(columns)) {
      painter.paint(await fetchSpan(columns, from, to, contents, needs));
      // A long row of spans must let others have their turn, and the signal its chance to arrive.
      if (rows > step) await nextTurn();
      signal?.throwIfAborted();
    }
  }
  painter.finish();
  const { state, a, b } = painter;
  const digest = createHash("sha256").update(state).update(a).update(b).digest("hex");
  return { index, digest, state, a, b };
}

const NO_PAGES = new Uint32Array(0);

interface Needs {
  /** Bytes of every page that has some. */
  readonly bytes: boolean;
  /** Bytes of pages of which only a part is known. */
  readonly partialBytes: boolean;
  /** Bytes of both sides of changed pages. */
  readonly changedBytes: boolean;
  readonly summaries: boolean;
  readonly totals: boolean;
}

function needsOf(channel: CutChannel, level: number): Needs {
  const none = { bytes: false, partialBytes: false, changedBytes: false, summaries: false, totals: false };
  if (channel === "verdict") return { ...none, changedBytes: level < PAGE_LEVEL };
  if (channel === "ways") return none;
  const bytes = channel !== "entropy" && level < SUMMARY_LEVEL;
  const totals = level >= PAGE_LEVEL;
  return { ...none, bytes, partialBytes: true, summaries: !bytes && !totals, totals };
}

/** Ranges of rows with at most `BYTES_SPAN` partly known pages each: a hostile dump may hold nothing else. */
function* spansOf(columns: StripColumns): Generator<[number, number]> {
  const rows = columns.cell.length;
  if (columns.partial.size <= BYTES_SPAN) {
    yield [0, rows];
    return;
  }
  const partial = Uint32Array.from(columns.partial.keys()).sort();
  let from = 0;
  for (let i = BYTES_SPAN; i < partial.length; i += BYTES_SPAN) {
    yield [from, partial[i]];
    from = partial[i];
  }
  yield [from, rows];
}

async function fetchSpan(
  columns: StripColumns,
  from: number,
  to: number,
  contents: PageContents,
  needs: Needs,
): Promise<Span> {
  const { partial } = columns;
  const isWithBytes = (row: number) => hasBytes(stateOf(columns, row));
  const isPartial = (row: number) => partial.size > 0 && partial.has(row);
  const isChanged = (row: number) => columns.rank[row] === CHANGED_RANK;
  const wantsBytes = needs.changedBytes
    ? isChanged
    : (row: number) => isWithBytes(row) && (needs.bytes || isPartial(row));
  const mayWantBytes = needs.bytes || needs.changedBytes || (needs.partialBytes && partial.size > 0);
  const wanted = (column: Uint32Array, mayWant: boolean, isWanted: (row: number) => boolean) =>
    mayWant ? distinctPages(column, from, to, isWanted) : NO_PAGES;
  const isWhole = (row: number) => isWithBytes(row) && !isPartial(row);
  const [bytes, other, summaries, totals] = await Promise.all([
    fetchBytes(contents, wanted(columns.page, mayWantBytes, wantsBytes)),
    fetchBytes(contents, wanted(columns.other, needs.changedBytes, isChanged)),
    fetchSummaries(contents, wanted(columns.page, needs.summaries, isWhole)),
    fetchTotals(contents, wanted(columns.page, needs.totals, isWhole)),
  ]);
  return { columns, from, to, bytes, other, summaries, totals };
}
