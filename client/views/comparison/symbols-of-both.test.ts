import { expect, test, vi } from "vitest";
import type { FoundSymbols } from "../../../shared/api/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import { layStrip } from "../../../shared/strip/index.ts";
import type { Atlas } from "../place/places.ts";

vi.stubGlobal("window", { location: { origin: "http://localhost" } });
const { answerOfBoth } = await import("./symbols-of-both.ts");

const strip = layStrip([{ space: "p7", start: 0x400 as PageAddress, pages: 16, shown: [{ start: 0, end: 1 }] }]);
const atlas: Atlas = { name: "t1", maps: [], strip, choice: "all", cursor: null };
const written = { name: "malloc", file: undefined, offset: 0n };
const names = { nameOfA: "t0", spaceOf: (space: string) => (space === "p1" ? ("p7" as const) : undefined) };
const nothing = (without: string[], withoutCount = without.length): FoundSymbols => ({
  symbols: [],
  symbolCount: 0,
  without,
  withoutCount,
});

test("a symbol of A alone stands where the joint strip has A's space, and says whose it is", () => {
  const [path, pid, space, address, size] = ["/lib/libc.so.6", 1, "p1", "0x400010", 16] as const;
  const inA = {
    ...nothing([]),
    symbols: [{ name: "malloc", version: null, path, pid, space, address, size }],
    symbolCount: 1,
  };
  expect(answerOfBoth(nothing([]), inA, names, written, atlas)).toEqual({
    answer: "place",
    place: { space: "p7", page: 0x400, offset: 0x10 },
    said: "malloc in libc.so.6, only in t0",
  });
});

test("what neither side knows names the files of both whose symbols are not here, each once", () => {
  const answer = answerOfBoth(
    nothing(["/bin/x", "/lib/y.so"]),
    nothing(["/lib/y.so", "/lib/z.so"]),
    names,
    written,
    atlas,
  );
  expect(answer).toMatchObject({
    answer: "elsewhere",
    sentence: expect.stringContaining("The symbols of x, y.so, z.so are not here"),
  });
  const cut = answerOfBoth(nothing(["/bin/x"], 9), nothing([]), names, written, atlas);
  expect(cut).toMatchObject({ sentence: expect.stringContaining("The symbols of x and 8 more are not here") });
});
