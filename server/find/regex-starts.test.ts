import fc from "fast-check";
import { expect, test } from "vitest";
import { compileRegex } from "./regex-program.ts";
import { searchAlone, searchPair } from "./regex-search.ts";

const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\x62", "\\w");
const repeat = fc.constantFrom("", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "+?");
const { tree } = fc.letrec<{ tree: string; part: string }>((tie) => ({
  part: fc
    .tuple(
      fc.oneof(
        { maxDepth: 3 },
        atom,
        tie("tree").map((inner) => `(?:${inner})`),
      ),
      repeat,
    )
    .map(([inner, times]) => (new RegExp(`^(?:${inner})$`).test("") ? inner : inner + times)),
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.array(tie("part"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
    fc.tuple(tie("tree"), tie("tree")).map((both) => both.join("|")),
  ),
}));

test("places at which matches may begin are those at which a backtracking engine finds one", () => {
  fc.assert(
    fc.property(
      tree,
      fc.array(fc.constantFrom("a", "b", "\n", "\xff"), { minLength: 1, maxLength: 12 }),
      (text, chars) => {
        fc.pre(!new RegExp(`^(?:${text})$`).test(""));
        const subject = chars.join("");
        const bytes = Buffer.from(subject, "latin1");
        const program = compileRegex(text, false);
        const flags = program.startsIn(bytes, 0, bytes.length, true)?.slice(0, bytes.length);
        const model = new RegExp(text, "y");
        const expected = chars.map((_, at) => {
          model.lastIndex = at;
          return model.test(subject) ? 1 : 0;
        });
        expect([...(flags ?? [])]).toEqual(expected);
        // And when something may follow, those at which the machine that goes forward does not say no.
        const open = program.startsIn(bytes, 0, bytes.length, false)?.slice(0, bytes.length);
        expect([...(open ?? [])]).toEqual(
          chars.map((_, at) => (program.matchAt(bytes, at, bytes.length, false) === 0 ? 0 : 1)),
        );
      },
    ),
    { numRuns: 1000 },
  );
});

const hostile = fc
  .tuple(
    fc.constantFrom("[ab]", "[^z]", ".", "(?:a|b)"),
    fc.integer({ min: 0, max: 6 }),
    fc.constantFrom("", "b", "[ab]"),
    fc.constantFrom("zz", "az", "(?:za|zb)"),
  )
  .map(([set, least, before, end]) => `${before}${set}{${least},}${end}`);

test("a search that begins everywhere and rarely ends finds what a backtracking engine finds", () => {
  fc.assert(
    fc.property(
      hostile,
      fc.array(fc.oneof({ weight: 40, arbitrary: fc.constantFrom("a", "b") }, fc.constantFrom("z", "zz", "\n")), {
        minLength: 50,
        maxLength: 400,
      }),
      (text, chars) => {
        const subject = chars.join("");
        const bytes = Buffer.from(subject, "latin1");
        const page = new Uint8Array(4096);
        page.set(bytes);
        const expected = [...subject.matchAll(new RegExp(text, "g"))].flatMap(({ index, 0: { length } }) => [
          index,
          length,
        ]);
        const alone = searchAlone(compileRegex(text, false), page, 0, bytes.length);
        expect([...alone].slice(1)).toEqual(expected);
        expect([...searchPair(compileRegex(text, false), bytes, 0)]).toEqual(expected);
      },
    ),
    { numRuns: 200 },
  );
});

test.each(["[ -~]{40,}zzzz", "(?:a|a)*(?:a+)+b", "[a-z]+@[a-z]+", "a*ab"])(
  "%s costs some steps a byte where each byte could begin a match and none does",
  (text) => {
    const program = compileRegex(text, false);
    const bytes = new Uint8Array(8192).fill(0x61);
    expect(searchPair(program, bytes, 0)).toHaveLength(0);
    // Until it is known where matches may begin: one walk of 4,096 bytes too many at most.
    expect(program.looked).toBeLessThan(4 * 8192 + 2 * 4096);
  },
);

test("an expression whose states come too fast is searched for place by place, and found all the same", () => {
  const text = "c(?:a|b){12}a(?:a|b)*";
  const program = compileRegex(text, false);
  let state = 1;
  const subject = Array.from({ length: 60_000 }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return (state >> 16) & 1 ? "a" : "b";
  }).join("");
  const bytes = Buffer.from(subject);
  const flags = Array.from({ length: 40 }, (_, n) => program.startsIn(bytes, n * 1400, (n + 1) * 1400, true));
  expect(flags.at(-1)).toBeUndefined();
  const page = Buffer.from(`c${subject.slice(0, 3000)}`);
  expect([...searchPair(program, page, 0)]).toEqual([...(new RegExp(text).exec(page.toString()) ? [0, 3001] : [])]);
});
