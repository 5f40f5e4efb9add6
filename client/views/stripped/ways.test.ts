import { expect, test } from "vitest";
import { byStripped, strippedOf, waysOf } from "./ways.ts";

const provenance = { zero: 14, unchanged: 0, known: 11, relocated: 114, moved: 0, shared: 4, alike: 1, new: 1850 };
/** app t0 beside redis and nginx, with the image it was made from. */
const app = {
  recorded: 1994,
  zero: 14,
  leftToFile: 3263,
  same: 11,
  relocated: 114,
  alike: 102,
  shared: 4,
  explained: 140,
  provenance,
};

test("ways overlap, and their names in the picture add up to all pages", () => {
  const ways = waysOf(app);
  expect(ways.find(({ title }) => title === "alike")).toEqual({ lights: "alike", title: "alike", pages: 102, lit: 1 });
  expect(ways.find(({ title }) => title === "same")).toMatchObject({ lights: "known", pages: 11, lit: 11 });
  expect(ways.reduce((sum, { lit }) => sum + lit, 0)).toBe(app.leftToFile + app.recorded);
  expect(strippedOf(app)).toBe(3403);
});

test("lists begin with what is stripped most, and leave out what has no page", () => {
  const none = { ...app, recorded: 0, leftToFile: 0, explained: 0 };
  const less = { ...app, leftToFile: 1 };
  expect(byStripped([none, less, app])).toEqual([app, less]);
});
