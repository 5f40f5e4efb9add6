/**
 * What the bytes at the cursor mean as text and as points in time. Pure. Most bytes are neither, so a reading is given
 * only where it is likely: text up to the first byte that no text has, a time between 1990 and 2100.
 */

/** Bytes from the cursor on that text is read from. */
export const TEXT_BYTES = 64;

export type TextEncoding = "utf-8" | "utf-16";

/** Control, format and private characters, halves of pairs, and what no standard has assigned. */
const NO_TEXT = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/u;

/** Two bytes of ASCII are most often a Chinese character too: what reads as so many in UTF-8 is no UTF-16. */
const LIKELY_UTF8 = 4;

/** @returns the printable characters at the beginning; empty when there is none. A character that is cut is left out. */
export function textAt(encoding: TextEncoding, bytes: Uint8Array, byteOrder: "little" | "big"): string {
  if (encoding === "utf-16" && [...textAt("utf-8", bytes, byteOrder)].length >= LIKELY_UTF8) return "";
  const text = encoding === "utf-8" ? decodeUtf8(bytes) : decodeUtf16(bytes, byteOrder === "little");
  const characters = [...text];
  const end = characters.findIndex((character) => NO_TEXT.test(character));
  return characters.slice(0, end < 0 ? characters.length : end).join("");
}

/** U+FFFD stands where bytes are no UTF-8: what follows is not read. */
function decodeUtf8(bytes: Uint8Array): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
  const bad = text.indexOf("\ufffd");
  return bad < 0 ? text : text.slice(0, bad);
}

function decodeUtf16(bytes: Uint8Array, isLittle: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units = Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(2 * i, isLittle));
  return String.fromCharCode(...units);
}

export interface TimeReading {
  /** How the bytes say it. */
  readonly unit: "u32 s" | "u64 s" | "u64 ms" | "u64 µs" | "u64 ns" | "FILETIME" | "f64 s";
  /** Milliseconds since 1970, rounded down. */
  readonly time: number;
}

const FIRST = Date.UTC(1990, 0, 1);
const LAST = Date.UTC(2100, 0, 1);
/** A FILETIME counts units of 100 ns from 1601 on: this much until 1970. */
const FILETIME_EPOCH_MS = 11_644_473_600_000n;
/** How many of a unit are a millisecond, and how many milliseconds are one of it. No two can hold for one number. */
const UNITS = [
  { unit: "u64 s", per: 1n, times: 1000n, epoch: 0n },
  { unit: "u64 ms", per: 1n, times: 1n, epoch: 0n },
  { unit: "u64 µs", per: 1000n, times: 1n, epoch: 0n },
  { unit: "u64 ns", per: 1_000_000n, times: 1n, epoch: 0n },
  { unit: "FILETIME", per: 10_000n, times: 1n, epoch: FILETIME_EPOCH_MS },
] as const;

/** Times that the bytes may be, in 64 bits before 32; none where fewer bytes are there. */
export function timesAt(bytes: Uint8Array, byteOrder: "little" | "big"): TimeReading[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = byteOrder === "little";
  const found: TimeReading[] = [];
  const add = (unit: TimeReading["unit"], time: number) => {
    if (time >= FIRST && time < LAST) found.push({ unit, time: Math.floor(time) });
  };
  if (bytes.length >= 8) {
    const word = view.getBigUint64(0, isLittle);
    for (const { unit, per, times, epoch } of UNITS) add(unit, Number((word * times) / per - epoch));
    add("f64 s", view.getFloat64(0, isLittle) * 1000);
  }
  // The low half of 64 bits that are a time in seconds says it no second time.
  if (bytes.length >= 4 && !found.some(({ unit }) => unit === "u64 s"))
    add("u32 s", view.getUint32(0, isLittle) * 1000);
  return found;
}
