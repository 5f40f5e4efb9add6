/**
 * A pattern made ready to be searched for: a regular expression, or a fixed number of bytes of which each has to agree
 * with a value under a mask, which is what wildcards and both cases of a letter are.
 */
import { DumpError } from "../../shared/errors/index.ts";
import type { Pattern } from "../../shared/find/index.ts";

/** Bytes of the longest pattern. */
export const LONGEST_PATTERN = 1 << 16;

/** Equal lengths; a byte agrees when `(byte & mask) === value`. */
export interface MaskedBytes {
  readonly values: Uint8Array;
  readonly masks: Uint8Array;
}

/** @throws DumpError `pattern-invalid`, `bytes-invalid` */
export function maskedBytes({
  form,
  text,
  ignoreCase,
}: Pattern & { readonly form: "text" | "utf16" | "hex" }): MaskedBytes {
  if (text.length === 0) throw invalid("There is nothing to search for");
  const bytes =
    form === "hex"
      ? parseHexPattern(text)
      : exactly(Buffer.from(text, form === "text" ? "utf8" : "utf16le"), ignoreCase, form === "utf16" ? 2 : 1);
  if (bytes.values.length > LONGEST_PATTERN)
    throw invalid(`The pattern has ${bytes.values.length} bytes; ${LONGEST_PATTERN} are the most`);
  return bytes;
}

/** @param unit bytes of a character; a letter is one whose other bytes are 00. */
function exactly(source: Buffer, ignoreCase: boolean, unit: number): MaskedBytes {
  const values = Uint8Array.from(source);
  const masks = new Uint8Array(values.length).fill(0xff);
  for (let i = 0; ignoreCase && i < values.length; i += unit) {
    const folded = values[i] & 0xdf;
    if (folded < 0x41 || folded > 0x5a || (unit === 2 && values[i + 1] !== 0)) continue;
    values[i] = folded;
    masks[i] = 0xdf;
  }
  return { values, masks };
}

/** Pairs of hexadecimal digits or `?`, blanks allowed between pairs: `de ad ?? ef`, `4?`. */
function parseHexPattern(text: string): MaskedBytes {
  const words = text.trim().split(/\s+/);
  const values: number[] = [];
  const masks: number[] = [];
  for (const word of words) {
    const digits = word.replace(/^0x/i, "");
    const bad = /[^0-9a-f?]/i.exec(digits);
    if (bad) throw noBytes(`${bad[0]} is no hexadecimal digit and no ?`);
    if (digits.length % 2 !== 0 || digits.length === 0)
      throw noBytes(`${word} has an odd number of digits; a byte has two, as in 4? or 0f`);
    for (let i = 0; i < digits.length; i += 2) {
      const [high, low] = [digits[i], digits[i + 1]];
      masks.push((high === "?" ? 0 : 0xf0) | (low === "?" ? 0 : 0x0f));
      values.push(((high === "?" ? 0 : Number.parseInt(high, 16)) << 4) | (low === "?" ? 0 : Number.parseInt(low, 16)));
    }
  }
  if (masks.every((mask) => mask === 0)) throw noBytes("The pattern is all wildcards, and matches everywhere");
  return { values: Uint8Array.from(values), masks: Uint8Array.from(masks) };
}

function invalid(what: string): DumpError {
  return new DumpError("pattern-invalid", what, {});
}

function noBytes(what: string): DumpError {
  return new DumpError("bytes-invalid", what, {});
}
