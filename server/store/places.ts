/** What a snapshot records at a place: columns by space and page, read from its chunks as they are asked for. */

import { NO_PAGE } from "../../shared/manifest/index.ts";
import { bisect } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { isRecorded } from "../../shared/snapshot/index.ts";
import type { ChunkPlace, LaidPages } from "./manifest.ts";

/** State of a place of which the manifest has no row. */
export const NO_ROW = 255;

export interface PlaceColumns {
  /** Index into PAGE_STATES, or `NO_ROW`. */
  readonly state: Uint8Array;
  readonly page: Uint32Array;
  /** Known bytes [from, to) of pages of which the dump holds a part, by row. */
  readonly partial: ReadonlyMap<number, readonly [number, number]>;
}

export interface Places<Chunk extends ChunkPlace = ChunkPlace> {
  /** Columns of pages [start, start + count) of a space. */
  columns(space: Space, start: number, count: number): PlaceColumns;
  /** Ranges within [start, end) of a space of which the manifest has rows, ascending: all that is recorded lies in them. */
  ranges(space: Space, start: number, end: number): (readonly [number, number])[];
  /** Chunks that have rows of pages [start, end) of a space, ascending. */
  chunks(space: Space, start: number, end: number): Chunk[];
  /** Where a page number stands first, in strip order. */
  find(page: number): { readonly space: Space; readonly page: number } | undefined;
}

/** Made once for each manifest: a request must not sort 66,000 chunks again. */
const made = new WeakMap<object, Places>();

export function placesOf<Chunk extends ChunkPlace>(manifest: LaidPages<Chunk>): Places<Chunk> {
  // Kept under the manifest that it was made of: its chunks are of that kind.
  let places = made.get(manifest) as Places<Chunk> | undefined;
  if (!places) {
    places = makePlaces(manifest);
    made.set(manifest, places);
  }
  return places;
}

function makePlaces<Chunk extends ChunkPlace>(manifest: LaidPages<Chunk>): Places<Chunk> {
  const bySpace = new Map<Space, Chunk[]>();
  for (const laid of manifest.laid) {
    if (laid.chunks.length === 0) continue;
    const chunks = bySpace.get(laid.mapping.space) ?? [];
    for (const chunk of laid.chunks) chunks.push(chunk);
    bySpace.set(laid.mapping.space, chunks);
  }
  for (const chunks of bySpace.values()) chunks.sort((x, y) => x.start - y.start);
  const within = (space: Space, start: number, end: number): Chunk[] => {
    const chunks = bySpace.get(space) ?? [];
    const found: Chunk[] = [];
    for (let i = firstBehind(chunks, start); i < chunks.length && chunks[i].start < end; i++) found.push(chunks[i]);
    return found;
  };
  return {
    chunks: within,
    columns(space, start, count) {
      const state = new Uint8Array(count).fill(NO_ROW);
      const page = new Uint32Array(count).fill(NO_PAGE);
      const partial = new Map<number, readonly [number, number]>();
      for (const chunk of within(space, start, start + count)) {
        const columns = manifest.columns(chunk);
        const from = Math.max(start, chunk.start);
        const to = Math.min(start + count, chunk.start + chunk.rows);
        state.set(columns.state.subarray(from - chunk.start, to - chunk.start), from - start);
        page.set(columns.page.subarray(from - chunk.start, to - chunk.start), from - start);
        for (const part of columns.partial) {
          const row = chunk.start + part.row - start;
          if (row >= 0 && row < count) partial.set(row, [part.from, part.to]);
        }
      }
      return { state, page, partial };
    },
    ranges: (space, start, end) =>
      within(space, start, end).map((chunk) => [Math.max(start, chunk.start), Math.min(end, chunk.start + chunk.rows)]),
    find(page) {
      for (const laid of manifest.laid) {
        for (const chunk of laid.chunks) {
          const columns = manifest.columns(chunk);
          const row = columns.page.indexOf(page);
          if (row >= 0 && isRecorded(columns.state[row])) return { space: laid.mapping.space, page: chunk.start + row };
        }
      }
      return undefined;
    },
  };
}

/** The first chunk that ends behind `page`. */
function firstBehind(chunks: readonly ChunkPlace[], page: number): number {
  return bisect(chunks.length, (i) => chunks[i].start + chunks[i].rows <= page);
}
