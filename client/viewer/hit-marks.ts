/**
 * Where hits, and bytes with notes, lie in the picture: one mark for those that would stand on each other, so that none
 * is lost at any zoom and no number of them covers the picture. Plain arithmetic; the overlay draws.
 */
import { type PicturePlane, pictureCell } from "../../shared/layout/index.ts";
import type { Strip } from "../../shared/strip/index.ts";
import type { MarkedBytes } from "./contract.ts";
import { byteOfPlace } from "./places.ts";
import type { Scene } from "./scene.ts";

/** Marks stand at least so far from each other, in CSS pixels. */
const GRID = 4;
/** Rings in view, at most: each hides 56 pixels, together 2 % of a picture of 1000 × 700. */
const MOST_RINGS = 256;
/** From so many device pixels per byte on, a hit is outlined byte by byte. */
const OUTLINE_FROM = 4;

export interface HitMark {
  /** Cell of the plane. */
  readonly x: number;
  readonly y: number;
  /** Cells of the hit along the strip, [from, to). */
  readonly from: number;
  readonly to: number;
}

/** Hits as cells; made once for each plane, because a camera that moves draws 60 times a second. */
export interface HitMarks {
  /** The marks in view; hits that fall together are one of them, the first. */
  visible(hits: readonly MarkedBytes[], scene: Scene): HitMark[];
}

/** Whether hits are outlined byte by byte, and not marked by a ring. */
export function outlinesHits({ zoom }: Pick<Scene, "zoom">): boolean {
  return zoom.level === 0 && zoom.pixels >= OUTLINE_FROM;
}

/**
 * So few of them that their rings leave the picture to be seen, and none far from one: of those in one square of the
 * plane the first.
 */
export function thinned(
  marks: readonly HitMark[],
  { zoom: { pixels }, view }: Pick<Scene, "zoom" | "view">,
): HitMark[] {
  for (let side = 2 * GRID * view.ratio; ; side *= 2) {
    const first = new Map<string, HitMark>();
    for (const mark of marks) {
      const square = `${Math.floor((mark.x * pixels) / side)} ${Math.floor((mark.y * pixels) / side)}`;
      if (!first.has(square)) first.set(square, mark);
    }
    if (first.size <= MOST_RINGS) return [...first.values()];
  }
}

/** Whether rings around these would hide what is drawn below; an outline byte by byte is around the bytes alone. */
export function areCrowded(marks: readonly HitMark[], scene: Pick<Scene, "zoom">): boolean {
  return marks.length > MOST_RINGS && !outlinesHits(scene);
}

export function createHitMarks(strip: Strip): HitMarks {
  let kept:
    | { readonly hits: readonly MarkedBytes[]; readonly plane: PicturePlane; readonly marks: HitMark[] }
    | undefined;

  const marksOf = (hits: readonly MarkedBytes[], plane: PicturePlane): HitMark[] => {
    if (kept?.hits !== hits || kept.plane !== plane) {
      const cellBytes = 4 ** plane.level;
      const marks = hits.flatMap(({ place, length }) => {
        const byte = byteOfPlace(strip, place);
        if (byte === undefined) return [];
        const from = Math.floor(byte / cellBytes);
        const cell = pictureCell(plane, from);
        return cell ? [{ ...cell, from, to: Math.max(from + 1, Math.ceil((byte + length) / cellBytes)) }] : [];
      });
      kept = { hits, plane, marks };
    }
    return kept.marks;
  };

  return {
    visible(hits, scene) {
      const { origin, zoom, view } = scene;
      const grid = outlinesHits(scene) ? 1 : Math.max(1, Math.round(GRID * view.ratio));
      const columns = Math.ceil(view.width / grid) + 1;
      const taken = new Set<number>();
      return marksOf(hits, scene.plane).filter(({ x, y }) => {
        const left = origin.x + x * zoom.pixels;
        const top = origin.y + y * zoom.pixels;
        if (left < -zoom.pixels || top < -zoom.pixels || left >= view.width || top >= view.height) return false;
        const key = Math.floor(Math.max(0, top) / grid) * columns + Math.floor(Math.max(0, left) / grid);
        if (taken.has(key)) return false;
        taken.add(key);
        return true;
      });
    },
  };
}
