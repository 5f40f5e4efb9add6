/**
 * A pack: an immutable file of frames with its own table; beside it, once they are made, a file of summaries, frame by
 * frame. Both are little-endian:
 *
 *     "DSPK" | "DSSM", u32 version, frames …, table, footer
 *     table   u32 frames, u32 rows, frames × (u32 offset, u32 bytes, u32 first row, u32 codec)
 *             packs: rows × u32 page number (ascending), rows × 32 B page hash
 *             summaries: u32 offset, u32 bytes, u32 codec of the totals of all rows; old ones have none
 *     footer  u32 table offset, u32 table bytes, "KPSD"
 *
 * A pack's name is the SHA-256 of all but its frames: its page hashes vouch for these, and a frame is never used without
 * being checked against them. Hashing the frames once more would cost a tenth of a first ingest.
 * Offsets fit 32 bits because a pack is closed at 16,384 pages (64 MiB of content).
 */
import { createHash } from "node:crypto";
import { DumpError } from "../../shared/errors/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { SUMMARY_BYTES, TOTALS_BYTES, totalsOfSummaries } from "../../shared/summary/index.ts";
import { compressFrame, type Effort, expandFrame, FRAME_PAGES, type Frame } from "../frames/index.ts";
import type { BlobKind, BlobName, Blobs, BlobWriter } from "./blobs.ts";

/** A full pack's table is 16,384 × 36 B = 576 KiB. */
export const PACK_PAGES = 16_384;
const FOOTER = 12;
/** Offset, bytes and codec of the totals. */
const TOTALS_PLACE = 12;
/** A pack is closed at the frame that reaches `PACK_PAGES`. */
const MOST_ROWS = PACK_PAGES + FRAME_PAGES;
/** Packs that wait for the disk when it is slower than what is read. */
const BEHIND = 1;

/** First and last page number of a pack; gc may have taken some out in between. */
export interface PageRange {
  readonly firstPage: number;
  readonly lastPage: number;
}

export interface PackInfo extends PageRange {
  readonly name: BlobName;
  /** `null` until they are made: then they are computed from the pages whenever they are asked for. */
  readonly summaries: BlobName | null;
  readonly pages: number;
}

/** Pages of one frame on their way into a pack. Nothing of it is kept: it may be a view over a shared buffer. */
export interface FilledFrame {
  readonly contents: Frame;
  /** Page numbers, ascending, above all before. */
  readonly pages: Uint32Array;
  /** 32 bytes a page. */
  readonly hashes: Uint8Array;
}

/** Writes packs one after another, syncing each beside the next; `finish` closes the last one. */
export interface PackWriter {
  /**
   * What the next frames are worth while somebody waits. The first pack is compressed: most dumps fill no second one, and
   * need not be packed again to be small. Of a large dump the processors are the limit, so its pages are stored as they
   * are, as long as the disk takes them: when packs wait to be synced, it is the disk, and less to write is faster.
   */
  readonly effort: Effort;
  append(frame: FilledFrame): void;
  /** The next frame begins another pack. */
  close(): void;
  finish(): Promise<readonly PackInfo[]>;
  /** Settles when nothing of it writes any more. */
  abandon(): Promise<void>;
}

export function createPackWriter(blobs: Blobs): PackWriter {
  const closing: Promise<PackInfo>[] = [];
  let syncing = 0;
  const pages = new Uint32Array(PACK_PAGES + FRAME_PAGES);
  const hashes = new Uint8Array(pages.length * 32);
  let rows = 0;
  let current: Column | undefined;

  function close(): void {
    if (!current) return;
    const [firstPage, lastPage, count] = [pages[0], pages[rows - 1], rows];
    const column = current.finish(rows, [new Uint8Array(pages.buffer, 0, rows * 4), hashes.subarray(0, rows * 32)]);
    const closed = column.then((name) => ({ name, summaries: null, firstPage, lastPage, pages: count }));
    // Awaited at the end; a full disk must not count as unhandled until then.
    syncing++;
    closed.then(
      () => syncing--,
      () => syncing--,
    );
    closing.push(closed);
    current = undefined;
    rows = 0;
  }

  return {
    get effort() {
      return closing.length === 0 || syncing > BEHIND ? "fast" : "stored";
    },
    append(frame) {
      current ??= openColumn(blobs, "packs");
      current.append(frame.contents, rows);
      pages.set(frame.pages, rows);
      hashes.set(frame.hashes, rows * 32);
      rows += frame.pages.length;
      if (rows >= PACK_PAGES) close();
    },
    close,
    finish() {
      close();
      return Promise.all(closing);
    },
    async abandon() {
      current?.abandon();
      current = undefined;
      await Promise.allSettled(closing);
    },
  };
}

/** The summaries of a pack: one frame of records for each of its frames, then the totals of all its pages in one. */
export async function writeSummaries(
  blobs: Blobs,
  table: PackTable,
  summariesOf: (frame: number) => Uint8Array,
): Promise<BlobName> {
  const column = openColumn(blobs, "summaries");
  const totals = new Uint8Array(table.rows * TOTALS_BYTES);
  try {
    for (let frame = 0; frame < table.frames.length / 4; frame++) {
      const summaries = summariesOf(frame);
      const [firstRow] = frameRows(table, frame);
      column.append(compressFrame(summaries, "dense"), firstRow);
      totals.set(totalsOfSummaries(summaries), firstRow * TOTALS_BYTES);
    }
    const place = column.appendBeside(compressFrame(totals, "dense"));
    return await column.finish(table.rows, [new Uint8Array(place.buffer)]);
  } catch (error) {
    column.abandon();
    throw error;
  }
}

interface Column {
  append(frame: Frame, firstRow: number): void;
  /** A frame that is none of the rows. @returns its offset, bytes and codec */
  appendBeside(frame: Frame): Uint32Array<ArrayBuffer>;
  /** Takes the tail at once; syncs beside what else is done. */
  finish(rows: number, tail: readonly Uint8Array[]): Promise<BlobName>;
  abandon(): void;
}

function openColumn(blobs: Blobs, kind: "packs" | "summaries"): Column {
  const writer: BlobWriter = blobs.create(kind);
  const head = new Uint8Array(8);
  head.set(new TextEncoder().encode(kind === "packs" ? "DSPK" : "DSSM"));
  head[4] = 1;
  writer.append(head);
  const frames: number[] = [];
  return {
    append(frame, firstRow) {
      frames.push(writer.bytes, frame.bytes.length, firstRow, frame.codec);
      if (kind === "packs") writer.appendVouched(frame.bytes);
      else writer.append(frame.bytes);
    },
    appendBeside({ bytes, codec }) {
      const place = Uint32Array.of(writer.bytes, bytes.length, codec);
      writer.append(bytes);
      return place;
    },
    finish(rows, tail) {
      const offset = writer.bytes;
      writer.append(new Uint8Array(Uint32Array.of(frames.length / 4, rows, ...frames).buffer));
      for (const piece of tail) writer.append(piece);
      const footer = new Uint8Array(FOOTER);
      const view = new DataView(footer.buffer);
      view.setUint32(0, offset, true);
      view.setUint32(4, writer.bytes - offset, true);
      footer.set(new TextEncoder().encode("KPSD"), 8);
      writer.append(footer);
      return writer.finishBeside();
    },
    abandon: () => writer.abandon(),
  };
}

export interface PackTable {
  readonly rows: number;
  /** frames × 4: offset, bytes, first row, codec. */
  readonly frames: Uint32Array;
  /** Ascending; empty for summaries. */
  readonly pages: Uint32Array;
  /** 32 bytes a row; empty for summaries. */
  readonly hashes: Uint8Array;
  /** Of summaries: where the totals of all rows lie; `undefined` where none were kept. */
  readonly totals: { readonly offset: number; readonly bytes: number; readonly codec: number } | undefined;
}

function damaged(kind: BlobKind, name: BlobName, what: string): DumpError {
  return new DumpError("store-damaged", `${kind}/${name}: ${what}`, { blob: `${kind}/${name}` });
}

function placeOfTable(
  blobs: Blobs,
  kind: "packs" | "summaries",
  name: BlobName,
): { readonly offset: number; readonly length: number } {
  const size = blobs.size(kind, name);
  if (size < 8 + FOOTER) throw damaged(kind, name, "shorter than its head and footer");
  const footer = blobs.read(kind, name, size - FOOTER, FOOTER);
  const view = new DataView(footer.buffer);
  const offset = view.getUint32(0, true);
  const length = view.getUint32(4, true);
  const isFooter = new TextDecoder().decode(footer.subarray(8)) === "KPSD";
  if (!isFooter || offset < 8 || offset + length + FOOTER !== size || length < 8)
    throw damaged(kind, name, "the footer is not one");
  return { offset, length };
}

/** @throws DumpError `store-damaged` */
export function readPackTable(blobs: Blobs, kind: "packs" | "summaries", name: BlobName): PackTable {
  const { offset, length } = placeOfTable(blobs, kind, name);
  const table = blobs.read(kind, name, offset, length);
  const numbers = new DataView(table.buffer);
  const frameCount = numbers.getUint32(0, true);
  const rows = numbers.getUint32(4, true);
  const at = 8 + frameCount * 16;
  const isWhole =
    kind === "packs" ? at + rows * 36 === length : at === length || (at + TOTALS_PLACE === length && rows <= MOST_ROWS);
  if (!isWhole) throw damaged(kind, name, "the table does not fill its place");
  const frames = new Uint32Array(table.buffer, 8, frameCount * 4);
  if (kind === "packs") {
    const pages = new Uint32Array(table.buffer, at, rows);
    return { rows, frames, pages, hashes: table.subarray(at + rows * 4), totals: undefined };
  }
  const [start, bytes, codec] = new Uint32Array(table.buffer, at, (length - at) / 4);
  const totals = at === length ? undefined : { offset: start, bytes, codec };
  return { rows, frames, pages: new Uint32Array(0), hashes: new Uint8Array(0), totals };
}

/** The totals of all rows of summaries that keep them, 36 bytes each. @throws DumpError `store-damaged` */
export function readTotals(blobs: Blobs, name: BlobName, { rows, totals }: PackTable): Uint8Array {
  if (!totals) throw new Error(`summaries/${name} keep no totals`);
  const stored = blobs.read("summaries", name, totals.offset, totals.bytes);
  let content: Uint8Array | undefined;
  try {
    content = expandFrame(totals.codec, stored, rows * TOTALS_BYTES);
  } catch (cause) {
    const what = `summaries/${name}: the totals cannot be unpacked`;
    throw new DumpError("store-damaged", what, { blob: `summaries/${name}` }, { cause });
  }
  if (content.length !== rows * TOTALS_BYTES) throw damaged("summaries", name, "the totals have another length");
  return content;
}

/** The name that a pack has to have by its head, table and footer as they are on disk now. @throws DumpError `store-damaged` */
export function nameOfPack(blobs: Blobs, name: BlobName): BlobName {
  const { offset } = placeOfTable(blobs, "packs", name);
  return createHash("sha256")
    .update(blobs.read("packs", name, 0, 8))
    .update(blobs.read("packs", name, offset, blobs.size("packs", name) - offset))
    .digest("hex");
}

/** Where the page hashes of a pack lie, and which row is which page's. */
export interface HashColumn {
  /** Byte of the pack. */
  readonly offset: number;
  readonly rows: number;
  /** −1 for a page that is not here. */
  rowOf(page: number): number;
}

/** Reads the head of the table, and its page numbers only when some are missing in between. */
export function hashColumn(blobs: Blobs, pack: { readonly name: BlobName } & PageRange): HashColumn {
  const { offset, length } = placeOfTable(blobs, "packs", pack.name);
  const [frames, rows] = new Uint32Array(blobs.read("packs", pack.name, offset, 8).buffer);
  const pagesAt = offset + 8 + frames * 16;
  if (8 + frames * 16 + rows * 36 !== length) throw damaged("packs", pack.name, "the table does not fill its place");
  const isDense = pack.lastPage - pack.firstPage + 1 === rows;
  const pages = isDense ? undefined : new Uint32Array(blobs.read("packs", pack.name, pagesAt, rows * 4).buffer);
  return {
    offset: pagesAt + rows * 4,
    rows,
    rowOf: (page) => (pages ? rowOfPage(pages, page) : page - pack.firstPage),
  };
}

/** Row of a page among ascending page numbers, or −1. */
export function rowOfPage(pages: Uint32Array, page: number): number {
  // Dense unless gc has taken pages out.
  const guess = page - pages[0];
  if (guess < pages.length && pages[guess] === page) return guess;
  const row = bisect(pages.length, (i) => pages[i] < page);
  return row < pages.length && pages[row] === page ? row : -1;
}

/** Rows of a frame, [first, end). */
export function frameRows(table: PackTable, frame: number): readonly [number, number] {
  const end = frame * 4 + 4 < table.frames.length ? table.frames[frame * 4 + 6] : table.rows;
  return [table.frames[frame * 4 + 2], end];
}

/** The frame that holds a row. */
export function frameOfRow(table: PackTable, row: number): number {
  return bisect(table.frames.length / 4, (i) => table.frames[i * 4 + 2] <= row) - 1;
}

/**
 * The content of a frame, every page of a pack checked against its hash.
 * @throws DumpError `store-damaged` naming pack and page
 */
export function readFrame(
  blobs: Blobs,
  kind: Extract<BlobKind, "packs" | "summaries">,
  name: BlobName,
  table: PackTable,
  frame: number,
): Uint8Array {
  const [first, end] = frameRows(table, frame);
  const unit = kind === "packs" ? PAGE_SIZE : SUMMARY_BYTES;
  const length = (end - first) * unit;
  const [offset, bytes, , codec] = table.frames.subarray(frame * 4, frame * 4 + 4);
  // A disk that cannot read it now says nothing of what it holds.
  const stored = blobs.read(kind, name, offset, bytes);
  let content: Uint8Array;
  try {
    content = expandFrame(codec, stored, length);
  } catch (cause) {
    throw new DumpError(
      "store-damaged",
      `${kind}/${name}: frame ${frame} cannot be unpacked`,
      { blob: `${kind}/${name}`, frame },
      { cause },
    );
  }
  if (content.length !== length || end - first > FRAME_PAGES) {
    throw new DumpError("store-damaged", `${kind}/${name}: frame ${frame} has another length than its table says`, {
      blob: `${kind}/${name}`,
      frame,
    });
  }
  if (kind === "packs") {
    for (let row = first; row < end; row++) {
      const digest = createHash("sha256")
        .update(content.subarray((row - first) * PAGE_SIZE, (row - first + 1) * PAGE_SIZE))
        .digest();
      if (digest.compare(table.hashes, row * 32, row * 32 + 32) !== 0) {
        throw new DumpError("store-damaged", `${kind}/${name}: page ${table.pages[row]} does not match its hash`, {
          blob: `${kind}/${name}`,
          page: table.pages[row],
        });
      }
    }
  }
  return content;
}
