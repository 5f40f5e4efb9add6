import fc from "fast-check";
import { expect, test } from "vitest";
import { formatIndices, parseIndices } from "./indices.ts";

test("indices are the same read as written, whatever their order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1 }), (indices) => {
      const isMeant = parseIndices(formatIndices(indices));
      for (let index = 0; index <= 61; index++) expect(isMeant?.(index)).toBe(indices.includes(index));
    }),
  );
  expect(formatIndices([12, 3, 4, 5, 6, 7])).toBe("3-7,12");
});

test.each(["", "a", "3-", "-3", "7-3", "3-3", "3,3", "3-5,4", "3,4", "5,3", "1e3", " 1", "999999999", "16777216"])(
  "%j names no indices",
  (text) => expect(parseIndices(text)).toBeUndefined(),
);

test("more than 512 parts are refused", () => {
  const alternate = (parts: number) => formatIndices(Array.from({ length: parts }, (_, i) => i * 2));
  expect(parseIndices(alternate(512))?.(1022)).toBe(true);
  expect(parseIndices(alternate(513))).toBeUndefined();
});
