/**
 * The answer of the bytes route: one state byte per page touched, the bytes asked for, and of each page of which the
 * dump holds a part three 16-bit numbers, little-endian: which page, known from, known to. Those pages are few: most
 * answers end with the bytes.
 */

/** State of a page that is left to its file and whose bytes were asked to be filled: they are not the dump's. */
export const FILLED_STATE = 254;

export interface RangeBytes {
  /** One code of PAGE_STATES per page touched, or `FILLED_STATE`; 255 = unmapped. */
  readonly states: Uint8Array;
  /** Absent bytes are 00: ask `states` and `partial` first. */
  readonly bytes: Uint8Array;
  /** Known bytes [from, to) of pages of which the dump holds a part, by page touched. */
  readonly partial: ReadonlyMap<number, readonly [number, number]>;
}

const PART_BYTES = 6;

export function encodeRangeBytes({ states, bytes, partial }: RangeBytes): Uint8Array {
  const parts = states.length + bytes.length;
  const encoded = new Uint8Array(parts + partial.size * PART_BYTES);
  encoded.set(states);
  encoded.set(bytes, states.length);
  const view = new DataView(encoded.buffer, parts);
  let at = 0;
  for (const [page, [from, to]] of partial) {
    for (const number of [page, from, to]) {
      view.setUint16(at, number, true);
      at += 2;
    }
  }
  return encoded;
}

/** @returns `undefined` when the answer cannot be one to a request for `length` bytes in `pages` pages. */
export function decodeRangeBytes(encoded: Uint8Array, pages: number, length: number): RangeBytes | undefined {
  const parts = encoded.length - pages - length;
  if (parts < 0 || parts % PART_BYTES !== 0) return undefined;
  const view = new DataView(encoded.buffer, encoded.byteOffset + pages + length, parts);
  const partial = new Map<number, readonly [number, number]>();
  for (let at = 0; at < parts; at += PART_BYTES) {
    partial.set(view.getUint16(at, true), [view.getUint16(at + 2, true), view.getUint16(at + 4, true)]);
  }
  return { states: encoded.subarray(0, pages), bytes: encoded.subarray(pages, pages + length), partial };
}
