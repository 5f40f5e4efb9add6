import { expect, test } from "vitest";
import { untouched } from "./page-reading.ts";

test.each([
  ["rw-", "Mapped, never written; reads as zero."],
  ["---", "Mapped, never written; cannot be read."],
])("of a page of %s that nobody wrote: %s", (permissions, sentence) => {
  expect(untouched({ permissions })).toBe(sentence);
});
