import { expect, test } from "vitest";
import type { PageAddress } from "../../shared/memory/index.ts";
import type { Place } from "../viewer/contract.ts";
import type { PointedMapping } from "./bytes-source.ts";
import { isReadOtherwise, valueRows } from "./value-rows.ts";

const cursor: Place = { space: "p1", page: 0x7f000 as PageAddress, offset: 0x20 };
const heap = {
  process: "p1",
  address: 0x25ca3 as PageAddress,
  pages: 4,
  space: "p1",
  start: 0x25ca3 as PageAddress,
  name: "[heap]",
} as const;
const side = { byteOrder: "little", pointed: [heap] } as const;

/** By name: what is written, and what is compared. */
function rowsOf(bytes: readonly number[] | null, of: Parameters<typeof valueRows>[2] = side) {
  const rows = valueRows(bytes && Uint8Array.from(bytes), cursor, of);
  return new Map(rows.map((row) => [row.name, row]));
}

test("a row without enough bytes is empty, and never differs from one that has them", () => {
  const two = rowsOf([1, 2]);
  const eight = rowsOf([1, 3, 0, 0, 0, 0, 0, 0]);
  expect(two.get("u16")?.texts).toEqual([{ text: "513" }]);
  expect(two.get("u32")).toEqual({ name: "u32", texts: [], exact: null });
  const differing = [...two].filter(([name, row]) => isReadOtherwise(row, eight.get(name)!)).map(([name]) => name);
  expect(differing).toEqual(["u16", "i16", "utf-16"]);
  for (const row of rowsOf(null).values()) expect(row.exact).toBeNull();
});

test("floats that are written alike and are not the same differ", () => {
  const bytes = (value: number) => [...new Uint8Array(new Float64Array([value]).buffer)];
  const [a, b] = [rowsOf(bytes(1 / 3)), rowsOf(bytes(1 / 3 + 2 ** -54))];
  expect(a.get("f64")?.texts).toEqual(b.get("f64")?.texts);
  expect(isReadOtherwise(a.get("f64")!, b.get("f64")!)).toBe(true);
  expect(isReadOtherwise(a.get("f64")!, rowsOf(bytes(1 / 3)).get("f64")!)).toBe(false);
});

test("u64 is told as its neighbours are, and as an address too", () => {
  const row = rowsOf([0x50, 0x62, 0x94, 0, 0, 0, 0, 0]).get("u64");
  expect(row?.texts).toEqual([{ text: "9\u202f724\u202f496", as: "0x946250" }]);
  expect(rowsOf([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).get("u64")?.texts[0].text).toBe(
    "18\u202f446\u202f744\u202f073\u202f709\u202f551\u202f615",
  );
});

test("a pointer leads into what the side itself has", () => {
  const bytes = [0x25, 0x30, 0xca, 0x25, 0, 0, 0, 0];
  const there = rowsOf(bytes).get("pointer")!;
  expect(there.texts).toEqual([{ text: "[heap] +0x25" }]);
  expect(there.target).toEqual({ space: "p1", page: 0x25ca3, offset: 0x25 });
  const without = rowsOf(bytes, { ...side, pointed: [] }).get("pointer")!;
  expect(without.texts).toEqual([{ text: "into no mapping" }]);
  expect(without.target).toBeUndefined();
  expect(isReadOtherwise(there, without)).toBe(true);
});

test("bytes that are a time on one side alone are read otherwise", () => {
  const seconds = 1_795_406_807;
  const word = [...new Uint8Array(new Uint32Array([seconds]).buffer)];
  const [time, none] = [rowsOf(word).get("time")!, rowsOf([0, 0, 0, 0]).get("time")!];
  expect(time.texts).toEqual([{ text: "2026-11-23 04:06:47", as: "u32 s" }]);
  expect(none.texts).toEqual([]);
  expect(isReadOtherwise(time, none)).toBe(true);
});

test("text that may have no room is whole in its hint", () => {
  const bytes = [...new TextEncoder().encode("a sentence that is longer than the column")];
  expect(rowsOf(bytes).get("utf-8")).toMatchObject({ hint: "a sentence that is longer than the column" });
  expect(rowsOf([0, 0]).get("utf-8")?.hint).toBeUndefined();
});

test("in physical memory a pointer is not followed, and says why", () => {
  const physical = [{ ...heap, process: "physical", space: "physical", start: 0, address: 0 } as PointedMapping];
  const rows = valueRows(new Uint8Array(8), { ...cursor, space: "physical" }, { ...side, pointed: physical });
  expect(rows.find(({ name }) => name === "pointer")?.texts).toEqual([{ text: "physical: not followed" }]);
});
