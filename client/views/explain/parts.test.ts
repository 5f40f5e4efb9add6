import { expect, test } from "vitest";
import { choosePart, isResidualOnly, leftOf, litOf, type Part, partsOf, totalOf } from "./parts.ts";

// app t1 after t0, as counted in the manifest of the sample.
const app = partsOf(
  { absent: { file: 3263, untouched: 396, excluded: 7, missing: 0 } },
  { zero: 16, unchanged: 1737, known: 0, relocated: 0, moved: 63, shared: 0, alike: 0, new: 197 },
);

test("the parts of app t1 add up to what is shown", () => {
  expect(totalOf(app)).toBe(5276);
  expect(leftOf(app, null)).toBe(197);
  expect(leftOf(app, new Set<Part>(["new", "moved", "shared"]))).toBe(260);
});

test("a click shows only one part, and again all", () => {
  const only = choosePart(null, "moved", false);
  expect(only).toEqual(new Set(["moved"]));
  expect(choosePart(only, "moved", false)).toBeNull();
});

test("Shift adds a part, and taking the last away shows all", () => {
  const two = choosePart(new Set<Part>(["new"]), "moved", true);
  expect(two).toEqual(new Set(["new", "moved"]));
  expect(choosePart(new Set<Part>(["new"]), "new", true)).toBeNull();
});

test("residual only means: new, perhaps moved and shared, nothing else", () => {
  expect(isResidualOnly(null)).toBe(false);
  expect(isResidualOnly(new Set<Part>(["new", "moved"]))).toBe(true);
  expect(isResidualOnly(new Set<Part>(["new", "zero"]))).toBe(false);
  expect(isResidualOnly(new Set<Part>(["moved"]))).toBe(false);
});

test("known pages are lit with the image", () => {
  expect(litOf(new Set<Part>(["image"]))).toEqual({ litProvenance: new Set([2, 3]), litImage: true });
  expect(litOf(null)).toEqual({ litProvenance: null, litImage: true });
});
