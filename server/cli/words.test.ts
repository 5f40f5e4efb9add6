import { expect, test } from "vitest";
import { plural } from "./words.ts";

test("one is singular, all others plural, counts in groups of three", () => {
  expect([0, 1, 2, 2307].map((pages) => plural(pages, "page"))).toEqual([
    "0 pages",
    "1 page",
    "2 pages",
    "2 307 pages",
  ]);
  expect([1, 2].map((processes) => plural(processes, "process", "processes"))).toEqual(["1 process", "2 processes"]);
});
