/** A hit in a list: its bytes and those around as one line of text, and whether that line gives a secret away. */
import type { PatternForm } from "./pattern.ts";
import { isSecret } from "./string-kinds.ts";

/** Bytes before and behind a hit that tell whether it is part of a secret. */
export const AROUND = 128;
/** Characters, or in hexadecimal bytes, shown before, of and behind a hit. */
const TEXT = { before: 12, match: 48, after: 48 };
const HEX = { before: 4, match: 12, after: 12 };
const UNPRINTABLE = "·";

export interface Excerpt {
  readonly before: string;
  readonly match: string;
  readonly after: string;
  /** The run of text in which the hit lies, when it looks like a secret: to be masked until asked for. */
  readonly secret: string | null;
}

/**
 * @param bytes in which the hit lies at [at, at + length); what is unknown of them stands for 00.
 * @param form of UTF-16 every second byte is shown; bytes are shown in hexadecimal, apart by blanks.
 */
export function excerptOf(bytes: Uint8Array, at: number, length: number, form: PatternForm): Excerpt {
  const step = form === "utf16" ? 2 : 1;
  const chars = (from: number, to: number): string => {
    let text = "";
    for (let i = from; i < to && i < bytes.length; i += step) text += charOf(bytes[i]);
    return text;
  };
  const end = at + length;
  let runStart = at;
  while (runStart - step >= 0 && isPrintable(bytes[runStart - step])) runStart -= step;
  let runEnd = end;
  while (runEnd < bytes.length && isPrintable(bytes[runEnd])) runEnd += step;
  const run = chars(runStart, runEnd);
  // A secret beside the hit is not shown for the hit's sake.
  const isBeside = isSecret(chars(at % step, bytes.length));
  const most = form === "hex" ? HEX : TEXT;
  const from = Math.max(at - most.before * step, isBeside ? runStart : at % step);
  const to = Math.min(end + most.after * step, isBeside ? runEnd : bytes.length);
  const shown = form === "hex" ? (first: number, last: number) => hexOf(bytes.subarray(first, last)) : chars;
  return {
    before: shown(from, at) + (form === "hex" && from < at ? " " : ""),
    match: shown(at, Math.min(end, at + most.match * step)),
    after: (form === "hex" && end < to ? " " : "") + shown(end, to),
    secret: isSecret(run) ? run : null,
  };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function charOf(byte: number): string {
  return isPrintable(byte) ? String.fromCharCode(byte) : UNPRINTABLE;
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e;
}
