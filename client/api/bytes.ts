/** Bytes of a range with what is known of each page of it. */
import { type Address, formatAddress } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { localError, requestBytes } from "./request.ts";

/** Bytes that one request may ask for. */
export const MAX_BYTES = 65_536;

export interface RangeBytes {
  /** One code of PAGE_STATES per page touched, 255 = unmapped. */
  readonly states: Uint8Array;
  /** Absent bytes are 00: ask `states` first. */
  readonly bytes: Uint8Array;
}

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
  if (answer.length !== pages + length) {
    throw localError(
      "answer-unexpected",
      `Asked for ${length} bytes at ${formatAddress(address)}, got ${answer.length - pages}.`,
      "Reload the page; it may be older than the server.",
    );
  }
  return { states: answer.subarray(0, pages), bytes: answer.subarray(pages) };
}
