import { expect, test } from "vitest";
import { picturePlane } from "../../shared/layout/index.ts";
import type { PageAddress } from "../../shared/memory/index.ts";
import { layStrip } from "../../shared/strip/index.ts";
import { areCrowded, createHitMarks, thinned } from "./hit-marks.ts";
import type { Scene } from "./scene.ts";

const strip = layStrip([{ space: "p1", start: 0x100 as PageAddress, pages: 4096, shown: [{ start: 0, end: 256 }] }]);
const hit = (page: number, offset = 0, length = 4) => ({
  place: { space: "p1", page: (0x100 + page) as PageAddress, offset } as const,
  length,
});

function sceneAt(level: number, pixels: number): Scene {
  const plane = picturePlane(strip, "hilbert", level, 256);
  const view = { width: plane.width * pixels, height: plane.height * pixels, ratio: 1 };
  return { plane, zoom: { level, pixels }, view, origin: { x: 0, y: 0 } } as unknown as Scene;
}

test("a lonely hit of one byte has its mark at every level", () => {
  const marks = createHitMarks(strip);
  for (let level = 0; level <= 10; level++) {
    const [mark] = marks.visible([hit(1234, 77, 1)], sceneAt(level, 1));
    expect(mark.from).toBe(Math.floor((1234 * 4096 + 77) / 4 ** level));
    expect(mark.to).toBe(mark.from + 1);
  }
});

test("hits that fall together have one mark, and others keep theirs", () => {
  const marks = createHitMarks(strip);
  const crowd = Array.from({ length: 500 }, (_, i) => hit(7, i * 4));
  const found = marks.visible([...crowd, hit(4000)], sceneAt(6, 4));
  expect(found).toHaveLength(2);
});

test("from some pixels a byte on, each hit has its own mark over all its bytes", () => {
  const hits = [hit(0, 0), hit(0, 1), hit(0, 100, 20)];
  const found = createHitMarks(strip).visible(hits, sceneAt(0, 4));
  expect(found.map(({ from, to }) => [from, to])).toEqual([
    [0, 4],
    [1, 5],
    [100, 120],
  ]);
});

test("a place that the picture does not show has no mark", () => {
  expect(createHitMarks(strip).visible([hit(5000)], sceneAt(3, 1))).toEqual([]);
});

test("rings are too many when more than 256 are in view; outlines never are", () => {
  const marks = createHitMarks(strip);
  const hits = (count: number) => Array.from({ length: count }, (_, i) => hit(0, i * 8));
  const isCrowd = (count: number, level: number, pixels: number) => {
    const scene = sceneAt(level, pixels);
    return areCrowded(marks.visible(hits(count), scene), scene);
  };
  expect([isCrowd(256, 0, 2), isCrowd(257, 0, 2), isCrowd(400, 0, 4)]).toEqual([false, true, false]);
  // Of all that fall together one ring is left.
  expect(isCrowd(400, 6, 1)).toBe(false);
});

test("of too many hits at most 256 are ringed, and none of the others is far from one", () => {
  const hits = Array.from({ length: 30_000 }, (_, i) => hit(0, i * 32));
  const scene = sceneAt(2, 1);
  const all = createHitMarks(strip).visible(hits, scene);
  expect(areCrowded(all, scene)).toBe(true);
  const few = thinned(all, scene);
  expect(few.length).toBeLessThanOrEqual(256);
  expect(few.length).toBeGreaterThan(64);
  // Squares of which a quarter as large ones would be too many.
  const side = Math.sqrt((scene.plane.width * scene.plane.height) / few.length) * 4;
  for (const { x, y } of all) expect(few.some((ringed) => Math.hypot(ringed.x - x, ringed.y - y) <= side)).toBe(true);
  expect(thinned([], scene)).toEqual([]);
});
