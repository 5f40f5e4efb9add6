import { describe, expect, test } from "vitest";
import type { Difference, JointMapping } from "../../../shared/api/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { changedMappings, comparedText, differenceAt, nextDifference } from "./differences.ts";

const differences: Difference[] = [
  { verdict: "changed", space: "p1", start: 10, pages: 2, mapping: 0 },
  { verdict: "moved", space: "p1", start: 14, pages: 1, mapping: 0 },
  { verdict: "changed", space: "p1", start: 40, pages: 3, mapping: 2 },
];
const at = (page: number) => ({ space: "p1" as const, page: page as PageAddress });
const all = () => true;

test("a place is in the difference whose pages hold it", () => {
  expect(differenceAt(differences, at(11))).toBe(0);
  expect(differenceAt(differences, at(12))).toBe(-1);
  expect(differenceAt(differences, { ...at(11), space: "p2" })).toBe(-1);
});

describe("the next difference", () => {
  test.each([
    ["without a cursor the first", null, -1, 1, { index: 0, wrapped: false }],
    ["without a cursor backwards the last", null, -1, -1, { index: 2, wrapped: false }],
    ["from inside a difference", at(10), 0, 1, { index: 1, wrapped: false }],
    ["from between two", at(12), 0, 1, { index: 1, wrapped: false }],
    ["backwards from between two", at(12), 0, -1, { index: 0, wrapped: false }],
    ["from a mapping without differences", at(20), 1, 1, { index: 2, wrapped: false }],
    ["backwards from it", at(20), 1, -1, { index: 1, wrapped: false }],
    ["behind the last, at the first again", at(41), 2, 1, { index: 0, wrapped: true }],
    ["before the first, at the last", at(10), 0, -1, { index: 2, wrapped: true }],
    ["behind everything", at(99), 3, 1, { index: 0, wrapped: true }],
  ] as const)("%s", (_, place, mapping, step, expected) => {
    expect(nextDifference(differences, place, mapping, step, all)).toEqual(expected);
  });

  test("what is filtered out is passed over", () => {
    const isChanged = (difference: Difference) => difference.verdict === "changed";
    expect(nextDifference(differences, at(10), 0, 1, isChanged)).toEqual({ index: 2, wrapped: false });
    expect(nextDifference(differences, at(10), 0, 1, () => false)).toBeUndefined();
    expect(nextDifference([], null, -1, 1, all)).toBeUndefined();
  });
});

test("mappings that differ come with most pages first", () => {
  const joint = [0, 1, 2].map((index) => ({ start: index })) as unknown as JointMapping[];
  const changed = changedMappings({ joint, differences }, all);
  expect(changed.map(({ index, pages, differences: own }) => ({ index, pages, own }))).toEqual([
    { index: 0, pages: 3, own: [0, 1] },
    { index: 2, pages: 3, own: [2] },
  ]);
  expect(changed[0].counts).toMatchObject({ changed: 2, moved: 1, added: 0 });
});

test("what is unresolved is not said to be compared", () => {
  const verdicts = { unchanged: 1500, zero: 72, moved: 0, changed: 0, added: 0, removed: 0, unresolved: 698 };
  expect(comparedText({ compared: 1572, verdicts }).replaceAll("\u00a0", " ")).toBe(
    "1\u202f572 of 2\u202f270 pages compared, 6.1 MiB",
  );
});
