import fc from "fast-check";
import { expect, test } from "vitest";
import { CLASS_OF_BYTE } from "./byte-class.ts";
import { entropyOfCounts, summarisePageReference } from "./reference.ts";
import {
  BINS_BYTE,
  HIGHEST_SHORT,
  TOTAL_ENTROPY_WORD,
  TOTAL_SUM_WORD,
  TOTALS_BYTES,
  totalsOfSummaries,
  ZERO_BIN,
} from "./totals.ts";

const anyPage = fc.oneof(
  fc.uint8Array({ minLength: 4096, maxLength: 4096 }),
  fc.nat(255).map((byte) => new Uint8Array(4096).fill(byte)),
  fc.array(fc.tuple(fc.nat(4095), fc.nat(255)), { maxLength: 30 }).map((marks) => {
    const page = new Uint8Array(4096);
    for (const [at, byte] of marks) page[at] = byte;
    return page;
  }),
);

test("the totals of pages are those counted from their bytes", () => {
  fc.assert(
    fc.property(fc.array(anyPage, { maxLength: 3 }), (pages) => {
      const totals = totalsOfSummaries(Uint8Array.from(pages.flatMap((page) => [...summarisePageReference(page)])));
      expect(totals.length).toBe(pages.length * TOTALS_BYTES);
      pages.forEach((page, n) => {
        const shorts = new Uint16Array(totals.buffer, n * TOTALS_BYTES, TOTALS_BYTES / 2);
        const words = new Uint32Array(totals.buffer, n * TOTALS_BYTES, TOTALS_BYTES / 4);
        const windows = Array.from({ length: 16 }, (_, window) => page.subarray(window * 256, (window + 1) * 256));
        const entropies = windows.map((bytes) => {
          const counts = new Uint32Array(256);
          for (const byte of bytes) counts[byte]++;
          return entropyOfCounts(counts);
        });
        for (let c = 1; c < 6; c++) expect(shorts[c - 1]).toBe(page.filter((byte) => CLASS_OF_BYTE[byte] === c).length);
        expect(shorts[HIGHEST_SHORT]).toBe(Math.max(...entropies));
        expect(words[TOTAL_SUM_WORD]).toBe(page.reduce((sum, byte) => sum + byte, 0));
        expect(words[TOTAL_ENTROPY_WORD]).toBe(entropies.reduce((sum, entropy) => sum + entropy));
        expect([...totals.subarray(n * TOTALS_BYTES + BINS_BYTE, (n + 1) * TOTALS_BYTES)]).toEqual(
          windows.map((bytes, window) =>
            bytes.every((byte) => byte === 0) ? ZERO_BIN : Math.min(63, Math.floor(entropies[window] / 512)),
          ),
        );
      });
    }),
    { numRuns: 60 },
  );
});
