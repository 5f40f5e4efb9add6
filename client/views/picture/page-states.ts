/**
 * What stands at a page whether or not the strip shows it: the bytes pane scrolls through whole mappings, also over what
 * a strip of recorded or residual pages has folded away. Pages of the strip are known to the viewer; of the others the
 * tiles of the strip of all pages tell, one state a page.
 */
import type { PageAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { positionOfPage, type Strip } from "../../../shared/strip/index.ts";
import { TILE_CELLS } from "../../../shared/tile/index.ts";
import type { TileSource, Viewer } from "../../viewer/contract.ts";

/** A cell is a page. */
const PAGE_LEVEL = 6;
/** 64 KiB each: 4 MiB. */
const MOST_TILES = 64;

export interface PageStates extends Pick<Viewer, "pageState" | "subscribe"> {
  dispose(): void;
}

/** @param all the strip of all pages, and `source` its tiles. */
export function createPageStates(viewer: Viewer, all: Strip, source: TileSource): PageStates {
  /** The order of insertion is the order of last use; `null` while it is on its way. */
  const tiles = new Map<number, Uint8Array | null>();
  const listeners = new Set<() => void>();
  let gone = new AbortController();

  function ask(index: number): void {
    tiles.set(index, null);
    source.fetchTiles("class", PAGE_LEVEL, [index], gone.signal).then(
      ([tile]) => {
        tiles.set(index, tile.state);
        for (const oldest of tiles.keys()) {
          if (tiles.size <= MOST_TILES) break;
          tiles.delete(oldest);
        }
        for (const listener of [...listeners]) listener();
      },
      // Nobody is told, so that it is asked for again when somebody looks, and not at once.
      () => tiles.delete(index),
    );
  }

  return {
    pageState(space: Space, page: PageAddress) {
      if (viewer.positionOf({ space, page, offset: 0 }) !== undefined) return viewer.pageState(space, page);
      const at = positionOfPage(all, space, page);
      if (at === undefined) return undefined;
      const index = Math.floor(at / TILE_CELLS);
      const states = tiles.get(index);
      if (states === undefined) ask(index);
      return states?.[at % TILE_CELLS];
    },
    subscribe(listener) {
      listeners.add(listener);
      const unsubscribe = viewer.subscribe(listener);
      return () => {
        listeners.delete(listener);
        unsubscribe();
      };
    },
    dispose() {
      gone.abort();
      gone = new AbortController();
    },
  };
}
