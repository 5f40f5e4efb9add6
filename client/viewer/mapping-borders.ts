/**
 * Which mappings are outlined in a scene, and where: those in view that are large enough for a line around them to leave
 * something inside. A dump may have 66,000 mappings, so nothing here looks at more of them than are in view.
 */
import type { Curve } from "../../shared/layout/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { BLOCK_PAGES, type Strip } from "../../shared/strip/index.ts";
import { bordersOf, type Segment, squareOutline } from "./outline.ts";
import type { Scene } from "./scene.ts";

/** Device pixels that a mapping covers at least: a block of 8 × 8 loses a quarter of them to its lines. */
const LEAST_PIXELS = 64;

/** Index of the first mapping that ends behind a position. */
export function firstBehind(strip: Strip, position: number): number {
  return bisect(strip.mappings.length, (i) => strip.mappings[i].position + strip.mappings[i].size <= position);
}

/** Indices of the strip's mappings that are in view, ascending. */
export function* mappingsInView(strip: Strip, { plane, runs }: Pick<Scene, "plane" | "runs">): Generator<number> {
  const pagesPerCell = 4 ** plane.level / PAGE_SIZE;
  let next = 0;
  for (const [from, to] of runs) {
    const end = to * pagesPerCell;
    for (next = Math.max(next, firstBehind(strip, from * pagesPerCell)); next < strip.mappings.length; next++) {
      if (strip.mappings[next].position >= end) break;
      yield next;
    }
  }
}

export interface MappingBorders {
  /** Of a mapping by its index in the strip, in blocks; square layouts only. */
  outline(index: number): readonly Segment[];
  /** Lines of the scene's mappings that have room for them, in blocks, each once. */
  inView(scene: Scene): readonly Segment[];
}

/** @param blockOrder the curve has 2^order blocks a side */
export function createMappingBorders(strip: Strip, curve: Curve, blockOrder: number): MappingBorders {
  const made = new Map<number, readonly Segment[]>();
  let kept: { readonly scene: Scene; readonly segments: readonly Segment[] } | undefined;

  const outline = (index: number): readonly Segment[] => {
    let segments = made.get(index);
    if (!segments) {
      const { position, size } = strip.mappings[index];
      segments = squareOutline(curve, position / BLOCK_PAGES, (position + size) / BLOCK_PAGES, blockOrder);
      made.set(index, segments);
    }
    return segments;
  };

  return {
    outline,
    inView(scene) {
      if (kept?.scene === scene) return kept.segments;
      const outlines: (readonly Segment[])[] = [];
      for (const index of mappingsInView(strip, scene))
        if (hasRoom(scene, strip.mappings[index].size)) outlines.push(outline(index));
      kept = { scene, segments: bordersOf(outlines) };
      return kept.segments;
    },
  };
}

/** Whether so many pages have room for lines around them. */
export function hasRoom({ plane, zoom }: Scene, pages: number): boolean {
  return ((pages * PAGE_SIZE) / 4 ** plane.level) * zoom.pixels ** 2 >= LEAST_PIXELS;
}
