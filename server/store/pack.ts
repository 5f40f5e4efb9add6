/**
 * A pack: an immutable file of frames with its own table; beside it a file of summaries, frame by frame. Both are
 * little-endian:
 *
 *     "DSPK" | "DSSM", u32 version, frames …, table, footer
 *     table   u32 frames, u32 rows, frames × (u32 offset, u32 bytes, u32 first row, u32 codec)
 *             packs only: rows × u32 page number (ascending), rows × 32 B page hash
 *     footer  u32 table offset, u32 table bytes, "KPSD"
 *
 * Offsets fit 32 bits because a pack is closed at 16,384 pages (64 MiB of content).
 */
import { createHash } from "node:crypto";
import { DumpError } from "../../shared/errors/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { SUMMARY_BYTES } from "../../shared/summary/index.ts";
import type { BlobKind, BlobName, Blobs, BlobWriter } from "./blobs.ts";
import { expandFrame, FRAME_PAGES, type Frame } from "./frame.ts";

/** A full pack's table is 16,384 × 36 B = 576 KiB. */
export const PACK_PAGES = 16_384;
const FOOTER = 12;

export interface PackInfo {
  readonly name: BlobName;
  readonly summaries: BlobName;
  readonly firstPage: number;
  readonly lastPage: number;
  readonly pages: number;
  /** Growth of the store by pack and summaries. */
  readonly grown: number;
}

/** Pages of one frame on their way into a pack: contents and summaries compressed, hashes beside them. */
export interface FilledFrame {
  readonly contents: Frame;
  readonly summaries: Frame;
  /** Page numbers, ascending, above all before. */
  readonly pages: Uint32Array;
  /** 32 bytes a page. */
  readonly hashes: Uint8Array;
}

/** Writes packs one after another; `finish` closes the last one. */
export interface PackWriter {
  append(frame: FilledFrame): void;
  finish(): readonly PackInfo[];
  abandon(): void;
}

export function createPackWriter(blobs: Blobs): PackWriter {
  const done: PackInfo[] = [];
  let current: { contents: Column; summaries: Column; pages: number[]; hashes: Uint8Array[] } | undefined;

  function close(): void {
    if (!current) return;
    const pages = Uint32Array.from(current.pages);
    const contents = current.contents.finish(pages.length, [new Uint8Array(pages.buffer), ...current.hashes]);
    const summaries = current.summaries.finish(pages.length, []);
    done.push({
      name: contents.name,
      summaries: summaries.name,
      firstPage: pages[0],
      lastPage: pages[pages.length - 1],
      pages: pages.length,
      grown: contents.grown + summaries.grown,
    });
    current = undefined;
  }

  return {
    append(frame) {
      current ??= {
        contents: openColumn(blobs, "packs"),
        summaries: openColumn(blobs, "summaries"),
        pages: [],
        hashes: [],
      };
      current.contents.append(frame.contents, current.pages.length);
      current.summaries.append(frame.summaries, current.pages.length);
      for (const page of frame.pages) current.pages.push(page);
      current.hashes.push(frame.hashes);
      if (current.pages.length >= PACK_PAGES) close();
    },
    finish() {
      close();
      return done;
    },
    abandon() {
      current?.contents.abandon();
      current?.summaries.abandon();
      current = undefined;
    },
  };
}

interface Column {
  append(frame: Frame, firstRow: number): void;
  finish(rows: number, tail: readonly Uint8Array[]): { readonly name: BlobName; readonly grown: number };
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
      writer.append(frame.bytes);
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
      return writer.finish();
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
}

/** @throws DumpError `store-damaged` */
export function readPackTable(blobs: Blobs, kind: "packs" | "summaries", name: BlobName): PackTable {
  const size = blobs.size(kind, name);
  const damaged = (what: string) =>
    new DumpError("store-damaged", `${kind}/${name}: ${what}`, { blob: `${kind}/${name}` });
  if (size < 8 + FOOTER) throw damaged("shorter than its head and footer");
  const footer = blobs.read(kind, name, size - FOOTER, FOOTER);
  const view = new DataView(footer.buffer);
  const offset = view.getUint32(0, true);
  const length = view.getUint32(4, true);
  if (new TextDecoder().decode(footer.subarray(8)) !== "KPSD" || offset + length + FOOTER !== size || length < 8)
    throw damaged("the footer is not one");
  const table = blobs.read(kind, name, offset, length);
  const numbers = new DataView(table.buffer);
  const frameCount = numbers.getUint32(0, true);
  const rows = numbers.getUint32(4, true);
  const perRow = kind === "packs" ? 36 : 0;
  if (8 + frameCount * 16 + rows * perRow !== length) throw damaged("the table does not fill its place");
  const frames = new Uint32Array(table.buffer, 8, frameCount * 4);
  if (kind === "summaries") return { rows, frames, pages: new Uint32Array(0), hashes: new Uint8Array(0) };
  const at = 8 + frameCount * 16;
  return { rows, frames, pages: new Uint32Array(table.buffer, at, rows), hashes: table.subarray(at + rows * 4) };
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
  let content: Uint8Array;
  try {
    content = expandFrame(codec, blobs.read(kind, name, offset, bytes), length);
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
