import { describe, expect, test } from "vitest";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { layStrip } from "../../../shared/strip/index.ts";
import { jointStripNote } from "../comparison/use-joint-strip.ts";
import { stripNote } from "./strip-note.ts";

/** 40 pages in three blocks, the last of which has 8; of one page in the first block nothing is in the dump. */
const mapping = { space: "p1", start: 0x400 as PageAddress, pages: 40 } as const;
const all = layStrip([{ ...mapping, shown: [{ start: 0, end: 3 }] }]);
const one = layStrip([{ ...mapping, shown: [{ start: 2, end: 3 }] }]);
const counts = {
  present: 20,
  zero: 3,
  inParent: 2,
  absent: { file: 14, untouched: 1, excluded: 0, missing: 0 },
};

describe("what is on a strip is told apart from what its blocks show with it", () => {
  test.each([
    ["all", all, null, "39 pages recorded or left to files; 40 shown in blocks of 16."],
    ["recorded", all, 25, "25 recorded pages; 40 shown in blocks of 16 and 0 folded away."],
    ["residual", one, 1, "1 residual page; 8 shown in blocks of 16 and 32 folded away."],
  ] as const)("of a snapshot: %s", (choice, strip, pages, text) => {
    expect(stripNote({ choice, strip, pages }, all, counts)).toBe(text);
  });

  const sides = [
    { name: "t0", pages: counts },
    { name: "t1", pages: { ...counts, present: 1 } },
  ] as const;
  test.each([
    ["all", all, null, "39 pages recorded or left to files in t0, 20 in t1; 40 shown in blocks of 16."],
    ["recorded", all, { a: 25, b: 6 }, "25 pages recorded in t0, 6 in t1; 40 shown in blocks of 16 and 0 folded away."],
    [
      "residual",
      one,
      { a: 2, b: 1 },
      "3 pages that differ, 2 residual in t0, 1 in t1; 8 shown in blocks of 16 and 32 folded away.",
    ],
  ] as const)("of a comparison: %s", (choice, strip, pages, text) => {
    expect(jointStripNote({ choice, strip, pages }, all, sides, 3)).toBe(text);
  });
});
