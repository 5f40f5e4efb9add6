/** A range of addresses as two fields have it: the first, and the one behind the last; an empty one is the space's own. */
import { formatAddress, parseAddress } from "../../../shared/memory/index.ts";

export type WrittenRange =
  | { readonly range: { readonly start?: string; readonly end?: string }; readonly wrong?: undefined }
  /** Why it is none, as it is said beside what then cannot be done. */
  | { readonly range?: undefined; readonly wrong: string };

export function rangeOf(first: string, behind: string): WrittenRange {
  const [start, end] = [first, behind].map((text) => (text.trim() === "" ? null : parseAddress(text)));
  if (start === undefined) return { wrong: `${first.trim()} is no address` };
  if (end === undefined) return { wrong: `${behind.trim()} is no address` };
  if (end !== null && end <= (start ?? 0n)) return { wrong: "the range ends before it begins" };
  return {
    range: {
      ...(start === null ? {} : { start: formatAddress(start) }),
      ...(end === null ? {} : { end: formatAddress(end) }),
    },
  };
}
