import fc from "fast-check";
import { expect, test } from "vitest";
import { bisect } from "./index.ts";

test("finds where a sorted list turns, as a walk through it does", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: -1, max: 21 }), (values, wanted) => {
      const sorted = values.sort((x, y) => x - y);
      const walked = sorted.findIndex((value) => value >= wanted);
      expect(bisect(sorted.length, (i) => sorted[i] < wanted)).toBe(walked < 0 ? sorted.length : walked);
    }),
  );
});
