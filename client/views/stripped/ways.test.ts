import { expect, test } from "vitest";
import { stripCounts } from "../../../shared/provenance/index.ts";
import { byStripped, strippedOf, waysOf } from "./ways.ts";

const provenance = { zero: 14, unchanged: 0, known: 11, relocated: 114, moved: 0, shared: 4, alike: 1, new: 1850 };
/** app t0 beside redis and nginx, with the image it was made from. */
const app = stripCounts({
  recorded: 1994,
  leftToFile: 3263,
  ofDeletedFiles: 3,
  provenance,
  byWays: [
    { ways: ["zero"], pages: 14 },
    { ways: ["same"], pages: 11 },
    { ways: ["relocated", "alike"], pages: 101 },
    { ways: ["relocated"], pages: 13 },
    { ways: ["shared"], pages: 4 },
    { ways: ["alike"], pages: 1 },
    { ways: ["new"], pages: 1850 },
  ],
});

test("ways overlap, and the first ones that hold add up to all pages", () => {
  const ways = waysOf(app);
  expect(ways.find(({ title }) => title === "alike")).toEqual({
    way: "alike",
    title: "alike",
    part: "alike",
    pages: 102,
    first: 1,
  });
  expect(ways.find(({ way }) => way === "left-to-file")).toMatchObject({ pages: 3260, first: 3260 });
  expect(ways.find(({ way }) => way === "deleted")).toMatchObject({ title: "left to deleted file", pages: 3 });
  expect(ways.find(({ title }) => title === "same")).toMatchObject({ part: "known", pages: 11, first: 11 });
  expect(ways.reduce((sum, { first }) => sum + first, 0)).toBe(app.leftToFile + app.recorded);
  expect(strippedOf(app)).toBe(3403);
});

test("lists begin with what is stripped most, and leave out what has no page", () => {
  const none = { ...app, recorded: 0, leftToFile: 0, explained: 0 };
  const less = { ...app, leftToFile: 1 };
  expect(byStripped([none, less, app])).toEqual([app, less]);
});
