/** `docs/mistakes.md` stays true: each of the 47 mistakes is there, and each test that it names exists. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const ROOT = path.join(import.meta.dirname, "..");
const MISTAKES = 47;

interface Row {
  readonly number: number;
  readonly proof: string;
}

const rows = readFileSync(path.join(ROOT, "docs/mistakes.md"), "utf8")
  .split("\n")
  .map((line) => /^\| *(\d+) *\| *([^|]+) *\| *([^|]+) *\|$/.exec(line))
  .filter((found) => found !== null)
  .map(([, number, , proof]): Row => ({ number: Number(number), proof }));

/** Every test that a row names. */
function testsOf({ proof }: Row): { readonly file: string; readonly title: string }[] {
  return [...proof.matchAll(/`([^`]+\.(?:test|e2e)\.ts)` “([^”]+)”/g)].map(([, file, title]) => ({ file, title }));
}

/** Whether a file has a test of that title: the title is an argument of its own, as it is of `test(…)`. */
function hasTest(source: string, title: string): boolean {
  const calls = source.replace(/\(\s+/g, "(");
  return ['"', "'", "`"].some((quote) => calls.includes(`(${quote}${title}${quote},`));
}

test("each mistake is listed once, in order", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: MISTAKES }, (_, n) => n + 1));
});

test("each has a test, or is left out with a reason", () => {
  const without = rows.filter((row) => testsOf(row).length === 0);
  for (const { number, proof } of without) expect.soft(`${number} ${proof}`).toMatch(/^\d+ Left out: .{20}/);
});

test("each test that is named exists, and every file that is named is one", () => {
  for (const row of rows) {
    const named = testsOf(row);
    expect.soft(row.proof.match(/“/g)?.length ?? 0, `titles of ${row.number}`).toBe(named.length);
    for (const { file, title } of named) {
      const place = path.join(ROOT, file);
      const source = existsSync(place) ? readFileSync(place, "utf8") : "";
      expect.soft(hasTest(source, title), `${row.number}: ${file} “${title}”`).toBe(true);
    }
  }
});
