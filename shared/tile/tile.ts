/**
 * A tile: 65,536 neighbouring cells in strip order, whatever the layout, as three planes of one byte a cell.
 * On the wire (little-endian) a batch is "DST1", u32 count, then per tile u32 index, u32 form, 32 bytes digest, and by form
 *
 *     0 planes      3 × 65,536 bytes (state, a, b)
 *     1 uniform     4 bytes (state, a, b, 0)
 *     2 held        nothing: the asker has said that it holds this tile
 *     3 difference  32 bytes digest of a tile that the asker holds, then 3 × 65,536 bytes: its planes XOR those of this one
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
const DIGEST = 32;
const PLANES = 3 * TILE_CELLS;

const WHOLE = 0;
const UNIFORM = 1;
const HELD = 2;
const DIFFERENCE = 3;

/** Tiles of a strip that ends at position `end` (pages). */
export function tileCount(end: number, level: number): number {
  return Math.ceil(end / pagesOfTile(level));
}

/** 16 · 4^level pages: below one page per tile there is no level. */
export function pagesOfTile(level: number): number {
  return 16 * 4 ** level;
}

/** A batch of tiles as they are. */
export function encodeTiles(tiles: readonly Tile[]): Uint8Array<ArrayBuffer> {
  return batchOfTiles(
    tiles.map(encodeTile),
    tiles.map(({ index }) => index),
  );
}

/** One tile as it stands in a batch, without the batch's head: what a cache keeps. */
export function encodeTile(tile: Tile): Uint8Array<ArrayBuffer> {
  const uniform = isUniform(tile.state) && isUniform(tile.a) && isUniform(tile.b);
  const bytes = new Uint8Array(HEAD + (uniform ? 4 : PLANES));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, tile.index, true);
  view.setUint32(4, uniform ? UNIFORM : WHOLE, true);
  for (let b = 0; b < DIGEST; b++) bytes[8 + b] = Number.parseInt(tile.digest.slice(2 * b, 2 * b + 2), 16);
  if (uniform) {
    bytes.set([tile.state[0], tile.a[0], tile.b[0], 0], HEAD);
  } else {
    bytes.set(tile.state, HEAD);
    bytes.set(tile.a, HEAD + TILE_CELLS);
    bytes.set(tile.b, HEAD + 2 * TILE_CELLS);
  }
  return bytes;
}

/** The digest of one tile as `encodeTile` gave it. */
export function digestOfTile(encoded: Uint8Array): string {
  return hexadecimal(encoded.subarray(8, 8 + DIGEST));
}

/** Stands in a batch for a tile that the asker holds. @param encoded of `encodeTile` */
export function heldTile(encoded: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(encoded.subarray(0, HEAD));
  new DataView(bytes.buffer).setUint32(4, HELD, true);
  return bytes;
}

/** Of the bytes of a tile: when more than half differ, the tile packs as well as the difference to it. */
const MOST_DIFFERING = PLANES / 2;

/**
 * Stands in a batch for a tile as the difference to one that the asker holds: most of it is zeros, which pack to nothing.
 * @param encoded both of `encodeTile`. @returns `undefined` where the tile itself is no larger
 */
export function differenceOfTiles(encoded: Uint8Array, held: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (encoded.length !== HEAD + PLANES || held.length !== HEAD + PLANES) return undefined;
  const bytes = new Uint8Array(HEAD + DIGEST + PLANES);
  let differing = 0;
  for (let i = 0; i < PLANES; i++) {
    const difference = encoded[HEAD + i] ^ held[HEAD + i];
    if (difference === 0) continue;
    bytes[HEAD + DIGEST + i] = difference;
    differing++;
  }
  if (differing > MOST_DIFFERING) return undefined;
  bytes.set(encoded.subarray(0, HEAD));
  new DataView(bytes.buffer).setUint32(4, DIFFERENCE, true);
  bytes.set(held.subarray(8, 8 + DIGEST), HEAD);
  return bytes;
}

/** @param tiles in any of the forms above. @param indices under which they stand in this batch */
export function batchOfTiles(tiles: readonly Uint8Array[], indices: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(tiles.reduce((sum, tile) => sum + tile.byteLength, 8));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, tiles.length, true);
  let at = 8;
  tiles.forEach((tile, n) => {
    bytes.set(tile, at);
    view.setUint32(at, indices[n], true);
    at += tile.byteLength;
  });
  return bytes;
}

/**
 * @param held the tiles that the batch was asked for with, by digest.
 * @throws RangeError when the bytes are not a whole batch, or stand on another tile. Planes share memory with `bytes` or a
 * held tile where they can.
 */
export function decodeTiles(bytes: Uint8Array, held?: ReadonlyMap<string, Tile>): Tile[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8 || view.getUint32(0, true) !== MAGIC) throw new RangeError("not a batch of tiles");
  const count = view.getUint32(4, true);
  const tiles: Tile[] = [];
  let at = 8;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.byteLength) throw new RangeError(`batch of tiles ends in tile ${tiles.length} of ${count}`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const heldOf = (digest: string): Tile => {
    const tile = held?.get(digest);
    if (!tile) throw new RangeError(`tile ${tiles.length} of ${count} stands on ${digest}, which is not held`);
    return tile;
  };
  while (tiles.length < count) {
    const head = at;
    const digest = hexadecimal(take(HEAD).subarray(8));
    const index = view.getUint32(head, true);
    const form = view.getUint32(head + 4, true);
    let planes: Pick<Tile, "state" | "a" | "b">;
    if (form === WHOLE) planes = planesOf(take(PLANES));
    else if (form === UNIFORM) {
      const [state, a, b] = take(4);
      const plane = (code: number) => new Uint8Array(TILE_CELLS).fill(code);
      planes = { state: plane(state), a: plane(a), b: plane(b) };
    } else if (form === HELD) planes = heldOf(digest);
    else if (form === DIFFERENCE) {
      const before = heldOf(hexadecimal(take(DIGEST)));
      const difference = planesOf(take(PLANES));
      const plane = (name: "state" | "a" | "b") => before[name].map((code, cell) => code ^ difference[name][cell]);
      planes = { state: plane("state"), a: plane("a"), b: plane("b") };
    } else throw new RangeError(`tile ${tiles.length} of ${count} has a form that is none`);
    tiles.push({ index, digest, state: planes.state, a: planes.a, b: planes.b });
  }
  return tiles;
}

function planesOf(bytes: Uint8Array): Pick<Tile, "state" | "a" | "b"> {
  const plane = (n: number) => bytes.subarray(n * TILE_CELLS, (n + 1) * TILE_CELLS);
  return { state: plane(0), a: plane(1), b: plane(2) };
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isUniform(plane: Uint8Array): boolean {
  const first = plane[0];
  for (let i = 1; i < plane.length; i++) if (plane[i] !== first) return false;
  return true;
}
