import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SUMMARY_BYTES, summarisePageReference, summaryOfZeroPage } from "../../shared/summary/index.ts";
import { summarisePages } from "./index.ts";

const randomPage = fc.uint8Array({ minLength: 4096, maxLength: 4096 });
const constantPage = fc.nat(255).map((byte) => new Uint8Array(4096).fill(byte));
const textPage = fc
  .array(fc.constantFrom(..." \n\tabcdefgh=/\0"), { minLength: 64, maxLength: 512 })
  .map((letters) => Uint8Array.from({ length: 4096 }, (_, i) => letters[i % letters.length].charCodeAt(0)));
const sparsePage = fc
  .array(fc.tuple(fc.nat(4095), fc.constantFrom(1, 0x20, 0x41, 0x7f, 0x80, 0xfe, 0xff)), { maxLength: 40 })
  .map((marks) => {
    const page = new Uint8Array(4096);
    for (const [at, byte] of marks) page[at] = byte;
    return page;
  });
/** Runs of equal bytes whose borders fall anywhere: counters at their limits. */
const runsPage = fc
  .array(fc.tuple(fc.constantFrom(0, 0x41, 0x09, 0x01, 0x90, 0xff), fc.integer({ min: 1, max: 700 })), {
    minLength: 1,
    maxLength: 24,
  })
  .map((runs) => {
    const page = new Uint8Array(4096);
    let at = 0;
    for (const [byte, length] of runs) {
      page.fill(byte, at, at + length);
      at += length;
    }
    return page;
  });
const anyPage = fc.oneof(randomPage, constantPage, textPage, sparsePage, runsPage);

function referenceOf(pages: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pages.flatMap((page) => Array.from(summarisePageReference(page))));
}

describe("the kernel gives the bits of the reference", () => {
  test("on any page", () => {
    fc.assert(
      fc.property(anyPage, (page) => {
        const out = new Uint8Array(SUMMARY_BYTES).fill(0xaa);
        summarisePages(page, undefined, out);
        expect(out).toEqual(summarisePageReference(page));
      }),
      { numRuns: 300 },
    );
  });

  test("on every constant page", () => {
    for (let byte = 0; byte < 256; byte++) {
      const page = new Uint8Array(4096).fill(byte);
      const out = new Uint8Array(SUMMARY_BYTES);
      summarisePages(page, undefined, out);
      expect(out).toEqual(summarisePageReference(page));
    }
  });

  test("on chosen rows, in their order, wherever the bytes lie in memory", () => {
    fc.assert(
      fc.property(
        fc.array(anyPage, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(4), { maxLength: 8 }),
        fc.nat(5),
        (pages, picks, shift) => {
          const rows = picks.map((pick) => pick % pages.length);
          const memory = new Uint8Array(shift + pages.length * 4096);
          pages.forEach((page, i) => {
            memory.set(page, shift + i * 4096);
          });
          const out = new Uint8Array(rows.length * SUMMARY_BYTES).fill(0x55);
          summarisePages(memory.subarray(shift), rows, out);
          expect(out).toEqual(referenceOf(rows.map((row) => pages[row])));
        },
      ),
      { numRuns: 40 },
    );
  });
});

test("the summary of a zero page is all zeros", () => {
  expect(summarisePageReference(new Uint8Array(4096))).toEqual(summaryOfZeroPage);
});

test("what does not fit is refused", () => {
  expect(() => summarisePages(new Uint8Array(4095), undefined, new Uint8Array(416))).toThrow(RangeError);
  expect(() => summarisePages(new Uint8Array(4096), undefined, new Uint8Array(415))).toThrow(RangeError);
  expect(() => summarisePages(new Uint8Array(4096), [1], new Uint8Array(416))).toThrow(RangeError);
});
