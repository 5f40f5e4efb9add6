/** Bytes of a range with what is known of each page of it. */
import { decodeRangeBytes, type RangeBytes } from "../../shared/api/index.ts";
import { type Address, formatAddress } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { localError, requestBytes } from "./request.ts";

/** Bytes that one request may ask for. */
export const MAX_BYTES = 65_536;

/** @param filled with bytes for pages that are left to files; their state says so */
export function fetchBytes(
  snapshot: string,
  space: Space,
  address: Address,
  length: number,
  signal: AbortSignal,
  filled = false,
): Promise<RangeBytes> {
  const query = { space, address: formatAddress(address), length, ...(filled && { filled: "1" }) };
  return rangeOf(requestBytes("bytes", { parameters: { snapshot }, query, signal }), address, length);
}

/** Of a dump that is still arriving. */
export function fetchArrivingBytes(
  arriving: string,
  space: Space,
  address: Address,
  length: number,
  signal?: AbortSignal,
): Promise<RangeBytes> {
  const query = { space, address: formatAddress(address), length };
  return rangeOf(requestBytes("arrivingBytes", { parameters: { arriving }, query, signal }), address, length);
}

async function rangeOf(asked: Promise<Uint8Array>, address: Address, length: number): Promise<RangeBytes> {
  const answer = await asked;
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
