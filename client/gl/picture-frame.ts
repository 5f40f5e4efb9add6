/**
 * What a renderer is told of one picture: integers in device pixels, tile-relative, so that nothing on the GPU grows
 * with the strip. Both renderers read the same frame and must give the same bytes.
 */

import type { Curve, HilbertTurn } from "../../shared/layout/index.ts";
import type { Palette } from "../../shared/palette/index.ts";
import type { Tile } from "../../shared/tile/index.ts";
import type { AnyChannel, Theme } from "../viewer/contract.ts";

/**
 * A tile of the level shown, or the nearest coarser one that is here:
 * its cell for cell `i` of the wanted tile is `base + (i >> shift)`.
 */
export interface TileView {
  readonly tile: Tile;
  readonly base: number;
  /** Twice the number of levels between, at most 31; 0 for the wanted tile itself. */
  readonly shift: number;
}

export interface TilePlace {
  readonly view: TileView | null;
  /** What a filter asks for of the same cells: their provenance or ways; `null` without a filter of another channel. */
  readonly filter: TileView | null;
  readonly failed: boolean;
  /** Square layouts: how the curve is turned inside this tile. */
  readonly turn: HilbertTurn;
}

/** A visible row of a raster. */
export interface RowView {
  /** Index in `places` of the tile with the row's first cell; the following tiles are its neighbours in the list. */
  readonly place: number;
  /** Cell of that tile. */
  readonly offset: number;
  readonly cells: number;
}

export interface SquareLayout {
  readonly kind: "square";
  readonly curve: Curve;
  /** Places lie row by row in a grid so wide. */
  readonly columns: number;
  /** A tile has 2^order cells a side: 8, less only if the strip is less than a tile. */
  readonly order: number;
}

export type FrameLayout =
  | SquareLayout
  | { readonly kind: "raster"; readonly rows: readonly RowView[]; readonly width: number };

export interface PictureFrame {
  /** Device pixels of the canvas. */
  readonly width: number;
  readonly height: number;
  /** Device pixel of the corner of the first place (square) or of the first visible row (raster); may be negative. */
  readonly originX: number;
  readonly originY: number;
  /** Device pixels per cell. */
  readonly pixels: number;
  /** Where the plane's corner lies in the period of the hatches, 0..31. */
  readonly hatchX: number;
  readonly hatchY: number;
  /** Device pixels at top and bottom in which no cell is drawn. */
  readonly marginY: number;
  readonly layout: FrameLayout;
  readonly places: readonly TilePlace[];
  readonly channel: AnyChannel;
  /** As chosen; `null`: the channel's own. */
  readonly palette: Palette | null;
  readonly level: number;
  readonly theme: Theme;
  /** Cells carry text: draw them faint. */
  readonly faint: boolean;
  /** 256 entries: 1 where code `a` is lit. */
  readonly lit: Uint8Array;
  /** Whether places without bytes are lit; in a verdict those with a code follow `lit`. */
  readonly litPlaces: boolean;
  /** 256 entries: 1 where plane `a` of the filter is lit, a provenance or a set of ways; `null` without a filter. */
  readonly litFilter: Uint8Array | null;
  readonly isFilterOfWays: boolean;
  /** Of places left to files those stay lit under a filter that have one of these bits in plane `b` of the filter. */
  readonly litLeft: number;
}

export type RendererKind = "webgl2" | "canvas2d";

/** Draws pictures into one canvas. Made and disposed in pairs. */
export interface Renderer {
  readonly kind: RendererKind;
  draw(frame: PictureFrame): void;
  dispose(): void;
}
