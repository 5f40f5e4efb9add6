import { expect, test } from "vitest";
import type { Note } from "../../../shared/api/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { bytesToNote, markedBytes, notesOnPage } from "./noted-places.ts";

const cursor: Place = { space: "p1", page: 0x7fe203e1f as PageAddress, offset: 0x25 };
const at = (offset: number) => (0x7fe203e1fn << 12n) + BigInt(offset);

test.each([
  ["nothing is selected", [], 0x25, 1],
  ["bytes of its page are", [["p1", 0x10, 0x20]], 0x10, 16],
  ["its whole page is", [["p1", 0, 4096]], 0, 4096],
  ["more than its page is", [["p1", 0, 4097]], 0x25, 1],
  ["what is selected is before it", [["p1", -1, 4]], 0x25, 1],
  ["bytes of another space are", [["p2", 0x10, 0x20]], 0x25, 1],
  [
    "two parts are",
    [
      ["p1", 0x10, 0x20],
      ["p1", 0x30, 0x40],
    ],
    0x25,
    1,
  ],
] as const)("when %s, a note is on so many bytes", (_, selected, offset, length) => {
  const regions = selected.map(([space, start, end]) => ({ space, start: at(start), end: at(end) }));
  expect(bytesToNote(cursor, regions)).toEqual({ place: { ...cursor, offset }, length });
});

function note(number: number, from: number, to: number, ...places: [string, string][]): Note {
  return {
    note: number,
    hash: "00",
    from,
    to,
    text: "",
    createdAt: "",
    changedAt: null,
    madeIn: { snapshot: "a", name: "app/t0", space: "p1", address: "0x0" },
    places: places.map(([space, address]) => ({ space, address })),
    placeCount: places.length,
  };
}

test("every place of a note is marked, and a page has the notes that stand on it, by their first byte", () => {
  const notes = [
    note(1, 0x30, 0x34, ["p1", "0x7fe203e1f030"], ["s5", "0x2030"]),
    note(2, 0x10, 0x11, ["p1", "0x7fe203e1f010"]),
    note(3, 0, 1, ["p1", "0x7fe203e20000"]),
  ];
  expect(markedBytes(notes).map(({ place, length }) => [place.space, place.page, place.offset, length])).toEqual([
    ["p1", 0x7fe203e1f, 0x30, 4],
    ["s5", 2, 0x30, 4],
    ["p1", 0x7fe203e1f, 0x10, 1],
    ["p1", 0x7fe203e20, 0, 1],
  ]);
  expect(notesOnPage(notes, cursor).map((one) => one.note)).toEqual([2, 1]);
  expect(notesOnPage(notes, { space: "s5", page: 2 as PageAddress }).map((one) => one.note)).toEqual([1]);
});
