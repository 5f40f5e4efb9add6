import { expect, test } from "vitest";
import { drawableText } from "./glyphs.ts";

test.each([
  ["naïve", "naïve"],
  ["a䐊b", "a U+440A b"],
  ["䐊䑄", "U+440A U+4444"],
  ["😀 x", "U+1F600 x"],
])("of %s what no font has is written as its code point: %s", (text, written) => {
  expect(drawableText(text, (character) => character <= "\u00ff")).toBe(written);
});

test("what can be drawn is written as it is, with all of its spaces", () => {
  expect(drawableText("a  b䐊", () => true)).toBe("a  b䐊");
});
