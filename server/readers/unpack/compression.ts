/** Which compression a stream of bytes begins with, told by its first bytes alone. */
export type Compression = "gzip" | "zstd" | "none";

/** Bytes needed to tell. */
export const COMPRESSION_MAGIC = 4;

export const ZSTD_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/** Skippable frames have the magics 0x184D2A50 to 0x184D2A5F. */
export function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}

export function compressionOf(first: Uint8Array): Compression {
  if (first.length >= 3 && first[0] === 0x1f && first[1] === 0x8b && first[2] === 8) return "gzip";
  if (first.length < COMPRESSION_MAGIC) return "none";
  const magic = (first[0] | (first[1] << 8) | (first[2] << 16) | (first[3] << 24)) >>> 0;
  return magic === ZSTD_MAGIC || isSkippable(magic) ? "zstd" : "none";
}
