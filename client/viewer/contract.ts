/**
 * What the screens know of the viewer. The viewer is a plain object outside React: camera, look, cursor, selection, tile
 * cache, one animation loop. Screens read it with `useSyncExternalStore` over `subscribe`; pan and zoom never pass
 * through React.
 */
import type { AnyChannel, FilterChannel, TileChannel } from "../../shared/channel/index.ts";
import type { Region } from "../../shared/find/index.ts";
import type { Layout } from "../../shared/layout/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import type { Palette } from "../../shared/palette/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { Strip, StripSource } from "../../shared/strip/index.ts";
import type { Tile } from "../../shared/tile/index.ts";

export type { AnyChannel };
/** What tiles are fetched for: what a picture shows, and what says which of its cells a filter lights. */
export type FetchedChannel = TileChannel | FilterChannel;
export type Theme = "dark" | "light";

/** One byte of one space. */
export interface Place {
  readonly space: Space;
  readonly page: PageAddress;
  /** 0..4095 */
  readonly offset: number;
}

/** Bytes of one space, from a place on, that are marked in the picture. */
export interface MarkedBytes {
  readonly place: Place;
  readonly length: number;
}
/** What a search has found. */
export type Hit = MarkedBytes;

/** Which hits in view have a ring: all; or, because rings would hide the picture, those that are listed, or one of many. */
export type Ringed = "all" | "listed" | "one-of-many";

/** A search as the picture shows it. */
export interface Searched {
  /** In any order. */
  readonly hits: readonly Hit[];
  /** Ranges in which every known byte was searched; of bytes in none of them nothing is said. */
  readonly ranges: readonly Region[];
  /** Pages left to files were searched as they are filled. */
  readonly filled: boolean;
}

/**
 * Where tiles come from. Rejects with an AbortError when `signal` fires. At most 32 indices a call. `held` are tiles that
 * the caller has of these places, of whatever picture: of them only what has changed needs to come.
 */
export interface TileSource {
  /** Names the picture; caches are keyed by it. */
  readonly key: string;
  fetchTiles(
    channel: FetchedChannel,
    level: number,
    indices: readonly number[],
    signal: AbortSignal,
    held?: readonly (Tile | undefined)[],
  ): Promise<readonly Tile[]>;
}

/** A mapping as the picture needs it: a strip source with what margins and rulers write. */
export interface PictureMapping extends StripSource {
  readonly name: string;
  /** `rw-` … ; `rwx` is marked. */
  readonly permissions: string;
  /** Pages left to a file, for the label over a region without bytes. */
  readonly imagePages: number;
  /** Then that file had been deleted: it is no image's. */
  readonly isOfDeletedFile: boolean;
  readonly recordedPages: number;
}

/** How the picture is drawn. Changing it costs no request but for another channel. */
export interface Look {
  readonly layout: Layout;
  readonly channel: AnyChannel;
  /** As chosen; `null`: the channel's own, as where it does not have the chosen one. */
  readonly palette: Palette | null;
  /** Bytes per row of a raster. */
  readonly rasterWidth: number;
  readonly theme: Theme;
  readonly borders: boolean;
  readonly pageGrid: boolean;
  /** Codes of plane `a` that stay lit, the others are dimmed; `null`: all lit. */
  readonly lit: ReadonlySet<number> | null;
  /** Provenance codes that stay lit in any channel (“residual only”, parts of the explanation bar); `null`: all lit. */
  readonly litProvenance: ReadonlySet<number> | null;
  /** Which places left to files stay lit while `litProvenance` or `litWays` is set: bits `LEFT_TO_FILE`, `LEFT_TO_DELETED_FILE`. */
  readonly litLeft: number;
  /** In the place of `litProvenance`: pages that are in one of some ways stay lit, in any channel; `null`: all lit. */
  readonly litWays: LitWays | null;
}

export interface LitWays {
  /** Bits of `WAYS`. */
  readonly bits: number;
  /** Says which mappings are meant. */
  readonly channel: FilterChannel;
}

/** Level and size of a cell: 4^level bytes per cell at `pixels` device pixels; `pixels` > 1 only at level 0. */
export interface Zoom {
  readonly level: number;
  readonly pixels: number;
}

/** What lies under the pointer. */
export interface Hovered {
  readonly place: Place;
  /** Bytes of the cell, from `place` on. */
  readonly bytes: number;
  /** Index in the mappings given to the viewer. */
  readonly mapping: number;
  /** Code of CELL_STATES, and planes of the channel; `null` while the tile is not here. */
  readonly cell: { readonly state: number; readonly a: number; readonly b: number } | null;
}

export interface TileStatus {
  readonly open: number;
  readonly failed: number;
}

/** What draws: `lost` for as long as the browser, having taken the graphics away, may give them back at once. */
export type Graphics = "none" | "webgl2" | "canvas2d" | "lost";

/** The whole strip for the minimap, in the colours of the look: on the curve of the picture, of a raster on the Hilbert curve. */
export interface Overview {
  /** Pixels of `data`. */
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  /** The view, in pixels of `data`. */
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null;
}

/** The whole strip as cells of one level, for what lays them by itself. */
export interface StripCells {
  readonly level: number;
  /** Packed for little-endian RGBA memory, as the picture draws the cell at this device pixel. */
  color(cell: number, x: number, y: number): number;
  /** Of cells that share a pixel the one with the highest rank is to be shown: recorded before absent, then by value. */
  rank(cell: number): number;
}

export interface RowWidths {
  /** What was compared: what is selected, when something is. */
  readonly of: "selection" | "view";
  /** Bytes that were compared, at most 64 KiB, around the cursor. */
  readonly bytes: number;
  /** Share of bytes within ±1 of the byte one row above, index = width; from 1 on. */
  readonly alike: Float32Array;
  /**
   * What `=` takes first: the width of the rows around the cursor, or the middle of the view, and no multiple of it.
   * Then the local maxima, the most alike first. Empty when nothing repeats.
   */
  readonly peaks: readonly { readonly width: number; readonly alike: number }[];
}

/** What a viewer shows: a strip, what was laid on it, and its tiles. */
export interface Picture {
  readonly strip: Strip;
  /** What was laid, in the order of the sources: `strip.mappings[i].source` is an index in it. */
  readonly mappings: readonly PictureMapping[];
  readonly source: TileSource;
  /** Channels that `source` has: their coarsest tiles are fetched ahead, so that a change of channel is never blank. */
  readonly channels?: readonly TileChannel[];
  /** What names pages in the margins at byte size: `provenance`, in a comparison `verdict`; `null` for neither. */
  readonly pageChannel?: "provenance" | "verdict" | null;
}

export interface Viewer {
  /**
   * Shows what a picture has become. Where the strip is the same, tiles stay in view until theirs of now are here; only
   * those are asked for anew that stand on one of the changed ranges of positions, [from, to).
   */
  setPicture(picture: Picture, changed: readonly (readonly [number, number])[]): void;
  /**
   * Draws into `host` from now on, on two canvases that fill it, one for cells and one over it for lines and words, and
   * listens to hands on it; the returned function takes all of it away again. The host is positioned.
   */
  attach(host: HTMLElement): () => void;
  readonly look: Look;
  setLook(change: Partial<Look>): void;
  readonly zoom: Zoom;
  /** `at`: what stays in the middle; the cursor, else the middle of the view. */
  setZoom(zoom: Zoom, at?: Place): void;
  zoomBy(steps: number): void;
  /** Whether the view is what `fit` gave; it then stays fitted when the canvas changes its size. */
  readonly fitted: boolean;
  fit(): void;
  fitMapping(mapping: number): void;
  readonly cursor: Place | null;
  /** `show`: brings it to the middle if it is not in view. */
  setCursor(place: Place | null, options?: { readonly show?: boolean }): void;
  /** Moves the cursor by cells of the picture. */
  moveCursor(right: number, down: number): void;
  /** What is selected to be measured, searched and exported: in the order of the strip, apart from each other. */
  readonly regions: readonly Region[];
  setRegions(regions: readonly Region[]): void;
  /** Moves the cursor by cells, and selects from where it stood at first to where it then stands. */
  extendRegions(right: number, down: number): void;
  readonly hovered: Hovered | null;
  /** The cell that the selection stands in, as the look has it. */
  readonly selectedCell: Hovered | null;
  /** The hits of a search are marked, and the channel of hits shows them, until others are given. */
  setSearched(searched: Searched): void;
  /** Where rings around all hits would hide what they lie in, only these have one; without any, one of many. */
  setListedHits(hits: readonly Hit[]): void;
  /** Of the hits in view. */
  readonly ringedHits: Ringed;
  /** Bytes that carry a note: marked likewise, by another sign. */
  setNotes(notes: readonly MarkedBytes[]): void;
  /** Outlines a mapping (hover on the ruler or a list). */
  outline(mapping: number | null): void;
  readonly outlined: PictureMapping | null;
  readonly status: TileStatus;
  readonly graphics: Graphics;
  retry(): void;
  /** The place in the middle of the view, for the URL. */
  readonly center: Place | null;
  /** Runs of positions that are in view, [from, to), for the ruler's brackets. */
  visiblePositions(): readonly (readonly [number, number])[];
  /** Position of a place on the strip; `undefined` when it is not shown. */
  positionOf(place: Place): number | undefined;
  /** The largest overview of whole pixels per cell that fits; `null` while nothing is there. */
  overview(mostWidth: number, mostHeight: number): Overview | null;
  /** The cells of the whole strip at one level; another object whenever they are drawn otherwise. */
  cells(): StripCells;
  /** Moves the view over a pixel of an overview that is `width` pixels wide. */
  centerOverview(x: number, y: number, width: number): void;
  /**
   * Raster: how alike the rows of what is selected would be at each width, or without a selection, at one byte per cell,
   * those in view. `measuring` until it is computed, `subscribe` tells; `null` elsewhere. Asking again is cheap.
   */
  rowWidths(): RowWidths | "measuring" | null;
  /**
   * Highest code of plane `a` in each of `columns` equal parts of the strip, 255 where nothing is recorded: ticks of the
   * ruler. `null` until the tile is here. Only channels that were given to the viewer.
   */
  ranks(channel: TileChannel, columns: number): Uint8Array | null;
  /** Code of CELL_STATES of a page; `undefined` while it is not known (it is then asked for) and where nothing is shown. */
  pageState(space: Space, page: PageAddress): number | undefined;
  /** For benchmarks: frames drawn, tiles of the level shown. */
  readonly measures: { readonly frames: number; readonly tiles: number };
  /** Called after any of the above has changed, at most once per animation frame. */
  subscribe(listener: () => void): () => void;
  dispose(): void;
}
