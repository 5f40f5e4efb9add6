/**
 * One 512-byte header of a tar: v7, ustar, GNU. Bytes to value only; what headers mean together is the index's matter.
 * @see docs/formats/tar.md
 */
import { decodeText } from "../text.ts";

export const TAR_BLOCK = 512;

export interface TarHeader {
  readonly name: string;
  /** Stored bytes behind the header, without padding. */
  readonly size: number;
  /** `typeflag`; NUL reads as "0". */
  readonly type: string;
  readonly linkName: string;
  /** Seconds since 1970, as text, because pax gives fractions. */
  readonly modified: string;
}

/** @returns `zero` for a block of zeros, `invalid` when the checksum or a number does not fit. */
export function parseHeader(block: Uint8Array): TarHeader | "zero" | "invalid" {
  if (block.length < TAR_BLOCK) return "invalid";
  const sums = checksums(block);
  if (sums.unsigned === 0) return "zero";
  const stated = parseNumber(block.subarray(148, 156));
  if (stated !== sums.withBlanks && stated !== sums.signed) return "invalid";
  const type = block[156] === 0 ? "0" : String.fromCharCode(block[156]);
  const size = parseNumber(block.subarray(124, 136));
  if (size === null || size < 0) return "invalid";
  // Only POSIX's magic makes the prefix a part of the name; old GNU headers keep times and the sparse map there.
  const ustar = decodeText(block.subarray(257, 263)) === "ustar" && block[262] === 0;
  const prefix = ustar ? decodeText(block.subarray(345, 500)) : "";
  const name = decodeText(block.subarray(0, 100));
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size,
    type,
    linkName: decodeText(block.subarray(157, 257)),
    modified: String(parseNumber(block.subarray(136, 148)) ?? 0),
  };
}

function checksums(block: Uint8Array): { unsigned: number; withBlanks: number; signed: number } {
  let unsigned = 0;
  let withBlanks = 0;
  let signed = 0;
  for (let i = 0; i < TAR_BLOCK; i++) {
    unsigned += block[i];
    const byte = i >= 148 && i < 156 ? 0x20 : block[i];
    withBlanks += byte;
    // Some old writers summed signed characters.
    signed += byte < 128 ? byte : byte - 256;
  }
  return { unsigned, withBlanks, signed };
}

/** Octal text, or base-256 when the first bit is set; `null` for anything else and beyond 2^53 − 1. */
function parseNumber(field: Uint8Array): number | null {
  if ((field[0] & 0x80) !== 0) {
    const negative = (field[0] & 0x40) !== 0;
    let value = BigInt(negative ? field[0] - 256 : field[0] & 0x7f);
    for (let i = 1; i < field.length; i++) value = (value << 8n) | BigInt(field[i]);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : null;
  }
  const text = decodeText(field).trim();
  if (!/^[0-7]*$/.test(text)) return null;
  return text === "" ? 0 : Number.parseInt(text, 8);
}

/**
 * The records of a pax header: "length key=value\n", length counting itself. Values are kept as text.
 * @returns `null` when a record does not fit.
 */
export function parsePax(bytes: Uint8Array): ReadonlyMap<string, string> | null {
  const records = new Map<string, string>();
  let position = 0;
  while (position < bytes.length) {
    // Writers pad with zeros.
    if (bytes[position] === 0) break;
    const blank = bytes.indexOf(0x20, position);
    if (blank < 0 || blank - position > 10) return null;
    const digits = decodeText(bytes.subarray(position, blank));
    const length = /^\d+$/.test(digits) ? Number(digits) : 0;
    const end = position + length;
    if (end > bytes.length || end <= blank + 1 || bytes[end - 1] !== 0x0a) return null;
    const equals = bytes.indexOf(0x3d, blank);
    if (equals < 0 || equals >= end) return null;
    const value = bytes.subarray(equals + 1, end - 1);
    // Only text is of use here, and a NUL would hide the rest of a name.
    records.set(decodeText(bytes.subarray(blank + 1, equals)), utf8.decode(value));
    position = end;
  }
  return records;
}

const utf8 = new TextDecoder("utf-8");
