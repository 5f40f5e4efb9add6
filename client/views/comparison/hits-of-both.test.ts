/** Hits of two sides as one list: on both, on one alone, or open because the other was not searched there. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Region, wholeSpace } from "../../../shared/find/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import type { FoundHit, Wanted } from "../find/follow-search.ts";
import { isDiffering, sideWords } from "./hit-sides.tsx";
import { countHits, type HitOfBoth, hitsOfBoth, type SearchedSide, saysItsBytes } from "./hits-of-both.ts";

function hit(address: number, length = 4, space: Space = "p1"): FoundHit {
  const place = { space, page: Math.floor(address / 4096) as PageAddress, offset: address % 4096 };
  return { place, length, string: null, filled: null };
}

function stringHit(address: number, text: string): FoundHit {
  const string = { address: "", encoding: "ascii", length: text.length, text, kinds: [], secret: false } as const;
  return { ...hit(address, text.length), string: { ...string, kinds: [] } };
}

function side(hits: readonly FoundHit[], ranges: readonly Region[] = [wholeSpace("p1")], spaces: Space[] = ["p1"]) {
  return { hits, ranges, spaces: new Set(spaces) } satisfies SearchedSide;
}

const told = (hits: readonly HitOfBoth[]) =>
  hits.map(({ place, length, side, isOpen }) => [
    `${place.space}:${(place.page * 4096 + place.offset).toString(16)}+${length}`,
    sideWords(side, isOpen, false),
  ]);

test("a hit at the same place with the same length is on both sides, another on one alone", () => {
  const a = side([hit(0x1000), hit(0x1100, 8), hit(0x2000)]);
  const b = side([hit(0x1000), hit(0x1100, 9), hit(0x3000)]);
  expect(told(hitsOfBoth(a, b, ["p1"]))).toEqual([
    ["p1:1000+4", "both"],
    ["p1:1100+8", "only A"],
    ["p1:1100+9", "only B"],
    ["p1:2000+4", "only A"],
    ["p1:3000+4", "only B"],
  ]);
});

test("strings at one place are on both sides only with the same text", () => {
  const joined = hitsOfBoth(
    side([stringHit(0x1000, "key=abc1"), stringHit(0x2000, "/etc/passwd")]),
    side([stringHit(0x1000, "key=abc2"), stringHit(0x2000, "/etc/passwd")]),
    ["p1"],
  );
  expect(joined.map(({ found, side }) => [found.string?.text, side])).toEqual([
    ["key=abc1", "a"],
    ["key=abc2", "b"],
    ["/etc/passwd", "both"],
  ]);
});

test("where a side was not searched nothing is said of it; a space that it has not it needs not search", () => {
  const upTo = (end: bigint): Region[] => [{ space: "p1", start: 0n, end }];
  const a = side([hit(0x1000), hit(0x2000), hit(0x10, 4, "p7")], [wholeSpace("p1"), wholeSpace("p7")], ["p1", "p7"]);
  const b = side([hit(0x1ffe)], upTo(0x2000n));
  const joined = hitsOfBoth(a, b, ["p7", "p1"]);
  expect(told(joined)).toEqual([
    ["p7:10+4", "only A"],
    ["p1:1000+4", "only A"],
    ["p1:1ffe+4", "only B"],
    ["p1:2000+4", "A; B not searched"],
  ]);
  expect(countHits(joined)).toEqual({ both: 0, a: 2, b: 1, open: 1 });
});

test("every hit of a side is listed once, with what a search byte by byte of the ranges says", () => {
  const spaces: readonly Space[] = ["p1", "p2"];
  const hits = fc.uniqueArray(
    fc.record({ at: fc.nat(40), length: fc.integer({ min: 1, max: 5 }), space: fc.constantFrom(...spaces) }),
    { selector: ({ at, length, space }) => `${space} ${at} ${length}`, maxLength: 12 },
  );
  const ranges = fc.array(
    fc.record({ start: fc.nat(40), size: fc.integer({ min: 1, max: 12 }), space: fc.constantFrom(...spaces) }),
    { maxLength: 4 },
  );
  const has = fc.subarray([...spaces]);
  fc.assert(
    fc.property(hits, hits, ranges, ranges, has, has, (inA, inB, rangesA, rangesB, hasA, hasB) => {
      // Ranges of one space are apart.
      const apart = (some: typeof rangesA) =>
        some.filter(
          (one, n) =>
            !some.slice(0, n).some((other) => {
              const [first, second] = one.start < other.start ? [one, other] : [other, one];
              return one.space === other.space && first.start + first.size > second.start;
            }),
        );
      const sideOf = (some: typeof inA, of: typeof rangesA, own: readonly Space[]) =>
        side(
          some.map(({ at, length, space }) => hit(at, length, space)),
          of.map(({ start, size, space }) => ({ space, start: BigInt(start), end: BigInt(start + size) })),
          [...own],
        );
      const [coveredA, coveredB] = [apart(rangesA), apart(rangesB)];
      const joined = hitsOfBoth(sideOf(inA, coveredA, hasA), sideOf(inB, coveredB, hasB), [...spaces]);
      const nameOf = ({ at, length, space }: (typeof inA)[number]) => `${space}:${at.toString(16)}+${length}`;
      const namesA = new Set(inA.map(nameOf));
      const namesB = new Set(inB.map(nameOf));
      const expected = new Map(
        [...inA, ...inB].map((one) => {
          const name = nameOf(one);
          if (namesA.has(name) && namesB.has(name)) return [name, "both"];
          const [covered, own] = namesA.has(name) ? [coveredB, hasB] : [coveredA, hasA];
          let isSearched = !own.includes(one.space);
          for (let byte = one.at; byte < one.at + one.length; byte++)
            for (const { start, size, space } of covered)
              if (space === one.space && byte >= start && byte < start + size) isSearched = true;
          const [here, there] = namesA.has(name) ? ["A", "B"] : ["B", "A"];
          return [name, isSearched ? `only ${here}` : `${here}; ${there} not searched`];
        }),
      );
      expect(joined).toHaveLength(expected.size);
      expect(new Map(told(joined).map(([name, words]) => [name, words]))).toEqual(expected);
    }),
  );
});

test.each<[string, Wanted, boolean]>([
  ["text", { kind: "pattern", form: "text", text: "Key", ignoreCase: false }, true],
  ["text of any case", { kind: "pattern", form: "text", text: "Key", ignoreCase: true }, false],
  ["bytes", { kind: "pattern", form: "hex", text: "de ad", ignoreCase: false }, true],
  ["bytes with a wildcard", { kind: "pattern", form: "hex", text: "de a?", ignoreCase: false }, false],
  ["an expression", { kind: "pattern", form: "regex", text: "Key", ignoreCase: false }, false],
])("that %s stands at a place says its bytes, or does not", (_, wanted, says) => {
  expect(saysItsBytes(wanted, hit(0))).toBe(says);
});

test("a string says its bytes as far as its text goes", () => {
  const wanted = { kind: "strings", leastLength: 6, of: null } as const;
  const whole = stringHit(0, "a".repeat(512));
  expect(saysItsBytes(wanted, whole)).toBe(true);
  expect(saysItsBytes(wanted, { string: whole.string && { ...whole.string, length: 513 } })).toBe(false);
});

test("bytes of a hit differ when a run that differs touches it", () => {
  const runs = { runs: [[10, 12]] as [number, number][] };
  // Starts and lengths: before, up to, over, behind; and over the border from the page before.
  expect([6, 7, 8, 11, 12].map((start) => isDiffering(runs, start, 4))).toEqual([false, true, true, true, false]);
  expect(isDiffering(runs, -4000, 4011)).toBe(true);
  expect(sideWords("both", false, true)).toBe("both, bytes differ");
  expect(sideWords("both", false, undefined)).toBe("both sides");
});
