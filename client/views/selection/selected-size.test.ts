/** How much is selected, known at once from the mappings alone. */
import { expect, test } from "vitest";
import { parseRegions } from "../../../shared/find/index.ts";
import { mappedBytes, selectedSize, selectedText } from "./selected-size.ts";

const regionsOf = (text: string) => parseRegions(text) ?? [];

const below = mappedBytes([
  { space: "p1", start: 0x20, pages: 4 },
  { space: "p1", start: 0x10, pages: 2 },
  { space: "p2", start: 0x10, pages: 1 },
]);

test.each([
  ["within a mapping", "p1:10012-10026", 20],
  ["over a hole", "p1:11fff-20001", 2],
  ["in a hole", "p1:13000-14000", 0],
  ["a whole space", "p1", 6 * 4096],
  ["of two spaces", "p1:10000-11000,p2", 2 * 4096],
  ["of a space without mappings", "p3", 0],
])("the size of what is selected %s is that of its mappings", (_, text, size) => {
  expect(selectedSize(regionsOf(text), below)).toBe(size);
});

test("the size and the number of ranges are said, or nothing", () => {
  expect(selectedText(regionsOf("p1:10012-10026"), below)).toBe("20\u00a0B selected in 1 range");
  expect(selectedText(regionsOf("p1:10000-11000,p2"), below)).toBe("8.0\u00a0KiB selected in 2 ranges");
  expect(selectedText([], below)).toBe(null);
});
