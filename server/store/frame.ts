/**
 * Frames: up to 32 pages compressed together (128 KiB: a random page costs about 0.2 ms, and zstd loses 2 % of its
 * ratio against frames of 1 MiB). A frame that zstd cannot make at least a sixteenth smaller is stored as it is.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

export const FRAME_PAGES = 32;
export const CODEC_RAW = 0;
export const CODEC_ZSTD = 1;

export interface Frame {
  readonly codec: number;
  readonly bytes: Uint8Array;
}

/** @param content the pages or records of one frame, one after another. */
export function compressFrame(content: Uint8Array): Frame {
  const small = zstdCompressSync(content, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return small.length > content.length - (content.length >> 4)
    ? { codec: CODEC_RAW, bytes: content.slice() }
    : { codec: CODEC_ZSTD, bytes: small };
}

/** @param length of the content, known from its table: nothing larger is ever produced. */
export function expandFrame(codec: number, bytes: Uint8Array, length: number): Uint8Array {
  if (codec === CODEC_RAW) return bytes;
  const content = zstdDecompressSync(bytes, { maxOutputLength: length });
  return new Uint8Array(content.buffer, content.byteOffset, content.length);
}
