import { expect, test } from "vitest";
import { rangeOf } from "./address-range.ts";

test.each([
  ["0x1000", "0x2000", { start: "0x1000", end: "0x2000" }],
  ["7fe2 0380 0000", "", { start: "0x7fe203800000" }],
  ["", " 0x10 ", { end: "0x10" }],
  ["", "", {}],
  ["ffffffffffffffff", "", { start: "0xffffffffffffffff" }],
])("from %j up to %j", (first, behind, range) => {
  expect(rangeOf(first, behind)).toEqual({ range });
});

test.each([
  ["stack", "", "stack is no address"],
  ["", "0x10000000000000000", "0x10000000000000000 is no address"],
  ["0x2000", "0x2000", "the range ends before it begins"],
  ["", "0", "the range ends before it begins"],
])("from %j up to %j is none: %s", (first, behind, wrong) => {
  expect(rangeOf(first, behind)).toEqual({ wrong });
});
