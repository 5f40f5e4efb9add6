/** Bytes of a range with what is known of each page of it. */
import { decodeRangeBytes, type RangeBytes } from "../../shared/api/index.ts";
import { type Address, formatAddress } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { localError, requestBytes } from "./request.ts";

/** Bytes that one request may ask for. */
export const MAX_BYTES = 65_536;

export async function fetchBytes(
  snapshot: string,
  space: Space,
  address: Address,
  length: number,
  signal?: AbortSignal,
): Promise<RangeBytes> {
  const answer = await requestBytes("bytes", {
    parameters: { snapshot },
    query: { space, address: formatAddress(address), length },
    signal,
  });
  const inPage = Number(address & 4095n);
  const pages = Math.ceil((inPage + length) / 4096);
  const range = decodeRangeBytes(answer, pages, length);
  if (!range) {
    throw localError(
      "answer-unexpected",
      `Asked for ${length} bytes at ${formatAddress(address)}, got ${answer.length - pages}.`,
      "Reload the page; it may be older than the server.",
    );
  }
  return range;
}
