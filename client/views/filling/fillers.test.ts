import fc from "fast-check";
import { expect, test } from "vitest";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { fillersOf, sentenceOf } from "./fillers.ts";

const ghost = { kind: "ghost", path: "/tmp/gone", member: "checkpoint/ghost-file-1.img" } as const;
const image = { kind: "image", path: "/lib/x.so", set: "slim", layer: `sha256:${"ab".repeat(32)}` } as const;

test("a page has the filler whose range holds it, with the byte of the file", () => {
  const anyFillers = fc
    .array(fc.record({ space: fc.constantFrom("p1", "p2"), gap: fc.nat(5), pages: fc.integer({ min: 1, max: 9 }) }), {
      maxLength: 8,
    })
    .map((parts) => {
      let start = 0;
      return parts.map(({ space, gap, pages }) => {
        start += gap + pages;
        return { space, start: start - pages, end: start, offset: 8192, source: pages % 2 === 0 ? ghost : image };
      });
    });
  fc.assert(
    fc.property(anyFillers, fc.constantFrom("p1" as const, "p2" as const), fc.nat(120), (fillers, space, page) => {
      const found = fillersOf({ fillers: fillers.toReversed() }).at(space, page as PageAddress);
      const expected = fillers.find((one) => one.space === space && one.start <= page && page < one.end);
      expect(found).toEqual(
        expected && { source: expected.source, offset: expected.offset + (page - expected.start) * 4096 },
      );
    }),
  );
});

test("the sentence names file and offset, of an image its set and layer too", () => {
  expect(sentenceOf({ source: ghost, offset: 4096 })).toBe("from the dump's ghost file: /tmp/gone at 0x1000");
  expect(sentenceOf({ source: image, offset: 0 })).toBe(
    "known, from image: /lib/x.so at 0x0, in slim, layer abababababab…",
  );
  expect(sentenceOf({ source: { ...image, layer: null }, offset: 0 })).toBe(
    "known, from image: /lib/x.so at 0x0, in slim",
  );
});
