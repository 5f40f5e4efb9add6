/** The six classes of a byte. Order: code in tiles and summaries; ties between classes go to the first. */
export const BYTE_CLASSES = ["00", "printable", "whitespace", "control", "high", "FF"] as const;
export type ByteClass = (typeof BYTE_CLASSES)[number];

function classOf(byte: number): number {
  if (byte === 0) return 0;
  if (byte >= 0x21 && byte <= 0x7e) return 1;
  if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) return 2;
  if (byte === 0xff) return 5;
  if (byte >= 0x80) return 4;
  return 3;
}

/** 256 entries: byte → index into `BYTE_CLASSES`. */
export const CLASS_OF_BYTE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => classOf(byte));
