import { expect, test } from "vitest";
import type { PageAddress } from "../../shared/memory/index.ts";
import { lastLine } from "./find-lines.ts";

const NUMBERS = { rows: 900, rowsDone: 400 };

test("of all pages searched it says how many were read", () => {
  const line = lastLine({ ...NUMBERS, count: 1, next: null, pages: 900, pagesRead: 288 }, "hit");
  expect(line).toBe("1 hit. 900 pages searched, 288 of them read.");
});

test("pages that were read ahead of the limit are not called searched ones", () => {
  const next = { space: "p1", page: 7 as PageAddress, offset: 0 } as const;
  const line = lastLine({ ...NUMBERS, count: 50, next, pages: 28, pagesRead: 288 }, "hit");
  expect(line).toBe(
    "The first 50 hits; there are more (--limit). 28 pages searched up to there; 288 read, as it reads ahead.",
  );
});
