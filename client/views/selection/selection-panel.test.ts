/** What the panel says of a selection before anything of it is counted, and of one of which nothing can be. */
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { parseRegions } from "../../../shared/find/index.ts";
import { headOf, Places } from "./selection-panel.tsx";
import { withoutBytes } from "./without-bytes.ts";

const ABSENT = { file: 0, untouched: 0, excluded: 0, missing: 0 };
const regionsOf = (text: string) => parseRegions(text) ?? [];
const placesOf = (text: string) =>
  renderToStaticMarkup(createElement(Places, { regions: regionsOf(text), several: false }))
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, "");

test.each([
  ["one byte", "p1:7fe203e1f012-7fe203e1f013", "0x7fe203e1f012"],
  ["20 bytes", "p1:7fe203e1f012-7fe203e1f026", "0x7fe203e1f012to0x7fe203e1f025"],
  ["whole pages", "p1:7fe203d8a000-7fe203f68000", "0x7fe203d8a000to0x7fe203f67fff"],
  ["all from an address on", "p1:1000-", "0x1000totheend"],
])("%s are told by the first and the last of them, and the panel says so", (_, text, told) => {
  expect(placesOf(text)).toBe(`${told}Rangesherearetoldbytheirfirstandtheirlastbyte.`);
});

test.each([
  [{ bytes: 8192, absent: ABSENT }, false, 8192, "8.0\u00a0KiB selected"],
  [{ bytes: 4096, absent: { ...ABSENT, file: 1 } }, false, 8192, "4.0\u00a0KiB recorded of 8.0\u00a0KiB selected"],
  [{ bytes: 4096, absent: null }, true, 8192, "4.0\u00a0KiB residual of 8.0\u00a0KiB selected"],
  [{ bytes: 0, absent: { ...ABSENT, file: 2 } }, false, 8192, "2 pages selected, none recorded"],
  [{ bytes: 0, absent: null }, true, 8192, "No residual page selected"],
])("of %j, only residual: %s, of %i bytes: %s", (figures, onlyResidual, size, text) => {
  expect(headOf(figures, onlyResidual, size)).toBe(text);
});

test("a whole space has no ends to speak of", () => expect(placesOf("p1")).toBe("allofprocess1"));

test("pages without bytes are counted, and said to be recorded nowhere unless they may be", () => {
  expect(withoutBytes({ ...ABSENT, file: 30, untouched: 2 }, " selected")).toBe("32 pages selected, none recorded");
  expect(withoutBytes({ ...ABSENT, missing: 1 })).toBe("1 page, without bytes here");
});
