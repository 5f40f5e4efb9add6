import { expect, test } from "vitest";
import { provenanceCode } from "../../../shared/provenance/index.ts";
import { firstPosition, NO_PROVENANCE, nextPosition } from "./page-provenance.ts";

const NEW = provenanceCode("new");
const pages = Uint8Array.from([5, NO_PROVENANCE, 1, 5, 3]);

test.each([
  [0, 1, [5], 3],
  [3, 1, [5], 0],
  [0, -1, [5], 3],
  [0, -1, [3, 5], 4],
  [2, 1, [2], undefined],
  [-1, 1, [5], 0],
] as const)("from %i by %i, of %o: %s", (from, step, codes, expected) => {
  expect(nextPosition(pages, from, step, new Set(codes))).toBe(expected);
});

test.each([
  [[NO_PROVENANCE, 1, NEW, NEW], 2],
  [[NO_PROVENANCE, 1, 0], 1],
  [[NO_PROVENANCE], undefined],
])("of %o the first to look at is %s", (codes, expected) => {
  expect(firstPosition(Uint8Array.from(codes))).toBe(expected);
});
