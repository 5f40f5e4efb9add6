import { expect, test } from "vitest";
import { litCodes } from "./lit.ts";

const codesOf = (...given: Parameters<typeof litCodes>) => {
  const lit = litCodes(...given);
  return lit === null ? null : [...lit].sort((x, y) => x - y);
};

test.each([
  ["class", ["printable", "FF"], [1, 5]],
  ["verdict", ["unchanged"], [1]],
  ["permissions", ["writeExecute"], [5]],
  ["kind", ["heap", "none"], [0, 3]],
  ["file", ["none", "2", "other"], [0, 2, 7]],
  ["changes", ["0", "3"], [0, 3, 4]],
  ["first-seen", ["t3", "t0"], [0, 3]],
  ["first-seen", ["upto2"], [0, 1, 2]],
  ["hits", ["hit", "unsearched"], [1, 2]],
] as const)("%s: %j are these codes", (channel, names, codes) => {
  expect(codesOf(channel, names)).toEqual(codes);
});

test("the last part of the counts has no end, and no code stands for two parts", () => {
  expect(codesOf("changes", ["16"])).toEqual(Array.from({ length: 239 }, (_, i) => 16 + i));
  const all = ["0", "1", "2", "3", "5", "9", "16"].flatMap((name) => codesOf("changes", [name]) ?? []);
  expect(all).toEqual(Array.from({ length: 255 }, (_, code) => code));
});

test("names that a channel does not have light nothing, and do not dim all", () => {
  for (const [channel, name] of [
    ["class", "writeExecute"],
    ["file", "0"],
    ["file", "7"],
    ["changes", "4"],
    ["first-seen", "t255"],
    ["entropy", "high"],
  ] as const)
    expect(litCodes(channel, [name])).toBe(null);
});
