/**
 * The cache of tiles on the GPU: one R8UI texture array. A layer holds a square of tiles, three layers a group (state,
 * a, b); a tile's slot names its place in a group. Keyed by digest, so a tile of another snapshot or layout that has the
 * same bytes is not uploaded again. Least recently drawn out.
 *
 * Bytes: a slot is 3 × 64 KiB; a group of 2048 × 2048 layers is 64 slots = 12 MiB. A 1440 × 900 canvas needs about 40
 * slots, one of 3840 × 2160 about 160, twice that while there is a filter. There are two groups to begin with; before a
 * tile is given up there are twice as many, up to eight, which hold a tour of 200 pans and zooms; and as many as are
 * drawn at once, at most 32.
 */
import { TILE_CELLS, type Tile } from "../../shared/tile/index.ts";

const TILE_SIDE = 256;
const FIRST_GROUPS = 2;
const KEPT_GROUPS = 8;
const MOST_GROUPS = 32;

export interface TileTexture {
  readonly texture: WebGLTexture;
  readonly tilesAcross: number;
  /** The slots of these tiles, uploading what is not there. May replace `texture`. */
  slotsOf(tiles: readonly Tile[]): ReadonlyMap<Tile, number>;
  /** Tiles uploaded since the texture was made, for measurements. */
  readonly uploads: number;
  readonly byteLength: number;
  dispose(): void;
}

export function createTileTexture(gl: WebGL2RenderingContext): TileTexture {
  const edge = Math.min(2048, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number);
  const tilesAcross = Math.floor(edge / TILE_SIDE);
  const slotsPerGroup = tilesAcross * tilesAcross;
  const mostGroups = Math.min(MOST_GROUPS, Math.floor((gl.getParameter(gl.MAX_ARRAY_TEXTURE_LAYERS) as number) / 3));
  /** digest → slot; the order of insertion is the order of last use. */
  const slots = new Map<string, number>();
  const free: number[] = [];
  let groups = Math.min(FIRST_GROUPS, mostGroups);
  let texture = allocate(groups);
  addSlots(0);
  let uploads = 0;

  function allocate(count: number): WebGLTexture {
    const made = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, made);
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.R8UI, edge, edge, count * 3);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, gl.NEAREST);
    return made;
  }

  /** Those of the groups from `first` on are free; the lowest is taken first. */
  function addSlots(first: number): void {
    for (let slot = groups * slotsPerGroup - 1; slot >= first * slotsPerGroup; slot--) free.push(slot);
  }

  /** What is there stays in its slots, and does not leave the GPU. */
  function growTo(count: number): void {
    const before = { texture, groups };
    groups = count;
    texture = allocate(groups);
    const reading = gl.createFramebuffer();
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, reading);
    for (let layer = 0; layer < before.groups * 3; layer++) {
      gl.framebufferTextureLayer(gl.READ_FRAMEBUFFER, gl.COLOR_ATTACHMENT0, before.texture, 0, layer);
      gl.copyTexSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, 0, 0, edge, edge);
    }
    gl.deleteFramebuffer(reading);
    gl.deleteTexture(before.texture);
    addSlots(before.groups);
  }

  function upload(tile: Tile, slot: number): void {
    const within = slot % slotsPerGroup;
    const x = (within % tilesAcross) * TILE_SIDE;
    const y = Math.floor(within / tilesAcross) * TILE_SIDE;
    const layer = Math.floor(slot / slotsPerGroup) * 3;
    [tile.state, tile.a, tile.b].forEach((plane, n) => {
      if (plane.length !== TILE_CELLS) throw new RangeError(`a plane of tile ${tile.index} has ${plane.length} cells`);
      gl.texSubImage3D(
        gl.TEXTURE_2D_ARRAY,
        0,
        x,
        y,
        layer + n,
        TILE_SIDE,
        TILE_SIDE,
        1,
        gl.RED_INTEGER,
        gl.UNSIGNED_BYTE,
        plane,
      );
    });
    uploads++;
  }

  function slotFor(tile: Tile, inUse: ReadonlySet<string>): number | undefined {
    const known = slots.get(tile.digest);
    if (known !== undefined) {
      slots.delete(tile.digest);
      slots.set(tile.digest, known);
      return known;
    }
    let slot = free.pop();
    if (slot === undefined) {
      for (const [digest, held] of slots) {
        if (inUse.has(digest)) continue;
        slots.delete(digest);
        slot = held;
        break;
      }
    }
    if (slot === undefined) return undefined;
    upload(tile, slot);
    slots.set(tile.digest, slot);
    return slot;
  }

  return {
    get texture() {
      return texture;
    },
    get uploads() {
      return uploads;
    },
    get byteLength() {
      return groups * 3 * edge * edge;
    },
    tilesAcross,
    slotsOf(tiles) {
      const inUse = new Set(tiles.map((tile) => tile.digest));
      let missing = 0;
      for (const digest of inUse) if (!slots.has(digest)) missing++;
      if (missing > free.length) {
        const drawn = Math.ceil(inUse.size / slotsPerGroup) + 1;
        const wanted = Math.min(mostGroups, Math.max(drawn, Math.min(KEPT_GROUPS, 2 * groups)));
        if (wanted > groups) growTo(wanted);
      }
      gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
      const found = new Map<Tile, number>();
      for (const tile of tiles) {
        const slot = slotFor(tile, inUse);
        if (slot !== undefined) found.set(tile, slot);
      }
      return found;
    },
    dispose() {
      gl.deleteTexture(texture);
      slots.clear();
    },
  };
}
