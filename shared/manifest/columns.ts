/**
 * A chunk of a manifest: columns over neighbouring pages of one mapping. It holds content only (page number, state,
 * known part), so equal chunks of two snapshots are one object. Bytes (little-endian): u32 rows, u32 partial pages,
 * rows × u8 state padded to 4, rows × i32 page number as a difference (`page-column.ts`), partial × (u32 row, u16 from, u16 to).
 */
import { decodePages, encodePages } from "./page-column.ts";

/** Chunks are cut at addresses divisible by 4 MiB. */
export const CHUNK_PAGES = 1024;

/** One row per page of the chunk; `state` and `page` have equal lengths. */
export interface ManifestColumns {
  /** Index into PAGE_STATES. */
  readonly state: Uint8Array;
  /** Page number; `NO_PAGE` without one: see state. */
  readonly page: Uint32Array;
  /** Rows of which the dump holds a part, and the known bytes [from, to). */
  readonly partial: readonly { readonly row: number; readonly from: number; readonly to: number }[];
}

export function encodeChunk(columns: ManifestColumns): Uint8Array {
  const rows = columns.state.length;
  const pagesAt = 8 + Math.ceil(rows / 4) * 4;
  const bytes = new Uint8Array(pagesAt + rows * 4 + columns.partial.length * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, rows, true);
  view.setUint32(4, columns.partial.length, true);
  bytes.set(columns.state, 8);
  bytes.set(encodePages(columns.page), pagesAt);
  columns.partial.forEach(({ row, from, to }, i) => {
    const at = pagesAt + rows * 4 + i * 8;
    view.setUint32(at, row, true);
    view.setUint16(at + 4, from, true);
    view.setUint16(at + 6, to, true);
  });
  return bytes;
}

/** @throws RangeError when the bytes are not exactly one chunk */
export function decodeChunk(bytes: Uint8Array): ManifestColumns {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8) throw new RangeError("a chunk of a manifest has at least 8 bytes");
  const rows = view.getUint32(0, true);
  const partials = view.getUint32(4, true);
  const pagesAt = 8 + Math.ceil(rows / 4) * 4;
  if (bytes.byteLength !== pagesAt + rows * 4 + partials * 8)
    throw new RangeError(`a chunk of ${rows} rows has another length`);
  const page = decodePages(bytes.subarray(pagesAt, pagesAt + rows * 4));
  const partial = Array.from({ length: partials }, (_, i) => {
    const at = pagesAt + rows * 4 + i * 8;
    return { row: view.getUint32(at, true), from: view.getUint16(at + 4, true), to: view.getUint16(at + 6, true) };
  });
  return { state: bytes.slice(8, 8 + rows), page, partial };
}
