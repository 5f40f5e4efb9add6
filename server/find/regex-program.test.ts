import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRegex } from "./regex-program.ts";

const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\x62", "\\w", "\\D");
const repeat = fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "+?", "??");
const { tree } = fc.letrec<{ tree: string; part: string }>((tie) => ({
  // Of a repeat that may take nothing JavaScript has a rule of its own, which neither RE2 nor we follow.
  part: fc
    .tuple(
      fc.oneof(
        { maxDepth: 3 },
        atom,
        tie("tree").map((inner) => `(?:${inner})`),
      ),
      repeat,
    )
    .map(([inner, times]) => (new RegExp(`^${inner}$`).test("") ? inner : inner + times)),
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.array(tie("part"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
    fc.tuple(tie("tree"), tie("tree")).map((both) => both.join("|")),
  ),
}));

test("a match is the one that a backtracking engine finds at that place", () => {
  fc.assert(
    fc.property(
      tree,
      fc.boolean(),
      fc.array(fc.constantFrom("a", "b", "A", "\n", "\xff"), { maxLength: 9 }),
      (text, ignoreCase, chars) => {
        const model = new RegExp(text, `y${ignoreCase ? "i" : ""}`);
        fc.pre(!new RegExp(`^(?:${text})$`).test(""));
        const program = compileRegex(text, ignoreCase);
        const subject = chars.join("");
        const bytes = Buffer.from(subject, "latin1");
        for (let at = 0; at < bytes.length; at++) {
          model.lastIndex = at;
          const expected = model.exec(subject)?.[0].length ?? 0;
          expect(program.matchAt(bytes, at, bytes.length, true)).toBe(expected);
          if (expected > 0) expect(program.starts[bytes[at]]).toBe(1);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test("a match that what follows could change is open, and no other one is", () => {
  const bytes = Buffer.from("xab");
  const open = (text: string) => compileRegex(text, false).matchAt(bytes, 1, 3, false);
  expect(open("ab")).toBe(2);
  expect(open("ab+")).toBe(-1);
  expect(open("abc")).toBe(-1);
  expect(open("ab|abc")).toBe(2);
  expect(open("abc|ab")).toBe(-1);
  expect(open("ac")).toBe(0);
});

test("what makes a backtracking engine run for years takes steps in proportion to the bytes", () => {
  const program = compileRegex("(?:a|a)*(?:a+)+(?:a*)*b", false);
  const bytes = new Uint8Array(4096).fill(0x61);
  expect(program.matchAt(bytes, 0, bytes.length, true)).toBe(0);
});

test("more states than are kept are forgotten, not mistaken", () => {
  const text = "(?:a|b)*a(?:a|b){12}c";
  const program = compileRegex(text, false);
  const subject = Array.from({ length: 3000 }, (_, i) => ((i * i * 7 + (i >> 3)) % 5 < 2 ? "a" : "b")).join("");
  const ends = `${subject.slice(0, 2900)}a${"ab".repeat(6)}c`;
  expect(program.matchAt(Buffer.from(ends), 0, ends.length, true)).toBe(ends.length);
  expect(program.matchAt(Buffer.from(subject), 0, subject.length, true)).toBe(0);
});

test("a character beyond ASCII is its UTF-8", () => {
  expect(compileRegex("é+x", false).matchAt(Buffer.from("ééx"), 0, 5, true)).toBe(5);
});

describe("refused, with the place", () => {
  test.each([
    ["(a", "a group is not closed, at character 1"],
    ["a)", "a ) closes no group, at character 2"],
    ["[a", "a class is not closed, at character 1"],
    ["a**", "a repeat follows a repeat, at character 3"],
    ["a{3,1}", "a repeat has its larger bound first, at character 2"],
    ["(a)\\1", "back references cannot be searched for in bounded time, at character 4"],
    ["(?=a)", "only (…) and (?:…) are known, no look-around, names or flags, at character 2"],
    ["^a", "^ has no meaning in memory, which has no lines; write \\^ for the character, at character 1"],
    ["a{2000}", "a repeat of more than 1000, at character 2"],
    ["((a{1000}){1000}){1000}", "too large"],
    ["a*", "matches no bytes at all"],
    ["", "matches no bytes at all"],
    ["\\q", "\\q is not known, at character 1"],
    [`${"(".repeat(1e5)}a`, "nested more than 64 deep"],
  ])("%s", (text, message) => {
    expect(() => compileRegex(text, false)).toThrow(message);
  });
});
