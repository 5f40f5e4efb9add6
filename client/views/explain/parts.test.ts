import { expect, test } from "vitest";
import { LEFT_TO_ANY_FILE, LEFT_TO_DELETED_FILE, LEFT_TO_FILE } from "../../../shared/tile/index.ts";
import {
  type Choosable,
  choosePart,
  isChosen,
  isResidualOnly,
  joinedIn,
  leftOf,
  litOf,
  type Part,
  partsInWords,
  partsOf,
  RESIDUAL,
  segmentsOf,
  titleOfPart,
  totalOf,
} from "./parts.ts";

// app t1 after t0, as counted in the manifest of the sample.
const app = partsOf({
  pages: { absent: { file: 3263, untouched: 396, excluded: 7, missing: 0 } },
  provenance: { zero: 16, unchanged: 1737, known: 0, relocated: 0, moved: 63, shared: 0, alike: 0, new: 197 },
  ofDeletedFiles: 3,
});

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

test("left to file, known and relocated can be lit each alone, and count once beside the image", () => {
  const parts = partsOf({
    pages: { absent: { file: 3263, untouched: 0, excluded: 0, missing: 0 } },
    provenance: { zero: 14, unchanged: 0, known: 11, relocated: 114, moved: 0, shared: 4, alike: 1, new: 1850 },
    ofDeletedFiles: 3,
  });
  expect(parts.image).toBe(3385);
  expect(parts.deleted).toBe(3);
  expect(totalOf(parts)).toBe(5257);
  const relocated = choosePart(null, "relocated", false);
  expect(litOf(relocated)).toEqual({ litProvenance: new Set([3]), litLeft: 0, litWays: null });
  expect(leftOf(parts, relocated)).toBe(114);
  expect(litOf(choosePart(null, "left-to-file", false))).toEqual({
    litProvenance: new Set(),
    litLeft: LEFT_TO_FILE,
    litWays: null,
  });
  const both = choosePart(relocated, "known", true);
  expect(leftOf(parts, both)).toBe(125);
  expect(choosePart(both, "image", true)).toEqual(new Set(["image"]));
  expect(choosePart(new Set<Choosable>(["image"]), "known", true)).toEqual(new Set(["known"]));
  expect(isChosen(new Set<Choosable>(["known"]), "image")).toBe(true);
  expect(isChosen(new Set<Choosable>(["known"]), "zero")).toBe(false);
  const drawn = segmentsOf(relocated);
  expect(drawn.slice(0, 5)).toEqual(["left-to-file", "known", "relocated", "deleted", "unchanged"]);
  expect(drawn.reduce((sum, part) => sum + parts[part], 0)).toBe(totalOf(parts));
  expect(segmentsOf(new Set<Choosable>(["image"]))[0]).toBe("image");
});

test("what was left to files is called so, apart from the image's, which says what it joins", () => {
  const parts = partsOf({
    pages: { absent: { file: 3263, untouched: 0, excluded: 0, missing: 0 } },
    provenance: { zero: 14, unchanged: 0, known: 11, relocated: 0, moved: 0, shared: 4, alike: 1, new: 1964 },
    ofDeletedFiles: 3,
  });
  expect(joinedIn("image", parts).map((share) => [titleOfPart(share), parts[share]])).toEqual([
    ["left to file", 3260],
    ["known", 11],
  ]);
  expect(joinedIn("known", parts)).toEqual([]);
  expect(titleOfPart("deleted")).toBe("left to deleted file");
});

test("residual only hides what is relocated, and alike may be chosen to stay", () => {
  expect(litOf(RESIDUAL)).toEqual({ litProvenance: new Set([7]), litLeft: 0, litWays: null });
  expect(isResidualOnly(new Set<Choosable>(["new", "alike"]))).toBe(true);
  expect(isResidualOnly(new Set<Choosable>(["new", "relocated"]))).toBe(false);
});

test("what was left to a deleted file is no image's: a part of its own, and a word only where it has pages", () => {
  expect(litOf(new Set<Part>(["deleted"]))).toEqual({
    litProvenance: new Set(),
    litLeft: LEFT_TO_DELETED_FILE,
    litWays: null,
  });
  expect(litOf(new Set<Part>(["image", "deleted"])).litLeft).toBe(LEFT_TO_ANY_FILE);
  expect(partsInWords(app)).toContain("deleted");
  expect(partsInWords({ ...app, deleted: 0 })).not.toContain("deleted");
});

test("known pages are lit with the image", () => {
  expect(litOf(new Set<Part>(["image"]))).toEqual({
    litProvenance: new Set([2, 3]),
    litLeft: LEFT_TO_FILE,
    litWays: null,
  });
  expect(litOf(null)).toEqual({ litProvenance: null, litLeft: LEFT_TO_ANY_FILE, litWays: null });
});
