import { expect, test, vi } from "vitest";
import type { FoundSymbols } from "../../../shared/api/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { layStrip } from "../../../shared/strip/index.ts";
import type { Atlas } from "./places.ts";

vi.stubGlobal("window", { location: { origin: "http://localhost" } });
const { addressOf } = await import("./places.ts");
const { answerOf, parseSymbol } = await import("./symbol-places.ts");

test.each([
  ["malloc", { name: "malloc", file: undefined, offset: 0n }],
  [" malloc + 0x10 ", { name: "malloc", file: undefined, offset: 16n }],
  ["malloc+1f", { name: "malloc", file: undefined, offset: 31n }],
  ["libc.so.6!malloc", { name: "malloc", file: "libc.so.6", offset: 0n }],
  ["libstdc++.so.6!_ZNSaIcEC1Ev+0x4", { name: "_ZNSaIcEC1Ev", file: "libstdc++.so.6", offset: 4n }],
  // Hexadecimal digits may be a name too, where a file is named.
  ["libc.so.6!add", { name: "add", file: "libc.so.6", offset: 0n }],
  ["std::string", undefined],
  ["7malloc", undefined],
  ["", undefined],
])("%j names %o", (text, expected) => expect(parseSymbol(text)).toEqual(expected));

const strip = layStrip([{ space: "p1", start: 0x400 as PageAddress, pages: 16, shown: [{ start: 0, end: 1 }] }]);
const atlas: Atlas = { name: "t1", maps: [], strip, choice: "all", cursor: null };
const symbol = (pid: number, address: string, version: string | null = null) => ({
  name: "malloc",
  version,
  path: "/lib/libc.so.6",
  pid,
  space: `p${pid}`,
  address,
  size: 16,
});
const found = (symbols: FoundSymbols["symbols"], without: string[] = []): FoundSymbols => ({
  symbols,
  symbolCount: symbols.length,
  without,
  withoutCount: without.length,
});
const written = { name: "malloc", file: undefined, offset: 4n };

test("it is gone to with its offset, and said which one it is", () => {
  const answer = answerOf(found([symbol(1, "0x400010", "GLIBC_2.2.5")]), written, atlas);
  expect(answer).toMatchObject({ answer: "place", said: "malloc@GLIBC_2.2.5 in libc.so.6" });
  expect(answer.answer === "place" && addressOf(answer.place)).toBe(0x400014n);
  const several = answerOf(
    found([symbol(1, "0x400010"), symbol(2, "0x400010"), symbol(1, "0x400010")]),
    written,
    atlas,
  );
  expect(several).toMatchObject({ said: "malloc in libc.so.6; 1 more place has that name" });
});

test("that of the cursor's process goes first", () => {
  const cursor = { space: "p1", page: 0x401 as PageAddress, offset: 0 } as const;
  const answer = answerOf(found([symbol(9, "0x400010"), symbol(1, "0x400020")]), written, { ...atlas, cursor });
  expect(answer.answer === "place" && answer.place.space).toBe("p1");
});

test("where it is nowhere, the files whose symbols are not known are named", () => {
  expect(answerOf(found([]), written, atlas)).toEqual({
    answer: "elsewhere",
    sentence: "No mapped file that is known defines “malloc”.",
    nearest: null,
  });
  const answer = answerOf(found([], ["/lib/a.so", "/lib/b.so", "/lib/c.so", "/lib/d.so"]), written, atlas);
  expect(answer).toMatchObject({
    sentence:
      "No mapped file that is known defines “malloc”. The symbols of a.so, b.so, c.so and 1 more are not here: add the image of the container as a known set.",
  });
});
