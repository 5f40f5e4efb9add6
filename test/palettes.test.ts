/** The scales against those that they are named after: a few stops must give the colours that many give. */
import { color, interpolateCividis, interpolateMagma, interpolateViridis } from "d3";
import { expect, test } from "vitest";
import { scaleColor, scaleOf } from "../shared/palette/index.ts";

/** Of 255: straight lines between stops, and D3's polynomial of cividis, are so far from the tables at most. */
const MOST = 17;

test.each([
  ["viridis", interpolateViridis],
  ["magma", interpolateMagma],
  ["cividis", interpolateCividis],
] as const)("%s is what D3 has under this name", (palette, interpolate) => {
  for (let at = 0; at <= 255; at++) {
    const theirs = color(interpolate(at / 255))?.rgb();
    if (!theirs) throw new Error("no colour");
    const ours = scaleColor(scaleOf(palette), at / 255);
    [theirs.r, theirs.g, theirs.b].forEach((component, n) => {
      expect(Math.abs(component - ours[n])).toBeLessThanOrEqual(MOST);
    });
  }
});
