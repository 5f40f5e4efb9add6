/**
 * The viewer: a plain object that owns camera, look, cursor, selection, tile cache and one loop that draws only when
 * something has changed. The surprise: `setLook` moves the camera when the layout changes, so that the place in the
 * middle stays.
 */

import { MAIN_CHANNELS, tilesOf } from "../../shared/channel/index.ts";
import type { Region } from "../../shared/find/index.ts";
import {
  type Curve,
  isCurve,
  type Layout,
  type PicturePlane,
  pictureCell,
  pictureIndex,
  picturePlane,
} from "../../shared/layout/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { isSameStrip, positionOfPage, type Strip } from "../../shared/strip/index.ts";
import { cellStateCode, pagesOfTile, TILE_CELLS, tileCount } from "../../shared/tile/index.ts";
import { renderPixels, type Surface, takeSurface } from "../gl/index.ts";
import { type Camera, type CameraState, createCamera } from "./camera.ts";
import { type CameraInput, listenToCamera } from "./camera-input.ts";
import { MONO, SANS } from "./chrome-colors.ts";
import type {
  Graphics,
  Hit,
  Hovered,
  Look,
  MarkedBytes,
  Overview,
  Picture,
  Place,
  Ringed,
  RowWidths,
  Searched,
  StripCells,
  TileSource,
  Viewer,
  Zoom,
} from "./contract.ts";
import {
  carriesText,
  type DevicePoint,
  GUTTER,
  MARGIN,
  type PlanePoint,
  planeOrigin,
  type ScreenPoint,
  stepOf,
  type Viewport,
  ZOOM_STEPS,
} from "./coordinates.ts";
import { whenFontsArrive } from "./fonts.ts";
import { createHitTiles, type HitTiles } from "./hit-tiles.ts";
import { type Label, placeLabels } from "./labels.ts";
import { createOverlay, type Overlay } from "./overlay.ts";
import { overviewFrame } from "./overview-frame.ts";
import { byteOfPlace, movePoint, nearestCell, placeOfCell } from "./places.ts";
import { boundsOf, boxOfPositions } from "./plane-box.ts";
import { rootLevel } from "./pyramid.ts";
import { ranksOf } from "./ranks.ts";
import { listenToRegionDrag } from "./region-drag.ts";
import { cellsOfRectangle, type Run, regionsBetween, regionsOfRuns, spansOfRegions } from "./regions.ts";
import { createRowWidths, type MeasuredBytes, measuredBytes } from "./row-widths.ts";
import { buildScene, type Scene, stripFrame, wishesOf } from "./scene.ts";
import { stripCells, stripLevel } from "./strip-cells.ts";
import { createTileStore } from "./tile-store.ts";

export interface ViewerOptions extends Picture {
  /** Given to both viewers of a comparison. */
  readonly camera?: Camera;
  readonly look: Look;
}

/** Why a frame is drawn; kept as text for the sake of debugging and tests. */
type Reason =
  | "attached"
  | "size"
  | "camera"
  | "look"
  | "tiles"
  | "hover"
  | "cursor"
  | "outline"
  | "regions"
  | "hits"
  | "notes"
  | "labels"
  | "graphics";
/** These change what is under the overlay. */
const PICTURE_REASONS: ReadonlySet<Reason> = new Set(["attached", "size", "camera", "look", "tiles", "graphics"]);
/** Names are placed when the view has rested so long. */
const REST_MS = 120;

function graphicsOf({ renderer }: Surface): Graphics {
  return renderer?.kind ?? "lost";
}

/** The coarsest tiles of a strip stay whatever is in view. */
function pinnedOf(root: number): number[] {
  return root > 0 ? [root, root - 1] : [root];
}

/** The level at which a cell is a page. */
const PAGE_LEVEL = 6;
const RECORDED = cellStateCode("recorded");

interface Stage {
  readonly surface: Surface;
  readonly context: CanvasRenderingContext2D;
  readonly overlay: Overlay;
  readonly input: CameraInput;
  view: Viewport;
}

const NOTHING_SEARCHED: Searched = { hits: [], ranges: [], filled: false };

export function createViewer(options: ViewerOptions): Viewer {
  let { strip, mappings, channels = MAIN_CHANNELS, pageChannel = "provenance" } = options;
  const camera = options.camera ?? createCamera();
  let root = rootLevel(strip.end);
  let pinnedLevels = pinnedOf(root);
  const planes = new Map<string, PicturePlane>();
  const listeners = new Set<() => void>();
  const reasons = new Set<Reason>();
  const storeOf = (source: TileSource) =>
    createTileStore(source, (level) => {
      arrivals[level] = (arrivals[level] ?? 0) + 1;
      invalidate("tiles");
    });
  let store = storeOf(options.source);

  let look = options.look;
  let cursor: Place | null = null;
  let regions: readonly Region[] = [];
  let regionSpans: readonly Run[] = [];
  /** Byte of the strip from which keys or a hand extend; `undefined` when the next one begins at the cursor. */
  let anchor: number | undefined;
  /** Where the hand that selects was put down. */
  let corner: { readonly plane: PicturePlane; readonly point: PlanePoint } | undefined;
  let hovered: Hovered | null = null;
  let pointer: ScreenPoint | null = null;
  let outlined: number | null = null;
  let searched: Searched = NOTHING_SEARCHED;
  let listedHits: readonly Hit[] = [];
  let ringedHits: Ringed = "all";
  let notes: readonly MarkedBytes[] = [];
  let graphics: Graphics = "none";
  let stage: Stage | undefined;
  let scene: Scene | undefined;
  let labels: readonly Label[] = [];
  let labelsZoom: Zoom | undefined;
  let restTimer: ReturnType<typeof setTimeout> | undefined;
  let request = 0;
  /** Wishes that came before a canvas was there: done at the first size. */
  const asked = new Set<number>();
  /** Somebody has asked for row widths, so the bytes in view are wanted. */
  let isMeasuringWidths = false;
  let onPlaced: (() => void)[] = [];
  let isDisposed = false;
  let drawn = 0;
  /** Counts changes of look and picture, for what is made of them and kept. */
  let version = 0;
  /** The same of tiles, by their level. */
  const arrivals: number[] = [];
  /** Of all that a picture of this level is made of: its own tiles, and coarser ones that stand in. */
  const versionFrom = (level: number) => `${version} ${arrivals.slice(level).join(" ")}`;
  let overviewKept: { readonly key: string; readonly made: Omit<Overview, "frame"> } | undefined;
  let centerOf: { state: CameraState | null; place: Place | null } = { state: null, place: null };

  const planeOf = (layout: Layout, level: number, rasterWidth: number): PicturePlane => {
    const key = layout === "raster" ? `${layout} ${level} ${rasterWidth}` : `${layout} ${level}`;
    let plane = planes.get(key);
    if (!plane) {
      if (planes.size > 64) planes.clear();
      plane = picturePlane(strip, layout, level, rasterWidth);
      planes.set(key, plane);
    }
    return plane;
  };
  const planeFor = (state: CameraState) => planeOf(state.layout, state.zoom.level, state.rasterWidth);

  let hitTilesKept: { readonly strip: Strip; readonly of: Searched; readonly tiles: HitTiles } | undefined;
  /** Made anew of another search, or another strip. */
  function hitTilesNow(): HitTiles {
    if (hitTilesKept?.of !== searched || hitTilesKept.strip !== strip)
      hitTilesKept = { strip, of: searched, tiles: createHitTiles(strip, searched) };
    return hitTilesKept.tiles;
  }

  function invalidate(reason: Reason): void {
    if (isDisposed) return;
    reasons.add(reason);
    if (request === 0) request = requestAnimationFrame(drawFrame);
  }

  function drawFrame(): void {
    request = 0;
    const changed = new Set(reasons);
    reasons.clear();
    if (stage && camera.state && stage.view.width > 0 && stage.view.height > 0) {
      if (!scene || [...changed].some((reason) => PICTURE_REASONS.has(reason))) {
        drawPicture(stage, camera.state);
        rest();
      }
      if (pointer) hovered = hoveredAt(pointer);
      // Nothing over the picture follows the pointer.
      if (changed.size > 1 || !changed.has("hover")) drawOverlay(stage, scene!);
      drawn++;
    }
    for (const listener of [...listeners]) listener();
  }

  function drawOverlay({ overlay }: Stage, over: Scene): void {
    ({ ringedHits } = overlay.draw({
      scene: over,
      look,
      strip,
      mappings,
      cursor,
      outlined,
      regionSpans,
      hits: searched.hits,
      listedHits,
      notes,
      labels: labelsZoom === over.zoom ? labels : [],
      store,
      pageChannel,
    }));
  }

  function drawPicture({ view, surface }: Stage, state: CameraState): void {
    scene = buildScene({
      plane: planeFor(state),
      zoom: state.zoom,
      center: state.center,
      view,
      look,
      end: strip.end,
      store,
      hitTiles: hitTilesNow(),
      coarsest: root,
    });
    const wishes = wishesOf(scene, look, strip.end, pinnedLevels, channels, pageChannel);
    for (const index of asked)
      wishes.push({ channel: channels[0], level: Math.min(root, PAGE_LEVEL), index, tier: "pinned" });
    // Panels tell the cell of the cursor, wherever the view is.
    const selected = cursor ? byteOfPlace(strip, cursor) : undefined;
    const { level } = scene.zoom;
    if (selected !== undefined)
      wishes.push({
        channel: tilesOf(look.channel),
        level,
        index: Math.floor(selected / 4 ** level / TILE_CELLS),
        tier: "prefetch",
      });
    const measured = isMeasuringWidths ? measuredNow() : undefined;
    if (measured)
      for (let index = Math.floor(measured.from / TILE_CELLS); index * TILE_CELLS < measured.to; index++)
        wishes.push({ channel: "value", level: 0, index, tier: "visible" });
    store.want(wishes);
    surface.renderer?.draw(scene.frame);
  }

  /** Places the names once the view rests. */
  function rest(): void {
    clearTimeout(restTimer);
    restTimer = setTimeout(() => {
      if (!stage || !scene) return;
      const { context } = stage;
      labels = placeLabels(scene, strip, mappings, (text, isMono) => {
        context.font = `${isMono ? "10.5px" : "11px"} ${isMono ? MONO : SANS}`;
        return context.measureText(text).width;
      });
      labelsZoom = scene.zoom;
      invalidate("labels");
    }, REST_MS);
  }

  // Camera ------------------------------------------------------------------------------------------------------------

  /** Keeps the picture in reach: its middle never leaves the canvas; a raster that fits stands beside its gutter. */
  function reachable(state: CameraState, view: Viewport): CameraState {
    const plane = planeFor(state);
    const { pixels } = state.zoom;
    let x = Math.min(plane.width, Math.max(0, state.center.x));
    let y = Math.min(plane.height, Math.max(0, state.center.y));
    if (plane.rows) {
      const gutter = Math.round(GUTTER * view.ratio);
      const margin = Math.round(MARGIN * view.ratio);
      const left = (view.width / 2 - gutter) / pixels;
      if (plane.width * pixels <= view.width - gutter || x < left) x = left;
      const top = (view.height / 2 - margin) / pixels;
      if (plane.height * pixels <= view.height - 2 * margin || y < top) y = top;
    }
    return x === state.center.x && y === state.center.y ? state : { ...state, center: { x, y } };
  }

  function moveTo(state: CameraState): void {
    if (stage) camera.set(reachable({ ...state, isFit: false }, stage.view));
  }

  function fitView(view: Viewport): void {
    camera.set(reachable(fitState(view), view));
  }

  /** Runs at once, or when the first canvas has a size. */
  function whenPlaced(action: () => void): void {
    if (camera.state && stage) action();
    else onPlaced.push(action);
  }

  function fitState(view: Viewport): CameraState {
    const { layout, rasterWidth } = look;
    const margin = 2 * Math.round(MARGIN * view.ratio);
    const availableWidth = view.width - (layout === "raster" ? Math.round((GUTTER + MARGIN) * view.ratio) : margin);
    const availableHeight = view.height - margin;
    for (let step = ZOOM_STEPS.length - 1; step >= 0; step--) {
      const zoom = ZOOM_STEPS[step];
      const plane = planeOf(layout, zoom.level, rasterWidth);
      if (plane.width * zoom.pixels > 4 * availableWidth && !plane.rows) continue;
      const bounds = boundsOf(plane);
      const isFitting =
        (bounds.right - bounds.left) * zoom.pixels <= availableWidth &&
        (bounds.bottom - bounds.top) * zoom.pixels <= availableHeight;
      if (!isFitting && step > 0) continue;
      return {
        layout,
        rasterWidth,
        zoom,
        center: { x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.bottom) / 2 },
        isFit: true,
      };
    }
    return { layout, rasterWidth, zoom: ZOOM_STEPS[0], center: { x: 0, y: 0 }, isFit: true };
  }

  /** Changes the zoom so that what lies under a device point stays there. */
  function zoomAround(step: number, at: DevicePoint): void {
    const state = camera.state;
    if (!state || !stage) return;
    const { view } = stage;
    const limits = stepLimits(view);
    const zoom = ZOOM_STEPS[Math.min(limits.finest, Math.max(limits.coarsest, step))];
    if (zoom.level === state.zoom.level && zoom.pixels === state.zoom.pixels) return;
    const origin = planeOrigin(state.center, state.zoom.pixels, view);
    const under = { x: (at.x - origin.x) / state.zoom.pixels, y: (at.y - origin.y) / state.zoom.pixels };
    const to = planeOf(state.layout, zoom.level, state.rasterWidth);
    const point = zoom.level === state.zoom.level ? under : movePoint(under, planeFor(state), to);
    moveTo({
      ...state,
      zoom,
      center: {
        x: point.x - (at.x - view.width / 2) / zoom.pixels,
        y: point.y - (at.y - view.height / 2) / zoom.pixels,
      },
    });
  }

  /** One can go out two steps beyond *Fit*, and in to the last one. */
  function stepLimits(view: Viewport): { coarsest: number; finest: number } {
    const fit = stepOf(fitState(view).zoom);
    return { coarsest: Math.max(0, fit - 2), finest: ZOOM_STEPS.length - 1 };
  }

  function pointOfPlace(place: Place, state: CameraState): PlanePoint | undefined {
    const byte = byteOfPlace(strip, place);
    if (byte === undefined) return undefined;
    const cell = pictureCell(planeFor(state), Math.floor(byte / 4 ** state.zoom.level));
    return cell && { x: cell.x + 0.5, y: cell.y + 0.5 };
  }

  function isInView(point: PlanePoint, state: CameraState, view: Viewport): boolean {
    const origin = planeOrigin(state.center, state.zoom.pixels, view);
    const margin = MARGIN * view.ratio;
    const x = origin.x + point.x * state.zoom.pixels;
    const y = origin.y + point.y * state.zoom.pixels;
    return x >= margin && y >= margin && x < view.width - margin && y < view.height - margin;
  }

  function centerOn(place: Place): void {
    const state = camera.state;
    const point = state && pointOfPlace(place, state);
    if (state && point) moveTo({ ...state, center: point });
  }

  function pointUnder(at: ScreenPoint, state: CameraState, view: Viewport): PlanePoint {
    const origin = planeOrigin(state.center, state.zoom.pixels, view);
    return {
      x: (at.x * view.ratio - origin.x) / state.zoom.pixels,
      y: (at.y * view.ratio - origin.y) / state.zoom.pixels,
    };
  }

  function cellUnder(at: ScreenPoint): { index: number; plane: PicturePlane } | undefined {
    const state = camera.state;
    if (!stage || !state) return undefined;
    const { view } = stage;
    const plane = planeFor(state);
    const point = pointUnder(at, state, view);
    const [x, y] = [Math.floor(point.x), Math.floor(point.y)];
    // Cells under the words in the margins are out of view.
    if (plane.rows && (at.x < GUTTER - 8 || at.y < MARGIN)) return undefined;
    if (scene?.carriesText && (at.y < MARGIN || at.y >= view.height / view.ratio - MARGIN)) return undefined;
    const index = pictureIndex(plane, x, y);
    return index === undefined ? undefined : { index, plane };
  }

  function hoveredAt(at: ScreenPoint): Hovered | null {
    const under = cellUnder(at);
    return under ? cellAt(under.plane, under.index) : null;
  }

  function cellAt({ level }: PicturePlane, index: number): Hovered | null {
    const found = placeOfCell(strip, level, index);
    if (!found) return null;
    const here = store.get(tilesOf(look.channel), level, Math.floor(index / TILE_CELLS));
    const tile = here && look.channel === "hits" ? hitTilesNow().tile(here, level) : here;
    const cell = index % TILE_CELLS;
    return {
      place: found.place,
      bytes: 4 ** level,
      mapping: found.mapping.source,
      cell: tile ? { state: tile.state[cell], a: tile.a[cell], b: tile.b[cell] } : null,
    };
  }

  function select(next: readonly Region[]): void {
    if (next.length === 0 && regions.length === 0) return;
    regions = next;
    regionSpans = spansOfRegions(strip, next);
    invalidate("regions");
  }

  /** Selects from the anchor to a cell, both included, whichever comes first. */
  function selectTo(index: number, level: number): void {
    const bytes = 4 ** level;
    const from = anchor ?? index * bytes;
    anchor = from;
    const start = Math.floor(from / bytes) * bytes;
    select(regionsBetween(strip, [Math.min(start, index * bytes), Math.max(start, index * bytes) + bytes]));
  }

  /** Between two points of the plane, both included; either may lie where there is no memory. */
  function selectRectangle(plane: PicturePlane, from: PlanePoint, to: PlanePoint): void {
    const bytes = 4 ** plane.level;
    const cells = cellsOfRectangle(plane, {
      left: Math.floor(Math.min(from.x, to.x)),
      top: Math.floor(Math.min(from.y, to.y)),
      right: Math.floor(Math.max(from.x, to.x)) + 1,
      bottom: Math.floor(Math.max(from.y, to.y)) + 1,
    });
    select(
      regionsOfRuns(
        strip,
        cells.map(([first, behind]) => [first * bytes, behind * bytes] as const),
      ),
    );
  }

  /** The cell under a point, or the nearest one to it: a hand may leave the picture. */
  function cellNear(at: ScreenPoint): { index: number; plane: PicturePlane } | undefined {
    const under = cellUnder(at);
    const state = camera.state;
    if (under && under.index < under.plane.cells) return under;
    if (!stage || !state) return undefined;
    const plane = planeFor(state);
    const index = nearestCell(plane, pointUnder(at, state, stage.view));
    return index === undefined ? undefined : { index: Math.min(index, plane.cells - 1), plane };
  }

  const regionHands = {
    begin(at: ScreenPoint): boolean {
      const cell = cellNear(at);
      if (!cell || !camera.state || !stage) return false;
      anchor = cell.index * 4 ** cell.plane.level;
      corner = { plane: cell.plane, point: pointUnder(at, camera.state, stage.view) };
      return true;
    },
    extend(at: ScreenPoint, isRectangle: boolean) {
      const cell = cellNear(at);
      if (!cell) return;
      // Zoomed on the way, a rectangle begins at the same memory.
      const begun =
        corner?.plane === cell.plane
          ? corner.point
          : pictureCell(cell.plane, Math.floor((anchor ?? 0) / 4 ** cell.plane.level));
      if (isRectangle && begun && camera.state && stage)
        selectRectangle(cell.plane, begun, pointUnder(at, camera.state, stage.view));
      else selectTo(cell.index, cell.plane.level);
    },
    extendFromCursor(at: ScreenPoint) {
      const cell = cellNear(at);
      if (!cell) return;
      anchor = cursor ? byteOfPlace(strip, cursor) : undefined;
      selectTo(cell.index, cell.plane.level);
    },
  };

  const hands = {
    pan(dx: number, dy: number) {
      const state = camera.state;
      if (!state || !stage) return;
      const scale = stage.view.ratio / state.zoom.pixels;
      moveTo({ ...state, center: { x: state.center.x - dx * scale, y: state.center.y - dy * scale } });
    },
    zoomTo(step: number, at: ScreenPoint) {
      if (!stage) return;
      zoomAround(step, { x: at.x * stage.view.ratio, y: at.y * stage.view.ratio });
    },
  };

  const unsubscribeCamera = camera.subscribe(() => {
    if (camera.state) stage?.input.setStep(stepOf(camera.state.zoom));
    invalidate("camera");
  });

  // Canvas ------------------------------------------------------------------------------------------------------------

  function attach(host: HTMLElement): () => void {
    stage?.input.dispose();
    const surface = takeSurface(() => {
      graphics = graphicsOf(surface);
      invalidate("graphics");
    });
    const overlayCanvas = document.createElement("canvas");
    overlayCanvas.setAttribute("aria-hidden", "true");
    overlayCanvas.style.pointerEvents = "none";
    for (const one of [surface.canvas, overlayCanvas])
      Object.assign(one.style, { display: "block", position: "absolute", inset: "0", width: "100%", height: "100%" });
    host.append(surface.canvas, overlayCanvas);
    const context = overlayCanvas.getContext("2d");
    if (!context) throw new Error("This browser offers no 2D canvas");
    const controller = new AbortController();
    const listen = { signal: controller.signal };
    const own: Stage = {
      surface,
      context,
      overlay: createOverlay(context),
      input: listenToCamera(host, hands),
      view: { width: 0, height: 0, ratio: 1 },
    };
    stage = own;
    graphics = graphicsOf(surface);

    host.addEventListener(
      "pointermove",
      (event) => {
        pointer = { x: event.offsetX, y: event.offsetY };
        invalidate("hover");
      },
      listen,
    );
    host.addEventListener(
      "pointerleave",
      () => {
        pointer = null;
        hovered = null;
        invalidate("hover");
      },
      listen,
    );
    listenToRegionDrag(host, regionHands, controller.signal);
    host.addEventListener(
      "click",
      (event) => {
        // That hand has selected.
        if (event.shiftKey) return;
        const under = cellUnder({ x: event.offsetX, y: event.offsetY });
        const found = under && placeOfCell(strip, under.plane.level, under.index);
        if (found) viewer.setCursor(found.place);
      },
      listen,
    );
    host.addEventListener(
      "dblclick",
      (event) => {
        const under = cellUnder({ x: event.offsetX, y: event.offsetY });
        const found = under && placeOfCell(strip, under.plane.level, under.index);
        if (found) viewer.fitMapping(found.mapping.source);
      },
      listen,
    );

    const measure = (entry?: ResizeObserverEntry) => {
      const ratio = window.devicePixelRatio;
      const exact = entry?.devicePixelContentBoxSize?.[0];
      const width = exact ? exact.inlineSize : Math.round(overlayCanvas.clientWidth * ratio);
      const height = exact ? exact.blockSize : Math.round(overlayCanvas.clientHeight * ratio);
      for (const one of [surface.canvas, overlayCanvas]) {
        if (one.width !== width) one.width = width;
        if (one.height !== height) one.height = height;
      }
      own.view = { width, height, ratio };
      if (width === 0 || height === 0) return;
      if (!camera.state || camera.state.isFit) fitView(own.view);
      else moveTo(camera.state);
      own.input.setStep(stepOf(camera.state!.zoom));
      const waiting = onPlaced;
      onPlaced = [];
      for (const action of waiting) action();
      invalidate("size");
    };
    const observer = new ResizeObserver((entries) => measure(entries.at(-1)));
    try {
      observer.observe(overlayCanvas, { box: "device-pixel-content-box" });
    } catch {
      observer.observe(overlayCanvas);
    }
    // Browser zoom may change the ratio and leave the device pixels as they were.
    const watchRatio = () => {
      matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
        "change",
        () => {
          measure();
          watchRatio();
        },
        { once: true, signal: controller.signal },
      );
    };
    watchRatio();
    whenFontsArrive(() => {
      invalidate("labels");
      rest();
    }, controller.signal);
    measure();
    invalidate("attached");

    return () => {
      controller.abort();
      observer.disconnect();
      own.input.dispose();
      surface.release();
      overlayCanvas.remove();
      if (stage === own) {
        stage = undefined;
        scene = undefined;
        graphics = "none";
      }
    };
  }

  // Overview ----------------------------------------------------------------------------------------------------------

  /** On the curve of the picture, so that what is in view is a rectangle there too; of a raster on the Hilbert curve. */
  function overviewLayout(): Curve {
    return isCurve(look.layout) ? look.layout : "hilbert";
  }

  function overview(mostWidth: number, mostHeight: number): Overview | null {
    let level = Math.max(0, root - 1);
    const layout = overviewLayout();
    let plane = planeOf(layout, level, 1);
    while (plane.width > mostWidth || plane.height > mostHeight) plane = planeOf(layout, ++level, 1);
    const pixels = Math.max(1, Math.floor(Math.min(mostWidth / plane.width, mostHeight / plane.height)));
    const key = `${layout} ${level} ${pixels} ${versionFrom(level)}`;
    if (overviewKept?.key !== key) {
      if (!pinnedLevels.includes(level)) {
        // A coarser level than the picture needs is made by the server like any other: nothing is sampled here.
        pinnedLevels.push(level);
        invalidate("look");
      }
      const { frame } = buildScene({
        plane,
        zoom: { level, pixels },
        center: { x: plane.width / 2, y: plane.height / 2 },
        // So high a ratio that no cell ever carries text.
        view: { width: plane.width * pixels, height: plane.height * pixels, ratio: 32 },
        look: { ...look, layout },
        end: strip.end,
        store,
        hitTiles: hitTilesNow(),
        coarsest: Math.max(root, level),
      });
      if (frame.places.every((place) => place.view === null)) return null;
      const made = { width: frame.width, height: frame.height, data: renderPixels(frame) };
      overviewKept = { key, made };
    }
    return { ...overviewKept.made, frame: scene ? overviewFrame(scene, plane, pixels) : null };
  }

  let selectedKept: { readonly key: string; readonly cell: Hovered | null } | undefined;
  let cellsKept: { readonly version: string; readonly cells: StripCells } | undefined;

  function cells(): StripCells {
    const level = stripLevel(strip.end, root);
    const now = versionFrom(level);
    if (cellsKept?.version === now) return cellsKept.cells;
    if (!pinnedLevels.includes(level)) {
      pinnedLevels.push(level);
      invalidate("look");
    }
    const coarsest = Math.max(root, level);
    const made = stripCells(
      stripFrame({ look, zoom: { level, pixels: 1 }, end: strip.end, store, hitTiles: hitTilesNow(), coarsest }),
    );
    cellsKept = { version: now, cells: made };
    return made;
  }

  // Row width ---------------------------------------------------------------------------------------------------------

  const widths = createRowWidths(() => invalidate("labels"));

  /** Of what the widths of rows are measured. */
  function measuredNow(): MeasuredBytes | undefined {
    if (!scene) return undefined;
    return measuredBytes(scene, cursor ? byteOfPlace(strip, cursor) : undefined, regionSpans);
  }

  /** Starts anew when other bytes are to be measured. */
  function rowWidths(): RowWidths | "measuring" | null {
    isMeasuringWidths = true;
    const measured = measuredNow();
    return measured ? widths.of(measured, () => valuesBetween(measured.from, measured.to)) : null;
  }

  /** Bytes of the strip, −1 where there is none; `undefined` while a tile of them is not here, which is then wanted. */
  function valuesBetween(from: number, to: number): Int16Array | undefined {
    const values = new Int16Array(to - from).fill(-1);
    for (let cell = from; cell < to; ) {
      const index = Math.floor(cell / TILE_CELLS);
      const tile = store.get("value", 0, index);
      if (!tile) {
        if (!store.state("value", 0, index)) invalidate("look");
        return undefined;
      }
      for (const end = Math.min(to, (index + 1) * TILE_CELLS); cell < end; cell++)
        if (tile.state[cell % TILE_CELLS] === RECORDED) values[cell - from] = tile.a[cell % TILE_CELLS];
    }
    return values;
  }

  // Contract ----------------------------------------------------------------------------------------------------------

  const viewer: Viewer = {
    attach,
    setPicture(picture, changed) {
      const isSame = isSameStrip(strip, picture.strip);
      const kept = isSame || viewer.fitted ? null : viewer.center;
      ({ strip, mappings, channels = MAIN_CHANNELS, pageChannel = "provenance" } = picture);
      anchor = undefined;
      regionSpans = spansOfRegions(strip, regions);
      version++;
      if (isSame) {
        store.renew(picture.source, (level, index) => {
          const pages = pagesOfTile(level);
          return !changed.some(([from, to]) => from < (index + 1) * pages && to > index * pages);
        });
      } else {
        store.dispose();
        store = storeOf(picture.source);
        planes.clear();
        asked.clear();
        scene = undefined;
        root = rootLevel(strip.end);
        pinnedLevels = pinnedOf(root);
        labels = [];
        centerOf = { state: null, place: null };
        whenPlaced(() => {
          if (viewer.fitted) fitView(stage!.view);
          else if (kept) centerOn(kept);
        });
      }
      invalidate("look");
    },
    get look() {
      return look;
    },
    setLook(change) {
      const before = camera.state;
      look = { ...look, ...change };
      version++;
      invalidate("look");
      if (before && (before.layout !== look.layout || before.rasterWidth !== look.rasterWidth)) {
        if (stage && before.isFit) {
          fitView(stage.view);
          return;
        }
        const moved = { ...before, layout: look.layout, rasterWidth: look.rasterWidth };
        const selected = cursor && pointOfPlace(cursor, before);
        const keep = selected && stage && isInView(selected, before, stage.view) ? selected : before.center;
        const isOnlyWidth = before.layout === look.layout;
        if (stage && (!isOnlyWidth || look.layout === "raster"))
          moveTo({ ...moved, center: movePoint(keep, planeFor(before), planeFor(moved)) });
      }
    },
    get zoom() {
      return camera.state?.zoom ?? ZOOM_STEPS[0];
    },
    setZoom(zoom, at) {
      whenPlaced(() => {
        const state = camera.state!;
        const view = stage!.view;
        const step = stepOf(zoom);
        const keep = at ?? (cursor ? cursor : null);
        const next = { ...state, zoom: ZOOM_STEPS[step] };
        const point = keep && pointOfPlace(keep, next);
        if (point && (at || isInView(pointOfPlace(keep, state)!, state, view))) moveTo({ ...next, center: point });
        else zoomAround(step, { x: view.width / 2, y: view.height / 2 });
      });
    },
    zoomBy(steps) {
      const state = camera.state;
      if (!state || !stage) return;
      const { view } = stage;
      const step = stepOf(state.zoom) + steps;
      const point = cursor && pointOfPlace(cursor, state);
      if (point && isInView(point, state, view)) {
        const origin = planeOrigin(state.center, state.zoom.pixels, view);
        zoomAround(step, { x: origin.x + point.x * state.zoom.pixels, y: origin.y + point.y * state.zoom.pixels });
      } else zoomAround(step, { x: view.width / 2, y: view.height / 2 });
    },
    get fitted() {
      return camera.state?.isFit ?? true;
    },
    fit() {
      whenPlaced(() => fitView(stage!.view));
    },
    fitMapping(mapping) {
      whenPlaced(() => {
        const laid = strip.mappings.find((one) => one.source === mapping);
        const state = camera.state!;
        const { view } = stage!;
        if (!laid) return;
        for (let step = ZOOM_STEPS.length - 1; step >= 0; step--) {
          const zoom = ZOOM_STEPS[step];
          const plane = planeOf(state.layout, zoom.level, state.rasterWidth);
          const box = boxOfPositions(plane, laid.position, laid.position + laid.size);
          const isFitting =
            (box.right - box.left) * zoom.pixels <= view.width - 2 * MARGIN * view.ratio &&
            (box.bottom - box.top) * zoom.pixels <= view.height - 2 * MARGIN * view.ratio;
          if ((!isFitting || carriesText(zoom, view.ratio)) && step > 0) continue;
          moveTo({ ...state, zoom, center: { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 } });
          return;
        }
      });
    },
    get cursor() {
      return cursor;
    },
    get regions() {
      return regions;
    },
    setRegions(next) {
      anchor = undefined;
      select(next);
    },
    extendRegions(right, down) {
      const state = camera.state;
      if (!state) return;
      const from = anchor ?? (cursor ? byteOfPlace(strip, cursor) : undefined);
      viewer.moveCursor(right, down);
      const byte = cursor ? byteOfPlace(strip, cursor) : undefined;
      if (byte === undefined) return;
      anchor = from;
      selectTo(Math.floor(byte / 4 ** state.zoom.level), state.zoom.level);
    },
    setCursor(place, how) {
      cursor = place;
      anchor = undefined;
      invalidate("cursor");
      if (!place || !how?.show) return;
      whenPlaced(() => {
        const state = camera.state!;
        const point = pointOfPlace(place, state);
        if (point && !isInView(point, state, stage!.view)) centerOn(place);
      });
    },
    moveCursor(right, down) {
      const state = camera.state;
      if (!state) return;
      const plane = planeFor(state);
      const from = cursor && pointOfPlace(cursor, state);
      const start = from ?? state.center;
      let x = Math.floor(start.x);
      let y = Math.floor(start.y);
      // Over gaps to the next cell of memory in that direction, or not at all.
      const most = Math.max(plane.width, 4096);
      for (let tries = 0; tries < most; tries++) {
        x += right;
        y += down;
        if (x < 0 || y < 0 || x >= plane.width || y >= plane.height) return;
        const index = pictureIndex(plane, x, y);
        const found = index === undefined ? undefined : placeOfCell(strip, plane.level, index);
        if (!found) continue;
        viewer.setCursor(found.place, { show: true });
        return;
      }
    },
    get hovered() {
      return hovered;
    },
    get selectedCell() {
      const byte = cursor ? byteOfPlace(strip, cursor) : undefined;
      if (byte === undefined || !camera.state) return null;
      // The same object as long as nothing has changed: who reads it asks often.
      const { level } = camera.state.zoom;
      const key = `${byte} ${level} ${versionFrom(level)}`;
      if (selectedKept?.key !== key) {
        const plane = planeFor(camera.state);
        selectedKept = { key, cell: cellAt(plane, Math.floor(byte / 4 ** plane.level)) };
      }
      return selectedKept.cell;
    },
    setSearched(next) {
      searched = next;
      version++;
      invalidate(look.channel === "hits" ? "look" : "hits");
    },
    setListedHits(next) {
      if (listedHits.length === 0 && next.length === 0) return;
      listedHits = next;
      invalidate("hits");
    },
    get ringedHits() {
      return ringedHits;
    },
    setNotes(next) {
      if (notes.length === 0 && next.length === 0) return;
      notes = next;
      invalidate("notes");
    },
    outline(mapping) {
      if (outlined === mapping) return;
      outlined = mapping;
      invalidate("outline");
    },
    get outlined() {
      return outlined === null ? null : (mappings[outlined] ?? null);
    },
    get status() {
      return store.status;
    },
    get graphics() {
      return graphics;
    },
    retry() {
      store.retry();
    },
    get center() {
      const state = camera.state;
      if (centerOf.state !== state) centerOf = { state, place: state ? placeNear(state) : null };
      return centerOf.place;
    },
    visiblePositions() {
      if (!scene) return [];
      const scale = 4 ** scene.zoom.level / PAGE_SIZE;
      return scene.runs.map(
        ([from, to]) => [Math.floor(from * scale), Math.min(strip.end, Math.ceil(to * scale))] as const,
      );
    },
    positionOf(place) {
      return positionOfPage(strip, place.space, place.page);
    },
    overview,
    cells,
    rowWidths,
    ranks: (channel, columns) =>
      ranksOf(store.get(channel, root, 0), channel, (strip.end * PAGE_SIZE) / 4 ** root, columns),
    pageState(space, page) {
      const at = positionOfPage(strip, space, page);
      if (at === undefined) return undefined;
      const level = Math.min(root, PAGE_LEVEL);
      const cell = (at * PAGE_SIZE) / 4 ** level;
      const index = Math.floor(cell / TILE_CELLS);
      const tile = store.get(tilesOf(look.channel), level, index) ?? store.get(channels[0], level, index);
      if (tile) return tile.state[cell % TILE_CELLS];
      if (!asked.has(index)) {
        asked.add(index);
        invalidate("look");
      }
      return undefined;
    },
    centerOverview(x, y, width) {
      const state = camera.state;
      if (!state) return;
      let level = 0;
      const layout = overviewLayout();
      while (planeOf(layout, level, 1).width > width) level++;
      const small = planeOf(layout, level, 1);
      const pixels = width / small.width;
      const at = { x: x / pixels, y: y / pixels };
      if (state.layout === layout) moveTo({ ...state, center: movePoint(at, small, planeFor(state)) });
      else {
        const index = nearestCell(small, at);
        const found = index === undefined ? undefined : placeOfCell(strip, level, index);
        if (found) centerOn(found.place);
      }
    },
    get measures() {
      return { frames: drawn, tiles: tileCount(strip.end, camera.state?.zoom.level ?? 0) };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      isDisposed = true;
      cancelAnimationFrame(request);
      clearTimeout(restTimer);
      unsubscribeCamera();
      widths.stop();
      store.dispose();
      listeners.clear();
    },
  };

  /** The place in the middle, or the nearest one to it along the strip. */
  function placeNear(state: CameraState): Place | null {
    const plane = planeFor(state);
    const index = nearestCell(plane, state.center);
    if (index === undefined) return null;
    const found = placeOfCell(strip, plane.level, Math.min(index, plane.cells - 1));
    if (found) return found.place;
    const position = (index * 4 ** plane.level) / PAGE_SIZE;
    const before = strip.mappings.findLast((laid) => laid.position <= position) ?? strip.mappings[0];
    return before ? { space: before.space, page: before.start, offset: 0 } : null;
  }

  return viewer;
}
