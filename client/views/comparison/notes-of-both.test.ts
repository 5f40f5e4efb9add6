import { expect, test, vi } from "vitest";
import type { Note } from "../../../shared/api/index.ts";

vi.stubGlobal("window", { location: { origin: "http://localhost" } });
const { notesOfBoth, renameSpaces } = await import("./notes-of-both.ts");

function note(number: number, ...places: readonly (readonly [string, string])[]): Note {
  return {
    note: number,
    hash: "00",
    from: 0,
    to: 1,
    text: `note ${number}`,
    createdAt: "",
    changedAt: null,
    madeIn: { snapshot: "a", name: "app/t0", space: "p1", address: "0x1000" },
    places: places.map(([space, address]) => ({ space, address })),
    placeCount: places.length,
  };
}

test("a note stands once, and each of its places tells on which sides it is", () => {
  const a = [note(1, ["p1", "0x1000"], ["p1", "0x2000"]), note(2, ["p1", "0x5000"])];
  const b = [note(3, ["p1", "0x9000"]), note(1, ["p1", "0x2000"], ["p1", "0x3000"])];
  const both = notesOfBoth(a, b).map(({ note: { note: number }, places }) => [
    number,
    places.map(({ place, inA, inB }) => `${place.page}${inA ? " A" : ""}${inB ? " B" : ""}`),
  ]);
  expect(both).toEqual([
    [1, ["1 A", "2 A B", "3 B"]],
    [2, ["5 A"]],
    [3, ["9 B"]],
  ]);
});

test("of a page that stands in more places than are listed the most that a side has are counted", () => {
  const [one] = notesOfBoth([{ ...note(1, ["p1", "0x1000"]), placeCount: 300 }], [note(1, ["p1", "0x1000"])]);
  expect(one.placeCount).toBe(300);
});

test("a note of A is at the joint strip's names of its spaces", () => {
  const names = new Map([["p1", "p7" as const]]);
  const renamed = renameSpaces(note(1, ["p1", "0x1000"], ["s5", "0x0"]), (space) => names.get(space));
  expect(renamed.places.map(({ space }) => space)).toEqual(["p7", "s5"]);
});
