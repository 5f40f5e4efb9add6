/** Rows of codes: of one snapshot or both sides; of many snapshots the earliest are one. */
import { expect, test } from "vitest";
import { BOTH, codeRows, ONE } from "./code-rows.ts";

const LOOK = { channel: "first-seen", theme: "dark", palette: null, lit: new Set([1]) } as const;
const seenIn = <Pages>(code: number, pages: Pages) => ({
  code,
  name: `t${code}`,
  title: `t${code}`,
  hint: null,
  pages,
});

test("each code is a row with the pages of both sides; one that is filtered out is not lit", () => {
  const rows = codeRows([seenIn(0, { a: 1994, b: 1816 }), seenIn(1, { a: 0, b: 197 })], LOOK, 6, BOTH);
  expect(rows.map(({ name, number, lit }) => [name, number, lit])).toEqual([
    ["t0", "1\u202f994 | 1\u202f816", false],
    ["t1", "0 | 197", true],
  ]);
});

test.each([2, 5, 6, 7, 8, 9])("of %i snapshots each has a row of its own", (count) => {
  const codes = Array.from({ length: count }, (_, code) => seenIn(code, 1));
  expect(codeRows(codes, LOOK, 6, ONE).map(({ name }) => name)).toEqual(codes.map(({ name }) => name));
});

test("of more snapshots than there are rows the earliest are one, with the pages of all of them", () => {
  const codes = Array.from({ length: 11 }, (_, code) => seenIn(code, { a: code, b: 1 }));
  const rows = codeRows(codes, LOOK, 6, BOTH);
  expect(rows).toHaveLength(9);
  expect(rows[0]).toMatchObject({ name: "upto2", title: "t0 to t2", number: "3 | 3" });
  expect(rows[1]).toMatchObject({ name: "t3", number: "3 | 1" });
  const one = codeRows(
    codes.map((code) => ({ ...code, pages: code.pages.a })),
    LOOK,
    6,
    ONE,
  );
  expect(one[0]).toMatchObject({ name: "upto2", number: "3" });
});
