/**
 * A tile: 65,536 neighbouring cells in strip order, whatever the layout, as three planes of one byte a cell.
 * On the wire (little-endian) a batch is "DST1", u32 count, then per tile: u32 index, u32 form (0 planes, 1 uniform),
 * 32 bytes digest, then 3 × 65,536 bytes (state, a, b), or for a uniform tile 4 bytes (state, a, b, 0).
 */
export const TILE_CELLS = 65_536;

/**
 * What a cell stands on; the index is its code. 0 means not loaded: what a GPU reads outside its textures, and pages of
 * a dump that is still arriving which are not here yet.
 */
export const CELL_STATES = [
  "not-loaded",
  "gap",
  "image",
  "untouched",
  "excluded",
  "missing",
  "recorded",
  /** Left to a file and filled: the planes are of bytes that the dump does not record. */
  "filled",
] as const;
export type CellState = (typeof CELL_STATES)[number];

/**
 * Bits of plane `b` of a cell whose state is `image`, in the channels of provenance and ways: what its pages are left to.
 * A file that was deleted is no image's.
 */
export const LEFT_TO_FILE = 1;
export const LEFT_TO_DELETED_FILE = 2;
export const LEFT_TO_ANY_FILE = LEFT_TO_FILE | LEFT_TO_DELETED_FILE;

export function cellStateCode(state: CellState): number {
  return CELL_STATES.indexOf(state);
}

export interface Tile {
  readonly index: number;
  /** SHA-256 of the three planes, hexadecimal: equal tiles of different snapshots are one object. */
  readonly digest: string;
  readonly state: Uint8Array;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

const MAGIC = 0x31545344; // "DST1"
const HEAD = 40;

/** Tiles of a strip that ends at position `end` (pages). */
export function tileCount(end: number, level: number): number {
  return Math.ceil(end / pagesOfTile(level));
}

/** 16 · 4^level pages: below one page per tile there is no level. */
export function pagesOfTile(level: number): number {
  return 16 * 4 ** level;
}

export function encodeTiles(tiles: readonly Tile[]): Uint8Array<ArrayBuffer> {
  return batchOfTiles(tiles.map(encodeTile));
}

/** One tile as it stands in a batch, without the batch's head: what a cache keeps. */
export function encodeTile(tile: Tile): Uint8Array<ArrayBuffer> {
  const uniform = isUniform(tile.state) && isUniform(tile.a) && isUniform(tile.b);
  const bytes = new Uint8Array(HEAD + (uniform ? 4 : 3 * TILE_CELLS));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, tile.index, true);
  view.setUint32(4, uniform ? 1 : 0, true);
  for (let b = 0; b < 32; b++) bytes[8 + b] = Number.parseInt(tile.digest.slice(2 * b, 2 * b + 2), 16);
  if (uniform) {
    bytes.set([tile.state[0], tile.a[0], tile.b[0], 0], HEAD);
  } else {
    bytes.set(tile.state, HEAD);
    bytes.set(tile.a, HEAD + TILE_CELLS);
    bytes.set(tile.b, HEAD + 2 * TILE_CELLS);
  }
  return bytes;
}

/** @param encoded tiles of `encodeTile`, in the order of the batch. */
export function batchOfTiles(encoded: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(encoded.reduce((sum, tile) => sum + tile.byteLength, 8));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, encoded.length, true);
  let at = 8;
  for (const tile of encoded) {
    bytes.set(tile, at);
    at += tile.byteLength;
  }
  return bytes;
}

/** @throws RangeError when the bytes are not a whole batch. Planes share memory with `bytes` where they can. */
export function decodeTiles(bytes: Uint8Array): Tile[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8 || view.getUint32(0, true) !== MAGIC) throw new RangeError("not a batch of tiles");
  const count = view.getUint32(4, true);
  const tiles: Tile[] = [];
  let at = 8;
  for (let i = 0; i < count; i++) {
    if (at + HEAD > bytes.byteLength) throw new RangeError(`batch of tiles ends in tile ${i} of ${count}`);
    const index = view.getUint32(at, true);
    const isOne = view.getUint32(at + 4, true) === 1;
    const digest = Array.from(bytes.subarray(at + 8, at + 40), (byte) => byte.toString(16).padStart(2, "0")).join("");
    at += HEAD;
    const size = isOne ? 4 : 3 * TILE_CELLS;
    if (at + size > bytes.byteLength) throw new RangeError(`batch of tiles ends in tile ${i} of ${count}`);
    const plane = (n: number) =>
      isOne
        ? new Uint8Array(TILE_CELLS).fill(bytes[at + n])
        : bytes.subarray(at + n * TILE_CELLS, at + (n + 1) * TILE_CELLS);
    tiles.push({ index, digest, state: plane(0), a: plane(1), b: plane(2) });
    at += size;
  }
  return tiles;
}

function isUniform(plane: Uint8Array): boolean {
  const first = plane[0];
  for (let i = 1; i < plane.length; i++) if (plane[i] !== first) return false;
  return true;
}
