/**
 * Names of mappings over places without bytes, and the end of the strip. Placed when the view rests: on a grid of 8 CSS
 * pixels each field is checked to hold no byte, and a name goes to the upper left of the largest free rectangle of its
 * mapping. Where it does not fit there is none; the ruler has it.
 */

import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { isWriteExecute } from "../../shared/palette/index.ts";
import type { Strip } from "../../shared/strip/index.ts";
import { cellStateCode, TILE_CELLS } from "../../shared/tile/index.ts";
import { formatCount, formatPlural } from "../format/index.ts";
import { cellInTile } from "../gl/index.ts";
import type { PictureMapping } from "./contract.ts";
import type { DevicePoint } from "./coordinates.ts";
import { firstBehind } from "./mapping-borders.ts";
import type { Scene } from "./scene.ts";

/** Its point counts in device pixels from the plane's corner, so that it keeps its place while the picture is panned. */
export interface Label extends DevicePoint {
  /** Of the first line: text, and whether it is set in the mono face. */
  readonly first: readonly (readonly [text: string, isMono: boolean])[];
  readonly second: string;
  /** Of a mapping that may be written and executed. */
  readonly isWriteExecute: boolean;
}

/** Said beside the permissions, in their colour. */
export const WRITE_EXECUTE_SIGN = "W+X";
/** Fields of the grid, in CSS pixels. */
const FIELD = 8;
/** Room that two lines take, with 8 px around them. */
const LABEL_HEIGHT = 40;
/** Of the shortest label: three permissions and a count of pages are 60 px wide. */
const LEAST_FIELDS = (LABEL_HEIGHT / FIELD) * (60 / FIELD);

/** Cells without bytes. A gap within a mapping is the padding behind its last page. */
const WITHOUT_BYTES: ReadonlySet<number> = new Set(
  (["image", "untouched", "excluded", "missing", "gap"] as const).map(cellStateCode),
);

/** Owner of a field: index in `strip.mappings`, or one of these. */
const TAKEN = -1;
const BEHIND_END = -2;

/** @param textWidth of 11 px text in CSS pixels. */
export function placeLabels(
  scene: Scene,
  strip: Strip,
  mappings: readonly PictureMapping[],
  textWidth: (text: string, isMono: boolean) => number,
): Label[] {
  const { plane, view } = scene;
  if (plane.rows || scene.carriesText || scene.frame.layout.kind !== "square") return [];
  const field = Math.round(FIELD * view.ratio);
  const columns = Math.floor(view.width / field);
  const rows = Math.floor(view.height / field);
  if (columns === 0 || rows === 0) return [];
  const owners = ownersOfFields(scene, strip, field, columns, rows);
  const labels: Label[] = [];
  const place = (owner: number, first: Label["first"], second: string, isDanger: boolean) => {
    const width = Math.max(
      first.reduce((sum, [text, mono]) => sum + textWidth(text, mono) + 4, 0) +
        (isDanger ? textWidth(WRITE_EXECUTE_SIGN, false) + 4 : 0),
      textWidth(second, false),
    );
    const spot = largestRectangle(owners, columns, rows, owner, Math.ceil((width + 16) / FIELD), LABEL_HEIGHT / FIELD);
    if (!spot) return;
    const at = { x: spot.x * field - scene.origin.x, y: spot.y * field - scene.origin.y };
    labels.push({ ...at, first, second, isWriteExecute: isDanger });
  };
  for (const [index, fields] of fieldsOfOwners(owners)) {
    // Nobody measures the words of thousands of mappings that have no room for any.
    if (index < 0 || fields < LEAST_FIELDS) continue;
    const mapping = mappings[strip.mappings[index].source];
    const pages =
      mapping.imagePages > 0
        ? mapping.isOfDeletedFile
          ? `${formatPlural(mapping.imagePages, "page")} left to a deleted file`
          : `${formatPlural(mapping.imagePages, "page")} left to the file`
        : `${formatCount(mapping.recordedPages)} of ${formatPlural(mapping.pages, "page")} recorded`;
    place(
      index,
      [
        [mapping.name, false],
        [mapping.permissions, true],
      ],
      pages,
      isWriteExecute(mapping.permissions),
    );
  }
  if (owners.includes(BEHIND_END)) {
    const all = (plane.width * plane.height * 4 ** plane.level) / PAGE_SIZE;
    place(
      BEHIND_END,
      [["End of the strip", false]],
      `${formatCount(strip.used)} of ${formatCount(all)} positions in use`,
      false,
    );
  }
  return labels;
}

/** How many fields each owner has, in the order of the strip. */
function fieldsOfOwners(owners: Int32Array): [owner: number, fields: number][] {
  const fields = new Map<number, number>();
  for (const owner of owners) fields.set(owner, (fields.get(owner) ?? 0) + 1);
  return [...fields].sort(([p], [q]) => p - q);
}

/** For each field the mapping whose cells without bytes fill it, `BEHIND_END`, or `TAKEN`. */
function ownersOfFields(scene: Scene, strip: Strip, field: number, columns: number, rows: number): Int32Array {
  const { frame, zoom, origin, plane } = scene;
  const owners = new Int32Array(columns * rows).fill(TAKEN);
  const cellPages = 4 ** zoom.level / PAGE_SIZE;
  const { layout } = frame;
  if (layout.kind !== "square") return owners;
  const side = 2 ** layout.order;
  // One probe per page is enough: a page's cells share their state. Above page size every cell is probed.
  const pageSide = Math.max(1, 64 / 2 ** zoom.level) * zoom.pixels;
  const step = Math.max(zoom.pixels, Math.min(pageSide, field));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let owner: number | undefined;
      for (let y = row * field; y < (row + 1) * field && owner !== TAKEN; y += step) {
        for (let x = column * field; x < (column + 1) * field; x += step) {
          const one = ownerAt(x, y);
          if (owner === undefined) owner = one;
          else if (owner !== one) owner = TAKEN;
          if (owner === TAKEN) break;
        }
      }
      owners[row * columns + column] = owner ?? TAKEN;
    }
  }
  return owners;

  function ownerAt(x: number, y: number): number {
    const cx = Math.floor((x - frame.originX) / zoom.pixels);
    const cy = Math.floor((y - frame.originY) / zoom.pixels);
    if (x < origin.x || y < origin.y || cx < 0 || cy < 0) return TAKEN;
    if ((x - origin.x) / zoom.pixels >= plane.width || (y - origin.y) / zoom.pixels >= plane.height) return TAKEN;
    if (layout.kind !== "square") return TAKEN;
    const tileX = Math.floor(cx / side);
    const tileY = Math.floor(cy / side);
    const at = tileY * layout.columns + tileX;
    if (tileX >= layout.columns || at >= frame.places.length) return TAKEN;
    const placeIndex = scene.placeTiles[at];
    const place = frame.places[at];
    const cell = cellInTile(layout, place.turn, cx % side, cy % side);
    const position = (placeIndex * TILE_CELLS + cell) * cellPages;
    if (position >= strip.end) return BEHIND_END;
    if (!place.view) return TAKEN;
    const state = place.view.tile.state[place.view.base + (cell >>> place.view.shift)];
    if (!WITHOUT_BYTES.has(state)) return TAKEN;
    const index = firstBehind(strip, position);
    const laid = strip.mappings[index];
    return laid && laid.position <= position ? index : TAKEN;
  }
}

/** The largest rectangle of fields with one owner that is at least so wide and high; by area, then the upper left one. */
export function largestRectangle(
  owners: Int32Array,
  columns: number,
  rows: number,
  owner: number,
  width: number,
  height: number,
): { readonly x: number; readonly y: number } | undefined {
  const heights = new Int32Array(columns + 1);
  const stack = new Int32Array(columns + 1);
  let best = 0;
  let spot: { x: number; y: number } | undefined;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      heights[column] = owners[row * columns + column] === owner ? heights[column] + 1 : 0;
    let depth = 0;
    for (let column = 0; column <= columns; column++) {
      while (depth > 0 && heights[stack[depth - 1]] >= heights[column]) {
        const tall = heights[stack[--depth]];
        const left = depth > 0 ? stack[depth - 1] + 1 : 0;
        const wide = column - left;
        if (wide >= width && tall >= height && wide * tall > best) {
          best = wide * tall;
          spot = { x: left, y: row - tall + 1 };
        }
      }
      stack[depth++] = column;
    }
  }
  return spot;
}
