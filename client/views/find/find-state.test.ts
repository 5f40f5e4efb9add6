import { expect, test } from "vitest";
import type { Provenance } from "../../../shared/provenance/index.ts";
import { sentenceOf } from "./answer-words.ts";
import { type Asked, type FindState, withEvent } from "./follow-search.ts";
import { goOnOf } from "./go-on.ts";
import { searchedNumbers, searchedOfBoth, unsearchedText } from "./searched-words.ts";

const provenance: Record<Provenance, number> = {
  zero: 16,
  unchanged: 1797,
  known: 0,
  relocated: 0,
  moved: 63,
  shared: 0,
  alike: 0,
  new: 137,
};
const ASKED: Asked = {
  wanted: { kind: "pattern", form: "hex", text: "00", ignoreCase: false },
  scope: {},
  filled: false,
};
const NOTHING = { asked: ASKED, hits: [], ranges: [], progress: null };
const NONE = { pages: 0, pagesRead: 0 };
const progress = (pages: number, searched: { start: string; end?: string }[]) =>
  ({
    kind: "progress",
    rows: 9,
    rowsDone: 3,
    pages,
    pagesRead: pages,
    searched: searched.map((range) => ({ space: "p1", ...range })),
  }) as const;

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test("ranges that touch become one, and those of another space do not", () => {
  let found = withEvent(NOTHING, NONE, progress(3, [{ start: "0x0", end: "0x1000" }]));
  found = withEvent(found, NONE, progress(5, [{ start: "0x1000", end: "0x3000" }, { start: "0x4000" }]));
  expect(found.ranges).toEqual([
    { space: "p1", start: 0n, end: 0x3000n },
    { space: "p1", start: 0x4000n, end: 1n << 64n },
  ]);
  expect(found.progress?.pages).toBe(5);
});

test("a search that goes on counts the page amid which it stopped once", () => {
  const before = withEvent(NOTHING, NONE, progress(4, []));
  const pages = (address: string) => {
    const next = goOnOf({ state: "done", ...before, next: { space: "p1", address }, notSearched: null })!;
    return withEvent(next.found, next.counted, progress(6, [])).progress?.pages;
  };
  expect([pages("0x1010"), pages("0x1000")]).toEqual([9, 10]);
});

test("a search that goes on adds the pages that it reads to those that were read before", () => {
  const before = withEvent(NOTHING, NONE, { ...progress(6, []), pagesRead: 4 });
  const next = goOnOf({ state: "done", ...before, next: { space: "p1", address: "0x1000" }, notSearched: null })!;
  const after = withEvent(next.found, next.counted, { ...progress(3, []), pagesRead: 3 });
  expect(after.progress).toMatchObject({ pages: 9, pagesRead: 7 });
});

test("the legend says how much was searched, and the pointer why a cell was not", () => {
  const found = { ...NOTHING, progress: { rows: 1, rowsDone: 1, pages: 1, pagesRead: 1 } };
  const scope = { regions: [{ space: "p1" }] };
  const next = { space: "p1", address: "0x10" };
  const states: readonly [FindState, string, string][] = [
    [{ state: "idle" }, "nothing is searched for yet; 2 013", "not searched: nothing is searched for yet"],
    [{ state: "searching", ...found }, "1 of 2 013 pages searched; 2 012", "not searched: not yet"],
    [
      { state: "cancelled", ...found },
      "1 of 2 013 pages searched; 2 012",
      "not searched: behind where it was cancelled",
    ],
    [
      { state: "done", ...found, asked: { ...ASKED, scope }, next, notSearched: null },
      "1 of 2 013 pages searched; 2 012",
      "not searched: outside of where is searched, or behind the first 0 found",
    ],
    [
      { state: "done", ...found, asked: { ...ASKED, filled: true }, next: null, notSearched: null },
      "1 page searched, filled ones too; ",
      "not searched",
    ],
  ];
  for (const [state, legend, why] of states) {
    const { searched, unsearched } = searchedNumbers(state, { provenance });
    expect(plain(`${searched}; ${unsearched}`)).toBe(legend);
    expect(plain(unsearchedText(state))).toBe(why);
  }
});

test("only a search that came to its end has counted all hits", () => {
  const found = { ...NOTHING, progress: null };
  const hits = (state: FindState) => searchedNumbers(state, { provenance }).hits;
  expect(hits({ state: "done", ...found, next: null, notSearched: null })).toBe("0");
  expect(hits({ state: "done", ...found, next: { space: "p1", address: "0x0" }, notSearched: null })).toBe(
    "at least 0",
  );
  expect(hits({ state: "cancelled", ...found })).toBe("at least 0");
});

test("where there is nothing to search, or a search was cancelled before it began, that is said", () => {
  const none = { ...NOTHING, progress: { rows: 0, rowsDone: 0, pages: 0, pagesRead: 0 } };
  expect(sentenceOf({ state: "done", ...none, next: null, notSearched: null })).toBe("Nothing here to search");
  expect(sentenceOf({ state: "cancelled", ...NOTHING })).toBe("Cancelled before a page was searched");
});

test("the legend of both sides tells the numbers of each, and what they share once", () => {
  const idle = searchedOfBoth([{ state: "idle" }, { provenance }], [{ state: "idle" }, { provenance }]);
  expect(idle.searched).toBe("nothing is searched for yet");
  const found = { ...NOTHING, progress: { rows: 1, rowsDone: 1, pages: 1, pagesRead: 1 } };
  const both = searchedOfBoth(
    [{ state: "done", ...found, next: null, notSearched: null }, { provenance }],
    [{ state: "cancelled", ...found }, { provenance: { ...provenance, new: 138 } }],
  );
  expect([both.hits, both.searched, both.unsearched].map(plain)).toEqual([
    "0 | ≥ 0",
    "A: 1 of 2 013 pages searched; B: 1 of 2 014 pages searched",
    "2 012 | 2 013",
  ]);
});
