/**
 * What of a dump is here, as a picture: its description laid as an ingest would lay it, with provisional page numbers
 * and nothing explained. A picture never changes; when the file has grown another one is made.
 */
import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { ArrivingPicture as ApiPicture } from "../../shared/api/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import { type ManifestColumns, NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { BLOCK_PAGES } from "../../shared/strip/index.ts";
import { cellStateCode, pagesOfTile } from "../../shared/tile/index.ts";
import { arrivingStrip, laidContents, type SnapshotStrip } from "../inspect/index.ts";
import { layDump } from "../lay/index.ts";
import { type ByteSource, type DumpDescription, type PageRuns, RUN_KINDS, recogniseDump } from "../readers/index.ts";
import type { ChunkPlace, LaidPages } from "../store/index.ts";
import { arrivedRuns, firstNumbers } from "./arrived-runs.ts";
import { type ArrivingPages, arrivingPages } from "./arriving-pages.ts";
import type { KeptSummaries } from "./kept-summaries.ts";

/** 64 GiB of recorded memory: 9 B a page while it is laid, 5 B of them for as long as it is looked at. */
const MOST_PAGES = 2 ** 24;
/** Rows of the strip that are looked at in one piece. */
const STEP = 16_384;

const ZERO_WITHOUT_BYTES = RUN_KINDS.indexOf("zero");
const BYTES = RUN_KINDS.indexOf("bytes");
const NOT_HERE = cellStateCode("not-loaded");

export interface HeldChunk extends ChunkPlace {
  readonly held: ManifestColumns;
}

export interface ArrivingPicture {
  readonly laid: LaidPages<HeldChunk>;
  readonly strip: SnapshotStrip;
  readonly pages: ArrivingPages;
  readonly detail: ApiPicture;
  /** All of the file was here when it was drawn. */
  readonly isWhole: boolean;
  /** Names the strip and what stands at its places, but for what has come: the first part of `detail.content`. */
  readonly layout: string;
  /** Names what a tile covers: it stays the same until a page of the tile has come. */
  tileContent(level: number, index: number): string;
}

export interface PictureOptions {
  readonly asRaw: boolean;
  readonly base: bigint;
  /** All of the file is here: what is lost now does not come any more. */
  readonly isWhole: boolean;
}

/**
 * @param source what is here now of `file`, from which pages are read.
 * @throws DumpError of the readers, also when too little is here to tell what it is; `limit-met`
 */
export async function drawArriving(
  source: ByteSource,
  file: FileHandle,
  kept: KeptSummaries,
  { asRaw, base, isWhole }: PictureOptions,
): Promise<ArrivingPicture> {
  const reader = await recogniseDump(source, { asRaw });
  const described = await reader.read(source, { base, keepCut: true });
  const runs = isWhole ? described.runs : arrivedRuns(described.runs, source.size);
  const description = { ...described, runs };
  const first = firstNumbers(runs);
  const recorded = first[runs.length];
  if (recorded > MOST_PAGES)
    throw new DumpError(
      "limit-met",
      `The dump records ${recorded} pages; before it is committed it is shown up to ${MOST_PAGES}`,
      { pages: recorded, limit: MOST_PAGES },
    );
  const dump = layDump<HeldChunk>(description, numbered(runs, first), (_mapping, start, held) => ({
    start,
    rows: held.state.length,
    held,
  }));
  const laid: LaidPages<HeldChunk> = {
    // What a reader says of a cut is no fact of a dump that is still arriving.
    facts: isWhole
      ? described.facts
      : { ...described.facts, notes: described.facts.notes.filter((note) => !described.lost.includes(note)) },
    laid: dump.laid,
    segmentMaps: dump.segmentMaps,
    hasMappings: described.mappings !== null,
    columns: ({ held }) => held,
  };
  const strip = arrivingStrip(laid, isWhole);
  const missing = await notHere(strip);
  const layout = layoutOf(laid, described);
  const { present, zero } = dump.totals;
  const here = present + zero;
  return {
    laid,
    strip,
    isWhole,
    layout,
    pages: arrivingPages(file, runs, first, kept),
    detail: {
      ...laidContents(laid),
      content: `${layout}-${here}-${missing[missing.length - 1]}`,
      format: described.format,
      mappings: described.mappings?.length ?? null,
      pages: dump.totals,
      here,
      recorded: here + dump.totals.inParent + lostPages(runs),
      lost: isWhole ? dump.totals.absent.missing - dump.unresolved : 0,
    },
    tileContent(level, index) {
      const blocks = pagesOfTile(level) / BLOCK_PAGES;
      const last = missing.length - 1;
      const end = missing[Math.min(last, (index + 1) * blocks)];
      return `${layout} ${end - missing[Math.min(last, index * blocks)]}`;
    },
  };
}

function numbered(runs: PageRuns, first: Float64Array) {
  const page = new Uint32Array(first[runs.length]).fill(NO_PAGE);
  for (let run = 0; run < runs.length; run++) {
    if (runs.kind[run] === ZERO_WITHOUT_BYTES) page.fill(ZERO_PAGE, first[run], first[run + 1]);
    else if (runs.kind[run] === BYTES) for (let row = first[run]; row < first[run + 1]; row++) page[row] = row;
  }
  return { first, page };
}

function lostPages(runs: PageRuns): number {
  const lost = RUN_KINDS.indexOf("lost");
  let pages = 0;
  for (let run = 0; run < runs.length; run++) if (runs.kind[run] === lost) pages += runs.count[run];
  return pages;
}

/**
 * How many pages before each block of the strip are not here, and at last before its end. While the layout stays, a
 * page goes from here-not to whatever it is and never back: equal counts are equal cells.
 */
async function notHere(strip: SnapshotStrip): Promise<Uint32Array> {
  const before = new Uint32Array(Math.ceil(strip.end / BLOCK_PAGES) + 1);
  let count = 0;
  for (let from = 0; from < strip.end; from += STEP) {
    const { cell } = await strip.columns(from, Math.min(STEP, strip.end - from));
    for (let row = 0; row < cell.length; row++) {
      if (cell[row] === NOT_HERE) count++;
      if ((row + 1) % BLOCK_PAGES === 0 || row + 1 === cell.length)
        before[Math.ceil((from + row + 1) / BLOCK_PAGES)] = count;
    }
  }
  return before;
}

/** A digest of what a picture lays where, and of why mappings have no bytes: all but which pages have come. */
function layoutOf({ laid }: LaidPages<HeldChunk>, { format }: DumpDescription): string {
  const hash = createHash("sha256").update(format);
  for (const { mapping, shown } of laid) {
    const length = mapping.range.end - mapping.range.start;
    hash.update(`\n${mapping.space} ${mapping.spaceStart} ${length} ${mapping.absent} ${shown.join(" ")}`);
  }
  return hash.digest("hex").slice(0, 16);
}
