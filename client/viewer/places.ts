/** Between places of memory and cells of the picture: byte offsets along the strip are the common ground. */

import { type PicturePlane, pictureCell, pictureIndex, rasterRow } from "../../shared/layout/index.ts";
import { PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import { type LaidMapping, pageAtPosition, positionOfPage, type Strip } from "../../shared/strip/index.ts";
import type { Place } from "./contract.ts";
import type { PlanePoint } from "./coordinates.ts";

/** Byte offset along the strip; `undefined` for a place that the strip does not show. */
export function byteOfPlace(strip: Strip, place: Place): number | undefined {
  const at = positionOfPage(strip, place.space, place.page);
  return at === undefined ? undefined : at * PAGE_SIZE + place.offset;
}

export interface FoundPlace {
  readonly place: Place;
  readonly mapping: LaidMapping;
}

/** The first byte of memory in a cell; `undefined` where it holds only gaps and padding. */
export function placeOfCell(strip: Strip, level: number, index: number): FoundPlace | undefined {
  const cellBytes = 4 ** level;
  const first = index * cellBytes;
  const position = Math.floor(first / PAGE_SIZE);
  const found = pageAtPosition(strip, position);
  if (found) return foundAt(found, first % PAGE_SIZE);
  // Gaps end where blocks begin, every 16 pages.
  const end = (first + cellBytes) / PAGE_SIZE;
  for (let next = (Math.floor(position / 16) + 1) * 16; next < Math.min(end, strip.end); next += 16) {
    const later = pageAtPosition(strip, next);
    if (later) return foundAt(later, 0);
  }
  return undefined;
}

function foundAt(found: { readonly mapping: LaidMapping; readonly page: PageAddress }, offset: number): FoundPlace {
  return { place: { space: found.mapping.space, page: found.page, offset }, mapping: found.mapping };
}

/** The nearest cell of the plane to a point that may lie beside it or behind the end of a row. */
export function nearestCell(plane: PicturePlane, point: PlanePoint): number | undefined {
  if (plane.width === 0 || plane.height === 0) return undefined;
  const x = Math.min(plane.width - 1, Math.max(0, Math.floor(point.x)));
  const y = Math.min(plane.height - 1, Math.max(0, Math.floor(point.y)));
  if (!plane.rows) return pictureIndex(plane, x, y);
  const row = rasterRow(plane.rows, y);
  return row && row.cell + Math.min(x, row.cells - 1);
}

/** The same place of memory on another plane; the middle of its cell. Square layouts scale exactly. */
export function movePoint(point: PlanePoint, from: PicturePlane, to: PicturePlane): PlanePoint {
  if (from.layout === to.layout && !from.rows) {
    const scale = 2 ** (from.level - to.level);
    return { x: point.x * scale, y: point.y * scale };
  }
  const index = nearestCell(from, point);
  const cell = index === undefined ? undefined : pictureCell(to, Math.floor((index * 4 ** from.level) / 4 ** to.level));
  return cell ? { x: cell.x + 0.5, y: cell.y + 0.5 } : { x: to.width / 2, y: to.height / 2 };
}
