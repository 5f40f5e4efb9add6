import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRangeBytes, encodeRangeBytes } from "./range-bytes.ts";

const anyPart = fc.tuple(fc.nat(16), fc.nat(4096), fc.nat(4096));

test("what is decoded is what was encoded, known parts of pages with it", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 17 }),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(anyPart, { maxLength: 5 }),
      (states, bytes, parts) => {
        const partial = new Map(parts.map(([page, from, to]) => [page, [from, to] as const]));
        const encoded = encodeRangeBytes({ states, bytes, partial });
        expect(decodeRangeBytes(encoded, states.length, bytes.length)).toEqual({ states, bytes, partial });
      },
    ),
  );
});

test("an answer of another length is none", () => {
  expect(decodeRangeBytes(new Uint8Array(10), 1, 10)).toBeUndefined();
  expect(decodeRangeBytes(new Uint8Array(13), 1, 10)).toBeUndefined();
});
