/**
 * Frames: up to 64 pages compressed together (256 KiB: a random page costs about 0.3 ms, and zstd loses 0.3 % of
 * its ratio against frames of 1 MiB). A frame that zstd cannot make at least a sixteenth smaller is stored as it is.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

export const FRAME_PAGES = 64;
const CODEC_RAW = 0;
const CODEC_ZSTD = 1;

export interface Frame {
  readonly codec: number;
  readonly bytes: Uint8Array;
}

/**
 * How much time a frame is worth.
 * - `stored`: none; the pages as they are, to be packed later.
 * - `fast`: while a dump is read.
 * - `dense`: when nobody waits: 4 % smaller for half as much time again.
 */
export type Effort = "stored" | "fast" | "dense";

/**
 * `fast` is level 1, but for matches from 5 bytes on: words of 8 bytes are what memory repeats. On the pages of a
 * running machine 2 % smaller than level 1 for 5 % more time; level 2 costs 25 % more and gains 3 %.
 */
const PARAMETERS = {
  fast: {
    [constants.ZSTD_c_compressionLevel]: 1,
    [constants.ZSTD_c_strategy]: constants.ZSTD_fast,
    [constants.ZSTD_c_windowLog]: 18,
    [constants.ZSTD_c_hashLog]: 14,
    [constants.ZSTD_c_minMatch]: 5,
  },
  dense: { [constants.ZSTD_c_compressionLevel]: 3 },
};

/** @param content the pages or records of one frame, one after another; a raw frame shares its memory. */
export function compressFrame(content: Uint8Array, effort: Effort): Frame {
  if (effort === "stored") return { codec: CODEC_RAW, bytes: content };
  const small = zstdCompressSync(content, { params: PARAMETERS[effort] });
  return small.length > content.length - (content.length >> 4)
    ? { codec: CODEC_RAW, bytes: content }
    : { codec: CODEC_ZSTD, bytes: small };
}

/** How many of `pages` each next frame takes: as few frames as can be, and none much smaller than the others. */
export function pagesOfFrame(pages: number): number {
  return pages === 0 ? 0 : Math.ceil(pages / Math.ceil(pages / FRAME_PAGES));
}

/** @param length of the content, known from its table: nothing larger is ever produced. */
export function expandFrame(codec: number, bytes: Uint8Array, length: number): Uint8Array {
  if (codec === CODEC_RAW) return bytes;
  // One piece of memory for all of it, with a byte to spare that says it is the end: in twos it takes twice the time.
  const content = zstdDecompressSync(bytes, { maxOutputLength: length, chunkSize: Math.max(64, length + 1) });
  return new Uint8Array(content.buffer, content.byteOffset, content.length);
}
