import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePages, encodePages, NO_PAGE, ZERO_PAGE } from "./index.ts";

test("a column of page numbers reads back as it was written", () => {
  const page = fc.oneof(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.constantFrom(NO_PAGE, ZERO_PAGE));
  fc.assert(
    fc.property(fc.array(page), (pages) => {
      const column = Uint32Array.from(pages);
      const bytes = encodePages(column);
      expect(bytes.length).toBe(column.length * 4);
      expect(decodePages(bytes)).toEqual(column);
    }),
  );
});
