/** Bytes of a dump as text: labels for people, never paths, never markup. */
const utf8 = new TextDecoder("utf-8");

/** Decodes up to the first NUL; bytes that are no UTF-8 become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** `7f 45 4c 46`: how errors show the first bytes of a file. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Go's zero time stands for "unset". */
const UNSET_YEAR = "0001-";

/**
 * An RFC 3339 time with any offset, in UTC; all digits of the fraction are kept.
 * @returns `null` for anything else, and for Go's zero time.
 */
export function utcTime(text: string | undefined): string | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text ?? "");
  if (match === null || match[1].startsWith(UNSET_YEAR)) return null;
  const seconds = Date.parse(`${match[1]}${match[3]}`);
  return Number.isNaN(seconds) ? null : `${new Date(seconds).toISOString().slice(0, 19)}${match[2] ?? ""}Z`;
}

/** Seconds since 1970, whole or with a decimal fraction as pax writes it, as RFC 3339; `null` outside years 1 to 9999. */
export function utcTimeOfSeconds(seconds: string): string | null {
  const match = /^(-?\d{1,12})(\.\d+)?$/.exec(seconds);
  if (match === null) return null;
  const time = new Date(Number(match[1]) * 1000);
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1 || time.getUTCFullYear() > 9999) return null;
  return `${time.toISOString().slice(0, 19)}${match[2]?.slice(0, 10) ?? ""}Z`;
}
